//! Paths and I/O errors as reports write them, and paths as settings compare them.

use std::env::current_dir;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

/// The name of a path in reports: relative to the working directory where it is inside, and with `/`.
pub(crate) fn name_of(path: &Path) -> String {
    let here = if path.is_absolute() { current_dir().ok() } else { None };
    let path = here.as_deref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let mut name = String::with_capacity(path.as_os_str().len());
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::RootDir => name.push('/'),
            other => {
                if !name.is_empty() && !name.ends_with('/') {
                    name.push('/');
                }
                name.push_str(&other.as_os_str().to_string_lossy());
            }
        }
    }
    if name.is_empty() { ".".to_owned() } else { name }
}

/// An absolute path without `.` and `..`. Symbolic links are kept.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for part in current_dir().unwrap_or_default().join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(absolute.pop()),
            other => absolute.push(other),
        }
    }
    absolute
}

/// A path relative to an absolute folder, with `/`.
pub(crate) fn relative(path: &Path, folder: &Path) -> String {
    let path = absolute(path);
    let (mut up, mut common) = (0, folder);
    while !path.starts_with(common) {
        let Some(parent) = common.parent() else { break };
        (up, common) = (up + 1, parent);
    }
    let inside = path.strip_prefix(common).unwrap_or(&path);
    let parts = inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    std::iter::repeat_n("..".to_owned(), up).chain(parts).collect::<Vec<_>>().join("/")
}

/// Reads a regular file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("this is no file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The reason of an I/O error, in a few words.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied if error.raw_os_error().is_some() => "permission denied".to_owned(),
        _ => {
            let sentence = error.to_string();
            let end = sentence.rfind(" (os error").unwrap_or(sentence.len());
            sentence[..end].to_owned()
        }
    }
}
