//! Transcripts of the command, as text that a person can read.

mod common;

use common::deepshare;

/// One prototype, a replicate in its layer, a replicate in the next layer, a truncation: every message of both parties.
#[test]
fn transcript_of_a_small_plan() {
    insta::assert_snapshot!(deepshare(&["transcript", "--backend", "gmw", "--width", "4", "--seed", "00"]).success());
}

/// The same in the ideal world, sizes only.
#[test]
fn transcript_of_the_ideal_world() {
    let arguments = ["transcript", "--backend", "ideal", "--width", "4", "--seed", "00", "--values=false"];
    insta::assert_snapshot!(deepshare(&arguments).success());
}
