//! Exact counts of a plan. None can overflow: each is at most the number of all elements, which validation bounds.

use std::collections::BTreeMap;

use super::{Plan, Source};

/// What a plan costs, in elements. [DS-PLAN-27]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// DReLUs: the sum of H * W over prototype channels.
    pub drelus: u64,
    /// DReLUs of the same network without sharing: the sum of C * H * W over layers.
    pub baseline: u64,
    /// Elements that are multiplied by a gate: the sum of H * W over prototype and replicate channels.
    pub multiplexed: u64,
    /// Elements without a gate: the sum of H * W over linear channels.
    pub linear: u64,
}

impl Plan {
    /// The counts of the plan. [DS-PLAN-27]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for layer in self.layers() {
            let area = layer.shape.area() as u64;
            for channel in &layer.channels {
                counts.baseline += area;
                match channel.source {
                    Source::Prototype => {
                        counts.drelus += area;
                        counts.multiplexed += area;
                    }
                    Source::Replicate { .. } => counts.multiplexed += area,
                    Source::Linear => counts.linear += area,
                }
            }
        }
        counts
    }

    /// The fan-out n of each prototype (layer, channel): the number of elements that each of its H * W bits serves, one
    /// in each channel that uses it, its own included. [DS-PLAN-28]
    pub fn fan_outs(&self) -> BTreeMap<(usize, usize), u64> {
        let mut fan_outs = BTreeMap::new();
        for (layer, entry) in self.layers().iter().enumerate() {
            for channel in 0..entry.channels.len() {
                if let Some(prototype) = self.prototype_of(layer, channel) {
                    *fan_outs.entry(prototype).or_insert(0) += 1;
                }
            }
        }
        fan_outs
    }
}
