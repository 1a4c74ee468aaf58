//! Tests of the comparison, and of what is earned by it.

mod compare;
mod earned;
