//! `streamlint check --watch`: lints again after a change of anything that a run reads.
//!
//! Before each run it notes the files that the run will find. A change to one of these starts a run. A change to
//! something else in a folder starts a run if a walk would find it. So neither a growing log beside the definitions nor
//! the report itself starts one.

use std::collections::{BTreeSet, HashSet};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::arguments::Arguments;
use super::files::{self, DRAFT};
use super::signals::on_signal;
use super::status::Status;
use super::terminal::complain;
use super::{check, walk};
use crate::settings::FILE_NAME;
use crate::settings::disk::{absolute, reason};
use crate::settings::finder::{Choice, Finder};
use crate::{Module, Style};

/// Editors write in several steps. A run starts after no change for this long.
const PAUSE: Duration = Duration::from_millis(80);

/// A run starts after this long, even if something changes all the time.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Files other than settings that exclude files of folders.
const IGNORE_FILES: &[&str] = &[".gitignore", ".ignore"];

enum Event {
    Changed(Vec<PathBuf>),
    /// Ctrl-C.
    End,
}

/// Lints, and again after each change, until Ctrl-C. The status is that of the last run.
pub(super) fn run(arguments: &Arguments) -> Status {
    let (sender, events) = channel();
    let started = on_ctrl_c(sender.clone()).and_then(|()| Watch::start(arguments, sender));
    let mut watch = match started {
        Ok(watch) => watch,
        Err(sentence) => {
            complain(&sentence);
            return Status::Failed;
        }
    };
    loop {
        clear();
        watch.look(arguments);
        let status = check::run(arguments);
        if !arguments.quiet {
            complain("watching for changes; Ctrl-C ends");
        }
        let Some(changed) = watch.wait(&events) else { return status };
        if !arguments.quiet {
            complain(&format!("{} has changed", changed.display()));
        }
    }
}

/// A terminal shows one run at a time.
fn clear() {
    if io::stdout().is_terminal() {
        let _ = write!(io::stdout(), "\u{1b}[2J\u{1b}[3J\u{1b}[H").and_then(|()| io::stdout().flush());
    }
}

/// The first Ctrl-C ends after the current run, the second one at once.
fn on_ctrl_c(sender: Sender<Event>) -> Result<(), String> {
    let is_second = Arc::new(AtomicBool::new(false));
    let handler = move || {
        if is_second.swap(true, Ordering::Relaxed) || sender.send(Event::End).is_err() {
            files::end();
        }
    };
    on_signal(handler).map_err(|error| format!("cannot handle Ctrl-C: {error}"))
}

struct Watch {
    watcher: RecommendedWatcher,
    choice: Choice,
    /// Finds settings as the last run did.
    finder: Arc<Finder>,
    folders: Vec<Folder>,
    /// The files that the last run found, by absolute paths.
    known: BTreeSet<PathBuf>,
    /// Named files.
    files: BTreeSet<PathBuf>,
    /// The baselines and policies that the settings named in the last run.
    baselines: BTreeSet<PathBuf>,
    /// The folders of named Terraform files, which are linted together with their neighbors.
    modules: BTreeSet<PathBuf>,
    /// Folders outside of the walk whose `streamlint.toml` or .gitignore applies.
    settings: BTreeSet<PathBuf>,
    ignores: BTreeSet<PathBuf>,
    /// Files that the runs write.
    outputs: Vec<PathBuf>,
    streams: HashSet<Identity>,
}

/// A folder that is walked.
struct Folder {
    /// As named, which determines its settings.
    named: PathBuf,
    /// Absolute and without links, as in change events.
    canonical: PathBuf,
}

impl Folder {
    /// Converts a path in it to the form that the walk uses.
    fn as_named(&self, path: &Path) -> Option<PathBuf> {
        path.strip_prefix(&self.canonical).ok().map(|inside| self.named.join(inside))
    }
}

