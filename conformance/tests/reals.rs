//! The algebra of the chapter on what sharing can express: files for an SMT solver, and their answers.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests stop like the tests themselves")]

use deepshare_conformance::prove::reals::{Query, statements};
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

fn queries() -> Vec<Query> {
    statements().iter().flat_map(|statement| statement.queries()).collect()
}

/// What z3 answers in at most a minute.
fn z3(text: &str) -> String {
    let mut z3 = Command::new("z3");
    let child = z3.args(["-in", "-smt2", "-T:60"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.expect("z3 must be on the path");
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}

#[test]
#[ignore = "needs the solver z3 on the path: cargo test -p deepshare-conformance --test reals -- --ignored"]
fn a_solver_proves_every_statement_and_refutes_it_without_any_of_its_hypotheses() {
    for query in queries() {
        assert_eq!(z3(&query.text), query.expected.word(), "{}\n{}", query.name, query.text);
    }
}

#[test]
fn names_are_unique_and_texts_are_balanced() {
    let names: BTreeSet<String> = queries().into_iter().map(|query| query.name).collect();
    assert_eq!(names.len(), queries().len());
    for query in queries() {
        let count = |wanted| {
            query
                .text
                .lines()
                .filter(|line| !line.starts_with(';'))
                .flat_map(str::chars)
                .filter(|c| *c == wanted)
                .count()
        };
        assert_eq!(count('('), count(')'), "{}", query.text);
    }
}

/// The chapter names each statement in the section that it is from.
#[test]
fn the_chapter_names_every_statement_in_its_section() {
    let chapter = include_str!("../../spec/src/expressiveness.md");
    for statement in statements() {
        let section = chapter.split("\n## ").find(|text| text.starts_with(statement.section));
        let section = section.unwrap_or_else(|| panic!("no section {}", statement.section));
        assert!(section.contains(&format!("`{}`", statement.name)), "{}: {}", statement.section, statement.name);
    }
}
