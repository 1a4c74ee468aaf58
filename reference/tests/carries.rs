//! The carry tree over ideal ANDs and over real ones: the same program, another type parameter; both are the carry of the
//! addition.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/adversary.rs"]
mod adversary;
#[path = "common/values.rs"]
mod values;

use adversary::Constant;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::{LocalNet, run};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Role, SessionId};
use deepshare_reference::primitives::and::Ands;
use deepshare_reference::primitives::carry::{carries, carry};
use deepshare_reference::primitives::ideal::{Adversary, Functionality, Leakage, Nobody, Party as IdealParty};
use deepshare_reference::primitives::roles::{Dealer, Party as GmwParty};
use deepshare_reference::values::{BitPlane, Concrete, Plane, ShapePlane};
use values::mix;

/// The carry out of all positions, or those out of the `split` lowest and of all.
async fn tree<A: Ands>(ands: &mut A, own: Vec<A::Plane>, split: Option<usize>) -> Result<Vec<A::Plane>, PartyError> {
    match split {
        None => Ok(vec![carry(ands, own).await?]),
        Some(split) => carries(ands, own, split).await.map(|(low, all)| vec![low, all]),
    }
}

/// The numbers that two parties add, as bit planes: element i of position j is bit j of number i.
struct Addition {
    positions: u32,
    numbers: [Vec<u64>; 2],
}

impl Addition {
    fn planes(&self, side: usize) -> Vec<Plane> {
        let bit = |j: u32| self.numbers[side].iter().map(|x| x >> j & 1 == 1).collect::<Vec<bool>>();
        (0..self.positions).map(|j| Plane::from_bits(&bit(j))).collect()
    }

    fn shapes(&self) -> Vec<ShapePlane> {
        vec![ShapePlane::constant(self.numbers[0].len(), false); self.positions as usize]
    }

    /// Whether the low `positions` bits of the two numbers add up to 2^positions or more.
    fn carry(&self, positions: u32) -> Vec<bool> {
        let low = |x: u64| u128::from(x) & ((1 << positions) - 1);
        self.numbers[0].iter().zip(&self.numbers[1]).map(|(&a, &b)| low(a) + low(b) >= 1 << positions).collect()
    }

    fn expected(&self, split: Option<usize>) -> Vec<Vec<bool>> {
        let low = split.map(|split| self.carry(u32::try_from(split).unwrap()));
        low.into_iter().chain([self.carry(self.positions)]).collect()
    }

    fn ideal<A: Adversary>(&self, split: Option<usize>, adversary: A) -> Result<Vec<Vec<bool>>, PartyError> {
        let net = LocalNet::new(SessionId::default(), Transcript::default());
        let mut trusted = Functionality::new(net.endpoint(Role::Trusted), adversary);
        let mut server = IdealParty::new(net.endpoint(Role::Server));
        let mut client = IdealParty::new(net.endpoint(Role::Client));
        let (_, s, c) = run(
            &net,
            tree(&mut trusted, self.shapes(), split),
            tree(&mut server, self.planes(0), split),
            tree(&mut client, self.planes(1), split),
        )?;
        Ok(sums(&s, &c))
    }

    fn real(&self, split: Option<usize>, seed: u8) -> Result<Vec<Vec<bool>>, PartyError> {
        let net = LocalNet::new(SessionId::default(), Transcript::default());
        let coins = SeedCoins::new(&Seed([seed; 32]), "gmw", Role::Trusted);
        let mut dealer = Dealer::<Concrete, _, _>::new(net.endpoint(Role::Trusted), coins);
        let mut server = GmwParty::<Concrete, _>::new(net.endpoint(Role::Server));
        let mut client = GmwParty::<Concrete, _>::new(net.endpoint(Role::Client));
        let (_, s, c) = run(
            &net,
            tree(&mut dealer, self.shapes(), split),
            tree(&mut server, self.planes(0), split),
            tree(&mut client, self.planes(1), split),
        )?;
        assert_eq!(net.undelivered(), 0, "frames that nobody took");
        Ok(sums(&s, &c))
    }
}

fn sums(server: &[Plane], client: &[Plane]) -> Vec<Vec<bool>> {
    server.iter().zip(client).map(|(s, c)| s.xor(c).unwrap().to_bits()).collect()
}

