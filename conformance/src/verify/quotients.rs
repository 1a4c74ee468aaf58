//! Pieces of the truncation of `gmw`: both carries, and the quotient from them.

use super::pieces::{BitsOf, Dealt, LaneDealer, LaneParty, numbers};
use super::protocol::{LaneStage, Plain, Shared};
use super::tape::{constant_plane, constant_ring};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::primitives::and::Ands;
use deepshare_reference::truncate::{gmw as truncate, gmw_simulator, truncate_ring};
use deepshare_reference::values::{BitDomain, RingVector, ShapeRing, Width};

/// Both carries of a truncation. [DS-TRUNC-2]
pub struct Carries {
    /// The ring's width.
    pub width: Width,
    /// The shift, in bits: from 1 to k - 1.
    pub shift: u32,
}

impl BitsOf for Carries {
    fn width(&self) -> Width {
        self.width
    }

    async fn run<D: BitDomain, A: Ands<Plane = D::Plane>>(
        &self,
        ands: &mut A,
        x: &D::Ring,
    ) -> Result<Vec<D::Plane>, PartyError> {
        let (c, w) = truncate::both_carries::<D, A>(ands, x, self.shift).await?;
        Ok(vec![c, w])
    }

    /// c = [x0' mod 2^f + x1 mod 2^f >= 2^f], w = [x0' + x1 >= 2^k], for x0' = x0 + 2^(k-1).
    fn plain(&self, [server, client]: [u64; 2]) -> Vec<bool> {
        let (shifted, low) = (server ^ self.width.top_bit(), (1 << self.shift) - 1);
        vec![(shifted & low) + (client & low) > low, shifted + client > self.width.mask()]
    }
}

/// The quotient of a truncation from shared carries. Inputs: each party's share of x; the server's shares of both
/// carries, the client's are the rest, since the carries are those of the shares of x. [DS-TRUNC-3]
pub struct Quotient(pub Carries);

impl Dealt for Quotient {
    fn inputs(&self) -> [u32; 2] {
        let k = self.0.width.bits();
        [k + 2, k]
    }

    fn local(&self, [server, client]: [u64; 2]) -> [Vec<u64>; 2] {
        let k = self.0.width.bits();
        let server = numbers(server, [k, 1, 1]);
        let x0 = server.first().copied().unwrap_or_default();
        let carries = self.0.plain([x0, client]).into_iter().zip(server.iter().skip(1));
        let rest = carries.map(|(carry, share)| u64::from(carry) ^ share);
        let client = [client].into_iter().chain(rest).collect();
        [server, client]
    }

    fn plain(&self, inputs: [u64; 2]) -> Plain {
        let width = self.0.width;
        let [server, client] = self.local(inputs);
        let sum = |s: &[u64], c: &[u64]| Some(width.reduce(s.first()?.wrapping_add(*c.first()?)));
        let x = sum(&server, &client).unwrap_or_default();
        let quotient = truncate_ring(width, x, self.0.shift).unwrap_or_default();
        Plain { outputs: vec![(width.bits(), quotient)], opened: Vec::new() }
    }

    async fn party(&self, party: &mut LaneParty, local: &[u64], lanes: usize) -> Result<Vec<Shared>, PartyError> {
        let [x, c, w] = local else { return Err(no_carries()) };
        let x = constant_ring(self.0.width, &[*x], lanes);
        let [c, w] = [c, w].map(|bit| constant_plane(&[*bit], lanes));
        Ok(vec![Shared::from(&truncate::quotient(party, &x, self.0.shift, [&c, &w]).await?)])
    }

    async fn dealer(&self, dealer: &mut LaneDealer, _local: &[Vec<u64>; 2], lanes: usize) -> Result<(), PartyError> {
        truncate::deal_quotient(dealer, &ShapeRing::constant(self.0.width, lanes, 0))
    }

    async fn simulator(&self, stage: &mut LaneStage, lanes: usize) -> Result<(), PartyError> {
        gmw_simulator::quotient(stage, &ShapeRing::constant(self.0.width, lanes, 0)).await
    }
}

fn no_carries() -> PartyError {
    PartyError::Misuse { role: Role::Trusted, what: "a party brings no shares of carries".into() }
}
