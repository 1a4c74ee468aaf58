//! F_Carries in any domain: the circuit of [DS-GC-6] on bits in the clear, its carries shared. [DS-PROVE-14]

use super::label::PlaneLabel;
use super::ot::{Functionality, HybridParty, StoredCots};
use super::{call, hand_in, value_error};
use deepshare_reference::party::channel::{receive_planes, send_planes};
use deepshare_reference::party::{BitWire, Channel, Coins, PartyError, Role, Step};
use deepshare_reference::primitives::garbling::Carries;
use deepshare_reference::primitives::garbling::chain::chain;
use deepshare_reference::primitives::ot::{Batch, Ots, Prepare};
use deepshare_reference::values::{BitPlane, ShapePlane, ValueError};

const BITS: Step = call("ideal/carries-bits", "DS-PROVE-14");
const CARRIES: Step = call("ideal/carries", "DS-PROVE-14");

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Carries for HybridParty<D, C, K> {
    async fn carries(
        &mut self,
        bits: Vec<D::Plane>,
        outputs: &[usize],
        cots: Vec<Prepare<D::Plane>>,
    ) -> Result<(Vec<D::Plane>, Vec<Self::Cots>), PartyError> {
        let lanes = bits.first().map_or(0, BitPlane::len);
        hand_in::<D, C>(&mut self.party.channel, BITS, &bits.iter().collect::<Vec<_>>())?;
        let cots = self.batch(Batch { transfers: Vec::new(), cots }).await?.cots;
        let channel = &mut self.party.channel;
        let shares = receive_planes::<D, C>(channel, Role::Trusted, CARRIES, outputs.len(), lanes).await?;
        Ok((shares, cots))
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Carries for Functionality<D, C, K> {
    async fn carries(
        &mut self,
        bits: Vec<ShapePlane>,
        outputs: &[usize],
        cots: Vec<Prepare<ShapePlane>>,
    ) -> Result<(Vec<ShapePlane>, Vec<StoredCots<D::Plane>>), PartyError> {
        let lanes = bits.first().map_or(0, BitPlane::len);
        let a = receive_planes::<D, C>(&mut self.channel, Role::Server, BITS, bits.len(), lanes).await?;
        let b = receive_planes::<D, C>(&mut self.channel, Role::Client, BITS, bits.len(), lanes).await?;
        let cots = self.batch(Batch { transfers: Vec::new(), cots }).await?.cots;
        let carries = in_the_clear(a, b, lanes, outputs).map_err(|e| value_error(Role::Trusted, CARRIES, e))?;
        let (mut server, mut client) = (Vec::new(), Vec::new());
        for carry in &carries {
            let permute = self.coins.plane(lanes)?;
            client.push(carry.xor(&permute).map_err(|e| value_error(Role::Trusted, CARRIES, e))?);
            server.push(permute);
        }
        for (role, shares) in [(Role::Server, server), (Role::Client, client)] {
            send_planes::<D, C>(&mut self.channel, role, CARRIES, &shares.iter().collect::<Vec<_>>())?;
        }
        Ok((vec![ShapePlane::constant(lanes, false); outputs.len()], cots))
    }
}

/// The chain that is garbled, on planes of bits in the place of labels.
fn in_the_clear<P: BitPlane>(a: Vec<P>, b: Vec<P>, lanes: usize, outputs: &[usize]) -> Result<Vec<P>, ValueError> {
    let [a, b] = [a, b].map(|planes| planes.into_iter().map(|plane| PlaneLabel(Ok(plane))).collect::<Vec<_>>());
    let and = |[a, b]: [PlaneLabel<P>; 2]| PlaneLabel(a.bits().and_then(|a| a.and(b.bits()?)));
    let carries = chain(vec![PlaneLabel(Ok(P::constant(lanes, false)))], (&a, &b), outputs, and);
    carries.into_iter().flatten().map(|carry| carry.0).collect()
}
