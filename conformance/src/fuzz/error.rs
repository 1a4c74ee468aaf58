//! What an oracle reports.

use deepshare_reference::network::NetworkError;
use std::fmt::{Debug, Display};

/// A difference between what should be and what is. [DS-FUZZ-6]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The grammar of cases makes a network that is not valid.
    #[error("the grammar makes a network that is refused: {source}")]
    Grammar {
        /// The rule that it breaks.
        #[from]
        source: NetworkError,
    },
    /// Something ends with an error that it may not end with.
    #[error("{what} ends with an error: {error}")]
    Fails {
        /// What ends.
        what: &'static str,
        /// The error.
        error: String,
    },
    /// Two things that should be equal are not.
    #[error("{what}: expected {expected}, found {found}")]
    Differs {
        /// What is compared.
        what: &'static str,
        /// What should be.
        expected: String,
        /// What is.
        found: String,
    },
}

/// Checks that two things are equal.
pub(super) fn equal<T: PartialEq + Debug>(what: &'static str, expected: &T, found: &T) -> Result<(), Finding> {
    match expected == found {
        true => Ok(()),
        false => Err(Finding::Differs { what, expected: format!("{expected:?}"), found: format!("{found:?}") }),
    }
}

/// An error that may not be.
pub(super) fn fails<E: Display>(what: &'static str) -> impl Fn(E) -> Finding {
    move |error| Finding::Fails { what, error: error.to_string() }
}
