//! Activation layers by a plan: who is served by whose gate. Written once, generic over the backend. [DS-ACT-1]

use crate::backend::{Activation, Backend};
use crate::party::PartyError;
use crate::plan::{Plan, PlanLayer, Source, Visibility};
use crate::values::{LinearMap, Ranges, RingVector, ValueError};

/// Where the elements and the gates of one activation layer stand, for a batch of images.
///
/// Elements stand image by image, each channel-major; gates image by image, each prototype by prototype. [DS-ACT-2]
pub struct Routing {
    /// Of the layer's elements, those of prototype channels: the gates to open.
    prototypes: Ranges,
    /// Earlier layers whose gates this one uses, in order.
    sources: Vec<usize>,
    /// Of the layer's elements, those of gated channels.
    gated: Ranges,
    /// For each gated element its gate: of the gates of all sources, then of the layer's own.
    served: Ranges,
    /// For each element its product d * x: of the gated elements, then of one channel of zeros for linear channels.
    products: Ranges,
}

impl Routing {
    /// The routing of a plan's layer for a batch of images. [DS-ACT-2]
    ///
    /// # Errors
    /// [`ValueError`] if there is no such layer, or if lengths overflow.
    pub fn new(plan: &Plan, index: usize, batch: usize) -> Result<Routing, ValueError> {
        let layers = plan.layers();
        let missing = ValueError::OutOfRange { start: index, len: 1, available: layers.len() };
        let layer = layers.get(index).ok_or(missing)?;
        let (area, channels) = (layer.shape.area(), layer.channels.len());
        let elements = times(layer.shape.elements(), batch)?;
        let gated_channels = layer.channels.iter().filter(|channel| channel.source != Source::Linear).count();
        let gated_elements = times(gated_channels * area, batch)?;

        let groups = GateGroups::new(plan, index, batch)?;
        let mut routing = Routing {
            prototypes: Ranges::empty(elements),
            sources: groups.earlier(index),
            gated: Ranges::empty(elements),
            served: Ranges::empty(groups.gates),
            products: Ranges::empty(gated_elements.saturating_add(area)),
        };
        for image in 0..batch {
            for channel in 0..channels {
                let first = (image * channels + channel) * area;
                match plan.prototype_of(index, channel) {
                    None => routing.products.push(gated_elements, area)?,
                    Some(source) => {
                        routing.products.push(routing.gated.len(), area)?;
                        routing.gated.push(first, area)?;
                        routing.served.push(groups.first_gate(source, image)?, area)?;
                        if source == (index, channel) {
                            routing.prototypes.push(first, area)?;
                        }
                    }
                }
            }
        }
        Ok(routing)
    }
}

/// The gates that a layer uses, group by group: earlier layers first, the layer's own last.
struct GateGroups {
    groups: Vec<Group>,
    gates: usize,
}

/// The gates of one layer.
struct Group {
    layer: usize,
    /// The group's first gate.
    first: usize,
    /// Gates of one image.
    per_image: usize,
    /// For each channel of the layer, the number of gates of the channels before it.
    before: Vec<usize>,
}

impl GateGroups {
    fn new(plan: &Plan, index: usize, batch: usize) -> Result<GateGroups, ValueError> {
        let channels = plan.layers().get(index).map_or(0, |layer| layer.channels.len());
        let mut used: Vec<usize> = (0..channels).filter_map(|c| plan.prototype_of(index, c)).map(|(l, _)| l).collect();
        used.sort_unstable();
        used.dedup();
        let mut all = GateGroups { groups: Vec::new(), gates: 0 };
        for (layer, source) in used.into_iter().filter_map(|layer| Some((layer, plan.layers().get(layer)?))) {
            let group = Group::new(layer, source, all.gates);
            let gates = times(group.per_image, batch)?;
            let overflow = ValueError::ShapeOverflow { channels: all.gates, height: gates, width: 1 };
            all.gates = all.gates.checked_add(gates).ok_or(overflow)?;
            all.groups.push(group);
        }
        Ok(all)
    }

    fn earlier(&self, index: usize) -> Vec<usize> {
        self.groups.iter().map(|group| group.layer).filter(|&layer| layer < index).collect()
    }

    /// The first gate of a prototype channel for an image.
    fn first_gate(&self, (layer, channel): (usize, usize), image: usize) -> Result<usize, ValueError> {
        let group = self.groups.iter().find(|group| group.layer == layer);
        let before = group.and_then(|group| Some((group, *group.before.get(channel)?)));
        let missing = ValueError::OutOfRange { start: channel, len: 1, available: 0 };
        // no overflow: the gate lies below `gates`, which was checked
        before.map(|(group, before)| group.first + image * group.per_image + before).ok_or(missing)
    }
}

impl Group {
    fn new(layer: usize, source: &PlanLayer, first: usize) -> Group {
        let mut before = Vec::with_capacity(source.channels.len());
        let mut per_image = 0;
        for channel in &source.channels {
            before.push(per_image);
            per_image += if channel.source == Source::Prototype { source.shape.area() } else { 0 };
        }
        Group { layer, first, per_image, before }
    }
}

fn times(len: usize, batch: usize) -> Result<usize, ValueError> {
    len.checked_mul(batch).ok_or(ValueError::ShapeOverflow { channels: len, height: batch, width: 1 })
}

