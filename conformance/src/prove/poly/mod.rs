//! The engine of words: party programs over polynomials, decided by normal forms. [DS-PROVE-10] to [DS-PROVE-13]

pub mod channel;
pub mod compare;
pub mod domain;
pub mod equation;
pub mod gates;
pub mod lemmas;
pub mod search;
pub mod source;
pub mod world;
