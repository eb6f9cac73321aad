//! The texts to lint: named files, and the files of folders, in the order of their names.
//!
//! Folders are walked while their files are linted, so memory does not grow with the number of files.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf, is_separator};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder};
use itertools::Itertools as _;

use crate::settings::disk::{is_made_up, name_of, reason, without_detour};
use crate::settings::finder::{Finder, Found, is_wanted};
use crate::text::Extension;

/// The name of standard input in reports, unless --stdin-filename sets one.
pub(super) const STDIN: &str = "<stdin>";

/// The extension of a syntax that never contains connections.
const WITHOUT_CONNECTIONS: &str = "toml";

/// Extensions of languages that often contain connections, but are not supported.
const UNREAD: &[(&str, &str)] = &[
    ("cjs", "JavaScript"),
    ("cs", "C#"),
    ("cts", "TypeScript"),
    ("go", "Go"),
    ("ipynb", "a notebook"),
    ("java", "Java"),
    ("js", "JavaScript"),
    ("jsx", "JavaScript"),
    ("kt", "Kotlin"),
    ("mjs", "JavaScript"),
    ("mts", "TypeScript"),
    ("ps1", "PowerShell"),
    ("py", "Python"),
    ("rb", "Ruby"),
    ("ts", "TypeScript"),
    ("tsx", "TypeScript"),
];

/// The reason why texts with an extension are not supported, if so.
fn unread(extension: &str) -> Option<String> {
    if extension.eq_ignore_ascii_case(WITHOUT_CONNECTIONS) {
        return Some(format!(".{extension} files contain no connections; use JSON, YAML or Terraform"));
    }
    let (_, language) = UNREAD.iter().find(|(unread, _)| extension.eq_ignore_ascii_case(unread))?;
    Some(format!("this is {language}, which is not supported; use JSON, YAML or Terraform"))
}

/// The source of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    Stdin,
    File(PathBuf),
    /// A folder that cannot be read, or something that is not a file. The text is the reason.
    Unreadable(String),
}

/// A text to lint.
pub(super) struct Candidate {
    /// Its name in reports. Shared with its source and report.
    pub name: Arc<str>,
    pub origin: Origin,
    /// Whether it is skipped if it does not look like a definition.
    pub may_skip: bool,
    pub settings: Found,
}

impl Candidate {
    /// Standard input. The settings for it are those of its name.
    pub fn stdin(name: &str, may_skip: bool, finder: &Finder) -> Self {
        let settings = finder.settings_for(Path::new(name));
        Self { name: name.into(), origin: Origin::Stdin, may_skip, settings }
    }

    /// A named file.
    pub fn file(path: &Path, may_skip: bool, finder: &Finder) -> Self {
        let settings = finder.settings_for(path);
        Self { name: name_of(path).into(), origin: Origin::File(path.to_owned()), may_skip, settings }
    }

    fn unreadable(path: &Path, reason: String) -> Self {
        Self { name: name_of(path).into(), origin: Origin::Unreadable(reason), may_skip: true, settings: None }
    }

    /// Its path, which need not exist for standard input.
    pub fn path(&self) -> &Path {
        match &self.origin {
            Origin::File(path) => path,
            Origin::Stdin | Origin::Unreadable(_) => Path::new(&*self.name),
        }
    }
}

/// The candidates of a folder or a run.
pub(super) type Candidates = Box<dyn Iterator<Item = Candidate> + Send>;

/// The targets of the paths of a run.
pub(super) struct Inputs {
    /// Each once, in the order of their names.
    pub candidates: Candidates,
    /// Whether standard input is one of them.
    pub has_stdin: bool,
    /// A sentence for each path that cannot be read.
    pub failures: Vec<String>,
}

