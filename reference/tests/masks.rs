//! Every mask is fresh: with inputs fixed and coins random, no two bits that travel are related. [DS-GMW-10] [DS-OT-3]
//! [DS-FSS-33] [DS-GC-7]
//!
//! All bits that the two parties send to each other, and the bits that they open together, are taken for many seeds. Each
//! bit must be balanced, and so must be the xor of every pair. A mask that is missing, constant, or used for two values
//! makes a bit or a pair constant. With 512 seeds a fair coin is 6.5 standard deviations off its mean with probability
//! 8e-11; at most 60,000 bits and pairs are judged for a program, so an honest program fails for less than one choice of
//! seeds in 200,000. The seeds are fixed, so the test is deterministic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw};
use deepshare_reference::backend::run_fss::fss;
use deepshare_reference::backend::run_garbled::garbled_on_ideal_base;
use deepshare_reference::backend::run_ot::ot_on_ideal_base;
use deepshare_reference::backend::{Activation, Backend, Program};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Phase, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{LinearMap, Ranges, Ring, RingVector, Shape, Width};

const SEEDS: usize = 512;
/// 6.5 standard deviations of a binomial distribution with 512 fair draws.
const DEVIATION: usize = 73;

/// What is run; every variant has at least two values wherever a mask could serve both.
#[derive(Clone, Copy, Debug)]
enum Case {
    /// Opens two gates; serves both twice in this layer and once in a later one.
    Gates,
    /// Opens two gates, serves both in this layer, and in a later one beside a new gate; then once more.
    Mixed,
    /// Truncates two elements by one bit.
    Truncation,
    /// Two sets of weights, each applied twice.
    Linear,
    /// Shares two inputs of two elements each. (The server's share of an output may repeat what it received.)
    Inputs,
}

const WIDTH: u64 = 4;

impl Program for Case {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let width = Width::new(WIDTH).unwrap();
        let x = own.first().cloned().unwrap_or_else(|| B::Share::constant(width, 2, 0));
        match self {
            Case::Gates => {
                let twice = Ranges::new(2, [(0, 2), (0, 2)]).unwrap();
                let step = StepConvention::Nonnegative;
                let layer = Activation { step, prototypes: &Ranges::all(2), gated: &twice, served: &twice };
                let (mut gates, y) = backend.activate(&layer, &x, vec![]).await?;
                Ok(vec![y, backend.apply(&mut [&mut gates], &Ranges::all(2), &x).await?])
            }
            Case::Mixed => {
                let (all, step) = (Ranges::all(2), StepConvention::Nonnegative);
                let layer = Activation { step, prototypes: &all, gated: &all, served: &all };
                let (mut gates, y) = backend.activate(&layer, &x, vec![]).await?;
                let served = Ranges::new(3, [(2, 1), (1, 1)]).unwrap(); // the new gate, then an old one
                let layer = Activation { prototypes: &Ranges::new(2, [(0, 1)]).unwrap(), served: &served, ..layer };
                let (_, z) = backend.activate(&layer, &x, vec![&mut gates]).await?;
                Ok(vec![y, z, backend.apply(&mut [&mut gates], &all, &x).await?])
            }
            Case::Truncation => Ok(vec![backend.truncate(&x, 1).await?]),
            Case::Linear => {
                let map = LinearMap::dense(Shape::new(2, 1, 1).unwrap(), 1).unwrap();
                let mut outputs = Vec::new();
                for _ in 0..2 {
                    let own = (backend.role() == Role::Server).then_some(&x);
                    let weights = backend.weights(&map, width, own).await?;
                    for _ in 0..2 {
                        outputs.push(backend.linear(&weights, &x, 1).await?);
                    }
                }
                Ok(outputs)
            }
            Case::Inputs => {
                let own = (backend.role() == Role::Client).then_some(&x);
                Ok(vec![backend.input(own, width, 2).await?, backend.input(own, width, 2).await?])
            }
        }
    }
}

