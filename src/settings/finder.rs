//! Finds and reads the `streamlint.toml` of each file.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::baseline_file::BaselineFile;
use super::disk::{absolute, name_of, read, reason, relative};
use super::{FILE_NAME, Settings, graphical_report};
use crate::{Config, Style};

/// Size of the longest settings file that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// The settings to use.
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// The nearest `streamlint.toml` above each file.
    Nearest,
    /// This file, for all files.
    File(PathBuf),
    None,
}

impl Choice {
    /// The choice of `--config` and `--no-config`.
    pub fn of(config: Option<&PathBuf>, no_config: bool) -> Self {
        match config {
            Some(path) => Self::File(path.clone()),
            None if no_config => Self::None,
            None => Self::Nearest,
        }
    }
}

/// A `streamlint.toml` on disk.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    /// Its name in reports.
    pub name: String,
    /// The folder that its paths are relative to.
    pub folder: PathBuf,
    pub settings: Result<Settings, SettingsProblem>,
    /// The baseline it names.
    pub baseline: Option<Arc<BaselineFile>>,
    /// The path of that baseline, whether it is valid or not.
    #[cfg(not(target_family = "wasm"))]
    baseline_path: Option<PathBuf>,
    /// The paths of the schemas of its policies, whether they are valid or not.
    pub policy_files: Vec<PathBuf>,
}

/// The reason why a `streamlint.toml` is not used.
#[derive(Debug, Clone, Default)]
pub(crate) struct SettingsProblem {
    /// Half a sentence.
    pub reason: String,
    /// The graphical report of the errors in the file, if it could be read.
    pub excerpt: String,
}

impl SettingsProblem {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), excerpt: String::new() }
    }
}

/// The settings of a file, if there are any.
pub(crate) type Found = Option<Arc<SettingsFile>>;

/// Finds the settings of files. Looks into each folder once.
#[derive(Debug)]
pub(crate) struct Finder {
    choice: Choice,
    style: Style,
    /// Whether the baselines that settings name are read.
    reads_baselines: bool,
    given: Found,
    folders: Mutex<HashMap<PathBuf, Found>>,
}

impl Finder {
    pub fn new(choice: Choice, reads_baselines: bool, style: Style) -> Self {
        let mut finder = Self { choice, style, reads_baselines, given: None, folders: Mutex::default() };
        if let Choice::File(path) = &finder.choice {
            let name = name_of(path);
            let missing = || Err(SettingsProblem::new("no such file"));
            let here = absolute(Path::new(""));
            let (settings, policy_files) = load(path, &name, &here, style).unwrap_or_else(|| (missing(), Vec::new()));
            finder.given = Some(finder.settings_file(name, &here, settings, policy_files));
        }
        finder
    }

    fn settings_file(
        &self,
        name: String,
        folder: &Path,
        settings: Result<Settings, SettingsProblem>,
        policy_files: Vec<PathBuf>,
    ) -> Arc<SettingsFile> {
        let named = settings.as_ref().ok().and_then(|settings| settings.baseline.as_ref());
        let path = named.map(|named| folder.join(named));
        let read = path.as_ref().filter(|_| self.reads_baselines);
        let (settings, baseline) = match read.map(|path| BaselineFile::read(Path::new(&shortest(path)))) {
            None => (settings, None),
            Some(Ok(baseline)) => (settings, Some(Arc::new(baseline))),
            Some(Err(why)) => (Err(SettingsProblem::new(format!("cannot use its baseline: {why}"))), None),
        };
        Arc::new(SettingsFile {
            name,
            folder: folder.to_owned(),
            settings,
            baseline,
            #[cfg(not(target_family = "wasm"))]
            baseline_path: path,
            policy_files,
        })
    }

    /// The settings file of --config.
    pub fn given(&self) -> &Found {
        &self.given
    }

    /// The baselines that the settings found so far name, whether they are read or not.
    #[cfg(not(target_family = "wasm"))]
    pub fn baselines(&self) -> Vec<PathBuf> {
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.given.iter().chain(folders.values().flatten());
        found.filter_map(|file| file.baseline_path.clone()).collect()
    }

    /// The schemas of the policies that the settings found so far name.
    pub fn policy_files(&self) -> Vec<PathBuf> {
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.given.iter().chain(folders.values().flatten());
        found.flat_map(|file| file.policy_files.iter().cloned()).collect()
    }

    /// The settings of a file, or of a folder from the view of its parent.
    pub fn settings_for(&self, path: &Path) -> Found {
        self.settings_of(path.parent().unwrap_or(Path::new("")))
    }

