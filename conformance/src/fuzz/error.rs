//! What an oracle reports.

use super::{Found, Reach};
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

/// What is refused has an error with a code and a message, neither of them empty. [DS-FILE-1]
pub(super) fn refused(code: &str, error: &impl Display) -> Found {
    let message = error.to_string();
    equal("an error without a code or a message", &[false; 2], &[code, &message].map(str::is_empty))?;
    Ok(Reach::Refused)
}

/// An error that may not be.
pub(super) fn fails<E: Display>(what: &'static str) -> impl Fn(E) -> Finding {
    move |error| Finding::Fails { what, error: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_and_what_fails_is_said() {
        assert_eq!(equal("a bit", &true, &true), Ok(()));
        let found = equal("a bit", &true, &false).map_err(|finding| finding.to_string());
        assert_eq!(found, Err("a bit: expected true, found false".to_owned()));
        assert_eq!(fails("a party")("it is late").to_string(), "a party ends with an error: it is late");
    }

    #[test]
    fn a_refusal_has_a_code_and_a_message() {
        assert_eq!(refused("frame/cut", &"the frame ends early"), Ok(Reach::Refused));
        for (code, message) in [("", "the frame ends early"), ("frame/cut", ""), ("", "")] {
            assert!(refused(code, &message).is_err(), "{code:?} {message:?}");
        }
    }
}
