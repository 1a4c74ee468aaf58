//! An inference taken apart into pieces that can be costed one by one. [DS-COST-4]

use deepshare_reference::network::activation::private_gates;
use deepshare_reference::network::{Network, Operation};
use deepshare_reference::plan::{Channel, Plan, PlanError, PlanLayer, Source, Visibility};
use deepshare_reference::values::{LinearMap, Shape, ValueError};
use std::collections::BTreeSet;

/// What a piece is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// DReLUs, and the products of elements with them.
    Gates,
    /// Server-private affine gates.
    Affine,
    /// Truncations.
    Truncation,
    /// Convolutions and dense layers.
    Linear,
    /// The client's input and the output.
    Transfer,
}

impl Part {
    /// All parts, in the order of reports.
    pub const ALL: [Part; 5] = [Part::Gates, Part::Affine, Part::Truncation, Part::Linear, Part::Transfer];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Part::Gates => "gates",
            Part::Affine => "affine",
            Part::Truncation => "truncation",
            Part::Linear => "linear",
            Part::Transfer => "transfer",
        }
    }
}

/// What a backend is called for, by its public shape. Equal pieces cost the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The client's input.
    Input {
        /// Elements.
        len: usize,
    },
    /// The opening of the output.
    Output {
        /// Elements.
        len: usize,
    },
    /// A linear layer whose weights are prepared.
    Linear {
        /// The map.
        map: LinearMap,
    },
    /// A truncation.
    Truncate {
        /// Elements.
        len: usize,
        /// Shift in bits.
        shift: u32,
    },
    /// The last layer of a plan, whose other layers open the gates that it uses, and use those again that were used before.
    Activation {
        /// The plan.
        plan: Plan,
    },
}

/// The pieces of an inference of one image, in order. Additions, pools, broadcasts, biases and public gates are local.
///
/// # Errors
/// [`PieceError`] for a valid network only if sizes overflow.
pub fn pieces(network: &Network) -> Result<Vec<(Part, Piece)>, PieceError> {
    let mut uses = Uses::default();
    let mut pieces = vec![(Part::Transfer, Piece::Input { len: network.input().shape.elements() })];
    for layer in network.layers() {
        match &layer.operation {
            Operation::Linear { map, .. } => pieces.push((Part::Linear, Piece::Linear { map: map.clone() })),
            Operation::Truncate { shift } => {
                let len = layer.output.shape.elements();
                pieces.push((Part::Truncation, Piece::Truncate { len, shift: *shift }));
            }
            Operation::Activation { layer } => {
                pieces.push((Part::Gates, Piece::Activation { plan: uses.alone(network.plan(), *layer)? }));
                let private = network.plan().layers().get(*layer).map(private_gates).transpose()?.flatten();
                pieces.extend(private.map(|map| (Part::Affine, Piece::Linear { map })));
            }
            Operation::Add | Operation::SumPool { .. } | Operation::Broadcast => {}
        }
    }
    pieces.push((Part::Transfer, Piece::Output { len: network.output().shape.elements() }));
    Ok(pieces)
}

/// A network that cannot be taken apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PieceError {
    /// A size that overflows.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// A layer's own plan; excluded, since every plan's layers are valid by themselves.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl PieceError {
    /// The stable code of what is wrong.
    pub fn inner_code(&self) -> &'static str {
        match self {
            PieceError::Value(error) => error.code(),
            PieceError::Plan(error) => error.code(),
        }
    }
}

/// The prototypes (layer, channel) whose gates a later layer has used so far.
#[derive(Default)]
struct Uses {
    used: BTreeSet<(usize, usize)>,
}

impl Uses {
    /// A plan whose last layer is layer `index` of a plan. Before it stand the prototypes of every earlier layer that it
    /// uses, as layers of their own; then, for each of these that a later layer has used already, a layer that uses the
    /// same prototypes once more. So the last layer finds gates in the state in which the whole plan would leave them, as
    /// far as a backend may tell: opened in their own layer, and used or not used afterwards.
    fn alone(&mut self, plan: &Plan, index: usize) -> Result<Plan, PieceError> {
        let missing = ValueError::OutOfRange { start: index, len: 1, available: plan.layers().len() };
        let layer = plan.layers().get(index).ok_or(missing)?;
        let prototypes = (0..layer.channels.len()).filter_map(|channel| plan.prototype_of(index, channel));
        let used: BTreeSet<(usize, usize)> = prototypes.filter(|(source, _)| *source < index).collect();
        let sources: BTreeSet<usize> = used.iter().map(|(source, _)| *source).collect();
        let sources: Vec<usize> = sources.into_iter().collect();

        let mut layers = Vec::new();
        for source in sources.iter().filter_map(|&source| plan.layers().get(source)) {
            let channels = source.channels.iter().filter(|channel| channel.source == Source::Prototype).count();
            layers.push(bare(source.shape, vec![Source::Prototype; channels])?);
        }
        for (place, &source) in sources.iter().enumerate() {
            let again = self
                .used
                .range((source, 0)..(source + 1, 0))
                .map(|&(_, channel)| Source::Replicate { layer: place, channel: rank(plan, source, channel) });
            let again: Vec<Source> = again.collect();
            if !again.is_empty() {
                layers.push(bare(layer.shape, again)?);
            }
        }
        let own = layers.len();
        let renamed = layer.channels.iter().map(|channel| match channel.source {
            Source::Replicate { layer: source, channel } if source < index => Source::Replicate {
                layer: sources.iter().position(|&s| s == source).unwrap_or_default(),
                channel: rank(plan, source, channel),
            },
            Source::Replicate { channel, .. } => Source::Replicate { layer: own, channel },
            kind => kind,
        });
        layers.push(bare(layer.shape, renamed.collect())?);
        self.used.extend(used);
        Ok(Plan::new(plan.width(), plan.step(), layers)?)
    }
}

/// How many prototypes a layer has before a channel.
fn rank(plan: &Plan, layer: usize, channel: usize) -> usize {
    let channels = plan.layers().get(layer).map(|layer| layer.channels.iter().take(channel));
    channels.into_iter().flatten().filter(|channel| channel.source == Source::Prototype).count()
}

/// A layer of these sources with public default gates, which are local and change no cost.
fn bare(shape: Shape, sources: Vec<Source>) -> Result<PlanLayer, ValueError> {
    let shape = Shape::new(sources.len(), shape.height(), shape.width())?;
    let channels = sources.into_iter().map(|source| Channel { source, gate: None }).collect();
    Ok(PlanLayer { shape, gate_scale: 0, visibility: Visibility::Public, channels })
}
