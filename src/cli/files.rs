//! Reading a file, and replacing one.

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The prefix of the names of drafts.
pub(super) const DRAFT: &str = ".streamlint-";

/// The text of a file or stream.
pub(super) enum FileContent<'b> {
    Text(&'b [u8]),
    /// The text is longer than the limit: its length as far as it is known, and its first bytes.
    TooLong(u64, &'b [u8]),
}

/// Memory for one text after the other.
#[derive(Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
}

/// Nearly all definitions are shorter, in bytes.
const USUAL: usize = 1 << 12;

impl Buffer {
    /// Reads a file of at most `limit` bytes.
    pub fn read_file(&mut self, path: &Path, limit: usize) -> io::Result<FileContent<'_>> {
        let mut file = File::open(path)?;
        self.clear();
        self.read_up_to(USUAL, &mut file)?;
        let mut length = self.bytes.len() as u64;
        if self.bytes.len() == USUAL {
            // Only a long file is asked for its length: that takes as long as to read a short one.
            length = file.metadata()?.len().max(length);
            if length <= limit as u64 {
                self.read_up_to(limit.saturating_add(1), file)?;
            }
        }
        Ok(self.reading(length, limit))
    }

    /// Reads a stream of at most `limit` bytes.
    pub fn read(&mut self, stream: impl Read, limit: usize) -> io::Result<FileContent<'_>> {
        self.clear();
        // One more byte shows that a text is too long.
        self.read_up_to(limit.saturating_add(1), stream)?;
        Ok(self.reading(0, limit))
    }

    fn clear(&mut self) {
        self.bytes.clear();
        // One long text must not keep its memory for the rest of the run.
        self.bytes.shrink_to(USUAL);
        self.bytes.reserve(USUAL);
    }

    /// Reads until the buffer has a length, or until the end.
    fn read_up_to(&mut self, length: usize, stream: impl Read) -> io::Result<()> {
        let rest = length.saturating_sub(self.bytes.len());
        stream.take(rest as u64).read_to_end(&mut self.bytes)?;
        Ok(())
    }

    fn reading(&self, known_length: u64, limit: usize) -> FileContent<'_> {
        let length = known_length.max(self.bytes.len() as u64);
        if length > limit as u64 { FileContent::TooLong(length, &self.bytes) } else { FileContent::Text(&self.bytes) }
    }
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

    /// The number of bytes read of a file, and its length where that is too much.
    fn read(buffer: &mut Buffer, length: usize, limit: usize) -> (usize, Option<u64>) {
        let folder = tempfile::tempdir().expect("there is room for a file");
        let path = folder.path().join("a.json");
        let text = (0..=u8::MAX).cycle().take(length).collect::<Vec<_>>();
        fs::write(&path, &text).expect("there is room for a file");
        match buffer.read_file(&path, limit).expect("the file can be read") {
            FileContent::Text(read) if read == text => (read.len(), None),
            FileContent::Text(read) => panic!("{} bytes are read of {length}, or others", read.len()),
            FileContent::TooLong(length, read) => (read.len(), Some(length)),
        }
    }

    #[test]
    fn a_file_is_read_whole_or_refused() {
        let mut buffer = Buffer::default();
        for length in [0, 1, USUAL - 1, USUAL, USUAL + 1, 2 * USUAL, 3 * USUAL + 1, 100 * USUAL, 5] {
            assert_eq!(read(&mut buffer, length, 1 << 20), (length, None));
            assert_eq!(read(&mut buffer, length, length), (length, None));
        }
        assert_eq!(read(&mut buffer, 2, 1), (2, Some(2)));
        assert_eq!(read(&mut buffer, 3 * USUAL, 3 * USUAL - 1), (USUAL, Some(3 * USUAL as u64)));
        assert!(buffer.bytes.capacity() <= 2 * USUAL, "the memory of a long text is kept");
    }

    #[test]
    fn a_stream_is_read_up_to_the_limit() {
        let mut buffer = Buffer::default();
        assert!(matches!(buffer.read(&b"abc"[..], 3), Ok(FileContent::Text(b"abc"))));
        assert!(matches!(buffer.read(&b"abcde"[..], 3), Ok(FileContent::TooLong(4, b"abcd"))));
    }
}
