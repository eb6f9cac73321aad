//! Paths and I/O errors in reports, and paths in settings.

use std::borrow::Cow;
use std::env::current_dir;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

/// A normalized path: `b.json` for `a/../b.json`, unless a symbolic link makes them two files.
pub(crate) fn without_detour(path: &Path) -> Cow<'_, Path> {
    let detours = || path.components().skip_while(|part| *part == Component::ParentDir);
    if !detours().any(|part| part == Component::ParentDir) {
        return Cow::Borrowed(path);
    }
    let straight = absolute(path);
    let is_one = matches!((straight.canonicalize(), path.canonicalize()), (Ok(one), Ok(other)) if one == other);
    match current_dir() {
        _ if !is_one => Cow::Borrowed(path),
        Ok(here) if path.is_relative() => Cow::Owned(relative(&straight, &here).into()),
        _ => Cow::Owned(straight),
    }
}

/// The name of a path in reports: relative to the working directory if it is inside, and with `/`.
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

/// Whether two paths lead to the same file, even through links or if it has several names.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (identity(one), identity(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<impl PartialEq + use<>> {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::metadata(path)?;
    Ok((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<impl PartialEq + use<>> {
    fs::canonicalize(path)
}

/// Whether reading a file may never end, because the kernel generates the content of `/proc` and `/sys` during the
/// read.
#[cfg(target_os = "linux")]
pub(crate) fn is_made_up(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    use std::sync::LazyLock;
    const MOUNTS: &[&str] = &["/proc", "/sys", "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/fs/cgroup"];
    static DEVICES: LazyLock<Vec<u64>> = LazyLock::new(|| {
        let devices = MOUNTS.iter().filter_map(|mount| fs::metadata(mount).ok()).map(|mount| mount.dev());
        let root = fs::metadata("/").ok().map(|root| root.dev());
        devices.filter(|device| Some(*device) != root).collect()
    });
    DEVICES.contains(&found.dev())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn is_made_up(_: &fs::Metadata) -> bool {
    false
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
    let found = fs::metadata(path)?;
    if !found.is_file() || is_made_up(&found) {
        return Err(io::Error::other("this is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The reason of an I/O error, in a few words.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied if error.raw_os_error().is_some() => "permission denied".to_owned(),
        _ => {
            let sentence = error.to_string();
            let end = sentence.rfind(" (os error").unwrap_or(sentence.len());
            sentence[..end].to_owned()
        }
    }
}
