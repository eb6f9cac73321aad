//! Paths as reports write them, and as settings compare them.

use std::env::current_dir;
use std::path::{Component, Path, PathBuf};

/// The name of a path in reports: relative to the working directory where it is inside, and with `/`.
pub(super) fn name_of(path: &Path) -> String {
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
pub(super) fn absolute(path: &Path) -> PathBuf {
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
pub(super) fn relative(path: &Path, folder: &Path) -> String {
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
