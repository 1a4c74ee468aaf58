//! The fault library: names are unique, and the book lists exactly its faults. That the vectors find them all is the matter
//! of `deepshare vectors kill-matrix`. [DS-FAULT-1]

mod plaintext;
mod protocol;

use crate::faults;
use std::collections::BTreeSet;

#[test]
fn names_are_unique_and_lead_to_their_faults() {
    let names: BTreeSet<&str> = faults::all().map(|fault| fault.name).collect();
    assert_eq!(names.len(), faults::all().count());
    assert!(names.len() >= 40, "the library has {} faults", names.len());
    assert!(names.iter().all(|name| faults::find(name).is_some_and(|fault| fault.name == *name)));
    assert!(faults::find("no-such-fault").is_none());
}

/// `cargo run -- adapter --list-faults` shows what the table must say.
#[test]
fn the_book_lists_all_faults() {
    let chapter = include_str!("../../../../spec/src/faults.md");
    let listed: Vec<&str> = chapter.lines().filter(|line| line.starts_with("| `")).collect();
    let row = |fault: &faults::Fault| format!("| `{}` | [{}] | {} |", fault.name, fault.clause, fault.mistake);
    let library: Vec<String> = faults::all().map(row).collect();
    for (listed, fault) in listed.iter().zip(&library) {
        assert_eq!(listed, fault, "left: the book, right: the library");
    }
    assert_eq!(listed.len(), library.len());
}
