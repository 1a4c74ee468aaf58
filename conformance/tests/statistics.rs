//! Statistical checks at the size of a quick run: nothing is found in the reference, and every planted defect is.
//! [DS-SIM-4]
#![allow(clippy::unwrap_used, clippy::panic)]

use deepshare_conformance::statistics::check;
use deepshare_conformance::statistics::claims::{CLAIMS, Defect};
use deepshare_conformance::statistics::sample::judge;
use deepshare_conformance::statistics::transcripts::{Real, runs};
use deepshare_reference::party::Role;
use deepshare_reference::party::xof::Seed;

const SIZE: usize = 2048;

#[test]
fn what_is_claimed_to_look_random_does() {
    for claim in &CLAIMS {
        let verdict = check(claim, &Seed([1; 32]), SIZE, None, 1 << 14).unwrap();
        assert!(verdict.alarms.is_empty(), "{}: {:?}", claim.name, verdict.alarms);
    }
}

#[test]
fn every_planted_defect_is_found() {
    for claim in &CLAIMS {
        for defect in Defect::ALL {
            let verdict = check(claim, &Seed([1; 32]), SIZE, Some(defect), 1 << 14).unwrap();
            assert!(!verdict.alarms.is_empty(), "{}: {} is not found", claim.name, defect.name());
        }
    }
}

/// Every frame that a corrupted party sends or receives is there with the same shape against its simulator; nothing is found
/// in the payloads.
#[test]
fn real_and_simulated_transcripts_look_alike() {
    for backend in Real::ALL {
        for corrupted in [Role::Server, Role::Client] {
            let runs = runs(backend, corrupted, &Seed([2; 32]), 4).unwrap();
            let what = format!("{}, {corrupted}", backend.name());
            assert_eq!(runs.difference, None, "{what}");
            assert!(runs.frames > 10, "{what}: {} frames", runs.frames);
            let verdict = judge(&runs.samples, 1 << 14);
            assert!(verdict.alarms.is_empty(), "{what}: {:?}", verdict.alarms);
        }
    }
}
