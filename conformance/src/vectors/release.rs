//! A release: the folder of vector files with its manifest. [DS-VEC-9]

use super::FORMAT;
use super::error::VectorError;
use super::file::{VectorFile, check_version, parse};
use crate::error::CliError;
use crate::files;
use crate::printable::Name;
use deepshare_reference::party::xof::SPEC_VERSION;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::Path;

/// The name of the manifest in its folder.
pub const MANIFEST: &str = "manifest.json";

/// A release that was read.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its folder.
    pub folder: Name,
    /// The version of the format that its manifest states.
    pub format: String,
    /// The SHA-256 of its manifest: with the digests in there, that of everything.
    pub digest: String,
    /// Its vector files.
    pub files: Vec<VectorFile>,
}

/// What a release consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format and its version.
    pub format: String,
    /// The version of the specification.
    pub spec: String,
    /// The vector files, sorted by name.
    pub files: Vec<Listed>,
}

/// A file of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// The file's name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in small hexadecimal digits.
    pub sha256: String,
    /// The number of its cases.
    pub cases: u64,
}

impl Manifest {
    /// The manifest of files: name, text, number of cases.
    pub fn of<'a>(files: impl Iterator<Item = (&'a str, &'a str, usize)>) -> Manifest {
        let listed = |(name, text, cases): (&str, &str, usize)| Listed {
            name: name.to_owned(),
            bytes: text.len() as u64,
            sha256: sha256(text.as_bytes()),
            cases: cases as u64,
        };
        let (format, spec) = (FORMAT.to_owned(), SPEC_VERSION.to_owned());
        Manifest { format, spec, files: files.map(listed).collect() }
    }
}

/// SHA-256 (FIPS 180-4) in small hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Reads a release: all its files, each checked.
///
/// # Errors
/// [`CliError::Vectors`] with the first thing that is wrong, or what keeps a file from being read.
pub fn read(folder: &Path) -> Result<Release, CliError> {
    let place = folder.join(MANIFEST);
    if !place.is_file() {
        return Err(VectorError::NoRelease { folder: files::name(folder) }.into());
    }
    let (name, text) = (files::name(&place), files::read(&place)?);
    check_version(&name, &text)?;
    let manifest: Manifest = parse(&name, &text)?;
    check_names(folder, &name, &manifest)?;
    let all: Result<Vec<VectorFile>, CliError> =
        manifest.files.iter().map(|listed| read_listed(folder, listed)).collect();
    let files = all?; // ids begin with their topics, which are the names of the files: no two files share one
    Ok(Release { folder: files::name(folder), format: manifest.format, digest: sha256(text.as_bytes()), files })
}

/// The files of the folder are exactly those of the manifest, which are plain names, each once.
fn check_names(folder: &Path, manifest_name: &Name, manifest: &Manifest) -> Result<(), VectorError> {
    let mut listed = BTreeSet::new();
    for file in &manifest.files {
        let stem = file.name.strip_suffix(".json").unwrap_or_default();
        let plain = !stem.is_empty() && stem.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !plain || file.name == MANIFEST || !listed.insert(file.name.as_str()) {
            let message = format!("the name {:?} is no topic's file, or stands twice", file.name);
            return Err(VectorError::Json { file: manifest_name.clone(), place: "files".to_owned(), message });
        }
    }
    let there = vector_files(folder);
    match there.iter().find(|name| !listed.contains(name.as_str())) {
        Some(name) => Err(VectorError::Unlisted { file: files::name(&folder.join(name)) }),
        None => Ok(()),
    }
}

/// The names of the vector files in a folder, sorted; none if it cannot be read.
pub(super) fn vector_files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".json") && name != MANIFEST).collect();
    names.sort();
    names
}

fn read_listed(folder: &Path, listed: &Listed) -> Result<VectorFile, CliError> {
    let place = folder.join(&listed.name);
    let name = files::name(&place);
    let text = match files::read(&place) {
        Err(CliError::Missing { file }) => return Err(VectorError::Missing { file }.into()),
        other => other?,
    };
    let found = sha256(text.as_bytes());
    if found != listed.sha256 {
        return Err(VectorError::Digest { file: name, found, expected: listed.sha256.clone() }.into());
    }
    let file = VectorFile::parse(&name, &text)?;
    if (listed.bytes, listed.cases) != (text.len() as u64, file.cases.len() as u64) {
        let message = format!(
            "the manifest says {} bytes and {} cases; there are {} and {}",
            listed.bytes,
            listed.cases,
            text.len(),
            file.cases.len()
        );
        return Err(VectorError::Json { file: name, place: "the whole file".to_owned(), message }.into());
    }
    check_topic(&name, &listed.name, &file.topic)?;
    Ok(file)
}

/// A file is named after its topic, so that no id stands in two files.
pub(super) fn check_topic(file: &Name, name: &str, topic: &str) -> Result<(), VectorError> {
    match name.strip_suffix(".json") == Some(topic) {
        true => Ok(()),
        false => Err(VectorError::Json {
            file: file.clone(),
            place: "topic".to_owned(),
            message: format!("its topic is {topic:?}: a file is named after its topic"),
        }),
    }
}
