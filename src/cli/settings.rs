//! Which `streamlint.toml` is for which file, and what comes of it: the linters of a run.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::settings::{FILE_NAME, Settings, picture};
use crate::{Config, Linter, Severity, Style};

use super::baseline::Open;
use super::files::{self, Candidate, Names};

/// The longest file of settings that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// Which file of settings counts.
#[derive(Debug, Clone)]
pub(super) enum Choice {
    /// The nearest upwards from each file.
    Nearest,
    /// This one, for all files.
    File(PathBuf),
    None,
}

/// A `streamlint.toml` that has been read.
#[derive(Debug)]
pub(super) struct Loaded {
    /// What reports call it.
    pub name: String,
    /// What its paths are relative to.
    pub folder: PathBuf,
    /// What it says, or what is wrong with it.
    settings: Result<Settings, Broken>,
    baseline: Option<Arc<Open>>,
    /// Where its baseline stands, whether it can be used or not.
    #[cfg(not(target_family = "wasm"))]
    baseline_path: Option<PathBuf>,
}

/// Why a file of settings cannot be used.
#[derive(Debug, Clone, Default)]
pub(super) struct Broken {
    /// In half a sentence.
    pub why: String,
    /// Where, if it could be read.
    pub picture: String,
}

impl Broken {
    fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), picture: String::new() }
    }
}

pub(super) type Found = Option<Arc<Loaded>>;

fn is_same(one: &Found, other: &Found) -> bool {
    one.as_ref().map(Arc::as_ptr) == other.as_ref().map(Arc::as_ptr)
}

/// Finds the settings of files. Each folder is looked into once.
#[derive(Debug)]
pub(super) struct Finder {
    choice: Choice,
    here: PathBuf,
    style: Style,
    /// Whether the baselines that settings name are wanted.
    wants_baselines: bool,
    given: Found,
    folders: Mutex<HashMap<PathBuf, Found>>,
}

