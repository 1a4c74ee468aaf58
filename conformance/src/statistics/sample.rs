//! What is tested: samples of what a corrupted party sees, and the tests that each gets.

use super::bounds::{Bits, Surprise, balance, bytes, level_of_each, same, sufficient_bias};

/// The fewest bits of a sample for a test: with fewer hardly any outcome could raise an alarm.
pub const FEWEST: usize = 128;

/// A sample of what is claimed to look random to a corrupted party, given all that it knows.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What it is.
    pub what: String,
    /// The bits.
    pub bits: Bits,
    /// What they are compared with.
    pub like: Like,
}

/// What a sample is compared with.
#[derive(Clone, Debug)]
pub enum Like {
    /// Uniform bits: balance, bytes, and the balance of the xor of bits at each of these distances.
    Uniform {
        /// The distances beside 1 and 8: of what must not repeat.
        lags: Vec<usize>,
        /// The bits are rows of so many columns, each tested by itself; 1 if they have no columns.
        columns: usize,
    },
    /// Another sample, column by column.
    Sample {
        /// The other sample.
        other: Bits,
        /// The number of columns of both.
        columns: usize,
    },
}

/// A test's result.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The sample.
    pub what: String,
    /// The test.
    pub test: String,
    /// The size of the sample in bits, of two samples the smaller.
    pub bits: usize,
    /// How surprising it is.
    pub surprise: Surprise,
}

impl Sample {
    /// Bits that are claimed to be uniform.
    pub fn uniform(what: impl Into<String>, bits: Bits, lags: &[usize], columns: usize) -> Sample {
        Sample { what: what.into(), bits, like: Like::Uniform { lags: lags.to_vec(), columns } }
    }

    /// Two samples of what is claimed to be one distribution.
    pub fn same(what: impl Into<String>, bits: Bits, other: Bits, columns: usize) -> Sample {
        Sample { what: what.into(), bits, like: Like::Sample { other, columns } }
    }

    /// The results of all tests of this sample that have at least [`FEWEST`] bits; of two samples each must have them.
    pub fn test(&self) -> Vec<Finding> {
        let mut findings = self.all_tests();
        findings.retain(|finding| finding.bits >= FEWEST);
        findings
    }

    fn all_tests(&self) -> Vec<Finding> {
        let finding = |test: String, bits: usize, surprise| Finding { what: self.what.clone(), test, bits, surprise };
        match &self.like {
            Like::Uniform { lags, columns } => {
                let n = self.bits.len();
                let mut all = vec![finding("balance".into(), n, balance(&self.bits))];
                all.push(finding("bytes".into(), n, bytes(&self.bits)));
                for lag in [1, 8].iter().chain(lags) {
                    let xored = self.bits.lagged(*lag);
                    all.push(finding(format!("serial, distance {lag}"), xored.len(), balance(&xored)));
                }
                for column in (0..*columns).filter(|_| *columns > 1) {
                    let bits = self.bits.column(column, *columns);
                    all.push(finding(format!("column {column}"), bits.len(), balance(&bits)));
                }
                all
            }
            Like::Sample { other, columns } => {
                let one = |column| {
                    let [a, b] = [&self.bits, other].map(|bits| bits.column(column, *columns));
                    let smaller = if a.is_empty() != b.is_empty() { FEWEST } else { a.len().min(b.len()) };
                    finding(format!("two samples, column {column}"), smaller, same(&a, &b))
                };
                (0..*columns).map(one).collect()
            }
        }
    }
}

/// The verdict on many samples.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The number of tests.
    pub tests: usize,
    /// The level of each, in bits.
    pub level: f64,
    /// The bits of all samples.
    pub bits: usize,
    /// The most surprising test.
    pub worst: Option<Finding>,
    /// Tests that raise an alarm.
    pub alarms: Vec<Finding>,
    /// A bias that suffices for an alarm of the balance test in the smallest sample.
    pub sufficient_bias: f64,
    /// Samples that are too small for any test.
    pub untested: Vec<String>,
}

/// Tests samples. `tests_in_all` is the number of tests among which the level is divided; 0 for those of these samples.
pub fn judge(samples: &[Sample], tests_in_all: usize) -> Verdict {
    let findings: Vec<Finding> = samples.iter().flat_map(Sample::test).collect();
    let level = level_of_each(tests_in_all.max(findings.len()));
    let worst = findings.iter().max_by(|a, b| a.surprise.total_cmp(&b.surprise)).cloned();
    let smallest = findings.iter().map(|finding| finding.bits).min().unwrap_or(0);
    Verdict {
        tests: findings.len(),
        level,
        bits: samples.iter().map(|sample| sample.bits.len()).sum(),
        worst,
        sufficient_bias: sufficient_bias(smallest, level),
        untested: samples.iter().filter(|sample| sample.test().is_empty()).map(|sample| sample.what.clone()).collect(),
        alarms: findings.into_iter().filter(|finding| finding.surprise > level).collect(),
    }
}
