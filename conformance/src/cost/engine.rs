//! Costs of networks in a world: every distinct piece is run once over shapes, and pieces add up. [DS-COST-4] [DS-COST-5]

use super::clock::Clocks;
use super::error::CostError;
use super::piece::{Part, Piece, pieces};
use super::program::{Ahead, Alone, Opening};
use super::{limits, spent::Spent};
use crate::worlds::World;
use deepshare_reference::network::Network;
use deepshare_reference::party::Phase;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::values::Width;
use std::collections::BTreeMap;

/// What an inference of one image costs in a world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkCost {
    /// Online traffic by part.
    pub online: BTreeMap<Part, Spent>,
    /// Offline traffic by part.
    pub offline: BTreeMap<Part, Spent>,
    /// Traffic once a session.
    pub session: Spent,
    /// Rounds of the phases online, offline and session.
    pub rounds: Rounds,
}

/// Rounds of each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rounds {
    /// Online.
    pub online: u32,
    /// Offline.
    pub offline: u32,
    /// Session.
    pub session: u32,
}

impl NetworkCost {
    /// All online traffic.
    ///
    /// # Errors
    /// [`CostError::Overflow`].
    pub fn online(&self) -> Result<Spent, CostError> {
        self.online.values().try_fold(Spent::default(), |sum, part| sum.add(part))
    }

    /// All offline traffic.
    ///
    /// # Errors
    /// [`CostError::Overflow`].
    pub fn offline(&self) -> Result<Spent, CostError> {
        self.offline.values().try_fold(Spent::default(), |sum, part| sum.add(part))
    }

    /// Online payload bits of a part.
    ///
    /// # Errors
    /// [`CostError::Overflow`].
    pub fn part(&self, part: Part) -> Result<u64, CostError> {
        self.online.get(&part).map_or(Ok(0), Spent::bits)
    }
}

/// What a piece costs, for one state of the clocks at its beginning.
#[derive(Clone, Copy)]
struct Measured {
    online: Spent,
    offline: Spent,
    offline_rounds: u32,
    /// The clocks after it, if one party had 1 before it and the other 0.
    clocks: Clocks,
}

/// A distinct piece: at each width its costs, for either party ahead, once they are needed.
struct Known {
    piece: Piece,
    width: Width,
    measured: [Option<Measured>; 2],
}

/// The costs of a world, with all pieces that were costed so far.
pub struct Engine {
    world: World,
    known: Vec<Known>,
}

impl Engine {
    /// An engine without pieces.
    pub fn new(world: World) -> Engine {
        Engine { world, known: Vec::new() }
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Distinct pieces so far.
    pub fn distinct(&self) -> usize {
        self.known.len()
    }

    /// What an inference of one image costs; `None` in a world that costs nothing real.
    ///
    /// # Errors
    /// [`CostError`] if the network is too large to be costed, or if a party reports an error.
    pub fn cost(&mut self, network: &Network) -> Result<Option<NetworkCost>, CostError> {
        limits::check(network)?;
        let pieces = pieces(network)?;
        let Some(opening) = self.opening(network.width(), &pieces)? else { return Ok(None) };
        let mut cost = NetworkCost { session: Spent::of(&opening, Phase::Session)?, ..NetworkCost::default() };
        cost.online.insert(Part::Transfer, Spent::of(&opening, Phase::Online)?);
        cost.offline.insert(Part::Transfer, Spent::of(&opening, Phase::Offline)?);
        let rounds = |phase| opening.cost(phase).rounds;
        let mut clocks = Clocks::after(&opening);
        let mut offline = rounds(Phase::Offline);
        for (part, piece) in &pieces {
            let slot = self.slot(network.width(), piece);
            let mut last = None;
            clocks = clocks.pass(|ahead| {
                let measured = self.measured(slot, ahead)?;
                last = Some(measured);
                Ok::<Clocks, CostError>(measured.clocks)
            })?;
            let Some(measured) = last else { continue };
            let sum = |sum: &mut Spent, spent: &Spent| sum.add(spent).map(|total| *sum = total);
            sum(cost.online.entry(*part).or_default(), &measured.online)?;
            sum(cost.offline.entry(*part).or_default(), &measured.offline)?;
            offline = offline.max(measured.offline_rounds);
        }
        let online = u32::try_from(clocks.rounds()).map_err(|_| CostError::Overflow)?;
        cost.rounds = Rounds { online, offline, session: rounds(Phase::Session) };
        Ok(Some(cost))
    }

    /// Online payload bits of one piece by itself; 0 in a world that costs nothing real.
    ///
    /// # Errors
    /// [`CostError`] if a party reports an error.
    pub fn online_bits(&mut self, width: Width, piece: &Piece) -> Result<u64, CostError> {
        if !self.world.has_costs {
            return Ok(0);
        }
        let slot = self.slot(width, piece);
        self.measured(slot, Ahead::Server)?.online.bits()
    }

    /// The transcript of what a session begins with; `None` in a world that costs nothing real.
    fn opening(&self, width: Width, pieces: &[(Part, Piece)]) -> Result<Option<Transcript>, CostError> {
        let maps = pieces.iter().filter_map(|(_, piece)| match piece {
            Piece::Linear { map } => Some(map.clone()),
            _ => None,
        });
        let opening = Opening { width, maps: maps.collect() };
        let inputs = opening.inputs();
        self.world.cost(&opening, inputs).map_err(|source| self.failed(source))
    }

    /// Where a piece is known, or will be.
    fn slot(&mut self, width: Width, piece: &Piece) -> usize {
        let known = self.known.iter().position(|known| known.width == width && known.piece == *piece);
        known.unwrap_or_else(|| {
            self.known.push(Known { piece: piece.clone(), width, measured: [None; 2] });
            self.known.len() - 1
        })
    }

    /// What a known piece costs, run now if it was not run before.
    fn measured(&mut self, slot: usize, ahead: Ahead) -> Result<Measured, CostError> {
        let known = self.known.get(slot).ok_or(CostError::Overflow)?;
        let [server, client] = known.measured;
        let before = if ahead == Ahead::Server { server } else { client };
        if let Some(measured) = before {
            return Ok(measured);
        }
        let measured = self.run(&known.piece, known.width, ahead)?;
        if let Some([server, client]) = self.known.get_mut(slot).map(|known| &mut known.measured) {
            *(if ahead == Ahead::Server { server } else { client }) = Some(measured);
        }
        Ok(measured)
    }

    /// Runs a piece with its preparation, and the preparation alone.
    fn run(&self, piece: &Piece, width: Width, ahead: Ahead) -> Result<Measured, CostError> {
        let transcript = |whole| {
            let program = Alone { piece, width, ahead, whole };
            let inputs = program.inputs();
            let transcript = self.world.cost(&program, inputs).map_err(|source| self.failed(source))?;
            transcript.ok_or(CostError::Overflow)
        };
        let (before, after) = (transcript(false)?, transcript(true)?);
        let difference = |phase| Spent::of(&after, phase)?.sub(&Spent::of(&before, phase)?);
        let (start, end) = (Clocks::after(&before), Clocks::after(&after));
        let base = start.server.min(start.client);
        Ok(Measured {
            online: difference(Phase::Online)?,
            offline: difference(Phase::Offline)?,
            offline_rounds: after.cost(Phase::Offline).rounds,
            clocks: Clocks { server: end.server - base, client: end.client - base },
        })
    }

    fn failed(&self, source: deepshare_reference::party::PartyError) -> CostError {
        CostError::Party { world: self.world.name, source }
    }
}