    /// The settings of the files of a folder.
    pub fn settings_of(&self, folder: &Path) -> Found {
        match self.choice {
            Choice::Nearest => self.nearest(&absolute(folder)),
            Choice::File(_) | Choice::None => self.given.clone(),
        }
    }

    fn nearest(&self, folder: &Path) -> Found {
        // No code can panic while the lock is held.
        let folders = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = folders().get(folder) {
            return found.clone();
        }
        let path = folder.join(FILE_NAME);
        let name = name_of(Path::new(&shortest(&path)));
        let found = match load(&path, &name, folder, self.style) {
            Some((settings, policy_files)) => Some(self.settings_file(name, folder, settings, policy_files)),
            None if is_repository(folder) => None,
            None => folder.parent().and_then(|parent| self.nearest(parent)),
        };
        folders().insert(folder.to_owned(), found.clone());
        found
    }

    /// Whether settings above exclude the folder of these settings, so that a walk would not find them.
    pub fn is_excluded(&self, found: &Found) -> bool {
        let Some(file) = found.as_ref().filter(|_| matches!(self.choice, Choice::Nearest)) else { return false };
        let Some(parent) = file.folder.parent().filter(|_| !is_repository(&file.folder)) else { return false };
        let above = self.nearest(parent);
        !is_wanted(&above, &file.folder, true, || true) || self.is_excluded(&above)
    }

    /// The configuration for the text at a path: `given`, and the settings for it. `None` if the settings exclude it.
    ///
    /// # Errors
    ///
    /// A sentence about settings with an error.
    pub fn config(&self, path: &Path, given: Config) -> Result<Option<Config>, String> {
        let found = self.settings_for(path);
        let Some(file) = &found else { return Ok(Some(given)) };
        let settings = file.settings.as_ref().map_err(|problem| format!("{}: {}", file.name, problem.reason))?;
        let folders = path.ancestors().skip(1).take_while(|folder| *folder != file.folder);
        let is_wanted = is_wanted(&found, path, false, || true)
            && folders.into_iter().all(|folder| is_wanted(&found, folder, true, || true))
            && !self.is_excluded(&found);
        let overrides = settings.overrides_of(&relative(path, &file.folder));
        Ok(is_wanted.then(|| settings.config(&overrides, given)))
    }
}

/// A path relative to the working directory.
fn shortest(path: &Path) -> String {
    relative(path, &absolute(Path::new("")))
}

/// Whether a file or folder with these settings is linted or walked. If the settings neither include nor exclude a
/// file, `usual` decides.
pub(crate) fn is_wanted(found: &Found, path: &Path, is_folder: bool, usual: impl FnOnce() -> bool) -> bool {
    let file = found.as_ref().and_then(|file| Some((file, file.settings.as_ref().ok()?)));
    let selects = |settings: &Settings| !settings.exclude.is_empty() || settings.include.is_some();
    let Some((file, settings)) = file.filter(|(_, settings)| selects(settings)) else {
        return is_folder || usual();
    };
    let path = relative(path, &file.folder);
    if is_folder {
        return !settings.exclude.contain(&(path + "/"));
    }
    let is_included = settings.include.as_ref().map_or_else(usual, |include| include.contain(&path));
    is_included && !settings.exclude.contain(&path)
}

/// Whether a folder is the root of a repository. In a worktree `.git` is a file.
fn is_repository(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

/// Reads a file of settings, if there is one, and the schemas of its policies.
fn load(
    path: &Path,
    name: &str,
    folder: &Path,
    style: Style,
) -> Option<(Result<Settings, SettingsProblem>, Vec<PathBuf>)> {
    let problem = |reason: &str| Some((Err(SettingsProblem::new(reason)), Vec::new()));
    let bytes = match read(path, LONGEST + 1) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return None,
        Err(error) => return problem(&reason(&error)),
        Ok(bytes) if bytes.len() as u64 > LONGEST => return problem("the file is too large for settings"),
        Ok(bytes) => bytes,
    };
    let Ok(text) = String::from_utf8(bytes) else { return problem("the file is not UTF-8") };
    let mut files = Vec::new();
    let settings = Settings::read(&text).map_err(|errors| {
        let reason = if errors.len() == 1 { "it has an error" } else { "it has errors" };
        SettingsProblem { reason: reason.to_owned(), excerpt: graphical_report(name, &text, &errors, style) }
    });
    let settings = settings.and_then(|settings| {
        let problems = settings.load_policies((name, &text), folder, style, &mut files);
        let Some(first) = problems.first() else { return Ok(settings) };
        let reason = format!("cannot use a policy: {}", first.sentence);
        Err(SettingsProblem { reason, excerpt: problems.iter().map(|problem| problem.excerpt.as_str()).collect() })
    });
    Some((settings, files))
}
