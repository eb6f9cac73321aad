//! Baselines on disk.

use std::io;
use std::path::{Path, PathBuf};

use super::baseline::{Baseline, Known};
use super::disk::{absolute, name_of, read, reason, relative};
use crate::linter::Report;

/// Size of the longest baseline that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// A baseline that has been read.
#[derive(Debug)]
pub(crate) struct BaselineFile {
    /// Its name in reports.
    pub name: String,
    /// The folder that its paths are relative to.
    folder: PathBuf,
    baseline: Baseline,
    path: PathBuf,
}

impl BaselineFile {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// A sentence.
    pub fn read(path: &Path) -> Result<Self, String> {
        let name = name_of(path);
        let not_utf8 = |_| io::Error::other("stream did not contain valid UTF-8");
        let text = read(path, LONGEST).and_then(|bytes| String::from_utf8(bytes).map_err(not_utf8));
        let text = text.map_err(|error| {
            let hint = if error.kind() == io::ErrorKind::NotFound { "; --write-baseline writes one" } else { "" };
            format!("{name}: {}{hint}", reason(&error))
        })?;
        let baseline = Baseline::read(&text).map_err(|why| format!("{name}: {why}"))?;
        Ok(Self { name, folder: folder_of(path), baseline, path: path.to_owned() })
    }

    /// The text of the baseline without findings that are gone. `files` are linted files with their findings, and files
    /// that no longer exist are removed. Also returns the number of removed findings; `None` if there are none.
    pub fn pruned<'f>(&self, files: impl IntoIterator<Item = (&'f Path, &'f Known)>) -> Option<(String, usize)> {
        let mut baseline = self.baseline.clone();
        for (path, found) in files {
            baseline.limit(&relative(path, &self.folder), found);
        }
        baseline.retain_files(|path| self.folder.join(path).exists());
        let gone = self.baseline.findings() - baseline.findings();
        (gone > 0).then(|| (baseline.to_text(), gone))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the known findings from a report. Returns the number of known findings that are gone.
    pub fn subtract(&self, path: &Path, report: &mut Report) -> usize {
        self.baseline.subtract(&relative(path, &self.folder), report)
    }
}

/// The folder that the paths of a baseline are relative to.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    absolute(path).parent().map(Path::to_owned).unwrap_or_default()
}
