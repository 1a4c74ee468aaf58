//! The texts of a folder.

use crate::error::CliError;
use crate::files;
use std::collections::BTreeMap;
use std::path::Path;

/// All files with an ending below a folder of the project: the path from the project's top folder, and the text.
///
/// # Errors
/// [`CliError`] that names the file or folder that cannot be read, or that is not there.
pub fn texts(root: &Path, folder: &str, ending: &str) -> Result<BTreeMap<String, String>, CliError> {
    let mut found = BTreeMap::new();
    let place = root.join(folder);
    let unreadable = |reason| CliError::Unreadable { file: files::name(&place), reason };
    for entry in std::fs::read_dir(&place).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (path, inner) = (entry.path(), format!("{folder}/{}", entry.file_name().to_string_lossy()));
        if path.is_dir() {
            found.extend(texts(root, &inner, ending)?);
        } else if path.extension().is_some_and(|found| found == ending) {
            found.insert(inner, files::read(&path)?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::texts;
    use std::path::Path;

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(texts(root, "src/trace", "rs").unwrap().contains_key("src/trace/folder.rs"));
        assert_eq!(texts(root, "src/tracing", "rs").unwrap_err().code(), "file/unreadable");
    }
}
