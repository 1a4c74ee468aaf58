//! What can be wrong with a folder of vectors. [DS-VEC-9]

use crate::printable::Name;

/// A folder or file of vectors that a reader rejects; the text names the file and, where there is one, the case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VectorError {
    /// A folder without a manifest.
    #[error(
        "{folder}: there is no release of vectors here, no manifest.json; run in the project's folder, or name another one"
    )]
    NoRelease {
        /// The folder.
        folder: Name,
    },
    /// A file of the manifest is not there.
    #[error("{file}: the manifest lists this file, and it is not there")]
    Missing {
        /// The file.
        file: Name,
    },
    /// A vector file that the manifest does not list.
    #[error("{file}: the manifest does not list this file")]
    Unlisted {
        /// The file.
        file: Name,
    },
    /// A file's bytes are not those that the manifest lists.
    #[error(
        "{file}: its SHA-256 is {found}, the manifest says {expected}: the file was changed or is cut off; take it from the release again"
    )]
    Digest {
        /// The file.
        file: Name,
        /// The digest of its bytes.
        found: String,
        /// The digest in the manifest.
        expected: String,
    },
    /// A version that this reader does not know.
    #[error("{file}: {field} is {found}; this reader knows {known}")]
    Format {
        /// The file.
        file: Name,
        /// `format` or `spec`.
        field: &'static str,
        /// What the file says.
        found: String,
        /// What the reader knows.
        known: String,
    },
    /// A file that is cut off, no JSON, or has unknown, missing or duplicate fields.
    #[error("{file}: {place}: {message}")]
    Json {
        /// The file.
        file: Name,
        /// Line and column, and the path within the JSON value.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// Two cases with the same id.
    #[error("{file}: case {id}: another case of this release has the same id")]
    Duplicate {
        /// The file of the second one.
        file: Name,
        /// The id.
        id: Name,
    },
    /// A case that contradicts the format.
    #[error("{file}: case {id}: {what}")]
    Case {
        /// The file.
        file: Name,
        /// The id.
        id: Name,
        /// What is wrong.
        what: String,
    },
    /// Bytes, bits and elements of the canary do not agree.
    #[error("{file}: canary: {what}")]
    Canary {
        /// The file.
        file: Name,
        /// What is wrong.
        what: String,
    },
}

impl VectorError {
    /// The stable code of the error, as the book lists it.
    pub fn code(&self) -> &'static str {
        match self {
            VectorError::NoRelease { .. } => "vectors/no-release",
            VectorError::Missing { .. } => "vectors/missing",
            VectorError::Unlisted { .. } => "vectors/unlisted",
            VectorError::Digest { .. } => "vectors/digest",
            VectorError::Format { .. } => "vectors/format",
            VectorError::Json { .. } => "vectors/json",
            VectorError::Duplicate { .. } => "vectors/duplicate",
            VectorError::Case { .. } => "vectors/case",
            VectorError::Canary { .. } => "vectors/canary",
        }
    }
}