/// The bits that travelled between the parties, then the xor of each pair of frames that open a value together.
fn bits(transcript: &Transcript) -> Vec<bool> {
    let between = |entry: &&Entry| matches!(entry.phase, Phase::Online | Phase::Session) && entry.from != Role::Trusted;
    let peers = |entry: &&Entry| entry.to != Role::Trusted;
    let frames: Vec<&Entry> = transcript.entries().iter().filter(between).filter(peers).collect();
    let of = |from: Role| frames.iter().filter(move |entry| entry.from == from).map(|entry| frame_bits(entry));
    let sent: Vec<bool> = frames.iter().flat_map(|entry| frame_bits(entry)).collect();
    let both = of(Role::Server).zip(of(Role::Client)).filter(|(s, c)| s.len() == c.len());
    let opened = both.flat_map(|(s, c)| s.into_iter().zip(c).map(|(s, c)| s ^ c).collect::<Vec<_>>());
    sent.iter().copied().chain(opened).collect()
}

fn frame_bits(entry: &Entry) -> Vec<bool> {
    let bytes = entry.payload.as_deref().unwrap_or(&[]);
    let count = usize::try_from(entry.content.bits()).unwrap();
    (0..count).map(|i| bytes[i / 8] >> (i % 8) & 1 == 1).collect()
}

type Run = fn(&Case, Sides<Ring>, &Seed, Session) -> Result<Outcome<Ring>, PartyError>;

/// The bits of the frames of `ot` with these labels, in order.
fn bits_of_steps(transcript: &Transcript, steps: &[&str]) -> Vec<bool> {
    let frames = transcript.entries().iter().filter(|entry| steps.contains(&entry.step));
    frames.flat_map(frame_bits).collect()
}

/// For each bit position, its values under all seeds, packed.
fn columns(case: Case, run: Run, bits: impl Fn(&Transcript) -> Vec<bool>) -> Vec<Column> {
    let width = Width::new(WIDTH).unwrap();
    let mut columns = Vec::new();
    for seed in 0..SEEDS {
        let own = Sides { server: vec![Ring::new(width, vec![5, 11])], client: vec![Ring::new(width, vec![9, 2])] };
        let session = Session { transcript: Transcript::observed(), ..Session::default() };
        let seed_bytes = Seed::from_user_bytes(&(seed as u64).to_le_bytes());
        let bits = bits(&run(&case, own, &seed_bytes, session).unwrap().transcript);
        columns.resize(bits.len(), [0; SEEDS / 64]);
        for (column, bit) in columns.iter_mut().zip(bits) {
            column[seed / 64] |= u64::from(bit) << (seed % 64);
        }
    }
    columns
}

/// Checks that single bits and pairs are balanced. A sent bit and an opening that it is a part of are a pair like any
/// other: their xor is the peer's bit.
fn check(case: Case) {
    check_world(case, gmw);
}

fn check_world(case: Case, run: Run) {
    let columns = columns(case, run, bits);
    assert!(columns.len() * columns.len() / 2 <= 60_000, "{} bits", columns.len());
    check_bits(case, &columns);
    check_pairs(case, &columns);
}

/// The columns u of `ot`, single bits; all else that its parties send, single bits and pairs. Base OTs are ideal.
fn check_ot(case: Case) {
    let all = columns(case, ot_on_ideal_base, |transcript| {
        let masked = bits_of_steps(transcript, &["ot/offer", "and/opened", "cot/flips", "cot/corrections"]);
        [masked, bits_of_steps(transcript, &["ot/choose", "cot/prepare"])].concat()
    });
    let masked = match case {
        Case::Gates => 2 * 8 + 2 * 2 + 2 * (4 + 2) * 4, // messages, flips, corrections of 6 elements
        Case::Truncation => 2 * 2 + 2 * 8 * 2 + 16 * 2 + 2 * 2 * 2 + 4 + 4 * 4, // and a pair of triples, its openings
        Case::Linear => 4 * 2 * (4 + 3 + 2 + 1),        // corrections of two terms, four times
        Case::Mixed | Case::Inputs => 0,
    };
    assert!(masked * masked / 2 + all.len() <= 60_000 && all.len() > 128, "{} bits", all.len());
    check_bits(case, &all);
    check_pairs(case, &all[..masked]);
}

