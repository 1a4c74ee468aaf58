//! Input and output: the client shares its input; the server's share of the output goes to the client only.
//!
//! [`ideal`] has F_Input and F_Output, [`gmw`] the real protocols, which every additive backend shares.

pub mod gmw;
pub mod ideal;
