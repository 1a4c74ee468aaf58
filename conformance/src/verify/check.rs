//! The check: for each pair of inputs, all coins in both worlds, and the joint counts compared. [DS-EXH-1] [DS-EXH-3]

use super::error::VerifyError;
use super::joint::{Counts, describe, first_difference, mapped};
use super::protocol::{Plain, Protocol};
use super::tape::CoinFault;
use super::world::{Outputs, Seen};
use deepshare_reference::party::Role;
use rayon::prelude::*;

/// Executions of a pair of inputs are counted in at most so many coin bits.
const MOST_COINS: u32 = 28;

/// A case: a protocol under a name, and the defect of coins that is planted in it, if any.
pub struct Case {
    /// The backend.
    pub backend: &'static str,
    /// What the protocol is.
    pub name: String,
    /// The ring's width in bits.
    pub width: u32,
    /// The protocol.
    pub protocol: Box<dyn Protocol>,
    /// A defect of the real world's coins.
    pub fault: Option<CoinFault>,
    /// A defect of the simulator's coins.
    pub simulator_fault: Option<CoinFault>,
}

/// What an enumeration found for one corrupted party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The corrupted party.
    pub corrupted: Role,
    /// Pairs of inputs.
    pub inputs: u64,
    /// Coin bits of a real run, with the adversary's choices.
    pub coins: u32,
    /// Coin bits of a simulated run: the party's own, the simulator's, the adversary's choices.
    pub simulated_coins: u32,
    /// Real executions.
    pub executions: u64,
    /// Distinct pairs of the corrupted party's input and view.
    pub views: u64,
    /// The first difference.
    pub difference: Option<Difference>,
}

/// Where two distributions differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The inputs, the server's first.
    pub inputs: [u64; 2],
    /// What differs.
    pub what: String,
}

/// What was found for one of the corrupted party's inputs.
struct Found {
    views: u64,
    difference: Option<Difference>,
}

/// Coin bits of both worlds.
#[derive(Clone, Copy)]
struct Sizes {
    real: u32,
    ideal: u32,
}

impl Case {
    /// The case's name with its backend and width.
    pub fn title(&self) -> String {
        format!("{} {} k = {}", self.backend, self.name, self.width)
    }

    /// Pairs of inputs, in bits.
    pub fn input_bits(&self) -> u32 {
        self.protocol.inputs().into_iter().sum()
    }

    /// Bits of the corrupted party's input and of the honest party's.
    fn sides(&self, corrupted: Role) -> [u32; 2] {
        let [server, client] = self.protocol.inputs();
        if corrupted == Role::Server { [server, client] } else { [client, server] }
    }

    /// Enumerates everything for a corrupted party; `done` is told of each of that party's inputs that is finished.
    ///
    /// # Errors
    /// [`VerifyError`]: no statement about the protocol.
    pub fn check(&self, corrupted: Role, done: impl Fn() + Sync) -> Result<Row, VerifyError> {
        let ([own, honest], sizes) = (self.sides(corrupted), self.sizes(corrupted)?);
        let found = |own| {
            let found = self.check_own(corrupted, own, honest, sizes);
            done();
            found
        };
        let found: Vec<Found> = (0..1_u64 << own).into_par_iter().map(found).collect::<Result<_, _>>()?;
        Ok(Row {
            corrupted,
            inputs: 1 << (own + honest),
            coins: sizes.real,
            simulated_coins: sizes.ideal,
            executions: 1 << (own + honest + sizes.real),
            views: found.iter().map(|found| found.views).sum(),
            difference: found.into_iter().find_map(|found| found.difference),
        })
    }

    /// The first difference alone, one input after the other.
    ///
    /// # Errors
    /// [`VerifyError`]: no statement about the protocol.
    pub fn first_difference(&self, corrupted: Role) -> Result<Option<Difference>, VerifyError> {
        let ([own, honest], sizes) = (self.sides(corrupted), self.sizes(corrupted)?);
        for own in 0..1_u64 << own {
            if let Some(difference) = self.check_own(corrupted, own, honest, sizes)?.difference {
                return Ok(Some(difference));
            }
        }
        Ok(None)
    }

    fn sizes(&self, corrupted: Role) -> Result<Sizes, VerifyError> {
        let sizes = Sizes { real: self.coins(corrupted)?, ideal: self.simulated_coins(corrupted)? };
        match [sizes.real, sizes.ideal].into_iter().find(|bits| *bits > MOST_COINS) {
            Some(bits) => Err(VerifyError::TooMany { case: self.title(), bits }),
            None => Ok(sizes),
        }
    }

    /// All inputs of the honest party, for one of the corrupted party.
    fn check_own(&self, corrupted: Role, own: u64, honest: u32, sizes: Sizes) -> Result<Found, VerifyError> {
        let mut last: Option<(Vec<u64>, Plain, Seen)> = None;
        let mut views = Vec::new();
        for other in 0..1_u64 << honest {
            let inputs = pair(corrupted, own, other);
            let (local, plain) = (local_of(self.protocol.local(inputs), corrupted), self.protocol.plain(inputs));
            // a simulated run has nothing but `local` and what is opened: where these are the same, it is the same
            last.take_if(|(then, plain_then, _)| *then != local || plain_then.opened != plain.opened);
            let (.., simulated) = match last.take() {
                Some(last) => last,
                None => (Vec::new(), Plain::default(), self.simulated(inputs, corrupted, &plain, sizes.ideal)?),
            };
            let real = self.seen(inputs, corrupted, sizes.real)?;
            join(&mut views, &real.views());
            if let Some(what) = different(corrupted, &plain, (&real, sizes.real), (&simulated, sizes.ideal)) {
                return Ok(Found { views: views.len() as u64, difference: Some(Difference { inputs, what }) });
            }
            last = Some((local, plain, simulated));
        }
        Ok(Found { views: views.len() as u64, difference: None })
    }