/// What the parties of `garbled` send but for tables, single bits; flips, corrections and the colours of the server's
/// labels, single bits and pairs. Base OTs are ideal.
fn check_garbled(case: Case) {
    let all = columns(case, garbled_on_ideal_base, |transcript| {
        let labels = bits_of_steps(transcript, &["garbling/labels"]);
        let colours: Vec<bool> = labels.iter().copied().step_by(128).collect();
        let masked = bits_of_steps(transcript, &["cot/flips", "cot/corrections"]);
        [colours, masked, labels, bits_of_steps(transcript, &["garbling/choose", "cot/prepare"])].concat()
    });
    let masked = match case {
        Case::Gates => 2 * 3 + 2 * 2 + 2 * (4 + 2) * 4, // colours, flips, corrections of 6 elements
        _ => 2 * 4 + 4 + 4 * 4,                         // of a truncation
    };
    assert!(masked * masked / 2 + all.len() <= 60_000 && all.len() > 128, "{} bits", all.len());
    check_bits(case, &all);
    check_pairs(case, &all[..masked]);
}

type Column = [u64; SEEDS / 64];

fn ones(column: &Column) -> usize {
    column.iter().map(|word| word.count_ones() as usize).sum()
}

fn balanced(count: usize) -> bool {
    count.abs_diff(SEEDS / 2) <= DEVIATION
}

fn check_bits(case: Case, columns: &[Column]) {
    for (i, column) in columns.iter().enumerate() {
        assert!(balanced(ones(column)), "{case:?}: bit {i} is {} times 1 of {SEEDS}", ones(column));
    }
}

fn check_pairs(case: Case, columns: &[Column]) {
    for (i, column) in columns.iter().enumerate() {
        for (j, other) in columns.iter().enumerate().skip(i + 1) {
            let mut difference = *column;
            difference.iter_mut().zip(other).for_each(|(word, other)| *word ^= other);
            assert!(balanced(ones(&difference)), "{case:?}: bits {i} and {j} are related: {}", ones(&difference));
        }
    }
}

#[test]
fn masks_of_gates_and_their_uses_are_fresh() {
    check(Case::Gates);
    check(Case::Mixed);
}

#[test]
fn masks_of_truncation_are_fresh() {
    check(Case::Truncation);
}

#[test]
fn masks_of_linear_layers_are_fresh() {
    check(Case::Linear);
}

#[test]
fn masks_of_inputs_are_fresh() {
    check(Case::Inputs);
}

/// All that the parties send each other in either form, and the bits of x^ and delta that open together; nothing else is
/// online. Linear layers and inputs are those of `gmw`.
#[test]
fn masks_of_fss_are_fresh() {
    let payload: Run = |case, own, seed, session| fss(case, own, Serving::Payload, seed, session);
    let select: Run = |case, own, seed, session| fss(case, own, Serving::Select, seed, session);
    for run in [payload, select] {
        for case in [Case::Gates, Case::Mixed, Case::Truncation] {
            check_world(case, run);
        }
    }
}

/// What the dealer sends of masks and of keys without their version: single bits, and pairs within what one party gets.
#[test]
fn what_the_dealer_of_fss_sends_is_fresh() {
    for serving in [Serving::Payload, Serving::Select] {
        for receiver in [Role::Server, Role::Client] {
            let run: Run = match serving {
                Serving::Payload => |case, own, seed, session| fss(case, own, Serving::Payload, seed, session),
                Serving::Select => |case, own, seed, session| fss(case, own, Serving::Select, seed, session),
            };
            let dealt = |transcript: &Transcript| -> Vec<bool> {
                let to =
                    transcript.entries().iter().filter(|entry| entry.from == Role::Trusted && entry.to == receiver);
                let masks = to.clone().filter(|entry| entry.step != "dcf/deal-keys").flat_map(frame_bits);
                let keys = to.filter(|entry| entry.step == "dcf/deal-keys");
                // of each batch the first key's first correction word: seed and bits
                masks.chain(keys.flat_map(|entry| frame_bits(entry).split_off(8 + 128).into_iter().take(130))).collect()
            };
            for case in [Case::Mixed, Case::Truncation] {
                let columns = columns(case, run, dealt);
                assert!(columns.len() > 130 && columns.len() * columns.len() / 2 <= 60_000, "{} bits", columns.len());
                check_bits(case, &columns);
                check_pairs(case, &columns);
            }
        }
    }
}

/// The same false-alarm rate: for each program at most 60,000 bits and pairs.
#[test]
fn masks_of_ot_are_fresh() {
    for case in [Case::Gates, Case::Truncation, Case::Linear] {
        check_ot(case);
    }
}

/// The same false-alarm rate.
#[test]
fn masks_of_garbled_are_fresh() {
    for case in [Case::Gates, Case::Truncation] {
        check_garbled(case);
    }
}
