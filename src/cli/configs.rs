//! The configurations of a run: the command line, and the settings of each file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::walk::{Candidate, Origin};
use crate::settings::FILE_NAME;
use crate::settings::baseline_file::BaselineFile;
use crate::settings::disk::relative;
use crate::settings::finder::{Choice, Finder, Found, SettingsFile, SettingsProblem};
use crate::{Config, Linter, Severity};

/// Two linters, which differ for a text that does not look like a definition: one reports it, one skips it.
#[derive(Debug, Clone)]
pub(super) struct Linters {
    pub lint_all: Linter,
    pub skip_unrecognized: Linter,
}

impl Linters {
    pub fn new(config: Config) -> Self {
        let skip_unrecognized = Linter::new(Config { skip_unrecognized: true, ..config.clone() });
        Self { lint_all: Linter::new(config), skip_unrecognized }
    }
}

/// The configuration of some files.
#[derive(Debug)]
pub(super) struct ResolvedConfig {
    linters: Linters,
    pub fail_on: Severity,
    /// Known findings.
    pub baseline: Option<Arc<BaselineFile>>,
}

impl ResolvedConfig {
    /// The linter of named files, or of files that may not be definitions.
    pub fn linter(&self, may_skip: bool) -> &Linter {
        if may_skip { &self.linters.skip_unrecognized } else { &self.linters.lint_all }
    }
}

/// The configurations of all files. Files with the same settings share one.
pub(super) struct ResolvedConfigs {
    /// The configuration and the baseline of the command line.
    given: Config,
    fail_on: Option<Severity>,
    baseline: Option<Arc<BaselineFile>>,
    /// The configuration of the overrides that apply to a file, by their indices.
    by_overrides: BTreeMap<(SettingsKey, Vec<usize>), Arc<ResolvedConfig>>,
    /// The settings of the run, and the number of their files.
    used: Vec<(Found, usize)>,
}

/// The address of settings identifies them for the whole run.
type SettingsKey = Option<usize>;

fn key(found: &Found) -> SettingsKey {
    found.as_ref().map(|file| Arc::as_ptr(file).addr())
}

/// A text to lint with its configuration.
pub(super) struct Task {
    /// Its index in the run.
    pub at: usize,
    pub candidate: Candidate,
    pub config: Arc<ResolvedConfig>,
}

impl ResolvedConfigs {
    pub fn new(finder: &Finder, given: Config, fail_on: Option<Severity>, baseline: Option<Arc<BaselineFile>>) -> Self {
        let mut used = Vec::new();
        // Settings that were named must be valid, even if there is nothing to lint.
        used.extend(
            finder.given().as_ref().filter(|file| file.settings.is_err()).map(|file| (Some(Arc::clone(file)), 0)),
        );
        Self { given, fail_on, baseline, by_overrides: BTreeMap::new(), used }
    }

    /// The task for a candidate, or a sentence about one that cannot be read. `None` where its settings have an error.
    pub fn task(&mut self, at: usize, candidate: Candidate) -> Option<Result<Task, String>> {
        if let Origin::Unreadable(reason) = &candidate.origin {
            return Some(Err(format!("{}: {reason}", candidate.name)));
        }
        let config = self.resolve(candidate.path(), &candidate.settings)?;
        Some(Ok(Task { at, candidate, config }))
    }

    /// The configuration of the text at a path. `None` if its settings have an error: an incomplete configuration would
    /// be worse than none.
    fn resolve(&mut self, path: &Path, found: &Found) -> Option<Arc<ResolvedConfig>> {
        match self.used.iter_mut().rev().find(|(other, _)| key(other) == key(found)) {
            Some((_, count)) => *count += 1,
            None => self.used.push((found.clone(), 1)),
        }
        let overrides = match found {
            None => Vec::new(),
            Some(file) => match &file.settings {
                Err(_) => return None,
                Ok(settings) if settings.has_overrides() => settings.overrides_of(&relative(path, &file.folder)),
                Ok(_) => Vec::new(),
            },
        };
        let key = (key(found), overrides);
        if let Some(known) = self.by_overrides.get(&key) {
            return Some(Arc::clone(known));
        }
        let resolved = Arc::new(self.config(found.as_deref(), &key.1));
        self.by_overrides.insert(key, Arc::clone(&resolved));
        Some(resolved)
    }

    fn config(&self, file: Option<&SettingsFile>, overrides: &[usize]) -> ResolvedConfig {
        let mut config = self.given.clone();
        let settings = file.and_then(|file| Some((file, file.settings.as_ref().ok()?)));
        if let Some((file, settings)) = settings {
            config = settings.config(overrides, config);
            // Different settings may mean different projects with the same workspace name.
            config.workspace = config.workspace.map(|name| format!("{}\0{name}", file.folder.display()));
        }
        let settings_fail_on = settings.and_then(|(_, settings)| settings.fail_on);
        ResolvedConfig {
            linters: Linters::new(config),
            fail_on: self.fail_on.or(settings_fail_on).unwrap_or(Severity::Warning),
            baseline: self.baseline.clone().or_else(|| file?.baseline.clone()),
        }
    }

    /// Whether one of the configurations has a policy whose rule has this name. Settings with an error may have it.
    pub fn has_policy(&self, name: &str) -> bool {
        let has = |config: &Config| config.policy_rules().any(|rule| rule.name == name);
        has(&self.given)
            || self.by_overrides.values().any(|resolved| has(resolved.linters.lint_all.config()))
            || self.used.iter().any(|(found, _)| match found.as_deref().map(|file| &file.settings) {
                Some(Ok(settings)) => settings.declares(name),
                Some(Err(_)) => true,
                None => false,
            })
    }

    /// The settings that cannot be used, with the number of files that were not linted.
    pub fn problems(&self) -> impl Iterator<Item = SettingsProblem> + '_ {
        self.used.iter().filter_map(|(found, count)| {
            let file = found.as_ref()?;
            let SettingsProblem { reason, excerpt } = file.settings.as_ref().err()?;
            let lost = match count {
                0 => String::new(),
                1 => ", so 1 file was not linted".to_owned(),
                many => format!(", so {many} files were not linted"),
            };
            Some(SettingsProblem { reason: format!("{}: {reason}{lost}", file.name), excerpt: excerpt.clone() })
        })
    }

    /// A sentence for each settings file that is used, with the reason.
    pub fn reasons(&self, choice: &Choice) -> Vec<String> {
        let used = self.used.iter().filter(|(found, _)| found.as_ref().is_none_or(|file| file.settings.is_ok()));
        let sentence = |(found, count): &(Found, usize)| {
            let files = if *count == 1 { "1 file".to_owned() } else { format!("{count} files") };
            match (found, choice) {
                (Some(file), Choice::File(_)) => {
                    format!("{}: the settings of all files, because of --config", file.name)
                }
                (Some(file), _) => format!("{}: the settings of {files}, the nearest above", file.name),
                (None, Choice::None) => format!("{FILE_NAME} is not used, because of --no-config"),
                (None, _) => format!("no {FILE_NAME} above {files}, up to the root of the repository"),
            }
        };
        used.map(sentence).collect()
    }
}