    /// Whether the corrupted party's view tells two inputs of the honest party apart, of which it gets the same: the first
    /// difference between real runs. For planted leaks: a perfect simulation is the stronger statement.
    ///
    /// # Errors
    /// [`VerifyError`]: no statement about the protocol.
    pub fn tells(&self, corrupted: Role) -> Result<Option<Difference>, VerifyError> {
        let [own, honest] = self.sides(corrupted);
        let coins = self.coins(corrupted)?;
        for own in 0..1_u64 << own {
            let handed = |other| {
                let inputs = pair(corrupted, own, other);
                (local_of(self.protocol.local(inputs), corrupted), self.protocol.plain(inputs).opened)
            };
            let first = self.seen(pair(corrupted, own, 0), corrupted, coins)?;
            for other in (1..1_u64 << honest).filter(|other| handed(*other) == handed(0)) {
                let inputs = pair(corrupted, own, other);
                let second = self.seen(inputs, corrupted, coins)?;
                let unequal = first_difference((&first.views(), coins), (&second.views(), coins));
                if let Some((view, [left, right])) = unequal {
                    let view = describe(&first.parts, view);
                    let what = format!("{left} of 2^{coins} for one, {right} for the other: {view}");
                    return Ok(Some(Difference { inputs, what }));
                }
            }
        }
        Ok(None)
    }
}

/// Adds views, in order, to those that occurred under other inputs of the peer. Mostly they are the same.
fn join(all: &mut Vec<u128>, views: &Counts) {
    if all.len() != views.len() || all.iter().zip(views).any(|(known, (view, _))| known != view) {
        all.extend(views.iter().map(|(view, _)| *view));
        all.sort_unstable();
        all.dedup();
    }
}

/// The inputs, the server's first.
fn pair(corrupted: Role, own: u64, other: u64) -> [u64; 2] {
    if corrupted == Role::Server { [own, other] } else { [other, own] }
}

/// A party's part of what both bring.
pub(super) fn local_of([server, client]: [Vec<u64>; 2], role: Role) -> Vec<u64> {
    if role == Role::Server { server } else { client }
}

/// Compares the real world with the ideal one: what differs first.
fn different(
    corrupted: Role,
    plain: &Plain,
    (real, real_coins): (&Seen, u32),
    (simulated, ideal_coins): (&Seen, u32),
) -> Option<String> {
    if real.parts != simulated.parts {
        return Some(format!("real messages {}; simulated {}", real.messages(), simulated.messages()));
    }
    if real.leaked != simulated.leaked {
        return Some(format!("the functionality says {:?}, the simulator hears {:?}", real.leaked, simulated.leaked));
    }
    let ideal = honest_outputs(corrupted, plain, simulated);
    if real.outputs != ideal.outputs {
        return Some(format!("real outputs have {:?} bits, ideal ones {:?}", real.outputs, ideal.outputs));
    }
    let unequal = first_difference((&real.counts, real_coins), (&ideal.counts, ideal_coins));
    let (joint, [left, right]) = unequal?;
    let parts = real.all_parts();
    let seen = describe(&parts, joint);
    Some(format!("real in {left} of 2^{real_coins}, simulated in {right} of 2^{ideal_coins}: {seen}"))
}

/// Counts of views with what the honest party gets in the ideal world.
struct Ideal {
    outputs: Outputs,
    counts: Counts,
}

/// What the honest party gets in the ideal world: the values minus the shares that the simulator hands over, and of an
/// honest client what F_Output gives.
fn honest_outputs(corrupted: Role, plain: &Plain, simulated: &Seen) -> Ideal {
    let opened: Vec<(u32, u64)> = match corrupted {
        Role::Server => plain.opened.iter().flat_map(|(k, all)| all.iter().map(|x| (k.bits(), *x))).collect(),
        _ => Vec::new(),
    };
    let outputs = simulated.outputs.iter().copied().chain(opened.iter().map(|(bits, _)| *bits)).collect();
    let share_bits: u32 = simulated.outputs.iter().sum();
    let honest = |joint: u128| {
        let (mut packed, mut left) = (joint.checked_shr(share_bits).unwrap_or(0), share_bits);
        for (bits, (_, value)) in simulated.outputs.iter().zip(&plain.outputs) {
            left -= bits;
            let mask = (1 << bits) - 1;
            let share = joint >> left & mask;
            packed = packed << bits | (u128::from(*value).wrapping_sub(share) & mask);
        }
        opened.iter().fold(packed, |packed, (bits, value)| packed << bits | u128::from(*value))
    };
    Ideal { outputs, counts: mapped(&simulated.counts, honest) }
}

#[cfg(test)]
mod tests {
    use super::join;

    /// A view that occurs under several inputs of the peer is one view.
    #[test]
    fn views_of_all_inputs_are_counted_once() {
        let mut all = Vec::new();
        for views in [vec![(1, 2), (4, 2)], vec![(1, 3), (4, 1)], vec![(2, 4), (4, 9)], vec![(3, 1)]] {
            join(&mut all, &views);
        }
        assert_eq!(all, [1, 2, 3, 4]);
    }
}
