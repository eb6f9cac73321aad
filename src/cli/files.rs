//! Reading a file, and replacing one.

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The prefix of the names of drafts.
pub(super) const DRAFT: &str = ".streamlint-";

/// The text of a file or stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FileContent {
    Text(Vec<u8>),
    /// The text is longer than the limit: its length as far as it is known, and its first bytes.
    TooLong(u64, Vec<u8>),
}

/// Nearly all definitions are shorter, in bytes.
const USUAL: usize = 1 << 12;

/// Reads a file of at most `limit` bytes.
pub(super) fn read_file(path: &Path, limit: usize) -> io::Result<FileContent> {
    let file = File::open(path)?;
    Ok(match read(&file, limit)? {
        // Only a long file is asked for its length: that takes as long as to read a short one.
        FileContent::TooLong(length, bytes) => FileContent::TooLong(file.metadata()?.len().max(length), bytes),
        text @ FileContent::Text(_) => text,
    })
}

/// Reads a stream of at most `limit` bytes.
pub(super) fn read(stream: impl Read, limit: usize) -> io::Result<FileContent> {
    let mut bytes = Vec::with_capacity(USUAL);
    // One more byte shows that a text is too long.
    stream.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    let length = bytes.len();
    Ok(if length > limit { FileContent::TooLong(length as u64, bytes) } else { FileContent::Text(bytes) })
}

/// Replaces the text of a file, whole or not at all.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut draft = Draft::of(path)?;
    draft.write_all(text.as_bytes())?;
    draft.publish()
}

/// A temporary file that replaces another once it is written whole. It keeps the permissions, and follows a symbolic link.
/// A draft that is dropped is deleted.
pub(super) struct Draft {
    file: NamedTempFile,
    target: PathBuf,
    permissions: Option<Permissions>,
}

impl Draft {
    pub fn of(path: &Path) -> io::Result<Self> {
        let (target, permissions) = match fs::canonicalize(path) {
            Ok(target) => {
                let permissions = fs::metadata(&target)?.permissions();
                (target, Some(permissions))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => (path.to_owned(), None),
            Err(error) => return Err(error),
        };
        // A rename would ignore it. WASI has no permissions: its host checks them (pkg/src/command.js).
        let is_barred = permissions.as_ref().is_some_and(Permissions::readonly);
        if is_barred && cfg!(not(target_os = "wasi")) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(DRAFT);
        // A new file gets the permissions that any new file gets.
        #[cfg(unix)]
        if permissions.is_none() {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder)?;
        Ok(Self { file, target, permissions })
    }

    /// Replaces the file.
    pub fn publish(self) -> io::Result<()> {
        if let Some(permissions) = self.permissions.filter(|_| cfg!(not(target_os = "wasi"))) {
            self.file.as_file().set_permissions(permissions)?;
        }
        self.file.as_file().sync_all()?;
        self.file.persist(&self.target)?;
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_or_refused() {
        let folder = tempfile::tempdir().expect("there is room for a file");
        let path = folder.path().join("a.json");
        for length in [0, 1, USUAL - 1, USUAL, USUAL + 1, 100 * USUAL] {
            let text = (0..=u8::MAX).cycle().take(length).collect::<Vec<_>>();
            fs::write(&path, &text).expect("there is room for a file");
            let read = |limit| read_file(&path, limit).expect("the file can be read");
            assert_eq!(read(1 << 20), FileContent::Text(text.clone()));
            assert_eq!(read(length), FileContent::Text(text.clone()));
            if length > 1 {
                assert_eq!(read(length / 2), FileContent::TooLong(length as u64, text[..=length / 2].to_vec()));
            }
        }
    }

    #[test]
    fn a_stream_is_read_up_to_the_limit() {
        let read = |text: &[u8]| read(text, 3).expect("reading from memory does not fail");
        assert_eq!(read(b"abc"), FileContent::Text(b"abc".to_vec()));
        assert_eq!(read(b"abcde"), FileContent::TooLong(4, b"abcd".to_vec()));
    }
}
