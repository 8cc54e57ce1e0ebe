//! `[secrets]`: a directory of key files, each readable by its owner alone.

use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::Problem;

/// Where key files are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Secrets {
    /// A directory; every file in it must have mode 0600 (or less).
    pub directory: PathBuf,
}

impl Default for Secrets {
    fn default() -> Self {
        Self {
            directory: PathBuf::from("data/secrets"),
        }
    }
}

/// A key file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// Others than its owner may read or write it.
    #[error("{}: expected mode 0600, found {mode:04o}", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is not a regular file.
    #[error("{}: expected a regular file", path.display())]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

impl Secrets {
    /// The bytes of one key file, or `None` when there is no such file.
    ///
    /// # Errors
    /// When the file can be read by others than its owner, or cannot be read at all.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, SecretFileError> {
        let path = self.directory.join(name);
        let unreadable = |source| SecretFileError::Unreadable {
            path: path.clone(),
            source,
        };
        let mut file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        // Asked of the open file, so that what was checked is what is read.
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(SecretFileError::NotAFile { path });
        }
        let mode = mode_of(&metadata);
        if mode & 0o077 != 0 {
            return Err(SecretFileError::Exposed { path, mode });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.size()).unwrap_or_default());
        file.read_to_end(&mut bytes).map_err(unreadable)?;
        Ok(Some(bytes))
    }

    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        let Ok(entries) = std::fs::read_dir(&self.directory) else {
            if self.directory.exists() {
                problems.push(Problem::new(
                    "secrets.directory",
                    "expected a directory that this program may read",
                ));
            }
            return;
        };
        for entry in entries.flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            let mode = mode_of(&metadata);
            if metadata.is_file() && mode & 0o077 != 0 {
                let name = entry.file_name();
                let name = Path::new(&name).display().to_string();
                let expected = format!("expected every file in it to have mode 0600, `{name}` has {mode:04o}");
                problems.push(Problem::new("secrets.directory", expected));
            }
        }
    }
}

/// The permission bits of a file.
pub(super) fn mode_of(metadata: &std::fs::Metadata) -> u32 {
    metadata.permissions().mode() & 0o7777
}
