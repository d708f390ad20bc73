//! The data directory: made for its owner alone, and used by one process at a time.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

use crate::store::OpenError;

const DATABASE: &str = "plumbline.db";
const LOCK: &str = "plumbline.lock";

/// A data directory that this process has to itself for as long as the value lives.
pub(super) struct Directory {
    path: PathBuf,
    // Held for its lock, which the system takes back however the process ends.
    _lock: File,
}

impl Directory {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn database(&self) -> PathBuf {
        database(&self.path)
    }
}

/// The database file of a data directory.
pub(super) fn database(path: &Path) -> PathBuf {
    path.join(DATABASE)
}

/// Makes the directory if it is not there, locks it, and makes an empty database file that only its owner may read:
/// SQLite gives the files beside it the same mode.
pub(super) fn claim(path: &Path) -> Result<Directory, OpenError> {
    let unusable = |source| OpenError::Directory { path: path.to_owned(), source };
    make(path).map_err(unusable)?;
    if let Some(mode) = open_to_others(path) {
        tracing::warn!(
            path = %path.display(),
            mode = format!("{mode:03o}"),
            "others on this machine can get into the data directory, where answers and join codes stand: chmod 700"
        );
    }
    let mut lock = open_private(&path.join(LOCK)).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(OpenError::InUse { path: path.to_owned(), process: read_process(&mut lock) });
        }
        Err(TryLockError::Error(source)) => return Err(unusable(source)),
    }
    write_process(&mut lock).map_err(unusable)?;
    let directory = Directory { path: path.to_owned(), _lock: lock };
    open_private(&directory.database()).map_err(unusable)?;
    Ok(directory)
}

pub(super) fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The mode of a directory, if others than its owner can do anything in it.
#[cfg(unix)]
fn open_to_others(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Where there are no modes, the system's own rules hold.
#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Option<u32> {
    None
}

pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write_process(lock: &mut File) -> io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    writeln!(lock, "{}", std::process::id())
}

/// Who holds the lock, as far as it has said so.
fn read_process(lock: &mut File) -> Option<u32> {
    let mut text = String::new();
    lock.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// What tells a file from another one that took its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity(u64, u64);

impl Identity {
    /// The file that stands at the path now.
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).map(|file| Self(file.dev(), file.ino()))
    }

    /// Where there are no inodes the system does not let an open database be removed; that it is there is enough.
    #[cfg(not(unix))]
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        std::fs::metadata(path).map(|_| Self(0, 0))
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_directory_that_others_get_into_is_noticed_and_one_of_our_own_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let ours = folder.path().join("ours");
        make(&ours).unwrap();
        assert_eq!(open_to_others(&ours), None);
        let theirs = folder.path().join("theirs");
        fs::create_dir(&theirs).unwrap();
        fs::set_permissions(&theirs, fs::Permissions::from_mode(0o750)).unwrap();
        assert_eq!(open_to_others(&theirs), Some(0o750));
    }
}
