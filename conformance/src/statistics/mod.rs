//! Statistical checks of what is claimed to look random under an assumption, and of transcripts: real and simulated ones
//! have the same frames.

pub mod bounds;
pub mod claims;
pub mod command;
pub mod sample;
pub mod transcripts;

use claims::{Claim, Defect, SampleError, Source};
use deepshare_reference::party::Role;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::xof::Seed;
use sample::{Verdict, judge};

/// The coins of honest parties, for samples of a size.
pub fn source(seed: &Seed, size: usize, defect: Option<Defect>) -> Source {
    Source { coins: SeedCoins::new(seed, "statistics", Role::Trusted), size, defect }
}

/// Samples a claim and tests it; `tests` as for [`judge`].
///
/// # Errors
/// What the reference's functions report.
pub fn check(
    claim: &Claim,
    seed: &Seed,
    size: usize,
    defect: Option<Defect>,
    tests: usize,
) -> Result<Verdict, SampleError> {
    Ok(judge(&(claim.take)(&mut source(seed, size, defect))?, tests))
}
