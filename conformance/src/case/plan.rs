//! What the bytes of a case say about an activation layer and its part of the plan. [DS-FUZZ-1]

use super::fields::{Fields, Style, bits, listed, number};
use super::grammar::Draft;
use super::layer::{Context, Described};
use deepshare_reference::network::{Operation, TensorType};
use deepshare_reference::plan::{AffineGate, Channel, PlanLayer, Source, Visibility};
use deepshare_reference::values::{Shape, Width};

/// What a channel would be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Prototype,
    Replicate,
    Linear,
}

/// How often each kind comes.
const KINDS: [Kind; 8] = [
    Kind::Replicate,
    Kind::Prototype,
    Kind::Replicate,
    Kind::Linear,
    Kind::Replicate,
    Kind::Prototype,
    Kind::Replicate,
    Kind::Prototype,
];

fn kind(channel: &Channel) -> Kind {
    match channel.source {
        Source::Prototype => Kind::Prototype,
        Source::Replicate { .. } => Kind::Replicate,
        Source::Linear => Kind::Linear,
    }
}

impl Draft {
    /// Describes the next activation layer.
    pub fn activation<F: Fields>(&mut self, fields: &mut F, context: &Context<'_>) -> Described {
        let (index, TensorType { shape, scale }) = (self.plan.len(), context.x);
        let old = context.network.and_then(|network| network.plan().layers().get(index));
        let gate_scale = bits(fields, self.width.bits() - 1, old.map_or(0, |old| old.gate_scale));
        let visibilities = [Visibility::Public, Visibility::Private];
        let visibility = listed(fields, &visibilities, old.map_or(Visibility::Public, |old| old.visibility));
        let old = old.map_or(&[][..], |old| &old.channels);
        let kinds = self.kinds(fields, shape, old);
        let reach = self.reach(shape, &kinds);
        let mut channels = Vec::new();
        for (channel, kind) in kinds.iter().enumerate() {
            let old = old.get(channel);
            let source = match kind {
                Kind::Prototype => Source::Prototype,
                Kind::Linear => Source::Linear,
                Kind::Replicate => listed(fields, &reach, old.map_or(Source::Linear, |old| old.source)),
            };
            let gate = gate(fields, self.width, self.style, source, old.and_then(|old| old.gate));
            channels.push(Channel { source, gate });
        }
        self.plan.push(PlanLayer { shape, gate_scale, visibility, channels });
        Ok((Operation::Activation { layer: index }, shape, scale.saturating_add(gate_scale)))
    }

    /// What each channel is. Where no prototype is in reach, the first replicate is one.
    fn kinds<F: Fields>(&self, fields: &mut F, shape: Shape, old: &[Channel]) -> Vec<Kind> {
        let old = |channel: usize| old.get(channel).map_or(Kind::Replicate, kind);
        let drawn = (0..shape.channels()).map(|channel| listed(fields, &KINDS, old(channel)));
        let mut kinds: Vec<Kind> = drawn.collect();
        if self.reach(shape, &kinds).is_empty() {
            let first = kinds.iter_mut().find(|kind| **kind == Kind::Replicate);
            first.into_iter().for_each(|kind| *kind = Kind::Prototype);
        }
        kinds
    }

    /// What a replicate of this layer can use: prototypes of earlier layers with as many rows and columns, and the
    /// layer's own.
    fn reach(&self, shape: Shape, own: &[Kind]) -> Vec<Source> {
        let same_size =
            |layer: &&PlanLayer| (layer.shape.height(), layer.shape.width()) == (shape.height(), shape.width());
        let prototypes = |layer: usize, kinds: Vec<Kind>| {
            let found = kinds.into_iter().enumerate().filter(|(_, kind)| *kind == Kind::Prototype);
            found.map(move |(channel, _)| Source::Replicate { layer, channel })
        };
        let earlier = self.plan.iter().enumerate().filter(|(_, layer)| same_size(layer));
        let earlier = earlier.flat_map(|(index, layer)| prototypes(index, layer.channels.iter().map(kind).collect()));
        earlier.chain(prototypes(self.plan.len(), own.to_vec())).collect()
    }
}

/// A channel's affine gate, if it has one of its own.
fn gate<F: Fields>(
    fields: &mut F,
    k: Width,
    style: Style,
    source: Source,
    old: Option<AffineGate>,
) -> Option<AffineGate> {
    if source == Source::Linear || !listed(fields, &[false, false, true], old.is_some()) {
        return None;
    }
    let old = old.unwrap_or(AffineGate { alpha: 0, beta: 0 });
    Some(AffineGate { alpha: number(fields, k, style, old.alpha), beta: number(fields, k, style, old.beta) })
}
