//! Generation: from hand-owned inputs to vector files. It is deterministic: no clock, no randomness, no machine.

use super::canonical;
use super::case::{Case, CaseInput, Expect};
use super::file::{CaseFile, VectorFile, case_error};
use super::release::{MANIFEST, Manifest, check_topic, vector_files};
use super::{error::VectorError, schema};
use crate::error::CliError;
use crate::files;
use crate::operations::{self, Answer, Refusal};
use crate::printable::Name;
use crate::steps::Right;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// All files of a release: for each path in its folder the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Path, with slashes, and text.
    pub files: BTreeMap<String, String>,
    /// How many cases they have.
    pub cases: usize,
}

/// Computes a release from the hand-owned files of a folder.
///
/// # Errors
/// [`CliError::Vectors`] for a hand-owned file that is wrong, or what keeps it from being read.
pub fn generate(cases: &Path) -> Result<Generated, CliError> {
    let mut computed = Vec::new();
    for name in hand_owned(cases)? {
        let place = cases.join(&name);
        let owned = CaseFile::parse(&files::name(&place), &files::read(&place)?)?;
        check_topic(&files::name(&place), &name, &owned.topic)?;
        let vectors = compute(&files::name(&place), &owned)?;
        computed.push((name, vectors));
    }
    Ok(release(&computed))
}

/// All files of a release of vector files, each with its name: their texts, schemas, and the manifest. [DS-VEC-9]
pub fn release(computed: &[(String, VectorFile)]) -> Generated {
    let text = |file: &VectorFile| canonical::text(&serde_json::to_value(file).unwrap_or_default());
    let texts: Vec<(String, String, usize)> =
        computed.iter().map(|(name, file)| (name.clone(), text(file), file.cases.len())).collect();
    let manifest = Manifest::of(texts.iter().map(|(name, text, cases)| (name.as_str(), text.as_str(), *cases)));
    let manifest = canonical::text(&serde_json::to_value(manifest).unwrap_or_default());
    let schemas = computed.iter().map(|(name, file)| {
        let path = format!("schema/{}.schema.json", name.trim_end_matches(".json"));
        (path, canonical::text(&schema::of(file)))
    });
    let mut all: BTreeMap<String, String> = schemas.collect();
    all.insert(MANIFEST.to_owned(), manifest);
    all.extend(texts.into_iter().map(|(name, text, _)| (name, text)));
    Generated { files: all, cases: computed.iter().map(|(_, file)| file.cases.len()).sum() }
}

/// Writes a release into a folder, and removes the vector files there that it does not have.
///
/// # Errors
/// [`CliError::Unwritable`].
pub fn write(release: &Generated, folder: &Path) -> Result<(), CliError> {
    let unwritable = |reason| CliError::Unwritable { file: files::name(folder), reason };
    let schemas = vector_files(&folder.join("schema")).into_iter().map(|name| format!("schema/{name}"));
    let there = vector_files(folder).into_iter().chain(schemas);
    for stale in there.filter(|path| !release.files.contains_key(path)) {
        std::fs::remove_file(folder.join(stale)).map_err(unwritable)?;
    }
    add(release, folder)
}

/// Writes the files of a release into a folder, each as a whole, the manifest last.
///
/// # Errors
/// [`CliError::Unwritable`].
pub fn add(release: &Generated, folder: &Path) -> Result<(), CliError> {
    let unwritable = |reason| CliError::Unwritable { file: files::name(folder), reason };
    std::fs::create_dir_all(folder.join("schema")).map_err(unwritable)?;
    let manifest_last = |(path, _): &(&String, &String)| path.as_str() == MANIFEST;
    let (manifest, others): (Vec<_>, Vec<_>) = release.files.iter().partition(manifest_last);
    for (path, text) in others.into_iter().chain(manifest) {
        files::write(&folder.join(path), text)?;
    }
    Ok(())
}

/// The hand-owned files of a folder, sorted.
fn hand_owned(cases: &Path) -> Result<Vec<String>, CliError> {
    let names = vector_files(cases);
    match names.is_empty() {
        true => Err(CliError::Missing { file: Name(format!("{}/*.json", cases.display())) }),
        false => Ok(names),
    }
}

/// Runs all cases of a file, right.
fn compute(file: &Name, owned: &CaseFile) -> Result<VectorFile, VectorError> {
    let complete = |case: &CaseInput| complete(case).map_err(|what| case_error(file, &case.id, what));
    let cases: Vec<Case> = owned.cases.par_iter().map(complete).collect::<Result<_, _>>()?;
    Ok(owned.complete(cases))
}

/// A case with its steps and its result. [DS-VEC-11]
///
/// # Errors
/// Why its input is none of its operation, in words.
pub fn complete(owned: &CaseInput) -> Result<Case, String> {
    let entry = operations::find(&owned.operation).ok_or("there is no such operation")?;
    let hint = |refusal: Refusal| format!("{} [{}]", refusal.message, refusal.refused.code);
    let input = entry.expand(owned.input.clone()).map_err(hint)?;
    let answer = operations::run(&Right, &owned.operation, input.clone());
    let relations = entry.relations(input.clone()).map_err(hint)?;
    let expect = match (expected(&answer), relations) {
        (Expect { error: None, .. }, Some(relations)) => Expect { relations: Some(relations), ..Expect::default() },
        (expect, _) => expect,
    };
    if let Some(refused) = expect.error.as_ref().filter(|refused| refused.code.starts_with("adapter/")) {
        return Err(format!(
            "the input is none of the operation: {:?} [{}]",
            answer.result.err().map(|e| e.message),
            refused.code
        ));
    }
    let owned = owned.clone();
    Ok(Case {
        id: owned.id,
        comment: owned.comment,
        clauses: owned.clauses,
        flags: owned.flags,
        level: owned.level,
        operation: owned.operation,
        input,
        steps: answer.steps,
        expect,
    })
}

/// What must come out, from what the reference gave.
fn expected(answer: &Answer) -> Expect {
    match &answer.result {
        Ok(output) => Expect { output: Some(output.clone()), ..Expect::default() },
        Err(refusal) => {
            Expect { error: Some((*refusal.refused).clone()), output: refusal.output.clone(), relations: None }
        }
    }
}
