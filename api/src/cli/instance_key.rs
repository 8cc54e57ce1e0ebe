//! The instance key: 32 random bytes in a file of mode 0600. Everything secret is derived from it or sealed with it; who
//! loses it loses every link and token, who copies it can make them.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use data_encoding::HEXLOWER_PERMISSIVE;

use super::Failure;
use crate::config::Config;
use crate::platform::store::Entropy;

const NAME: &str = "instance.key";

/// The key, if its file is there.
pub(super) fn read(config: &Config) -> Result<Option<[u8; 32]>, Failure> {
    let Some(bytes) = config.secrets.read(NAME)? else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes);
    let key = HEXLOWER_PERMISSIVE
        .decode(text.trim().as_bytes())
        .ok()
        .and_then(|key| key.try_into().ok())
        .ok_or_else(|| {
            let path = config.secrets.directory.join(NAME);
            Failure::new(format!("{}: expected 64 hexadecimal digits", path.display()))
        })?;
    Ok(Some(key))
}

/// The key; its file is made when it is missing, never written over.
pub(super) fn read_or_make(config: &Config) -> Result<[u8; 32], Failure> {
    if let Some(key) = read(config)? {
        return Ok(key);
    }
    let key: [u8; 32] = Entropy::System.bytes();
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&config.secrets.directory)?;
    let path = config.secrets.directory.join(NAME);
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{}", data_encoding::HEXLOWER.encode(&key))?;
    file.sync_all()?;
    Ok(key)
}
