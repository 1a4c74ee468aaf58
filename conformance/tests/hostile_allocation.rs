//! No hostile frame makes a party allocate beyond the expected size. [DS-HOSTILE-3]
//!
//! This file has one test, since the allocator counts the whole process.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use deepshare_conformance::hostile::mutate::Change;
use deepshare_conformance::hostile::{Backend, Campaign, Fault};
use deepshare_reference::party::xof::Seed;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What a hostile run may allocate in bytes beyond an honest one and the mutated frame. A label of 255 bytes, each replaced
/// by a character of 3 bytes, stands once in the parsed header and once in the error: 1,530 bytes. The rest is the name of
/// a step or the text of who waits for whom, once a role.
const SLACK: usize = 2048;

/// Mutations of each backend beyond the systematic ones.
const RANDOM: u64 = 100;

/// The most bytes that were in use at once while `run` ran, beyond those in use before.
fn peak(run: impl FnOnce()) -> usize {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    run();
    ALLOCATOR.peak_usage().saturating_sub(before)
}

#[test]
fn no_hostile_run_allocates_more_than_an_honest_one_and_its_frame() {
    for backend in Backend::ALL {
        let campaign = Campaign::new(backend, &Seed([5; 32])).unwrap();
        // a run in which the only change is a frame that is replaced by itself
        let mut honest = campaign.case(0);
        let place = campaign.record().place(honest.place).unwrap();
        honest.change = Change::Replace(place.frame.clone());
        let expected = peak(|| drop(campaign.attempt(&honest, Fault::None)));
        assert!(expected > 0, "the allocator counts");
        let (mut most, mut kind) = (0, "");
        for number in 0..campaign.systematic() + backend.share(RANDOM) {
            let case = campaign.case(number);
            let honest_frame = campaign.record().place(case.place).unwrap().frame.len();
            let frame = match &case.change {
                Change::Replace(frame) => frame.len(),
                Change::Repeat | Change::Swap => honest_frame, // once more in a queue, or longer in one
                Change::Silence | Change::Close | Change::Drop => 0,
            };
            let found = peak(|| assert_eq!(campaign.attempt(&case, Fault::None), None));
            let beyond = found.saturating_sub(expected + frame);
            if beyond > most {
                (most, kind) = (beyond, case.kind.name());
            }
        }
        println!("{}: honest {expected} bytes, at most {most} beyond ({kind})", backend.name());
        assert!(most <= SLACK, "{}: {most} bytes beyond, by {kind}", backend.name());
    }
}
