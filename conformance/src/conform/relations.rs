//! Relations that outputs satisfy whatever their coins. [DS-VEC-6]

use super::compare::first_clause;
use super::forms::text;
use super::verdict::{Failure, Kind};
use crate::vectors::case::{Case, Relation};
use crate::vectors::types::Shares;
use deepshare_reference::values::Width;
use serde_json::Value;

/// What is wrong with one field of an output.
struct Broken {
    expected: String,
    found: String,
}

fn broken(expected: impl Into<String>, found: impl Into<String>) -> Broken {
    Broken { expected: expected.into(), found: found.into() }
}

/// The first relation that does not hold.
pub(super) fn difference(case: &Case, relations: &[Relation], output: Option<&Value>) -> Option<Failure> {
    relations.iter().find_map(|relation| {
        let (name, field) = named(relation);
        let Broken { expected, found } = check(case, relation, field, output).err()?;
        Some(Failure {
            kind: Kind::Relation,
            place: format!("relation {name} of {field}"),
            clause: first_clause(case),
            expected,
            found,
            hints: Vec::new(),
        })
    })
}

fn named(relation: &Relation) -> (&'static str, &str) {
    match relation {
        Relation::Reconstructs { field, .. } => ("`reconstructs`", field),
        Relation::Range { field, .. } => ("`range`", field),
        Relation::Fresh { field } => ("`fresh`", field),
    }
}

fn check(case: &Case, relation: &Relation, field: &str, output: Option<&Value>) -> Result<(), Broken> {
    let runs = runs(case, field, output)?;
    match relation {
        Relation::Reconstructs { width, elements, .. } => {
            let width = ring(width.0)?;
            let wanted: Vec<u64> = elements.iter().map(|element| element.0).collect();
            runs.iter().enumerate().try_for_each(|(run, shares)| reconstructs(width, &wanted, run, shares))
        }
        Relation::Range { width, .. } => {
            let width = ring(width.0)?;
            runs.iter().enumerate().try_for_each(|(run, shares)| in_range(width, run, shares))
        }
        Relation::Fresh { .. } => fresh(&runs),
    }
}

fn ring(width: u64) -> Result<Width, Broken> {
    Width::new(width).map_err(|_| broken("a ring width", format!("the vector's width {width}")))
}

/// The runs under a field of the output: as many as the case gives seeds. `outputs[1]` is number 1 of a list.
fn runs(case: &Case, field: &str, output: Option<&Value>) -> Result<Vec<Shares>, Broken> {
    let (name, number) = match field.strip_suffix(']').and_then(|field| field.split_once('[')) {
        Some((name, number)) => (name, Some(number)),
        None => (field, None),
    };
    let list = output.and_then(|output| output.get(name));
    let list = match number {
        Some(number) => list.and_then(|list| list.get(number.parse::<usize>().ok()?)),
        None => list,
    };
    let list = list.ok_or_else(|| broken("a list of runs", "nothing"))?;
    let runs: Vec<Shares> = serde_json::from_value(list.clone())
        .map_err(|error| broken("a list of runs, each shares", error.to_string()))?;
    match case.input.get("seeds").and_then(Value::as_array) {
        Some(seeds) if seeds.len() != runs.len() => {
            Err(broken(format!("{} runs, one for each seed", seeds.len()), format!("{} runs", runs.len())))
        }
        _ => Ok(runs),
    }
}

fn reconstructs(width: Width, wanted: &[u64], run: usize, shares: &Shares) -> Result<(), Broken> {
    let lengths = [shares.server.len(), shares.client.len()];
    if lengths != [wanted.len(); 2] {
        let [server, client] = lengths;
        let found = format!("run {run}: {server} of the server and {client} of the client");
        return Err(broken(format!("shares of {} elements", wanted.len()), found));
    }
    let sums =
        shares.server.iter().zip(&shares.client).map(|(server, client)| width.reduce(server.0.wrapping_add(client.0)));
    match sums.zip(wanted).enumerate().find(|(_, (sum, wanted))| sum != *wanted) {
        None => Ok(()),
        Some((i, (sum, wanted))) => {
            let show = |word: u64| format!("{word} ({})", width.decode(word));
            Err(broken(format!("element {i}: {}", show(*wanted)), format!("run {run}: {}", show(sum))))
        }
    }
}

fn in_range(width: Width, run: usize, shares: &Shares) -> Result<(), Broken> {
    let sides = [("server", &shares.server), ("client", &shares.client)];
    for (side, elements) in sides {
        if let Some(i) = elements.iter().position(|element| width.reduce(element.0) != element.0) {
            let found = elements.get(i).map_or_else(String::new, |element| element.0.to_string());
            let expected = format!("elements of [0, 2^{})", width.bits());
            return Err(broken(expected, format!("run {run}: element {i} of the {side} is {found}")));
        }
    }
    Ok(())
}

fn fresh(runs: &[Shares]) -> Result<(), Broken> {
    for (second, run) in runs.iter().enumerate() {
        if let Some(first) = runs.iter().take(second).position(|earlier| earlier.server == run.server) {
            let shown = text(&serde_json::to_value(&run.server).unwrap_or_default());
            let found = format!("runs {first} and {second} have the same server's elements {shown}");
            return Err(broken("runs with coins of their own", found));
        }
    }
    Ok(())
}