impl Finder {
    pub fn new(choice: Choice, wants_baselines: bool, style: Style) -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        let mut finder = Self { choice, here, style, wants_baselines, given: None, folders: Mutex::default() };
        if let Choice::File(path) = &finder.choice {
            let name = Names::default().of(path);
            let settings = load(path, &name, style).unwrap_or_else(|| Err(Broken::because("there is no such file")));
            finder.given = Some(finder.loaded(name, &finder.here, settings));
        }
        finder
    }

    fn loaded(&self, name: String, folder: &Path, settings: Result<Settings, Broken>) -> Arc<Loaded> {
        let named = settings.as_ref().ok().and_then(|settings| settings.baseline.as_ref());
        let named = named.filter(|_| self.wants_baselines).map(|named| folder.join(named));
        let (settings, baseline) = match named.as_ref().map(|named| Open::read(&self.shortest(named), self)) {
            None => (settings, None),
            Some(Ok(open)) => (settings, Some(Arc::new(open))),
            Some(Err(why)) => (Err(Broken::because(format!("its baseline cannot be used: {why}"))), None),
        };
        Arc::new(Loaded {
            name,
            folder: folder.to_owned(),
            settings,
            baseline,
            #[cfg(not(target_family = "wasm"))]
            baseline_path: named,
        })
    }

    /// The baselines that the settings name which have been found.
    #[cfg(not(target_family = "wasm"))]
    pub fn baselines(&self) -> Vec<PathBuf> {
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.given.iter().chain(folders.values().flatten());
        found.filter_map(|loaded| loaded.baseline_path.clone()).collect()
    }

    /// A path as people would write it from the working directory.
    fn shortest(&self, path: &Path) -> PathBuf {
        self.relative(path, &self.here).into()
    }

    /// The settings for what stands at a path.
    pub fn of_file(&self, path: &Path) -> Found {
        if !matches!(self.choice, Choice::Nearest) {
            return self.given.clone();
        }
        self.nearest(&self.absolute(path.parent().unwrap_or(Path::new(""))))
    }

    fn nearest(&self, folder: &Path) -> Found {
        // Nothing that can panic happens while the lock is held.
        let folders = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = folders().get(folder) {
            return found.clone();
        }
        let path = folder.join(FILE_NAME);
        let name = Names::default().of(&self.shortest(&path));
        let found = match load(&path, &name, self.style) {
            Some(settings) => Some(self.loaded(name, folder, settings)),
            None if is_repository(folder) => None,
            None => folder.parent().and_then(|parent| self.nearest(parent)),
        };
        folders().insert(folder.to_owned(), found.clone());
        found
    }

    /// Whether what stands in a folder with these settings is looked at; `usual` says it of a file where nobody says
    /// otherwise.
    pub fn is_wanted(&self, found: &Found, path: &Path, is_folder: bool, usual: impl FnOnce() -> bool) -> bool {
        let Some(loaded) = found else { return is_folder || usual() };
        let Ok(settings) = &loaded.settings else { return is_folder || usual() };
        let is_bare = settings.exclude.is_empty() && (is_folder || settings.include.is_none());
        if is_bare {
            return is_folder || usual();
        }
        let mut path = self.relative(path, &loaded.folder);
        if is_folder {
            path.push('/');
            return !settings.exclude.contain(&path);
        }
        let is_included = settings.include.as_ref().map_or_else(usual, |include| include.contain(&path));
        is_included && !settings.exclude.contain(&path)
    }

    /// Whether settings further up leave out the folder that these stand in, so that nobody would come upon them.
    pub fn is_left_out(&self, found: &Found) -> bool {
        let Some(loaded) = found.as_ref().filter(|_| matches!(self.choice, Choice::Nearest)) else { return false };
        let folder = &loaded.folder;
        let Some(parent) = folder.parent().filter(|_| !is_repository(folder)) else { return false };
        let above = self.nearest(parent);
        !self.is_wanted(&above, folder, true, || true) || self.is_left_out(&above)
    }

    /// How the text at a path is judged, by what is given and the settings for it. Nothing where these leave it out.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings, in a sentence.
    #[cfg(not(target_family = "wasm"))]
    pub fn config(&self, path: &Path, given: Config) -> Result<Option<Config>, String> {
        let found = self.of_file(path);
        let Some(loaded) = &found else { return Ok(Some(given)) };
        let settings = loaded.settings.as_ref().map_err(|broken| format!("{}: {}", loaded.name, broken.why))?;
        let folders = path.ancestors().skip(1).take_while(|folder| *folder != loaded.folder);
        let is_wanted = self.is_wanted(&found, path, false, || true)
            && folders.into_iter().all(|folder| self.is_wanted(&found, folder, true, || true))
            && !self.is_left_out(&found);
        let overrides = settings.overrides_of(&self.relative(path, &loaded.folder));
        Ok(is_wanted.then(|| settings.config(&overrides, given)))
    }

    /// A path from a folder on, with `/`. What is outside of the folder goes by its whole path.
    pub fn relative(&self, path: &Path, folder: &Path) -> String {
        let path = self.absolute(path);
        let (mut up, mut common) = (0, folder);
        while !path.starts_with(common) {
            let Some(parent) = common.parent() else { break };
            (up, common) = (up + 1, parent);
        }
        let inside = path.strip_prefix(common).unwrap_or(&path);
        let parts = inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
        std::iter::repeat_n("..".to_owned(), up).chain(parts).collect::<Vec<_>>().join("/")
    }

    /// A path from the root on, without `.` and `..`; symbolic links stay what they are.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        let mut absolute = PathBuf::new();
        for part in self.here.join(path).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => drop(absolute.pop()),
                other => absolute.push(other),
            }
        }
        absolute
    }
}

