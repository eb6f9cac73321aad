//! Reads and replaces files.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// The prefix of the names of drafts.
pub(super) const DRAFT: &str = ".streamlint-";

/// The content of a file or stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FileContent {
    Text(Vec<u8>),
    /// The text is longer than the limit: its known length, and its first bytes.
    TooLong(u64, Vec<u8>),
}

/// Nearly all definitions are shorter, in bytes.
const USUAL: usize = 1 << 12;

/// Reads a file of at most `limit` bytes.
pub(super) fn read_file(path: &Path, limit: usize) -> io::Result<FileContent> {
    let file = File::open(path)?;
    Ok(match read(&file, limit)? {
        // Only a long file is asked for its length, because that takes as long as reading a short one.
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

/// Replaces the text of a file if it has not changed since it was read. A file with several names, or whose owner a new
/// file cannot have, is written in place. Any other file is replaced atomically.
pub(super) fn rewrite(path: &Path, before: &[u8], text: &[u8]) -> io::Result<()> {
    let found = fs::metadata(path)?;
    refuse_read_only(&found)?;
    if !has_several_names(&found) {
        let mut draft = Draft::of(path)?;
        if draft.keeps_owner {
            draft.write_all(text)?;
            return draft.publish_if(|target| check_unchanged(target, before));
        }
    }
    let _no_signal = drafts();
    check_unchanged(path, before)?;
    let mut file = File::options().write(true).open(path)?;
    overwrite(&mut file, text).inspect_err(|_| {
        // A full disk still has room for the old text.
        let _ = overwrite(&mut file, before);
    })
}

fn overwrite(file: &mut File, text: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(text)?;
    file.set_len(text.len() as u64)?;
    file.sync_all()
}

/// Replaces the text of a file or writes a new one, atomically.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut draft = Draft::of(path)?;
    draft.write_all(text.as_bytes())?;
    draft.publish()
}

/// An error if the file has changed since it was read.
fn check_unchanged(path: &Path, before: &[u8]) -> io::Result<()> {
    let is_unchanged = match read_file(path, before.len()) {
        Ok(FileContent::Text(bytes)) => bytes == before,
        Ok(FileContent::TooLong(..)) => false,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    if is_unchanged {
        Ok(())
    } else {
        Err(io::Error::other("the file changed while it was checked, so it was left alone"))
    }
}

/// A rename would ignore that a file is read-only. WASI has no permissions: its host checks them (pkg/js/command.js).
fn refuse_read_only(found: &Metadata) -> io::Result<()> {
    if found.permissions().readonly() && cfg!(not(target_os = "wasi")) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    Ok(())
}

/// A rename would separate one name of a file from its other names.
#[cfg(unix)]
fn has_several_names(found: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(found) > 1
}

#[cfg(not(unix))]
fn has_several_names(_: &Metadata) -> bool {
    false
}

/// Sets the owner and group of a file to those of another. Returns whether it has them.
#[cfg(unix)]
fn give_owner(file: &File, other: &Metadata) -> io::Result<bool> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let current = file.metadata()?;
    let is_same = (current.uid(), current.gid()) == (other.uid(), other.gid());
    Ok(is_same || fchown(file, Some(other.uid()), Some(other.gid())).is_ok())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn give_owner(_: &File, _: &Metadata) -> io::Result<bool> {
    Ok(true)
}

/// The drafts that are not published yet. While this is locked, no signal ends the process.
static DRAFTS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn drafts() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    DRAFTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Deletes all drafts and ends the process, with the status that shells use for a command ended by SIGINT.
#[cfg(not(target_family = "wasm"))]
pub(super) fn end() {
    // The lock is kept, so that no more drafts are created.
    let drafts = drafts();
    for draft in drafts.iter() {
        let _ = fs::remove_file(draft);
    }
    std::process::exit(130);
}

/// A temporary file that replaces a file once it is complete. It gets the permissions, and the owner if possible. It
/// follows a symbolic link. A draft that is dropped is deleted.
pub(super) struct Draft {
    file: NamedTempFile,
    target: PathBuf,
    permissions: Option<Permissions>,
    keeps_owner: bool,
}

impl Draft {
    pub fn of(path: &Path) -> io::Result<Self> {
        let (target, found) = match fs::canonicalize(path) {
            Ok(target) => {
                let found = fs::metadata(&target)?;
                refuse_read_only(&found)?;
                (target, Some(found))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => (path.to_owned(), None),
            Err(error) => return Err(error),
        };
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(DRAFT);
        // A new file gets the usual permissions.
        #[cfg(unix)]
        if found.is_none() {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(Permissions::from_mode(0o666));
        }
        let file = {
            let mut drafts = drafts();
            let file = builder.tempfile_in(folder)?;
            drafts.insert(file.path().to_owned());
            file
        };
        let keeps_owner = match &found {
            Some(found) => give_owner(file.as_file(), found)?,
            None => true,
        };
        Ok(Self { file, target, permissions: found.map(|found| found.permissions()), keeps_owner })
    }

    /// Replaces the file.
    pub fn publish(self) -> io::Result<()> {
        self.publish_if(|_| Ok(()))
    }

    /// Replaces the file, unless the check of it fails, which comes last.
    fn publish_if(self, check: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
        // Changing the owner resets permissions, so they are set afterwards.
        if let Some(permissions) = self.permissions.filter(|_| cfg!(not(target_os = "wasi"))) {
            self.file.as_file().set_permissions(permissions)?;
        }
        self.file.as_file().sync_all()?;
        let draft = self.file.path().to_owned();
        let published = check(&self.target).and_then(|()| Ok(self.file.persist(&self.target)?));
        drafts().remove(&draft);
        published.map(drop)
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
    fn a_file_is_read_completely_or_rejected() {
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
    fn a_file_is_fixed_only_if_it_has_not_changed() {
        let folder = tempfile::tempdir().expect("there is room for a file");
        let path = folder.path().join("a.json");
        for (before, is_fixed) in [("old", true), ("ol", false), ("older", false), ("odd", false)] {
            fs::write(&path, "old").expect("there is room for a file");
            assert_eq!(rewrite(&path, before.as_bytes(), b"new text").is_ok(), is_fixed, "{before}");
            let text = fs::read_to_string(&path).expect("the file is there");
            assert_eq!(text, if is_fixed { "new text" } else { "old" });
            assert_eq!(fs::read_dir(&folder).expect("the folder is there").count(), 1);
        }
        fs::remove_file(&path).expect("the file is there");
        assert!(rewrite(&path, b"old", b"new").is_err());
        assert!(!path.exists());
    }

    #[test]
    fn a_stream_is_read_up_to_the_limit() {
        let read = |text: &[u8]| read(text, 3).expect("reading from memory does not fail");
        assert_eq!(read(b"abc"), FileContent::Text(b"abc".to_vec()));
        assert_eq!(read(b"abcde"), FileContent::TooLong(4, b"abcd".to_vec()));
    }
}
