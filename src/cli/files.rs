//! Which files to lint, how to read one, and how to write one back.

use std::fs::{self, File, FileType, Permissions};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder};
use streamlint::{Module, Source};
use tempfile::NamedTempFile;

use super::settings::{Finder, Nearby};

/// What standard input is called when nobody gives it a name.
pub(super) const STDIN: &str = "<stdin>";

/// What the names of drafts begin with.
pub(super) const DRAFT: &str = ".streamlint-";

/// Syntaxes that somebody might name and that nobody keeps connections in.
const UNREAD: &[&str] = &["toml"];

/// Where a text comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    Stdin,
    File(PathBuf),
}

/// A text to lint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    /// What reports call it: its path relative to the working directory, with `/`.
    pub name: String,
    pub origin: Origin,
    /// It may be something else than a definition; then nothing is said about it.
    pub unsure: bool,
}

impl Candidate {
    /// Where it stands, or would stand.
    pub fn path(&self) -> &Path {
        match &self.origin {
            Origin::File(path) => path,
            Origin::Stdin => Path::new(&self.name),
        }
    }
}

/// The texts to lint in path order, and a sentence for each path that cannot be read.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub candidates: Vec<Candidate>,
    pub failures: Vec<String>,
}

/// Looks the paths up. Of folders only what may be a definition is taken.
pub(super) fn gather(paths: &[PathBuf], stdin_name: &str, recognised_only: bool, finder: &Arc<Finder>) -> Gathered {
    let mut gathered = Gathered::default();
    let names = Names::default();
    for path in paths {
        if path.as_os_str() == "-" {
            let name = stdin_name.to_owned();
            gathered.take(name, Origin::Stdin, recognised_only, finder);
            continue;
        }
        match fs::metadata(path) {
            Err(error) => gathered.failures.push(format!("{}: {}", names.of(path), why(&error))),
            Ok(found) if found.is_dir() => gathered.walk(path, &names, finder),
            Ok(found) if found.is_file() => {
                gathered.take(names.of(path), Origin::File(path.clone()), recognised_only, finder);
            }
            Ok(found) => gathered.refuse(&names.of(path), found.file_type()),
        }
    }
    gathered.candidates.sort();
    // A file that was named and found as well is the one that was named: `false` comes first.
    gathered.candidates.dedup_by(|later, first| later.name == first.name);
    gathered
}

impl Gathered {
    /// A path that was named.
    fn take(&mut self, name: String, origin: Origin, unsure: bool, finder: &Finder) {
        let extension = extension(&name).to_ascii_lowercase();
        if unsure {
            let path = if let Origin::File(path) = &origin { path } else { Path::new(&name) };
            let usual = || origin == Origin::Stdin || is_candidate(&extension);
            if !finder.is_wanted(Nearby::new(finder).of(path), path, false, usual) {
                return;
            }
        }
        if UNREAD.contains(&extension.as_str()) {
            if !unsure {
                let sentence =
                    format!("{name}: .{extension} files hold no connections; JSON, YAML and Terraform are read");
                self.failures.push(sentence);
            }
            return;
        }
        self.candidates.push(Candidate { name, origin, unsure });
    }

    fn refuse(&mut self, name: &str, file_type: FileType) {
        self.failures.push(format!("{name}: this is {}, not a file", what(file_type)));
    }

    fn walk(&mut self, folder: &Path, names: &Names, finder: &Arc<Finder>) {
        let mut nearby = Nearby::new(finder);
        let pruning = Arc::clone(finder);
        let is_entered = move |entry: &DirEntry| {
            // The folder that was named is looked into.
            entry.depth() == 0
                || !entry.file_type().is_some_and(|file_type| file_type.is_dir())
                || pruning.is_wanted(Nearby::new(&pruning).of(entry.path()), entry.path(), true, || true)
        };
        // As in a repository also where there is none, so that a checkout and a copy of it are linted alike.
        for entry in WalkBuilder::new(folder).require_git(false).filter_entry(is_entered).build() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = path_of(&error).unwrap_or(folder);
                    let why = error.io_error().map_or_else(|| error.to_string(), why);
                    self.failures.push(format!("{}: {why}", names.of(path)));
                    continue;
                }
            };
            let Some(file_type) = entry.file_type() else { continue };
            if file_type.is_dir() || file_type.is_symlink() {
                continue;
            }
            let path = entry.path();
            let usual = || path.extension().and_then(|extension| extension.to_str()).is_some_and(is_candidate);
            if !finder.is_wanted(nearby.of(path), path, false, usual) {
                continue;
            }
            let name = names.of(entry.path());
            if file_type.is_file() {
                self.candidates.push(Candidate { name, origin: Origin::File(entry.into_path()), unsure: true });
            } else {
                self.refuse(&name, file_type);
            }
        }
    }
}

