//! Who judges which document: the settings of the nearest `streamlint.toml`, as for files on the command line.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::settings::FILE_NAME;
use crate::{Config, Linter, Style};

use super::uri;
use crate::cli::settings::{Choice, Finder};

/// How one document is judged.
#[derive(Debug, Clone)]
pub(super) enum Judge {
    Linters(Linters),
    /// Its settings leave it out.
    Nobody,
    /// Its settings have a mistake, so that nobody knows how. The sentence says which.
    Unknown(String),
}

/// Lints as for files that were named, and as for those that may be something else.
#[derive(Debug, Clone)]
pub(super) struct Linters {
    pub sure: Linter,
    pub unsure: Linter,
}

impl Linters {
    fn new(config: Config) -> Self {
        let unsure = Linter::new(Config { skip_unrecognized: true, ..config.clone() });
        Self { sure: Linter::new(Config { skip_unrecognized: false, ..config }), unsure }
    }
}

impl Judge {
    pub fn linters(&self) -> Option<&Linters> {
        if let Self::Linters(linters) = self { Some(linters) } else { None }
    }
}

/// Finds the judge of each document.
#[derive(Debug)]
pub(super) struct Judges {
    choice: Choice,
    finder: Finder,
    /// The folder that documents without a path belong to.
    folder: Option<PathBuf>,
}

fn finder(choice: Choice) -> Finder {
    // A baseline is for those who look at what is new; in an editor all that is found is shown.
    Finder::new(choice, false, Style::default())
}

impl Judges {
    pub fn new(choice: Choice) -> Self {
        Self { finder: finder(choice.clone()), choice, folder: None }
    }

    /// Forgets what the files of settings said.
    pub fn forget(&mut self) {
        self.finder = finder(self.choice.clone());
    }

    /// What files are called that settings may stand in.
    pub fn settings_name(&self) -> &str {
        match &self.choice {
            Choice::File(path) => path.file_name().and_then(OsStr::to_str).unwrap_or(FILE_NAME),
            _ => FILE_NAME,
        }
    }

    /// Says which folders are open, by their URIs.
    pub fn stand_in(&mut self, folders: &[String]) {
        self.folder = folders.iter().find_map(|uri| uri::path_of(uri));
    }

    pub fn of(&self, uri: &str) -> Judge {
        let path = uri::path_of(uri).or_else(|| Some(self.folder.as_ref()?.join(file_name(&uri::name_of(uri)))));
        let Some(path) = path else { return Judge::Linters(Linters::new(Config::default())) };
        match self.finder.config(&path, Config::default()) {
            Ok(Some(config)) => Judge::Linters(Linters::new(config)),
            Ok(None) => Judge::Nobody,
            Err(why) => Judge::Unknown(why),
        }
    }
}

fn file_name(name: &str) -> PathBuf {
    Path::new(name).file_name().map(PathBuf::from).unwrap_or_default()
}