fn nobody(seed: u8) -> Nobody {
    Nobody::new(SeedCoins::new(&Seed([seed; 32]), "ideal", Role::Trusted))
}

/// Both worlds on one addition.
fn check(addition: &Addition, split: Option<usize>, seed: u8) {
    let expected = addition.expected(split);
    let what = format!("{} positions, split {split:?}, seed {seed}", addition.positions);
    assert_eq!(addition.ideal(split, nobody(seed)).unwrap(), expected, "ideal ANDs: {what}");
    assert_eq!(addition.real(split, seed).unwrap(), expected, "real ANDs: {what}");
}

/// [DS-CARRY-2] [DS-CARRY-3]
#[test]
fn every_addition_of_up_to_six_bits() {
    for positions in 1..=6_u32 {
        let all = 0..1_u64 << (2 * positions);
        let addition = Addition { positions, numbers: [all.clone().collect(), all.map(|i| i >> positions).collect()] };
        check(&addition, None, 1);
        for split in 1..positions as usize {
            check(&addition, Some(split), 2);
        }
    }
}

/// [DS-CARRY-3]
#[test]
fn longer_additions_with_every_split() {
    for positions in 7..=64_u32 {
        let number =
            |i: u64| [mix(i), 0, u64::MAX, mix(i) | mix(i ^ 77), 1, !mix(i + 1)][usize::try_from(i % 6).unwrap()];
        let other =
            |i: u64| if i.is_multiple_of(5) { number(i).wrapping_neg() } else { !mix(i) ^ (mix(i * 3) & mix(i * 5)) };
        let numbers = [(0..70).map(number).collect(), (0..70).map(other).collect()];
        let addition = Addition { positions, numbers };
        check(&addition, None, 3);
        for split in
            (1..positions as usize).filter(|split| (split + positions as usize).is_multiple_of(5) || *split == 1)
        {
            check(&addition, Some(split), 4);
        }
    }
}

/// An adversary may choose any shares of g and p: the parties' sums stay the carries; it hears the planes of each level.
/// [DS-IDEAL-1] [DS-IDEAL-2] [DS-IDEAL-7]
#[test]
fn chosen_shares_change_nothing_and_only_sizes_leak() {
    let numbers = [(0..65).map(mix).collect::<Vec<u64>>(), (100..165).map(mix).collect()];
    let addition = Addition { positions: 7, numbers };
    for corrupted in [Role::Server, Role::Client] {
        for bit in [false, true] {
            let adversary = Constant::new(corrupted, bit);
            assert_eq!(addition.ideal(None, adversary.clone()).unwrap(), addition.expected(None));
            // 7 leaves; 3 nodes, the lowest without p; 2 nodes likewise; 1 node, without
            let levels = [7, 3 + 2, 2 + 1, 1].map(|planes| Leakage::And { planes, elements: 65 });
            assert_eq!(*adversary.leaked.borrow(), levels, "{corrupted}, {bit}");
        }
    }
}

/// An adversary that is lent corrupts the same party and hears the same. [DS-IDEAL-1]
#[test]
fn an_adversary_may_be_lent() {
    for corrupted in [Role::Server, Role::Client] {
        let mut adversary = Constant::new(corrupted, false);
        let mut lent = &mut adversary;
        assert_eq!(Adversary::corrupted(&lent), Some(corrupted));
        Adversary::leak(&mut lent, Leakage::Input { elements: 3 });
        assert_eq!(*adversary.leaked.borrow(), [Leakage::Input { elements: 3 }]);
    }
}

#[test]
fn a_carry_needs_positions_on_each_side() {
    let addition = |positions| Addition { positions, numbers: [vec![1, 2], vec![3, 4]] };
    // the trusted party runs first, and so is the first to notice
    let what = "carry: there must be positions on each side".into();
    let expected = PartyError::Misuse { role: Role::Trusted, what };
    for (positions, split) in [(0, None), (3, Some(0)), (3, Some(3)), (3, Some(9)), (1, Some(1))] {
        let found = addition(positions).real(split, 0).unwrap_err();
        assert_eq!(found, expected, "{positions} positions, split {split:?}");
        assert_eq!(addition(positions).ideal(split, nobody(0)).unwrap_err(), expected);
    }
    assert_eq!(expected.to_string(), "trusted: carry: there must be positions on each side");
    assert_eq!(expected.code(), "party/misuse");
}