fn extension(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn is_candidate(extension: &str) -> bool {
    ["json", "jsonc", "yaml", "yml", "template", "tf", "tofu", "tfvars", "http", "rest"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// How reports call files.
#[derive(Debug, Default)]
pub(super) struct Names {
    working_directory: std::cell::OnceCell<Option<PathBuf>>,
}

impl Names {
    pub fn of(&self, path: &Path) -> String {
        let mut path = path;
        if path.is_absolute() {
            let here = self.working_directory.get_or_init(|| std::env::current_dir().ok());
            path = here.as_deref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
        }
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
}

/// What was read of a text.
pub(super) enum Reading {
    Text(Vec<u8>),
    /// Longer than the limit: its length as far as it is known, and what has been read.
    TooLong(u64, Vec<u8>),
}

/// Reads a text, unless it is known or turns out to be longer than `limit` bytes.
pub(super) fn read(candidate: &Candidate, limit: usize) -> io::Result<Reading> {
    let limit = limit as u64;
    let mut bytes = Vec::new();
    match &candidate.origin {
        Origin::Stdin => {
            io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)?;
        }
        Origin::File(path) => {
            let file = File::open(path)?;
            let length = file.metadata()?.len();
            if length > limit {
                return Ok(Reading::TooLong(length, bytes));
            }
            bytes.reserve_exact(usize::try_from(length).unwrap_or(0) + 1);
            file.take(limit + 1).read_to_end(&mut bytes)?;
        }
    }
    if bytes.len() as u64 > limit {
        return Ok(Reading::TooLong(bytes.len() as u64, bytes));
    }
    Ok(Reading::Text(bytes))
}

/// Puts a new text in the place of a file, all of it or nothing.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut draft = Draft::of(path)?;
    draft.write_all(text.as_bytes())?;
    draft.publish()
}

/// A new file beside the one it will replace, whose name and permissions it takes once all of it is written. What is
/// written through a symbolic link is the file it leads to. A draft that is dropped leaves nothing behind.
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
        // A rename would pass over it. WASI knows no permissions: there the host looks after them (pkg/src/command.js).
        let is_barred = permissions.as_ref().is_some_and(Permissions::readonly);
        if is_barred && cfg!(not(target_os = "wasi")) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(DRAFT);
        // What is there keeps its permissions; what is new gets those that any new file gets.
        #[cfg(unix)]
        if permissions.is_none() {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder)?;
        Ok(Self { file, target, permissions })
    }

    /// Puts it in its place.
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

/// The files of the Terraform module that a file belongs to: all of its folder, those that cannot be read left out.
/// Nothing for what is no file of Terraform.
pub(super) fn module(candidate: &Candidate, limit: usize) -> Option<Module> {
    let Origin::File(path) = &candidate.origin else { return None };
    if !Module::has(&candidate.name) {
        return None;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let start = candidate.name.rfind('/').map_or(0, |at| at + 1);
    let mut sources = Vec::new();
    let mut is_whole = true;
    for entry in fs::read_dir(folder).ok()? {
        let name = entry.ok()?.file_name();
        let name = name.to_str().map(|name| format!("{}{name}", &candidate.name[..start]));
        let Some(name) = name.filter(|name| Module::has(name)) else { continue };
        let path = folder.join(&name[start..]);
        if !path.is_file() {
            continue;
        }
        match read(&Candidate { name: name.clone(), origin: Origin::File(path), unsure: true }, limit) {
            Ok(Reading::Text(bytes)) => sources.push(Source::from_bytes(name, bytes)),
            _ => is_whole = false,
        }
    }
    sources.sort_by(|one, other| one.name().cmp(other.name()));
    Some(Module::of(&sources, is_whole))
}

/// Why something could not be done, in a few words.
pub(super) fn why(error: &io::Error) -> String {
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

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

#[cfg(unix)]
fn what(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if file_type.is_fifo() {
        "a FIFO"
    } else if file_type.is_socket() {
        "a socket"
    } else if file_type.is_char_device() || file_type.is_block_device() {
        "a device"
    } else {
        "something else"
    }
}

#[cfg(not(unix))]
fn what(_: FileType) -> &'static str {
    "a pipe or a device"
}
