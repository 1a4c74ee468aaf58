//! The real F_Labels: correlated OT extension whose secret is Delta. [DS-GC-3]
//!
//! ```text
//! client   columns u of its bits                    ->
//! row i    garbler q_i: the zero label of bit i      evaluator t_i = q_i xor b_i Delta: the active label
//! ```
//! A row of IKNP's matrix is a label as it stands; so a label costs lambda bits, and nothing is padded.

use super::domain::GarblingDomain;
use super::{Garbling, LabelsOf};
use crate::party::{Channel, Coins, PartyError, Phase, Step};
use crate::primitives::ot::PlaneOf;
use crate::primitives::ot::code::Code;
use crate::primitives::ot::extension::OtParty;
use crate::primitives::ot::tweak::Purpose;
use crate::values::BitPlane;

/// The client's columns for its bits. [DS-GC-3]
pub const CHOOSE: Step = Step::new(Phase::Online, "garbling/choose", "DS-GC-3");

impl<D: GarblingDomain, C: Channel<D::Payload>, K: Coins<D>> Garbling for OtParty<D, C, K> {
    async fn labels(&mut self, bits: &[PlaneOf<Self>]) -> Result<LabelsOf<Self>, PartyError> {
        let bits = D::Plane::concat(&bits.iter().collect::<Vec<_>>());
        let rows = if self.party.is_server() {
            let columns = self.party.receive_planes(CHOOSE, Code::Repetition.positions(), bits.len()).await?;
            self.extension(Purpose::Labels)?.send(&columns)
        } else {
            let received = self.extension(Purpose::Labels)?.receive(&[bits]);
            let (columns, rows) = received.map_err(|e| self.party.value_error(CHOOSE, e))?;
            self.party.send_planes(CHOOSE, &columns)?;
            Ok(rows)
        };
        rows.map(|rows| D::labels(&rows)).map_err(|e| self.party.value_error(CHOOSE, e))
    }

    fn hand_over(&mut self, step: Step, own: D::Plane) -> Result<(), PartyError> {
        self.party.send_planes(step, &[own])
    }

    async fn take_over(&mut self, step: Step, bits: usize) -> Result<D::Plane, PartyError> {
        let planes = self.party.receive_planes(step, 1, bits).await?;
        Ok(D::Plane::concat(&planes.iter().collect::<Vec<_>>()))
    }
}
