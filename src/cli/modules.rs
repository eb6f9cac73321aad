//! Terraform modules: a file is linted together with the other files of its folder.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::files::{self, FileContent};
use super::walk::{Candidate, Origin};
use crate::{Module, Source};

/// The number of modules that are kept. Files of one folder follow each other, so few are enough.
const MOST: usize = 16;

/// Reads modules, each once for the files of its folder.
#[derive(Default)]
pub(super) struct Modules {
    recent: Mutex<Vec<(String, Module)>>,
}

impl Modules {
    /// The module of a file, if it is a Terraform file that needs it.
    pub fn of(&self, candidate: &Candidate, source: &Source, limit: usize) -> Module {
        let is_concerned = Module::has_values_in(&candidate.name) || source.text().contains("mongodbatlas_stream");
        if !Module::has(&candidate.name) || !is_concerned {
            return Module::default();
        }
        let Origin::File(path) = &candidate.origin else { return Module::default() };
        let folder = Module::folder_of(&candidate.name);
        // The lock is held while a module is read: the other cores need the same module.
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, module)) = recent.iter().find(|(known, _)| known == folder) {
            return module.clone();
        }
        let on_disk = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let prefix = &candidate.name[..candidate.name.rfind('/').map_or(0, |at| at + 1)];
        let mut files = ModuleFiles::read(on_disk, prefix, limit);
        files.sources.sort_by(|one, other| one.name().cmp(other.name()));
        let module = Module::of(&files.sources, files.is_complete);
        if recent.len() == MOST {
            recent.remove(0);
        }
        recent.push((folder.to_owned(), module.clone()));
        module
    }
}

/// The Terraform files of a folder on disk.
#[derive(Debug, Default)]
pub(super) struct ModuleFiles {
    pub sources: Vec<Source>,
    /// Whether all of them could be read.
    pub is_complete: bool,
}

impl ModuleFiles {
    /// Reads the files, except for those that cannot be read. `prefix` starts their names.
    pub fn read(folder: &Path, prefix: &str, limit: usize) -> Self {
        let Ok(entries) = fs::read_dir(folder) else { return Self::default() };
        let mut found = Self { sources: Vec::new(), is_complete: true };
        let files = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        for file in files.filter(|file| Module::has(file) && folder.join(file).is_file()) {
            match files::read_file(&folder.join(&file), limit) {
                Ok(FileContent::Text(bytes)) => {
                    found.sources.push(Source::from_bytes(format!("{prefix}{file}"), bytes));
                }
                _ => found.is_complete = false,
            }
        }
        found
    }
}