/// Whether a repository has its root in a folder. In a worktree `.git` is a file.
fn is_repository(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

/// Asks a finder for one file after the other, which mostly stand in the same folder.
struct Nearby<'f> {
    finder: &'f Finder,
    /// The folder's path with the separator behind it, as bytes, as taking paths apart costs more than all the rest; and
    /// what is found there.
    last: Option<(Vec<u8>, Found)>,
}

impl<'f> Nearby<'f> {
    fn new(finder: &'f Finder) -> Self {
        Self { finder, last: None }
    }

    /// The settings for what stands at a path.
    fn of(&mut self, path: &Path) -> &Found {
        let folder = files::folder_of(path);
        let last = self.last.take().filter(|(last, _)| last == folder);
        let (_, found) = self.last.insert(last.unwrap_or_else(|| (folder.to_vec(), self.finder.of_file(path))));
        found
    }
}

/// What a file of settings says; nothing where there is none.
fn load(path: &Path, name: &str, style: Style) -> Option<Result<Settings, Broken>> {
    match read(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => None,
        Err(error) => Some(Err(Broken::because(files::why(&error)))),
        Ok(bytes) => Some(match String::from_utf8(bytes) {
            Err(_) => Err(Broken::because("it is not UTF-8")),
            Ok(text) => Settings::read(&text).map_err(|mistakes| {
                let why = if mistakes.len() == 1 { "there is a mistake in it" } else { "there are mistakes in it" };
                Broken { why: why.to_owned(), picture: picture(name, &text, &mistakes, style) }
            }),
        }),
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    let other = |what: &'static str| Err(io::Error::other(what));
    if !found.is_file() {
        return other("this is no file");
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST { other("the file is too large for settings") } else { Ok(bytes) }
}

/// Who lints a file.
#[derive(Debug)]
pub(super) struct Judge {
    /// For files that were named, and for those that may be something else.
    linter: Linter,
    unsure_linter: Linter,
    pub fail_on: Severity,
    settings: Found,
    /// What is known already.
    pub baseline: Option<Arc<Open>>,
}

impl Judge {
    pub fn linter(&self, unsure: bool) -> &Linter {
        if unsure { &self.unsure_linter } else { &self.linter }
    }
}

/// The judges of a run, and which of them each candidate has.
pub(super) struct Judges<'r> {
    finder: &'r Finder,
    /// What the command line says, and the baseline it names.
    given: &'r Config,
    fail_on: Option<Severity>,
    baseline: Option<Arc<Open>>,
    all: Vec<Arc<Judge>>,
    /// By the settings' address and what they have for the paths that a file belongs to.
    known: HashMap<(usize, Option<Vec<usize>>), usize>,
    /// The judge of all files with the settings of the one before.
    previous: Option<(Found, usize)>,
    of: Vec<usize>,
}

impl<'r> Judges<'r> {
    pub fn new(finder: &'r Finder, given: &'r Config, fail_on: Option<Severity>, baseline: Option<Arc<Open>>) -> Self {
        let (all, known, previous, of) = Default::default();
        Self { finder, given, fail_on, baseline, all, known, previous, of }
    }

    /// Gives each candidate its judge. Takes out the candidates whose settings have a mistake, and gives a sentence for
    /// each such file of settings: by half of what was asked for nothing is linted.
    pub fn assign(&mut self, candidates: &mut Vec<Candidate>) -> Vec<Broken> {
        // What was named has to be right, whether there is something to lint or not.
        let given_one = self.finder.given.iter().filter(|given| given.settings.is_err());
        let mut broken = given_one.map(|given| (Arc::clone(given), 0)).collect::<Vec<_>>();
        let mut nearby = Nearby::new(self.finder);
        candidates.retain(|candidate| {
            let found = nearby.of(candidate.path());
            match self.place(candidate.path(), found) {
                Ok(judge) => {
                    self.of.push(judge);
                    return true;
                }
                Err(loaded) => match broken.iter_mut().find(|(other, _)| Arc::ptr_eq(other, loaded)) {
                    Some((_, count)) => *count += 1,
                    None => broken.push((Arc::clone(loaded), 1)),
                },
            }
            false
        });
        let broken = broken.into_iter().map(|(loaded, count)| {
            let Broken { why, picture } = loaded.settings.as_ref().err().cloned().unwrap_or_default();
            let lost = match count {
                0 => String::new(),
                1 => ", so 1 file was not linted".to_owned(),
                many => format!(", so {many} files were not linted"),
            };
            Broken { why: format!("{}: {why}{lost}", loaded.name), picture }
        });
        broken.collect()
    }

    /// The judge of what stands at a path with these settings. Nothing where they have a mistake.
    #[cfg(not(target_family = "wasm"))]
    pub fn judge(&mut self, path: &Path, found: &Found) -> Option<&Arc<Judge>> {
        self.place(path, found).ok().map(|judge| &self.all[judge])
    }

    /// The judge's place among them, or the settings that have a mistake.
    fn place<'f>(&mut self, path: &Path, found: &'f Found) -> Result<usize, &'f Arc<Loaded>> {
        if let Some((_, judge)) = self.previous.as_ref().filter(|(other, _)| is_same(other, found)) {
            return Ok(*judge);
        }
        let settings = match found {
            None => None,
            Some(loaded) => Some((loaded, loaded.settings.as_ref().map_err(|_| loaded)?)),
        };
        let overrides = settings
            .filter(|(_, settings)| settings.has_overrides())
            .map(|(loaded, settings)| settings.overrides_of(&self.finder.relative(path, &loaded.folder)));
        let is_for_all = overrides.is_none();
        let key = (found.as_ref().map_or(0, |loaded| Arc::as_ptr(loaded).addr()), overrides);
        let judge = *self.known.entry(key).or_insert_with_key(|(_, overrides)| {
            let mut config = self.given.clone();
            if let Some((loaded, settings)) = settings {
                config = settings.config(overrides.as_deref().unwrap_or_default(), config);
                // A name stands for a workspace of these settings; others may mean another project by it.
                config.workspace = config.workspace.map(|name| format!("{}\0{name}", loaded.folder.display()));
            }
            let of_file = settings.and_then(|(_, settings)| settings.fail_on);
            self.all.push(Arc::new(Judge {
                unsure_linter: Linter::new(Config { skip_unrecognized: true, ..config.clone() }),
                linter: Linter::new(config),
                fail_on: self.fail_on.or(of_file).unwrap_or(Severity::Warning),
                baseline: self.baseline.as_ref().or_else(|| found.as_ref()?.baseline.as_ref()).map(Arc::clone),
                settings: found.clone(),
            }));
            self.all.len() - 1
        });
        self.previous = is_for_all.then(|| (found.clone(), judge));
        Ok(judge)
    }

    /// The judge of the candidate at this place.
    pub fn of(&self, candidate: usize) -> &Judge {
        &self.all[self.of[candidate]]
    }

    /// Which settings are used, and why, in a sentence each.
    pub fn reasons(&self, choice: &Choice) -> Vec<String> {
        let mut counts = Vec::<(Found, usize)>::new();
        for &judge in &self.of {
            let found = &self.all[judge].settings;
            match counts.iter_mut().find(|(other, _)| is_same(other, found)) {
                Some((_, count)) => *count += 1,
                None => counts.push((found.clone(), 1)),
            }
        }
        let sentence = |(found, count): (Found, usize)| {
            let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
            match (found, choice) {
                (Some(loaded), Choice::File(_)) => {
                    format!("{}: the settings of all files, because of --config", loaded.name)
                }
                (Some(loaded), _) => format!("{}: the settings of {files}, the nearest above", loaded.name),
                (None, Choice::None) => format!("no {FILE_NAME} is looked for, because of --no-config"),
                (None, _) => format!("no {FILE_NAME} stands above {files}, up to the root of the repository"),
            }
        };
        counts.into_iter().map(sentence).collect()
    }
}