impl Watch {
    /// Watches the files and folders that may start a run.
    fn start(arguments: &Arguments, sender: Sender<Event>) -> Result<Self, String> {
        let on_change = move |event: notify::Result<notify::Event>| {
            // Reading is not a change.
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                let _ = sender.send(Event::Changed(event.paths));
            }
        };
        let watcher = notify::recommended_watcher(on_change).map_err(|error| format!("cannot watch files: {error}"))?;
        let choice = arguments.choice();
        let mut watch = Self {
            watcher,
            finder: finder(&choice),
            choice,
            folders: Vec::new(),
            known: BTreeSet::new(),
            files: BTreeSet::new(),
            baselines: BTreeSet::new(),
            modules: BTreeSet::new(),
            settings: BTreeSet::new(),
            ignores: BTreeSet::new(),
            outputs: arguments.written().filter_map(|(_, path)| canonical(&path)).collect(),
            streams: streams(),
        };
        let canonical = |path: &Path| path.canonicalize().map_err(|error| cannot(path, &reason(&error)));
        // A file is often replaced by a rename, so its folder is watched.
        let mut beside = BTreeSet::new();
        for named in arguments.paths(".") {
            let canonical = canonical(&named)?;
            if canonical.is_dir() {
                watch.settings.extend(above(&canonical));
                watch.ignores.extend(above(&canonical).into_iter().chain(ignoring(&canonical)));
                watch.folders.push(Folder { named, canonical });
            } else if let Some(folder) = canonical.parent() {
                watch.settings.extend(above(folder));
                watch.settings.insert(folder.to_owned());
                beside.insert(folder.to_owned());
                if Module::has(&named.to_string_lossy()) {
                    watch.modules.insert(folder.to_owned());
                }
                watch.files.insert(canonical);
            }
        }
        for path in arguments.files_beside() {
            let canonical = canonical(path)?;
            beside.extend(canonical.parent().map(Path::to_owned));
            watch.files.insert(canonical);
        }
        if !matches!(watch.choice, Choice::Nearest) {
            watch.settings.clear();
        }
        for Folder { canonical, .. } in &watch.folders {
            watch.watcher.watch(canonical, RecursiveMode::Recursive).map_err(|error| cannot(canonical, &error))?;
        }
        let is_inside =
            |folder: &PathBuf| watch.folders.iter().any(|Folder { canonical, .. }| folder.starts_with(canonical));
        for folder in beside.iter().filter(|folder| !is_inside(folder)) {
            watch.watcher.watch(folder, RecursiveMode::NonRecursive).map_err(|error| cannot(folder, &error))?;
        }
        for folder in watch.settings.union(&watch.ignores) {
            if !is_inside(folder) && !beside.contains(folder) {
                // A folder that cannot be read has no settings that apply.
                let _ = watch.watcher.watch(folder, RecursiveMode::NonRecursive);
            }
        }
        Ok(watch)
    }

    /// Notes the files that the coming run will read: those in folders, and the baselines and policies that settings name.
    fn look(&mut self, arguments: &Arguments) {
        self.finder = finder(&self.choice);
        let inputs = walk::inputs(&arguments.paths("."), "", false, &self.finder);
        self.known = inputs.candidates.map(|found| absolute(found.path())).collect();
        let named = if arguments.reads_baselines() { self.finder.baselines() } else { Vec::new() };
        let named = named.into_iter().chain(self.finder.policy_files()).collect::<Vec<_>>();
        self.baselines = named.iter().filter_map(|path| path.canonicalize().ok().or_else(|| canonical(path))).collect();
        for folder in self.baselines.iter().filter_map(|path| path.parent()) {
            // Watching a folder twice does no harm. If a folder cannot be watched, its baseline cannot be read either.
            if !self.folders.iter().any(|Folder { canonical, .. }| folder.starts_with(canonical)) {
                let _ = self.watcher.watch(folder, RecursiveMode::NonRecursive);
            }
        }
    }

    /// Waits for a change, until no more changes follow. Returns the first change, or `None` at the end.
    fn wait(&self, events: &Receiver<Event>) -> Option<PathBuf> {
        loop {
            let Event::Changed(paths) = events.recv().ok()? else { return None };
            let Some(changed) = paths.into_iter().find(|path| self.counts(path)) else { continue };
            let begun = Instant::now();
            while let Ok(more) = events.recv_timeout(PAUSE.min(LONGEST_PAUSE.saturating_sub(begun.elapsed()))) {
                if matches!(more, Event::End) {
                    return None;
                }
            }
            let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
            return Some(changed.strip_prefix(here).map(Path::to_owned).unwrap_or(changed));
        }
    }

    fn counts(&self, path: &Path) -> bool {
        let (Some(name), Some(folder)) = (path.file_name(), path.parent()) else { return false };
        let name = name.to_string_lossy();
        if name.starts_with(DRAFT) || self.outputs.iter().any(|output| output == path) {
            return false;
        }
        let is_named = self.files.contains(path)
            || self.baselines.contains(path)
            || Module::has(&name) && self.modules.contains(folder)
            || name == FILE_NAME && self.settings.contains(folder)
            || IGNORE_FILES.contains(&&*name) && self.ignores.contains(folder);
        let is_stream = || identity(path.metadata()).is_some_and(|file| self.streams.contains(&file));
        is_named || self.folders.iter().any(|inside| self.counts_in(inside, path, &name)) && !is_stream()
    }

    /// Whether a run over a folder would read a path inside, or did.
    fn counts_in(&self, inside: &Folder, path: &Path, name: &str) -> bool {
        let Some(named) = inside.as_named(path) else { return false };
        let canonical = absolute(&named);
        if self.known.range(canonical.clone()..).next().is_some_and(|known| known.starts_with(&canonical)) {
            return true;
        }
        let is_settings = name == FILE_NAME && matches!(self.choice, Choice::Nearest);
        if is_settings || IGNORE_FILES.contains(&name) {
            let folder = path.parent().and_then(|folder| inside.as_named(folder));
            return folder.is_some_and(|folder| walk::enters(&inside.named, &folder, &self.finder));
        }
        walk::takes(&inside.named, &named, &self.finder)
    }
}

