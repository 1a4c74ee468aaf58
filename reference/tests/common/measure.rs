//! Measures the transcript of calls on shared vectors; shapes alone must give the same.
#![allow(dead_code)] // Each test file uses a part of it.

use crate::script::{Call, Script, Secrets, shapes};
use crate::values::{ring, width};
use deepshare_reference::backend::run::{Outcome, Session, Sides};
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Phase};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Ranges, Ring, ShapeRing};

/// A world on values.
pub type World = fn(&Script, Sides<Ring>, &Seed, Session) -> Result<Outcome<Ring>, PartyError>;
/// The same world on shapes.
pub type ShapeWorld = fn(&Script, Sides<ShapeRing>) -> Result<Transcript, PartyError>;

/// What calls at width k cost: measured, and from shapes. Both transcripts must have the same frames in the phases given.
pub fn measure(
    (world, shape_world): (World, ShapeWorld),
    phases: &[Phase],
    k: u64,
    [shared, weights]: [&[usize]; 2],
    calls: Vec<Call>,
) -> Transcript {
    let script = Script { width: width(k), shared: shared.to_vec(), calls };
    let vectors = |lens: &[usize]| lens.iter().map(|&len| ring(width(k), &vec![-1; len])).collect();
    let inputs: Vec<usize> =
        script.calls.iter().filter_map(|call| if let Call::Input { len } = call { Some(*len) } else { None }).collect();
    let secrets = Secrets { shared: vectors(shared), weights: vectors(weights), inputs: vectors(&inputs) };
    let real = world(&script, secrets.sides(9), &Seed([1; 32]), Session::default()).unwrap().transcript;
    let from_shapes = shape_world(&script, shapes(&secrets.sides(9))).unwrap();
    let of = |transcript: &Transcript| -> Vec<Entry> {
        transcript.entries().iter().filter(|entry| phases.contains(&entry.phase)).cloned().collect()
    };
    assert!(of(&real) == of(&from_shapes), "shapes cost otherwise");
    from_shapes
}

/// Opens gates on a vector, by `nonnegative`.
pub fn open(x: usize) -> Call {
    Call::Open { step: StepConvention::Nonnegative, x }
}

/// Serves a vector by gates, each `copies` times.
pub fn apply(gates: usize, copies: usize, x: usize) -> Call {
    let served = Ranges::new(gates, std::iter::repeat_n((0, gates), copies)).unwrap();
    Call::Apply { groups: vec![0], served, x }
}