/// Looks the paths up. Named files are always candidates; of folders, only files that may be definitions.
pub(super) fn inputs(paths: &[PathBuf], stdin_name: &str, skip_unrecognized: bool, finder: &Arc<Finder>) -> Inputs {
    let (mut named, mut folders, mut failures) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        if path.as_os_str() == "-" {
            named.push(Candidate::stdin(stdin_name, skip_unrecognized, finder));
            continue;
        }
        let path = &*without_detour(path);
        match fs::metadata(path) {
            Err(error) => failures.push(format!("{}: {}", name_of(path), reason(&error))),
            Ok(found) if found.is_dir() => folders.push(Box::new(files_in(path.to_owned(), finder)) as Candidates),
            Ok(found) if found.is_file() && !is_made_up(&found) => {
                named.push(Candidate::file(path, skip_unrecognized, finder));
            }
            Ok(found) => failures.push(format!("{}: {}", name_of(path), not_a_file(found.file_type()))),
        }
    }
    named.retain(|candidate| is_linted(candidate, finder, &mut failures));
    let has_stdin = named.iter().any(|candidate| candidate.origin == Origin::Stdin);
    named.sort_by(in_order);
    folders.push(Box::new(named.into_iter()));
    let sorted = folders.into_iter().kmerge_by(|one, other| in_order(one, other).is_lt());
    Inputs { candidates: Box::new(sorted.dedup_by(|one, other| one.name == other.name)), has_stdin, failures }
}

/// Sorted by name. A file that is both named and found counts as named.
fn in_order(one: &Candidate, other: &Candidate) -> Ordering {
    one.name.cmp(&other.name).then(one.may_skip.cmp(&other.may_skip))
}

/// Whether a named text is linted.
fn is_linted(candidate: &Candidate, finder: &Finder, failures: &mut Vec<String>) -> bool {
    let Candidate { name, origin, may_skip, settings } = candidate;
    let extension = Path::new(&**name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let unread = unread(extension);
    if !may_skip {
        let is_read = unread.is_none();
        failures.extend(unread.map(|reason| format!("{name}: {reason}")));
        return is_read;
    }
    let path = candidate.path();
    let usual = || *origin == Origin::Stdin || is_usual(name);
    unread.is_none() && is_wanted(settings, path, false, usual) && !finder.is_excluded(settings)
}

/// Whether files with this name are linted with their folder.
fn is_usual(name: &str) -> bool {
    Extension::of_name(name).is_some_and(|known| known.in_folders)
}

/// The candidates of a folder, in the order of their names.
fn files_in(root: PathBuf, finder: &Arc<Finder>) -> impl Iterator<Item = Candidate> + Send + use<> {
    let finder = Arc::clone(finder);
    let mut folder = Folder::default();
    walk(&root, None, &finder).filter_map(move |entry| candidate(entry, &root, &mut folder, &finder))
}

fn candidate(
    entry: Result<DirEntry, ignore::Error>,
    root: &Path,
    folder: &mut Folder,
    finder: &Finder,
) -> Option<Candidate> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => {
            let reason = error.io_error().map_or_else(|| error.to_string(), reason);
            return Some(Candidate::unreadable(path_of(&error).unwrap_or(root), reason));
        }
    };
    let (file_type, path) = (entry.file_type()?, entry.path());
    if file_type.is_dir() || file_type.is_symlink() {
        return None;
    }
    folder.enter(path, finder);
    if !is_wanted(&folder.settings, path, false, || is_usual(&folder.name)) {
        return None;
    }
    if !file_type.is_file() {
        return Some(Candidate::unreadable(path, not_a_file(file_type)));
    }
    let (name, settings) = (folder.name.as_str().into(), folder.settings.clone());
    Some(Candidate { name, origin: Origin::File(entry.into_path()), may_skip: true, settings })
}

/// The properties that the files of a folder share. They are looked up once, as the files follow each other.
#[derive(Default)]
struct Folder {
    /// Its path with the separator at the end.
    path: String,
    /// The name of the current file in reports, and the length of the part that all files share.
    name: String,
    prefix: usize,
    settings: Found,
}

impl Folder {
    /// Looks up the folder of a file, and the name of the file.
    fn enter(&mut self, path: &Path, finder: &Finder) {
        // Splitting a `Path` takes longer than everything else, so the text is split.
        let text = path.to_str().map_or_else(|| path.to_string_lossy(), Cow::Borrowed);
        let (folder, file) = text.split_at(text.rfind(is_separator).map_or(0, |at| at + 1));
        if self.path.is_empty() || self.path != folder {
            folder.clone_into(&mut self.path);
            let folder = path.parent().unwrap_or(Path::new(""));
            self.settings = finder.settings_of(folder);
            self.name = match name_of(folder).as_str() {
                "." => String::new(),
                "/" => "/".to_owned(),
                name => format!("{name}/"),
            };
            self.prefix = self.name.len();
        }
        self.name.truncate(self.prefix);
        self.name.push_str(file);
    }
}

