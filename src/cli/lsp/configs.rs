//! The configuration of each document: the nearest `streamlint.toml`, as for files on the command line.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::uri;
use crate::cli::configs::Linters;
use crate::settings::FILE_NAME;
use crate::settings::finder::{Choice, Finder};
use crate::settings::policies::is_same;
use crate::{Config, Style};

/// The configuration of one document.
#[derive(Debug, Clone)]
pub(super) enum DocumentConfig {
    Linters(Linters),
    /// The settings exclude the document.
    Excluded,
    /// The settings are invalid, for the reason in the sentence.
    Invalid(String),
}

impl DocumentConfig {
    pub fn linters(&self) -> Option<&Linters> {
        if let Self::Linters(linters) = self { Some(linters) } else { None }
    }
}

/// Finds the configuration of each document.
#[derive(Debug)]
pub(super) struct Configs {
    choice: Choice,
    finder: Finder,
    /// The folder of documents that have no path.
    folder: Option<PathBuf>,
}

impl Configs {
    pub fn new(choice: Choice) -> Self {
        Self { finder: finder(&choice), choice, folder: None }
    }

    /// Reads all settings again when they are needed next.
    pub fn reload(&mut self) {
        self.finder = finder(&self.choice);
    }

    /// Whether a file is the schema of a policy.
    pub fn is_policy(&self, uri: &str) -> bool {
        let is_it = |path: &PathBuf| self.finder.policy_files().iter().any(|policy| is_same(policy, path));
        uri::path_of(uri).is_some_and(|path| is_it(&path))
    }

    /// The file name of settings.
    pub fn settings_name(&self) -> &str {
        match &self.choice {
            Choice::File(path) => path.file_name().and_then(OsStr::to_str).unwrap_or(FILE_NAME),
            _ => FILE_NAME,
        }
    }

    /// Sets the open folders, by their URIs.
    pub fn set_folders(&mut self, uris: &[String]) {
        self.folder = uris.iter().find_map(|uri| uri::path_of(uri));
    }

    pub fn of(&self, uri: &str) -> DocumentConfig {
        let in_folder = || Some(self.folder.as_ref()?.join(Path::new(&uri::name_of(uri)).file_name()?));
        let Some(path) = uri::path_of(uri).or_else(in_folder) else {
            return DocumentConfig::Linters(Linters::new(Config::default()));
        };
        match self.finder.config(&path, Config::default()) {
            Ok(Some(config)) => DocumentConfig::Linters(Linters::new(config)),
            Ok(None) => DocumentConfig::Excluded,
            Err(reason) => DocumentConfig::Invalid(reason),
        }
    }
}

/// A finder that ignores baselines: an editor shows all findings, not only new ones.
fn finder(choice: &Choice) -> Finder {
    Finder::new(choice.clone(), false, Style::default())
}
