//! Statistical checks at the size of a quick run: nothing is found in the reference, and every planted defect is.
#![allow(clippy::unwrap_used, clippy::panic)]

use deepshare_conformance::statistics::check;
use deepshare_conformance::statistics::claims::{CLAIMS, Defect};
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
