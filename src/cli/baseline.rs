//! Baselines on the disk: reading one, writing one, and saying that one may shrink.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::Report;
use crate::baseline::Baseline;

use super::files::{self, Draft, Names};
use super::settings::Finder;

/// The longest baseline that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// A baseline that has been read.
#[derive(Debug)]
pub(super) struct Open {
    /// What reports call it.
    pub name: String,
    /// What its paths are relative to.
    folder: PathBuf,
    baseline: Baseline,
}

impl Open {
    /// Reads a baseline, or says why it cannot be read.
    pub fn read(path: &Path, finder: &Finder) -> Result<Self, String> {
        let name = Names::default().of(path);
        let text = read(path).map_err(|error| {
            let hint = if error.kind() == io::ErrorKind::NotFound { "; --write-baseline writes one" } else { "" };
            format!("{name}: {}{hint}", files::why(&error))
        })?;
        let baseline = Baseline::read(&text).map_err(|why| format!("{name}: {why}"))?;
        Ok(Self { folder: folder_of(path, finder), name, baseline })
    }

    /// Takes what is known out of a report, and gives how much of what is known is gone.
    pub fn subtract(&self, path: &Path, finder: &Finder, report: &mut Report) -> usize {
        self.baseline.subtract(&finder.relative(path, &self.folder), report)
    }
}

/// What its paths are relative to.
pub(super) fn folder_of(path: &Path, finder: &Finder) -> PathBuf {
    finder.absolute(path).parent().map(Path::to_owned).unwrap_or_default()
}

/// Puts a baseline in its place, all of it or nothing.
pub(super) fn write(path: &Path, baseline: &Baseline) -> io::Result<()> {
    let mut draft = Draft::of(path)?;
    draft.write_all(baseline.to_text().as_bytes())?;
    draft.publish()
}

fn read(path: &Path) -> io::Result<String> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("this is no file"));
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}
