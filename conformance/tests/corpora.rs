//! Every entry of every fuzz corpus, through the function that its target runs. [DS-FUZZ-7]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use deepshare_conformance::fuzz::TARGETS;
use deepshare_conformance::fuzz::replay::Replayed;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The entries that a corpus has at least.
const ENTRIES: usize = 20;

/// The bytes of all corpora at most.
const BYTES: usize = 5 << 20;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = read.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// [DS-FUZZ-6] [DS-FUZZ-7]
#[test]
fn every_entry_of_every_corpus_replays() {
    let mut bytes = 0;
    for target in TARGETS {
        let entries = entries(&fuzz().join("corpora").join(target.name));
        assert!(entries.len() >= ENTRIES, "{}: {} entries, not {ENTRIES}", target.name, entries.len());
        let mut replayed = Replayed::default();
        for entry in &entries {
            let input = fs::read(entry).unwrap();
            bytes += input.len();
            replayed.add(target, &name(entry), &input);
        }
        assert!(replayed.findings.is_empty(), "{}", replayed.text(target));
        let least = target.least;
        assert!(replayed.ran * 100 >= least * entries.len(), "less than {least} % ran: {}", replayed.text(target));
    }
    assert!(bytes < BYTES, "all corpora have {bytes} bytes");
}

/// A target has a program, a corpus and a line in the corpora's README, and nothing else has.
#[test]
fn every_target_has_a_corpus_and_every_corpus_a_target() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let folders = entries(&fuzz().join("corpora")).into_iter().filter(|path| path.is_dir());
    assert_eq!(folders.map(|path| name(&path)).collect::<BTreeSet<_>>(), targets);
    let programs = entries(&fuzz().join("fuzz_targets")).into_iter();
    let stems = programs.map(|path| name(&path).strip_suffix(".rs").unwrap().to_owned());
    assert_eq!(stems.collect::<BTreeSet<_>>(), targets);
    let (manifest, readme) = (fuzz().join("Cargo.toml"), fuzz().join("corpora/README.md"));
    let (manifest, readme) = (fs::read_to_string(manifest).unwrap(), fs::read_to_string(readme).unwrap());
    for target in &targets {
        let program = fs::read_to_string(fuzz().join("fuzz_targets").join(format!("{target}.rs"))).unwrap();
        assert!(program.contains(&format!("fuzz::check(\"{target}\", bytes)")), "{target} runs another target");
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not in the manifest");
        assert!(readme.contains(&format!("| `{target}` |")), "{target} is not in the README");
    }
}
