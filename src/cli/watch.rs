//! `streamlint check --watch`: lints again when something changes.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecursiveMode, Watcher as _};
use streamlint::settings::FILE_NAME;

use super::Status;
use super::check::{self, Arguments};
use super::files::DRAFT;
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
    let watch = match started {
        Ok(watch) => watch,
        Err(sentence) => {
            complain(&sentence);
            return Status::Failed;
        }
    };
    loop {
        clear();
        let status = check::once(arguments);
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
    /// It watches as long as it lives.
    _watcher: notify::RecommendedWatcher,
    /// Folders of which everything counts.
    folders: Vec<PathBuf>,
    /// Names that count anywhere.
    names: BTreeSet<OsString>,
    /// What the runs write themselves.
    own: Vec<PathBuf>,
}

impl Watch {
    fn start(arguments: &Arguments, sender: Sender<News>) -> Result<Self, String> {
        let told = move |event: notify::Result<Event>| {
            // Reading is no change.
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                let _ = sender.send(News::Changed(event.paths));
            }
        };
        let mut watcher =
            notify::recommended_watcher(told).map_err(|error| format!("nothing can be watched: {error}"))?;
        let (mut folders, mut names) = (Vec::new(), BTreeSet::from([OsString::from(FILE_NAME)]));
        let paths = arguments.paths(".").into_iter().chain(arguments.settings_file());
        for path in paths {
            let cannot = |error: &dyn std::fmt::Display| format!("{}: this cannot be watched: {error}", path.display());
            let whole = path.canonicalize().map_err(|error| cannot(&super::files::why(&error)))?;
            // A file is often replaced by another one of its name, so its folder is watched.
            let mut mode = RecursiveMode::Recursive;
            let mut folder = whole.as_path();
            if !whole.is_dir()
                && let (Some(parent), Some(name)) = (whole.parent(), whole.file_name())
            {
                names.insert(name.to_owned());
                (folder, mode) = (parent, RecursiveMode::NonRecursive);
            } else {
                folders.push(whole.clone());
            }
            watcher.watch(folder, mode).map_err(|error| cannot(&error))?;
        }
        let own = arguments.written().filter_map(whole).collect();
        Ok(Self { _watcher: watcher, folders, names, own })
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
        let is_watched = self.names.contains(name) || self.folders.iter().any(|folder| path.starts_with(folder));
        is_watched && !is_draft && !is_of_git && !self.own.iter().any(|own| own == path)
    }
}

/// A path of a file that may not be there yet, without links in its folders.
fn whole(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}
