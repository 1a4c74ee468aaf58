//! What the backends share: functionalities below the gate, each again ideal beside real.

pub mod and;
pub mod carry;
pub mod dcf;
pub mod garbling;
pub mod ideal;
pub mod masked_bit;
pub mod millionaires;
pub mod ot;
pub mod roles;
pub mod stage;
