//! Mistakes of makers of plans.

use super::Fault;
use crate::steps::{Maker, Right, Steps};
use deepshare_reference::plan::{Grouping, MakerError, Plan, PlanLayer, Sharing, Source, StepConvention};
use deepshare_reference::values::{Shape, Width};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "modulo-as-contiguous",
        mistake: "channels that should take turns are cut into runs",
        clause: "DS-PLAN-31",
        steps: &ModuloAsContiguous,
    },
    Fault {
        name: "longer-runs-last",
        mistake: "the last runs of `groups` get the channels that are left over",
        clause: "DS-PLAN-31",
        steps: &LongerRunsLast,
    },
    Fault {
        name: "stage-in-every-layer",
        mistake: "`stage` has prototypes in every layer of a resolution",
        clause: "DS-PLAN-32",
        steps: &StageInEveryLayer,
    },
    Fault {
        name: "budget-rounds-up",
        mistake: "`budget` takes the prototype that does not fit any more",
        clause: "DS-PLAN-33",
        steps: &BudgetRoundsUp,
    },
    Fault {
        name: "agreement-by-first-sample",
        mistake: "`agreement` compares the first sample only",
        clause: "DS-PLAN-34",
        steps: &AgreementByFirstSample,
    },
    Fault {
        name: "budget-by-resolution",
        mistake: "`budget` fills one resolution after the other, not all in step",
        clause: "DS-PLAN-33",
        steps: &BudgetByResolution,
    },
    Fault {
        name: "agreement-ties-to-highest",
        mistake: "of equally good channels `agreement` takes the highest one",
        clause: "DS-PLAN-34",
        steps: &AgreementTiesToHighest,
    },
];

type Made = Result<Plan, MakerError>;

struct ModuloAsContiguous;

impl Steps for ModuloAsContiguous {
    fn make(&self, maker: &Maker, shapes: &[Shape], width: Width, step: StepConvention) -> Made {
        match *maker {
            Maker::Groups(Grouping::Modulo { prototypes }) => {
                Maker::Groups(Grouping::Contiguous { prototypes }).make(shapes, width, step)
            }
            _ => maker.make(shapes, width, step),
        }
    }
}

struct LongerRunsLast;

impl Steps for LongerRunsLast {
    fn make(&self, maker: &Maker, shapes: &[Shape], width: Width, step: StepConvention) -> Made {
        let plan = Right.make(maker, shapes, width, step)?;
        let Maker::Groups(Grouping::Contiguous { prototypes }) = *maker else { return Ok(plan) };
        let mut layers = plan.layers().to_vec();
        for (index, layer) in layers.iter_mut().enumerate() {
            let channels = layer.channels.len();
            let runs = prototypes.min(channels);
            let short = channels / runs;
            for (number, channel) in layer.channels.iter_mut().enumerate() {
                let first = (number / short).min(runs - 1) * short;
                let replicate = Source::Replicate { layer: index, channel: first };
                channel.source = if first == number { Source::Prototype } else { replicate };
            }
        }
        Ok(Plan::new(width, step, layers)?)
    }
}

struct StageInEveryLayer;

impl Steps for StageInEveryLayer {
    fn make(&self, maker: &Maker, shapes: &[Shape], width: Width, step: StepConvention) -> Made {
        match maker {
            Maker::Stage { prototypes } => {
                let prototypes = prototypes.unwrap_or(usize::MAX);
                Maker::Groups(Grouping::Modulo { prototypes }).make(shapes, width, step)
            }
            other => other.make(shapes, width, step),
        }
    }
}

struct BudgetRoundsUp;

impl Steps for BudgetRoundsUp {
    fn make(&self, maker: &Maker, shapes: &[Shape], width: Width, step: StepConvention) -> Made {
        let plan = Right.make(maker, shapes, width, step)?;
        let Maker::Budget { drelus } = *maker else { return Ok(plan) };
        let counts = plan.counts();
        if counts.drelus == counts.baseline || counts.drelus == drelus {
            return Ok(plan);
        }
        let larger = (drelus..=counts.baseline).map(|drelus| Maker::Budget { drelus }.make(shapes, width, step));
        larger.flatten().find(|plan| plan.counts().drelus > drelus).map_or(Ok(plan), Ok)
    }
}

