//! F_Input takes the client's input and shares it; F_Output gives the client the value that is shared. [DS-IDEAL-6]

use crate::party::channel::send_ring;
use crate::party::{Channel, PartyError, Role, Step};
use crate::primitives::ideal::{Adversary, Functionality, Leakage, Party, call};
use crate::values::{Concrete, Ring, RingVector, ShapeRing, Width};

const INPUT: Step = call("ideal/input", "DS-IDEAL-6");
const OUTPUT: Step = call("ideal/output", "DS-IDEAL-6");

impl<C: Channel<Vec<u8>>> Party<C> {
    /// The client hands in its input (the server nothing); both get shares of it.
    ///
    /// # Errors
    /// What the channel reports; likewise in [`Party::output`]; [`PartyError::Misuse`] if the client gives no input, or
    /// one of another length or width.
    pub async fn input(&mut self, own: Option<&Ring>, width: Width, len: usize) -> Result<Ring, PartyError> {
        if self.channel.role() == Role::Client {
            let missing = || PartyError::Misuse { role: Role::Client, what: "the client must give its input".into() };
            let input = own.filter(|x| x.len() == len && x.width() == width).ok_or_else(missing)?;
            self.give_ring(INPUT, input)?;
        }
        self.get_ring(INPUT, width, len).await
    }

    /// Both hand in their shares; the client gets the value.
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn output(&mut self, share: &Ring) -> Result<Option<Ring>, PartyError> {
        self.give_ring(OUTPUT, share)?;
        match self.channel.role() {
            Role::Client => Ok(Some(self.get_ring(OUTPUT, share.width(), share.len()).await?)),
            _ => Ok(None),
        }
    }
}

impl<C: Channel<Vec<u8>>, A: Adversary> Functionality<C, A> {
    /// F_Input.
    ///
    /// # Errors
    /// What the channel reports; likewise in [`Functionality::output`].
    pub async fn input(&mut self, width: Width, len: usize) -> Result<ShapeRing, PartyError> {
        let input = self.take_from(Role::Client, INPUT, width, len).await?;
        self.adversary.leak(Leakage::Input { elements: len });
        self.give_ring(INPUT, &input)?;
        Ok(ShapeRing::constant(width, len, 0))
    }

    /// F_Output.
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn output(&mut self, share: &ShapeRing) -> Result<(), PartyError> {
        let output = self.take_ring(OUTPUT, share.width(), share.len()).await?;
        self.adversary.leak(Leakage::Output { elements: share.len() });
        send_ring::<Concrete, C>(&mut self.channel, Role::Client, OUTPUT, &output)
    }
}