/// A finder for walks, which need no baselines.
fn finder(choice: &Choice) -> Arc<Finder> {
    Arc::new(Finder::new(choice.clone(), false, Style::default()))
}

/// Identifies a file by its device and inode.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(file: io::Result<std::fs::Metadata>) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let file = file.ok().filter(std::fs::Metadata::is_file)?;
    Some((file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(_: io::Result<std::fs::Metadata>) -> Option<Identity> {
    None
}

/// The files that standard output and standard error are redirected to.
#[cfg(unix)]
fn streams() -> HashSet<Identity> {
    use std::os::fd::AsFd as _;
    let copies = [io::stdout().as_fd().try_clone_to_owned(), io::stderr().as_fd().try_clone_to_owned()];
    copies.into_iter().flatten().filter_map(|copy| identity(std::fs::File::from(copy).metadata())).collect()
}

#[cfg(not(unix))]
fn streams() -> HashSet<Identity> {
    HashSet::new()
}

/// A path of a file that may not exist yet, without links in its folders.
fn canonical(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// The folders above one that may hold settings for it: up to the root of the repository, or without one the nearest folder
/// that has some.
fn above(folder: &Path) -> Vec<PathBuf> {
    let has = |folder: &&Path, name: &str| folder.join(name).symlink_metadata().is_ok();
    match folder.ancestors().position(|folder| has(&folder, ".git")) {
        Some(steps) => folder.ancestors().skip(1).take(steps).map(Path::to_owned).collect(),
        None => folder.ancestors().find(|folder| has(folder, FILE_NAME)).map(Path::to_owned).into_iter().collect(),
    }
}

/// The folders above one that hold ignore files.
fn ignoring(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let has_some = |folder: &&Path| IGNORE_FILES.iter().any(|name| folder.join(name).symlink_metadata().is_ok());
    folder.ancestors().skip(1).filter(has_some).map(Path::to_owned)
}

fn cannot(path: &Path, why: &dyn std::fmt::Display) -> String {
    format!("{}: cannot watch this: {why}", path.display())
}
