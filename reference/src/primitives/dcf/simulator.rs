//! The simulators of F_DCF, for either corrupted party: over the functionality, and of the keys that realise it.
//!
//! ```text
//!                           either party corrupted                                   assumption
//! over F_DCF   Give         nothing                                                  none
//!              Evaluate     the share that the adversary chooses
//! keys         dcf/deal-keys   the version, then uniform bits                        PRF: in every level one party's
//!                                                                                    seed is unknown to the other
//!              Evaluate     nothing is sent; its share is what its key gives
//! ```
//! [DS-FSS-1] [DS-FSS-5]

use super::Form;
use super::ideal::EVALUATE;
use super::keys::VERSION;
use super::real::DEAL_KEYS;
use crate::party::channel::send_planes;
use crate::party::{Channel, Coins, PartyError};
use crate::primitives::ideal::{Leakage, value_error};
use crate::primitives::stage::{Handed, Played, Stage};
use crate::values::{BitPlane, Concrete, Plane};

/// Bits of a key's version.
const VERSION_BITS: usize = 8;

/// What simulates F_DCF. It keeps nothing: shapes say all.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait SimulateCompare {
    /// The dealer gives a batch of this form.
    ///
    /// # Errors
    /// What the coins or the channel report; likewise in [`SimulateCompare::evaluate`].
    fn give<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
        &mut self,
        stage: &mut Stage<C, K, A>,
        form: &Form,
    ) -> Result<(), PartyError>;

    /// The parties evaluate a batch of this form.
    ///
    /// # Errors
    /// What the channel or the adversary report.
    async fn evaluate<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
        &mut self,
        stage: &mut Stage<C, K, A>,
        form: &Form,
    ) -> Result<(), PartyError>;
}

/// In the F_DCF-hybrid model. Perfect.
#[derive(Clone, Copy, Debug)]
pub struct HybridDcf;

impl SimulateCompare for HybridDcf {
    fn give<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
        &mut self,
        stage: &mut Stage<C, K, A>,
        form: &Form,
    ) -> Result<(), PartyError> {
        let (keys, input_bits, payload) = (form.keys(), form.input_bits(), form.payload());
        stage.handed.leak(Leakage::Compare { keys, input_bits, payload });
        Ok(())
    }

    async fn evaluate<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
        &mut self,
        stage: &mut Stage<C, K, A>,
        form: &Form,
    ) -> Result<(), PartyError> {
        stage.hear_planes(Played::Trusted, EVALUATE, form.input_bits() as usize, form.keys()).await?;
        stage.chosen_ring(EVALUATE, form.width(), form.payload())
    }
}

/// With keys: the version and uniform bits in place of the rest. Computational, under PRF.
#[derive(Clone, Copy, Debug)]
pub struct UniformKeys;

impl SimulateCompare for UniformKeys {
    fn give<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
        &mut self,
        stage: &mut Stage<C, K, A>,
        form: &Form,
    ) -> Result<(), PartyError> {
        let version = Plane::from_words(vec![u64::from(VERSION)], VERSION_BITS);
        let version = version.map_err(|source| value_error(DEAL_KEYS, source))?;
        let uniform = stage.coins.plane(form.bits().saturating_sub(VERSION_BITS))?;
        let to = stage.corrupted();
        send_planes::<Concrete, C>(&mut stage.trusted, to, DEAL_KEYS, &[&Plane::concat(&[&version, &uniform])])
    }

    async fn evaluate<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
        &mut self,
        _stage: &mut Stage<C, K, A>,
        _form: &Form,
    ) -> Result<(), PartyError> {
        Ok(())
    }
}
