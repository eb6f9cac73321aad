//! Which files to lint, how to read one, and how to write one back.

use std::fs::{self, File, FileType, Permissions};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf, is_separator};
use std::sync::Arc;

use crate::{Module, Source};
use ignore::{DirEntry, WalkBuilder};
use tempfile::NamedTempFile;

use super::settings::{Finder, Found};

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
    /// The file that its name leads to, as nearly all names do: a run has many of them, and keeps each once.
    Named,
    /// A file whose name, as text with `/`, leads nowhere or elsewhere.
    At(Box<PathBuf>),
}

/// A text to lint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    /// What reports call it: its path relative to the working directory, with `/`. Shared with its source and report.
    pub name: Arc<str>,
    pub origin: Origin,
    /// It may be something else than a definition; then nothing is said about it.
    pub unsure: bool,
}

impl Candidate {
    pub fn stdin(name: &str, unsure: bool) -> Self {
        Self { name: name.into(), origin: Origin::Stdin, unsure }
    }

    pub fn of(path: &Path, names: &Names, unsure: bool) -> Self {
        let name = names.of(path);
        let origin = if names.lead(&name, path) { Origin::Named } else { Origin::At(Box::new(path.into())) };
        Self { name: name.into(), origin, unsure }
    }

    /// Where it stands, or would stand.
    pub fn path(&self) -> &Path {
        match &self.origin {
            Origin::At(path) => path,
            Origin::Stdin | Origin::Named => Path::new(&*self.name),
        }
    }
}

/// The texts to lint, and a sentence for each path that cannot be read.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub candidates: Vec<Candidate>,
    pub failures: Vec<String>,
}

/// A file that was found in a folder, and whose name leads to it.
#[cfg_attr(
    target_family = "wasm",
    expect(dead_code, reason = "there nothing is judged while folders are looked through")
)]
pub(super) struct Seen<'a> {
    pub name: &'a str,
    /// Its number on its disk, or 0 where there is none. Files that were written together have near ones.
    pub inode: u64,
}

/// Looks the paths up. Of folders only what may be a definition is taken; `takes` says of most of it whether it is in other
/// hands now, with the settings for it, and not to be among the candidates.
pub(super) fn gather(
    paths: &[PathBuf],
    stdin_name: &str,
    skip_unrecognized: bool,
    finder: &Arc<Finder>,
    takes: &mut dyn FnMut(&Seen, &Found) -> bool,
) -> Gathered {
    let mut gathered = Gathered::default();
    let names = Names::default();
    for path in paths {
        if path.as_os_str() == "-" {
            gathered.take(Candidate::stdin(stdin_name, skip_unrecognized), finder);
            continue;
        }
        match fs::metadata(path) {
            Err(error) => gathered.failures.push(format!("{}: {}", names.of(path), why(&error))),
            Ok(found) if found.is_dir() => gathered.walk(path, &names, finder, takes),
            Ok(found) if found.is_file() => {
                gathered.take(Candidate::of(path, &names, skip_unrecognized), finder);
            }
            Ok(found) => gathered.refuse(&names.of(path), found.file_type()),
        }
    }
    gathered
}

/// On all cores, where there are many.
#[cfg(not(target_family = "wasm"))]
fn sort(candidates: &mut [Candidate]) {
    use rayon::prelude::*;

    candidates.par_sort_unstable();
}

#[cfg(target_family = "wasm")]
fn sort(candidates: &mut [Candidate]) {
    candidates.sort_unstable();
}

impl Gathered {
    /// Puts the candidates into path order, each once.
    pub fn sort(&mut self) {
        // No two are equal but in all, and a stable sort needs memory.
        sort(&mut self.candidates);
        // A file that was named and found as well is the one that was named: `false` comes first.
        self.candidates.dedup_by(|later, first| later.name == first.name);
    }

