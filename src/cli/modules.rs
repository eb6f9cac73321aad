//! Terraform modules: a file is linted together with the other files of its folder.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::files::{Buffer, FileContent};
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
        if !Module::has(&candidate.name) || !source.text().contains("mongodbatlas_stream") {
            return Module::default();
        }
        let Origin::File(path) = &candidate.origin else { return Module::default() };
        let folder = Module::folder_of(&candidate.name);
        // The lock is held while a module is read: the other cores need the same module.
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, module)) = recent.iter().find(|(known, _)| known == folder) {
            return module.clone();
        }
        let module = read(path, &candidate.name, limit).unwrap_or_default();
        if recent.len() == MOST {
            recent.remove(0);
        }
        recent.push((folder.to_owned(), module.clone()));
        module
    }
}

/// Reads the module that a file belongs to: all Terraform files of its folder, without those that cannot be read.
fn read(path: &Path, name: &str, limit: usize) -> Option<Module> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let prefix = &name[..name.rfind('/').map_or(0, |at| at + 1)];
    let mut buffer = Buffer::default();
    let mut sources = Vec::new();
    let mut is_whole = true;
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        let Some(file) = path.file_name().and_then(|file| file.to_str()) else { continue };
        if !Module::has(file) || !path.is_file() {
            continue;
        }
        match buffer.read_file(&path, limit) {
            Ok(FileContent::Text(bytes)) => sources.push(Source::from_bytes(format!("{prefix}{file}"), bytes)),
            _ => is_whole = false,
        }
    }
    sources.sort_by(|one, other| one.name().cmp(other.name()));
    Some(Module::of(&sources, is_whole))
}