/// Walks a folder in the order of names: all of it, or only the path to one entry and everything inside it.
fn walk(folder: &Path, towards: Option<&Path>, finder: &Arc<Finder>) -> ignore::Walk {
    let (finder, towards) = (Arc::clone(finder), towards.map(Path::to_owned));
    let is_entered = move |entry: &DirEntry| {
        let path = entry.path();
        let is_on_the_way = |end: &PathBuf| end.starts_with(path) || path.starts_with(end);
        let is_folder = entry.file_type().is_some_and(|file_type| file_type.is_dir());
        let is_followed = || !is_folder || is_wanted(&finder.settings_for(path), path, true, || true);
        // The folder itself was named, so its own exclusion is ignored.
        entry.depth() == 0 || towards.as_ref().is_none_or(is_on_the_way) && is_followed()
    };
    // .gitignore applies outside of repositories, too: a copy of a checkout is linted like the checkout.
    WalkBuilder::new(folder).require_git(false).sort_by_file_path(by_name).filter_entry(is_entered).build()
}

/// The order of two neighbors. The files of a folder start with `folder/`, so it comes after `folder.json`.
fn by_name(one: &Path, other: &Path) -> Ordering {
    let (first, second) = (one.as_os_str().as_encoded_bytes(), other.as_os_str().as_encoded_bytes());
    // Looking up the file type is slow, and the slash only matters if one name is a prefix of the other.
    if first.len() != second.len() && (first.starts_with(second) || second.starts_with(first)) {
        let name = |path: &Path| [path.as_os_str().as_encoded_bytes(), if path.is_dir() { b"/" } else { b"" }].concat();
        return name(one).cmp(&name(other));
    }
    first.cmp(second)
}

/// Whether linting a folder would lint a path inside it, or something below that path.
pub(super) fn takes(folder: &Path, path: &Path, finder: &Arc<Finder>) -> bool {
    let Ok(found) = path.symlink_metadata() else { return false };
    // Most files of a folder are not definitions, and need no walk.
    if !found.is_dir() && !is_wanted(&finder.settings_for(path), path, false, || is_usual(&path.to_string_lossy())) {
        return false;
    }
    let mut shared = Folder::default();
    walk(folder, Some(path), finder).any(|entry| candidate(entry, folder, &mut shared, finder).is_some())
}

/// Whether linting a folder would enter a folder inside it.
#[cfg(not(target_family = "wasm"))]
pub(super) fn enters(folder: &Path, inside: &Path, finder: &Arc<Finder>) -> bool {
    let entries = walk(folder, Some(inside), finder).filter_map(Result::ok);
    let mut folders = entries.filter(|entry| entry.file_type().is_some_and(|file_type| file_type.is_dir()));
    folders.any(|entry| entry.path() == inside)
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

fn not_a_file(file_type: FileType) -> String {
    if file_type.is_file() {
        return "this is a virtual file of the kernel, which may never end".to_owned();
    }
    format!("this is {}, not a file", what(file_type))
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
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
mod tests {
    use super::*;
    use crate::Style;
    use crate::settings::finder::Choice;

    fn names(paths: &[PathBuf]) -> Vec<String> {
        let finder = Arc::new(Finder::new(Choice::None, false, Style::default()));
        let inputs = inputs(paths, STDIN, false, &finder);
        assert_eq!(inputs.failures, Vec::<String>::new());
        inputs.candidates.map(|candidate| candidate.name.to_string()).collect()
    }

    #[test]
    fn files_are_unique_and_sorted_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let files =
            ["a.json", "a-b.json", "a/b.json", "a/b/c.json", "a-b/c.json", "ab.json", "a/.b.json", "é/a.json", "z.txt"];
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        let root = folder.path().to_owned();
        let all = names(std::slice::from_ref(&root));
        let expected = ["a-b.json", "a-b/c.json", "a.json", "a/b.json", "a/b/c.json", "ab.json", "é/a.json"];
        assert_eq!(all, expected.map(|name| format!("{}/{name}", root.display())));
        // Two folders and a file, all of them also inside of the third.
        assert_eq!(names(&[root.join("é"), root.join("a"), root.clone(), root.join("a.json")]), all);
    }
}
