//! `streamlint check --watch`: lints again when something changes.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use streamlint::Module;
use streamlint::settings::FILE_NAME;

use super::Status;
use super::check::{self, Arguments};
use super::files::DRAFT;
use super::settings::Finder;
use super::terminal::complain;

/// Editors write in several steps. A run begins when nothing has changed for so long.
const PAUSE: Duration = Duration::from_millis(80);

enum News {
    Changed(Vec<PathBuf>),
    /// Ctrl-C.
    End,
}

/// Lints, and again after each change, until Ctrl-C. The status is that of the last run.
pub(super) fn run(arguments: &Arguments) -> Status {
    let (sender, news) = channel();
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
        let status = check::once(arguments, |finder| watch.baselines(finder));
        if !arguments.quiet {
            complain("watching for changes; Ctrl-C ends");
        }
        let Some(changed) = watch.wait(&news) else { return status };
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

/// The first Ctrl-C ends after the run that is going on, the second one at once.
fn on_ctrl_c(sender: Sender<News>) -> Result<(), String> {
    let is_second = AtomicBool::new(false);
    let handler = move || {
        if is_second.swap(true, Ordering::Relaxed) || sender.send(News::End).is_err() {
            // As shells say that a signal has ended a command.
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler).map_err(|error| format!("Ctrl-C cannot be waited for: {error}"))
}

struct Watch {
    watcher: RecommendedWatcher,
    /// Folders of which everything counts.
    folders: Vec<PathBuf>,
    /// Files that count, beside all settings.
    files: BTreeSet<PathBuf>,
    /// The baselines that the settings named in the last run.
    baselines: BTreeSet<PathBuf>,
    /// Folders of which Terraform's files count: those that are named are read together with the others.
    modules: BTreeSet<PathBuf>,
    /// What the runs write themselves.
    own: Vec<PathBuf>,
}

impl Watch {
    /// Watches what counts.
    fn start(arguments: &Arguments, sender: Sender<News>) -> Result<Self, String> {
        let told = move |event: notify::Result<Event>| {
            // Reading is no change.
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                let _ = sender.send(News::Changed(event.paths));
            }
        };
        let watcher = notify::recommended_watcher(told).map_err(|error| format!("nothing can be watched: {error}"))?;
        let mut watch = Self {
            watcher,
            folders: Vec::new(),
            files: BTreeSet::new(),
            baselines: BTreeSet::new(),
            modules: BTreeSet::new(),
            own: Vec::new(),
        };
        // A file is often replaced by another one of its name, so its folder is watched.
        let mut beside = BTreeSet::new();
        for path in arguments.paths(".").into_iter().chain(arguments.files_beside()) {
            let whole = path.canonicalize().map_err(|error| cannot(&path, &super::files::why(&error)))?;
            if whole.is_dir() {
                watch.folders.push(whole);
            } else if let Some(folder) = whole.parent() {
                beside.insert(folder.to_owned());
                if Module::has(&path.to_string_lossy()) {
                    watch.modules.insert(folder.to_owned());
                }
                watch.files.insert(whole);
            }
        }
        let is_inside = |folder: &PathBuf| watch.folders.iter().any(|whole| folder.starts_with(whole));
        for folder in &watch.folders {
            watch.watcher.watch(folder, RecursiveMode::Recursive).map_err(|error| cannot(folder, &error))?;
        }
        for folder in beside.iter().filter(|folder| !is_inside(folder)) {
            watch.watcher.watch(folder, RecursiveMode::NonRecursive).map_err(|error| cannot(folder, &error))?;
        }
        if arguments.looks_for_settings() {
            let above = watch.folders.iter().chain(&beside).flat_map(|folder| above(folder)).collect::<BTreeSet<_>>();
            for folder in above.iter().filter(|folder| !is_inside(folder) && !beside.contains(*folder)) {
                // A folder that nobody may look into has no settings that count.
                let _ = watch.watcher.watch(folder, RecursiveMode::NonRecursive);
            }
        }
        watch.own = arguments.written().filter_map(whole).collect();
        Ok(watch)
    }

    /// Watches the baselines that settings name, too. These are only known once a run has read them.
    fn baselines(&mut self, finder: &Finder) {
        let named = finder.baselines();
        self.baselines = named.iter().filter_map(|path| path.canonicalize().ok().or_else(|| whole(path))).collect();
        for folder in self.baselines.iter().filter_map(|path| path.parent()) {
            // A folder that is watched already stays so. One that cannot be watched has a baseline that cannot be read.
            if !self.folders.iter().any(|whole| folder.starts_with(whole)) {
                let _ = self.watcher.watch(folder, RecursiveMode::NonRecursive);
            }
        }
    }

    /// Waits until something has changed and nothing changes any more: what changed first. Nothing is the end.
    fn wait(&self, news: &Receiver<News>) -> Option<PathBuf> {
        loop {
            let News::Changed(paths) = news.recv().ok()? else { return None };
            let Some(changed) = paths.into_iter().find(|path| self.counts(path)) else { continue };
            while let Ok(more) = news.recv_timeout(PAUSE) {
                if matches!(more, News::End) {
                    return None;
                }
            }
            let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
            return Some(changed.strip_prefix(here).map(Path::to_owned).unwrap_or(changed));
        }
    }

    fn counts(&self, path: &Path) -> bool {
        let Some(name) = path.file_name() else { return false };
        let is_draft = name.to_string_lossy().starts_with(DRAFT);
        let is_of_git = path.components().any(|part| part.as_os_str() == ".git");
        let is_of_module = || {
            Module::has(&name.to_string_lossy()) && path.parent().is_some_and(|folder| self.modules.contains(folder))
        };
        let is_watched = name == FILE_NAME
            || self.files.contains(path)
            || self.baselines.contains(path)
            || self.folders.iter().any(|folder| path.starts_with(folder))
            || is_of_module();
        is_watched && !is_draft && !is_of_git && !self.own.iter().any(|own| own == path)
    }
}

/// A path of a file that may not be there yet, without links in its folders.
fn whole(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// The folders above one in which settings for it may stand: up to the root of the repository, or where there is none the
/// nearest that has some.
fn above(folder: &Path) -> Vec<PathBuf> {
    let has = |folder: &&Path, name: &str| folder.join(name).symlink_metadata().is_ok();
    match folder.ancestors().position(|folder| has(&folder, ".git")) {
        Some(steps) => folder.ancestors().skip(1).take(steps).map(Path::to_owned).collect(),
        None => folder.ancestors().find(|folder| has(folder, FILE_NAME)).map(Path::to_owned).into_iter().collect(),
    }
}

fn cannot(path: &Path, why: &dyn std::fmt::Display) -> String {
    format!("{}: this cannot be watched: {why}", path.display())
}
