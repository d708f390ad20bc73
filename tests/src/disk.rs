//! A small disk of its own, which can be filled up: a file system in memory that the test mounts and takes away.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A file system of a given size, until it is dropped.
pub struct Disk {
    at: PathBuf,
}

impl Disk {
    /// Mounts one in a directory, which is made. `None` where this user may not: it takes root, or sudo without a
    /// question.
    ///
    /// # Panics
    /// When the directory cannot be made.
    #[must_use]
    pub fn mount(at: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir_all(at).expect("a directory can be made");
        let size = format!("size={megabytes}m,mode=0700");
        let done = as_root(&["mount", "-t", "tmpfs", "-o", &size, "tmpfs", &at.display().to_string()]);
        done.then(|| Self { at: at.to_owned() })
    }

    /// Fills it up to the last page.
    ///
    /// # Panics
    /// When it does not become full.
    pub fn fill(&self) {
        use std::io::Write;
        let mut filler = fs::File::create(self.filler()).expect("there is room for a name");
        // In pages, so that nothing is left over.
        while filler.write_all(&[7; 4_096]).is_ok() {}
        let left = fs::write(self.at.join("probe"), [7; 8_192]);
        assert!(left.is_err(), "the disk is full");
        // What could be made of it takes no room.
        let _ = fs::remove_file(self.at.join("probe"));
    }

    /// Gives the space free again.
    ///
    /// # Panics
    /// When it was not filled.
    pub fn free(&self) {
        fs::remove_file(self.filler()).expect("the filler is there");
    }

    fn filler(&self) -> PathBuf {
        self.at.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: the server under test may still be going.
        as_root(&["umount", "--lazy", &self.at.display().to_string()]);
    }
}

/// Whether a command could be carried out by root.
fn as_root(command: &[&str]) -> bool {
    let run = |command: &[&str]| {
        let done = Command::new(command[0]).args(&command[1..]).output();
        done.is_ok_and(|done| done.status.success())
    };
    run(command) || run(&[&["sudo", "-n"], command].concat())
}
