//! What is exempt from the matrix, and why: one file that people write.

use super::Column;
use crate::error::CliError;
use crate::files;
use crate::vectors::error::VectorError;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// A reason, and the clauses and columns that it exempts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// Why nothing stands there, and what stands for the clause in its place.
    pub reason: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The clauses; each is exempt in every one of the columns.
    pub clauses: Vec<String>,
}

impl Exemption {
    /// Whether a clause is exempt in a column.
    pub fn covers(&self, clause: &str, column: Column) -> bool {
        self.columns.contains(&column) && self.clauses.iter().any(|name| name == clause)
    }
}

/// All exemptions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemptions {
    /// In the order of the file.
    #[serde(rename = "exemptions")]
    pub list: Vec<Exemption>,
}

impl Exemptions {
    /// Reads the file.
    ///
    /// # Errors
    /// [`CliError`]: a file that cannot be read, or that has another structure.
    pub fn read(path: &Path) -> Result<Exemptions, CliError> {
        let wrong = |error: serde_json::Error| VectorError::Json {
            file: files::name(path),
            place: format!("line {}, column {}", error.line(), error.column()),
            message: error.to_string(),
        };
        Ok(serde_json::from_str(&files::read(path)?).map_err(wrong)?)
    }

    /// Every clause with every column in which it is exempt.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, Column)> {
        self.list.iter().flat_map(|exemption| {
            let clauses = exemption.clauses.iter().map(String::as_str);
            clauses.flat_map(|clause| exemption.columns.iter().map(move |column| (clause, *column)))
        })
    }

    /// What is wrong with the file itself: a reason that says nothing, or a clause that is exempt twice in one column.
    pub fn faults(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let twice = self.pairs().filter(|pair| !seen.insert(*pair));
        let mut faults: Vec<String> =
            twice.map(|(clause, column)| format!("{clause}: exempt twice in the column {}", column.name())).collect();
        let empty = self.list.iter().filter(|exemption| exemption.reason.trim().is_empty());
        faults
            .extend(empty.map(|exemption| format!("{}: an exemption without a reason", exemption.clauses.join(", "))));
        faults
    }
}
