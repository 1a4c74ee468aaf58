//! The written specification.
