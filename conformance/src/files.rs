//! Files: read with a limit, written as a whole or not at all. [DS-FILE-1] [DS-FILE-2]

use crate::error::CliError;
use crate::printable::Name;
use crate::zoo;
use deepshare_reference::network::{Images, Network};
use deepshare_reference::plan::Plan;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes. [DS-FILE-2]
pub const MAX_BYTES: u64 = 64 << 20;

/// Reads a file as text; `-` is standard input.
///
/// # Errors
/// [`CliError`] that names the file: missing, a directory, unreadable, too large, not UTF-8.
pub fn read(path: &Path) -> Result<String, CliError> {
    text(name(path), read_bytes(path)?)
}

/// Reads a file of any bytes; `-` is standard input.
///
/// # Errors
/// As [`read`], but for the last.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    let file = name(path);
    if path.as_os_str() == "-" {
        return limited(file, std::io::stdin().lock());
    }
    let failed = |reason: Error| match reason.kind() {
        ErrorKind::NotFound => CliError::Missing { file: name(path) },
        _ => CliError::Unreadable { file: name(path), reason },
    };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(CliError::Directory { file });
    }
    if metadata.len() > MAX_BYTES {
        return Err(CliError::TooLarge { file, bytes: metadata.len() });
    }
    limited(file, File::open(path).map_err(failed)?)
}

/// All of a source, up to the limit; a file may have grown since its size was asked for, and a pipe has no size.
fn limited(file: Name, source: impl Read) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    if let Err(reason) = source.take(MAX_BYTES + 1).read_to_end(&mut bytes) {
        return Err(CliError::Unreadable { file, reason });
    }
    let found = bytes.len() as u64;
    if found > MAX_BYTES {
        return Err(CliError::TooLarge { file, bytes: found });
    }
    Ok(bytes)
}

fn text(file: Name, bytes: Vec<u8>) -> Result<String, CliError> {
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(byte).filter(|b| **b == b'\n').count();
        CliError::NotUtf8 { file, line, byte }
    })
}

/// Writes a file: first beside its place, then moved there, so that it is never half-written.
///
/// # Errors
/// [`CliError::Unwritable`]; then nothing is left behind, and a file that was there is unchanged.
pub fn write(path: &Path, text: &str) -> Result<(), CliError> {
    write_bytes(path, text.as_bytes())
}

/// Writes a file of any bytes in the same way.
///
/// # Errors
/// As [`write()`].
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let unwritable = |reason: Error| CliError::Unwritable { file: name(path), reason };
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".deepshare-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // the umask applies
    let mut file = builder.tempfile_in(folder).map_err(unwritable)?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(unwritable)?;
    file.persist(path).map_err(|error| unwritable(error.error))?;
    Ok(())
}

/// The files of a folder, by name; of a file, itself.
///
/// # Errors
/// [`CliError`] that names the folder: unreadable, without files, or with a folder in it.
pub fn in_folder(path: &Path) -> Result<Vec<PathBuf>, CliError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let failed = |reason: Error| CliError::Unreadable { file: name(path), reason };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.is_dir() {
            return Err(CliError::Directory { file: name(&file) });
        }
        files.push(file);
    }
    files.sort();
    match files.is_empty() {
        true => Err(CliError::Missing { file: Name(format!("{}/*", path.display())) }),
        false => Ok(files),
    }
}

/// How a file is called in messages.
pub fn name(path: &Path) -> Name {
    match path.to_str() {
        Some("-") => Name::from("standard input"),
        _ => Name(path.display().to_string()),
    }
}

/// Reads a plan file.
///
/// # Errors
/// [`CliError`]: of reading, or the first rule that is broken.
pub fn plan(path: &Path) -> Result<Plan, CliError> {
    Plan::from_json(&read(path)?).map_err(|source| CliError::Plan { file: name(path), source })
}

/// Reads a network file, or takes the built-in network of that name; a file's path wins if there is such a file.
///
/// # Errors
/// [`CliError`]: of reading, or the first rule that is broken; [`CliError::UnknownNetwork`] for a word that is neither.
pub fn network_or_name(path: &Path) -> Result<Network, CliError> {
    let word = path.to_str().filter(|_| !path.exists()).unwrap_or_default();
    match zoo::named(word) {
        Some(entry) => entry.network(),
        None if path.extension().is_none() && path.components().count() == 1 && !word.is_empty() && word != "-" => {
            let names = zoo::NETWORKS.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
            Err(CliError::UnknownNetwork { name: name(path), names })
        }
        None => network(path),
    }
}

/// Reads a network file.
///
/// # Errors
/// [`CliError`]: of reading, or the first rule that is broken.
pub fn network(path: &Path) -> Result<Network, CliError> {
    Network::from_json(&read(path)?).map_err(|source| CliError::Network { file: name(path), source })
}

/// Reads the public part of a network; a file that has more is rejected, so that no weights are handed out by accident.
///
/// # Errors
/// [`CliError`]: of reading, the first rule that is broken, or [`CliError::NotPublic`].
pub fn public_part(path: &Path) -> Result<Network, CliError> {
    let network = network(path)?;
    match network.is_public_part() {
        true => Ok(network),
        false => Err(CliError::NotPublic { file: name(path) }),
    }
}

/// Reads an input file for a network: at least one image, of the network's input shape and scale.
///
/// # Errors
/// [`CliError`]: of reading, or the first rule that is broken.
pub fn images(path: &Path, network: &Network) -> Result<Images, CliError> {
    let images = Images::from_json(&read(path)?).map_err(|source| CliError::Input { file: name(path), source })?;
    let (file, expected) = (name(path), network.input());
    if (images.shape, images.scale) != (expected.shape, expected.scale) {
        let (found, found_scale) = (images.shape, images.scale);
        let (expected, expected_scale) = (expected.shape, expected.scale);
        return Err(CliError::InputType { file, found, found_scale, expected, expected_scale });
    }
    match images.images.is_empty() {
        true => Err(CliError::NoImages { file }),
        false => Ok(images),
    }
}
