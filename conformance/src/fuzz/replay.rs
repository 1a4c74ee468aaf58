//! `deepshare case replay`: inputs of a fuzz target, run again without a fuzzer. [DS-FUZZ-10]

use super::{Finding, Reach, TARGETS, Target, named};
use crate::case::convert;
use crate::error::CliError;
use crate::files;
use crate::output::print;
use std::path::PathBuf;

/// What became of some inputs of a target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Inputs that were of the target's kind, and ran.
    pub ran: usize,
    /// Inputs that were refused with a typed error.
    pub refused: usize,
    /// What was found, and in which input.
    pub findings: Vec<(String, Finding)>,
}

impl Replayed {
    /// Runs an input of a name.
    pub fn add(&mut self, target: &Target, name: &str, bytes: &[u8]) {
        match (target.run)(bytes) {
            Ok(Reach::Ran) => self.ran += 1,
            Ok(Reach::Refused) => self.refused += 1,
            Err(finding) => self.findings.push((name.to_owned(), finding)),
        }
    }

    /// In words.
    pub fn text(&self, target: &Target) -> String {
        let findings = self.findings.iter().map(|(name, finding)| format!("{name}: {finding}\n"));
        let inputs = self.ran + self.refused + self.findings.len();
        format!(
            "{}: {inputs} inputs, {} ran, {} refused, {} findings\n{}",
            target.name,
            self.ran,
            self.refused,
            self.findings.len(),
            findings.collect::<String>()
        )
    }
}

/// The target of a name, as an argument.
///
/// # Errors
/// The names that there are.
pub fn argument(name: &str) -> Result<&'static Target, String> {
    let names = || TARGETS.iter().map(|target| target.name).collect::<Vec<_>>().join(", ");
    named(name).ok_or_else(|| format!("there is no such fuzz target; there are {}", names()))
}

/// Replays files, and those of folders, through a target.
///
/// # Errors
/// [`CliError::Findings`] after what was found has been printed, and those of reading.
pub fn replay(target: &Target, paths: &[PathBuf]) -> Result<(), CliError> {
    let (mut replayed, mut notes) = (Replayed::default(), String::new());
    for path in paths {
        for file in files::in_folder(path)? {
            let (name, bytes) = (files::name(&file).to_string(), files::read_bytes(&file)?);
            if let Some(error) = convert::mistaken(&bytes) {
                notes += &format!("note: {name} is read as bytes of another case, for {error}\n");
            }
            replayed.add(target, &name, &bytes);
        }
    }
    print(&format!("{}{notes}", replayed.text(target)))?;
    match replayed.findings.len() {
        0 => Ok(()),
        count => Err(CliError::Findings { count }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ran_was_refused_and_was_found_is_counted_and_said() {
        let run = |bytes: &[u8]| match bytes {
            [] => Ok(Reach::Refused),
            [0] => Err(Finding::Fails { what: "a party", error: "of some kind".to_owned() }),
            _ => Ok(Reach::Ran),
        };
        let target = Target { name: "one", about: "two", least: 0, run };
        let mut replayed = Replayed::default();
        [&[][..], &[1], &[0], &[2]].into_iter().for_each(|bytes| replayed.add(&target, "file", bytes));
        let text = "one: 4 inputs, 2 ran, 1 refused, 1 findings\nfile: a party ends with an error: of some kind\n";
        assert_eq!(replayed.text(&target), text);
    }
}