struct AgreementByFirstSample;

impl Steps for AgreementByFirstSample {
    fn make(&self, maker: &Maker, shapes: &[Shape], width: Width, step: StepConvention) -> Made {
        let right = Right.make(maker, shapes, width, step)?;
        let Maker::Agreement { sharing, prototypes, bits } = maker else { return Ok(right) };
        let bits = bits.iter().map(|samples| samples.iter().take(1).cloned().collect()).collect();
        Maker::Agreement { sharing: *sharing, prototypes: *prototypes, bits }.make(shapes, width, step)
    }
}

struct BudgetByResolution;

impl Steps for BudgetByResolution {
    fn make(&self, maker: &Maker, shapes: &[Shape], width: Width, step: StepConvention) -> Made {
        let plan = Right.make(maker, shapes, width, step)?;
        let Maker::Budget { drelus } = *maker else { return Ok(plan) };
        let mut layers = plan.layers().to_vec();
        let mut resolutions: Vec<Vec<usize>> = Vec::new();
        for index in 0..shapes.len() {
            let size = |other: &usize| shapes.get(*other).map(|s| (s.height(), s.width()));
            let same = |family: &&mut Vec<usize>| family.first().and_then(size) == size(&index);
            match resolutions.iter_mut().find(same) {
                Some(family) => family.push(index),
                None => resolutions.push(vec![index]),
            }
        }
        let area = |family: &Vec<usize>| family.first().and_then(|&l| shapes.get(l)).map_or(0, |s| s.area() as u64);
        let mut left = drelus;
        for (number, family) in resolutions.iter().enumerate() {
            let others: u64 = resolutions.iter().skip(number + 1).map(area).sum();
            let own: Vec<Shape> = family.iter().filter_map(|&layer| shapes.get(layer).copied()).collect();
            let part = Maker::Budget { drelus: left - others }.make(&own, width, step)?;
            left -= part.counts().drelus;
            for (&layer, entry) in family.iter().zip(part.layers()) {
                if let Some(slot) = layers.get_mut(layer) {
                    *slot = renumbered(entry, family);
                }
            }
        }
        Ok(Plan::new(width, step, layers)?)
    }
}

/// A layer of a plan of some layers, as a layer of the plan of all.
fn renumbered(entry: &PlanLayer, family: &[usize]) -> PlanLayer {
    let mut entry = entry.clone();
    for channel in &mut entry.channels {
        if let Source::Replicate { layer, .. } = &mut channel.source {
            *layer = family.get(*layer).copied().unwrap_or(*layer);
        }
    }
    entry
}

struct AgreementTiesToHighest;

impl Steps for AgreementTiesToHighest {
    fn make(&self, maker: &Maker, shapes: &[Shape], width: Width, step: StepConvention) -> Made {
        let right = Right.make(maker, shapes, width, step)?;
        let Maker::Agreement { sharing: Sharing::Layer, prototypes, bits } = maker else { return Ok(right) };
        let turned = |area: usize, sample: &[bool]| sample.chunks(area).rev().flatten().copied().collect::<Vec<bool>>();
        let turned = shapes
            .iter()
            .zip(bits)
            .map(|(shape, samples)| samples.iter().map(|sample| turned(shape.area(), sample)).collect());
        let maker = Maker::Agreement { sharing: Sharing::Layer, prototypes: *prototypes, bits: turned.collect() };
        let mut layers = maker.make(shapes, width, step)?.layers().to_vec();
        for layer in &mut layers {
            layer.channels.reverse();
            let last = layer.channels.len().saturating_sub(1);
            for entry in &mut layer.channels {
                if let Source::Replicate { channel, .. } = &mut entry.source {
                    *channel = last - *channel;
                }
            }
        }
        Ok(Plan::new(width, step, layers)?)
    }
}