/// The map of a layer's affine gates, if they are private. [DS-LIN-6]
///
/// # Errors
/// [`ValueError`] if sizes overflow.
pub fn private_gates(layer: &PlanLayer) -> Result<Option<LinearMap>, ValueError> {
    let gated = layer.channels.iter().map(|channel| channel.source != Source::Linear).collect();
    match layer.visibility {
        Visibility::Public => Ok(None),
        Visibility::Private => LinearMap::affine(layer.shape, gated).map(Some),
    }
}

/// The affine gates as weights of [`private_gates`]: beta of all channels (2^s for a linear one), then alpha of the gated
/// ones. Defaults take this path too, else they would show. [DS-ACT-4]
pub fn gate_weights(layer: &PlanLayer) -> Vec<i64> {
    let linear = layer.default_gate().alpha;
    let betas = (0..layer.channels.len()).map(|c| layer.gate(c).map_or(linear, |gate| gate.beta));
    let alphas = (0..layer.channels.len()).filter_map(|c| layer.gate(c).map(|gate| gate.alpha));
    betas.chain(alphas).collect()
}

/// Evaluates activation layer `index` of the plan on a batch. `gates` holds the gates of the earlier layers, by layer;
/// the layer's own are added. `weights` are those of private affine gates. [DS-ACT-1]
///
/// # Errors
/// What the backend reports.
pub async fn activate<B: Backend>(
    backend: &mut B,
    plan: &Plan,
    index: usize,
    batch: usize,
    gates: &mut Vec<Option<B::Gates>>,
    weights: Option<&B::Weights>,
    x: &B::Share,
) -> Result<B::Share, PartyError> {
    let role = backend.role();
    let error = |source| PartyError::Value { role, step: "activation", source };
    let routing = Routing::new(plan, index, batch).map_err(error)?;
    let layer = plan.layers().get(index).ok_or_else(|| error(ValueError::Length { left: index, right: 0 }))?;
    let products = serve(backend, plan, &routing, gates, x).await?;
    match weights {
        Some(weights) => {
            let operand = interleave(layer, batch, x, &products).map_err(error)?;
            backend.linear(weights, &operand, batch).await
        }
        None => public_gates(layer, batch, &routing, x, &products).map_err(error),
    }
}

/// d * x for the gated elements: opens the layer's own gates, and serves by them and by earlier ones.
async fn serve<B: Backend>(
    backend: &mut B,
    plan: &Plan,
    routing: &Routing,
    gates: &mut Vec<Option<B::Gates>>,
    x: &B::Share,
) -> Result<B::Share, PartyError> {
    let role = backend.role();
    let error = |source| PartyError::Value { role, step: "activation", source };
    let slots = gates.iter_mut().enumerate().filter(|(layer, _)| routing.sources.contains(layer));
    let mut earlier: Vec<&mut B::Gates> = slots.filter_map(|(_, slot)| slot.as_mut()).collect();
    if earlier.len() != routing.sources.len() {
        return Err(PartyError::Misuse {
            role,
            what: format!("gates of the layers {:?} are missing", routing.sources),
        });
    }
    if routing.prototypes.is_empty() {
        let elements = x.gather(&routing.gated).map_err(error)?;
        let products = match earlier.is_empty() {
            true => elements, // no gated channel at all
            false => backend.apply(&mut earlier, &routing.served, &elements).await?,
        };
        gates.push(None);
        return Ok(products);
    }
    let Routing { prototypes, gated, served, .. } = routing;
    let activation = Activation { step: plan.step(), prototypes, gated, served };
    let (opened, products) = backend.activate(&activation, x, earlier).await?;
    gates.push(Some(opened));
    Ok(products)
}

/// y = alpha * (d * x) + beta * x with public gates: local. [DS-ACT-3]
fn public_gates<R: RingVector>(
    layer: &PlanLayer,
    batch: usize,
    routing: &Routing,
    x: &R,
    products: &R,
) -> Result<R, ValueError> {
    let (width, area) = (x.width(), layer.shape.area());
    let weights: Vec<u64> = gate_weights(layer).into_iter().map(|w| width.encode_wrapping(w)).collect();
    let (betas, alphas) = weights.split_at(layer.channels.len().min(weights.len()));
    let runs = |factors: &[u64]| -> Vec<(usize, u64)> {
        let one = factors.iter().map(|&factor| (area, factor));
        std::iter::repeat_n(one, batch).flatten().collect()
    };
    let scaled = products.scale_runs(&runs(alphas))?;
    let zeros = R::constant(width, area, 0);
    let gated = R::concat(width, &[&scaled, &zeros])?.gather(&routing.products)?;
    gated.add(&x.scale_runs(&runs(betas))?)
}

/// The operand of private affine gates: for each image x of all channels, then d * x of the gated ones. [DS-LIN-6]
fn interleave<R: RingVector>(layer: &PlanLayer, batch: usize, x: &R, products: &R) -> Result<R, ValueError> {
    let (all, gated) = (layer.shape.elements(), products.len() / batch.max(1));
    let mut order = Ranges::empty(x.len().saturating_add(products.len()));
    for image in 0..batch {
        order.push(image * all, all)?;
        order.push(x.len() + image * gated, gated)?;
    }
    R::concat(x.width(), &[x, products])?.gather(&order)
}