    /// A text that was named.
    fn take(&mut self, candidate: Candidate, finder: &Finder) {
        let Candidate { name, unsure, .. } = &candidate;
        let extension = extension(name).to_ascii_lowercase();
        if *unsure {
            let usual = || candidate.origin == Origin::Stdin || is_candidate(&extension);
            let path = candidate.path();
            let found = finder.of_file(path);
            if !finder.is_wanted(&found, path, false, usual) || finder.is_left_out(&found) {
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
        self.candidates.push(candidate);
    }

    fn refuse(&mut self, name: &str, file_type: FileType) {
        self.failures.push(format!("{name}: this is {}, not a file", what(file_type)));
    }

    fn walk(
        &mut self,
        folder: &Path,
        names: &Names,
        finder: &Arc<Finder>,
        takes: &mut dyn FnMut(&Seen, &Found) -> bool,
    ) {
        self.take_all(walk(folder, None, finder), folder, names, finder, takes);
    }

    fn take_all(
        &mut self,
        entries: impl Iterator<Item = Result<DirEntry, ignore::Error>>,
        folder: &Path,
        names: &Names,
        finder: &Finder,
        takes: &mut dyn FnMut(&Seen, &Found) -> bool,
    ) {
        let (mut surroundings, mut whole) = (Surroundings::default(), String::new());
        for entry in entries {
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
            let start = surroundings.look_up(path, names, finder);
            let file = path.to_str().map(|text| &text[start..]);
            let usual = || match file {
                Some(file) => is_candidate(extension(file)),
                None => path.extension().and_then(|extension| extension.to_str()).is_some_and(is_candidate),
            };
            if !finder.is_wanted(&surroundings.settings, path, false, usual) {
                continue;
            }
            if !file_type.is_file() {
                self.refuse(&names.of(path), file_type);
                continue;
            }
            let (Some(folder), Some(file)) = (&surroundings.name, file) else {
                self.candidates.push(Candidate::of(path, names, true));
                continue;
            };
            whole.clear();
            whole.push_str(folder);
            whole.push_str(file);
            if !takes(&Seen { name: &whole, inode: inode(&entry) }, &surroundings.settings) {
                self.candidates.push(Candidate { name: whole.as_str().into(), origin: Origin::Named, unsure: true });
            }
        }
    }
}

/// Walks through a folder, as far as files are looked for there; or only towards what stands at one path, and through that.
fn walk(folder: &Path, towards: Option<&Path>, finder: &Arc<Finder>) -> ignore::Walk {
    let (pruning, towards) = (Arc::clone(finder), towards.map(Path::to_owned));
    let is_entered = move |entry: &DirEntry| {
        let path = entry.path();
        let is_on_the_way = |end: &PathBuf| end.starts_with(path) || path.starts_with(end);
        let is_wanted = || {
            !entry.file_type().is_some_and(|file_type| file_type.is_dir())
                || pruning.is_wanted(&pruning.of_file(path), path, true, || true)
        };
        // The folder that was named is looked into.
        entry.depth() == 0 || towards.as_ref().is_none_or(is_on_the_way) && is_wanted()
    };
    // As in a repository also where there is none, so that a checkout and a copy of it are linted alike.
    WalkBuilder::new(folder).require_git(false).filter_entry(is_entered).build()
}

/// Whether a walk through a folder would take what stands at a path in it, or something inside of that.
#[cfg(not(target_family = "wasm"))]
pub(super) fn takes(folder: &Path, path: &Path, finder: &Arc<Finder>) -> bool {
    let is_folder = match path.symlink_metadata() {
        Ok(found) => found.is_dir(),
        Err(_) => return false,
    };
    // Most files of a folder are no definitions, and to say so is cheap.
    let usual = || path.extension().and_then(|extension| extension.to_str()).is_some_and(is_candidate);
    if !is_folder && !finder.is_wanted(&finder.of_file(path), path, false, usual) {
        return false;
    }
    walk(folder, Some(path), finder).any(|entry| {
        let mut gathered = Gathered::default();
        gathered.take_all(std::iter::once(entry), folder, &Names::default(), finder, &mut |_, _| false);
        !gathered.candidates.is_empty() || !gathered.failures.is_empty()
    })
}

/// Whether a walk through a folder would look into one inside of it.
#[cfg(not(target_family = "wasm"))]
pub(super) fn enters(folder: &Path, inside: &Path, finder: &Arc<Finder>) -> bool {
    let entries = walk(folder, Some(inside), finder).filter_map(Result::ok);
    let mut folders = entries.filter(|entry| entry.file_type().is_some_and(|file_type| file_type.is_dir()));
    folders.any(|entry| entry.path() == inside)
}

/// What the files of a folder have in common. It is looked up once, as they come one after the other.
#[derive(Default)]
struct Surroundings {
    /// The folder's path with the separator behind it, as bytes.
    path: Vec<u8>,
    /// What the names of its files begin with, where that leads there.
    name: Option<String>,
    settings: Found,
}

impl Surroundings {
    /// Where the file's own name begins in its path.
    fn look_up(&mut self, path: &Path, names: &Names, finder: &Finder) -> usize {
        let folder = folder_of(path);
        if self.path != folder {
            self.path = folder.to_vec();
            self.settings = finder.of_file(path);
            let folder = path.parent().unwrap_or(Path::new(""));
            let name = names.of(folder);
            self.name = names.lead(&name, folder).then(|| match name.as_str() {
                "." => String::new(),
                name if name.ends_with('/') => name.to_owned(),
                name => format!("{name}/"),
            });
        }
        folder.len()
    }
}

/// The folder that a file stands in, with the separator behind it, as bytes; to compare, which is all that is done with
/// it for most files. Taking paths apart costs more than all the rest.
pub(super) fn folder_of(path: &Path) -> &[u8] {
    let bytes = path.as_os_str().as_encoded_bytes();
    let file = bytes.iter().rposition(|&byte| is_separator(char::from(byte)));
    &bytes[..file.map_or(0, |at| at + 1)]
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
        let path = self.shortened(path);
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

    /// Whether the name of a path leads there: it may hold what is no text, and Windows has paths without `/`.
    fn lead(&self, name: &str, path: &Path) -> bool {
        let path = self.shortened(path);
        Path::new(name) == if path.as_os_str().is_empty() { Path::new(".") } else { path }
    }

    /// A path from the working directory on, where it leads in there.
    fn shortened<'p>(&self, path: &'p Path) -> &'p Path {
        if path.is_absolute() {
            let here = self.working_directory.get_or_init(|| std::env::current_dir().ok());
            return here.as_deref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
        }
        path.strip_prefix(".").unwrap_or(path)
    }
}

/// What was read of a text.
pub(super) enum Reading<'b> {
    Text(&'b [u8]),
    /// Longer than the limit: its length as far as it is known, and what has been read.
    TooLong(u64, &'b [u8]),
}

/// Memory that one text after the other is read into.
#[derive(Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
}

/// Nearly all texts are shorter, in bytes: a page, so that the kernel looks for no second one. One that is not is read on,
/// and leaves the buffer as small as it was.
const USUAL: usize = 1 << 12;

impl Buffer {
    /// Reads a text, unless it is known or turns out to be longer than `limit` bytes.
    pub fn read(&mut self, candidate: &Candidate, limit: usize) -> io::Result<Reading<'_>> {
        if candidate.origin == Origin::Stdin {
            self.make_room(limit);
            return self.fill(io::stdin().lock(), limit, |_| Ok(0));
        }
        self.read_file(candidate.path(), limit)
    }

    /// Reads a file, unless it turns out to be longer than `limit` bytes.
    pub fn read_file(&mut self, path: &Path, limit: usize) -> io::Result<Reading<'_>> {
        self.make_room(limit);
        // How long a file is gets asked only when it does not fit: that would cost as much as reading it.
        self.fill(File::open(path)?, limit, |file| file.metadata().map(|found| found.len()))
    }

    fn make_room(&mut self, limit: usize) {
        self.bytes.truncate(USUAL);
        self.bytes.shrink_to(USUAL);
        self.bytes.resize(USUAL.min(limit.saturating_add(1)), 0);
    }

    fn fill<R: Read>(
        &mut self,
        mut text: R,
        limit: usize,
        length: impl Fn(&R) -> io::Result<u64>,
    ) -> io::Result<Reading<'_>> {
        let mut end = 0;
        loop {
            match text.read(&mut self.bytes[end..]) {
                Ok(0) => return Ok(Reading::Text(&self.bytes[..end])),
                Ok(read) => end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            if end == self.bytes.len() {
                let length = length(&text)?.max(end as u64);
                if length > limit as u64 {
                    return Ok(Reading::TooLong(length, &self.bytes[..end]));
                }
                // With one byte more than there should be, to see that there is none.
                let room = usize::try_from(length).unwrap_or(limit).max(end.saturating_mul(2));
                self.bytes.resize(room.min(limit).saturating_add(1), 0);
            }
        }
    }
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
    if candidate.origin == Origin::Stdin || !Module::has(&candidate.name) {
        return None;
    }
    let folder = candidate.path().parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let start = candidate.name.rfind('/').map_or(0, |at| at + 1);
    let mut buffer = Buffer::default();
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
        let file = Candidate { name: name.into(), origin: Origin::At(Box::new(path)), unsure: true };
        match buffer.read(&file, limit) {
            Ok(Reading::Text(bytes)) => sources.push(Source::from_bytes(file.name, bytes)),
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

#[cfg(unix)]
fn inode(entry: &DirEntry) -> u64 {
    entry.ino().unwrap_or(0)
}

#[cfg(not(unix))]
fn inode(_: &DirEntry) -> u64 {
    0
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

#[cfg(test)]
mod tests {
    use super::*;

    /// How much of a file is read, and its length where that is too much.
    fn read(buffer: &mut Buffer, length: usize, limit: usize) -> (usize, Option<u64>) {
        let folder = tempfile::tempdir().expect("there is room for a file");
        let path = folder.path().join("a.json");
        let text = (0..=u8::MAX).cycle().take(length).collect::<Vec<_>>();
        fs::write(&path, &text).expect("there is room for a file");
        match buffer.read(&Candidate::of(&path, &Names::default(), false), limit).expect("it can be read") {
            Reading::Text(read) if read == text => (read.len(), None),
            Reading::Text(read) => panic!("{} bytes are read of {length}, or others", read.len()),
            Reading::TooLong(length, read) => (read.len(), Some(length)),
        }
    }

    #[test]
    fn a_text_is_read_whole_or_said_to_be_too_long() {
        let mut buffer = Buffer::default();
        for length in [0, 1, USUAL - 1, USUAL, USUAL + 1, 2 * USUAL, 3 * USUAL + 1, 100 * USUAL, 5] {
            assert_eq!(read(&mut buffer, length, 1 << 20), (length, None));
            assert_eq!(read(&mut buffer, length, length), (length, None));
        }
        assert_eq!(read(&mut buffer, 2, 1), (2, Some(2)));
        assert_eq!(read(&mut buffer, 3 * USUAL, USUAL), (USUAL, Some(3 * USUAL as u64)));
        assert_eq!(read(&mut buffer, 3 * USUAL, 3 * USUAL - 1), (USUAL, Some(3 * USUAL as u64)));
        assert!(buffer.bytes.capacity() <= 2 * USUAL, "what one text needs is not kept");
    }
}
