//! The Terraform modules that documents belong to: the files of their folders, and in place of those that are open what
//! the editor says they are.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::{DEFAULT_SIZE_LIMIT, Module, Source};

use super::uri;

/// What is known of folders. Each is read once, until somebody says that something has changed.
#[derive(Debug, Default)]
pub(super) struct Modules {
    folders: HashMap<PathBuf, Folder>,
}

/// Terraform's files of a folder, as they are on the disk.
#[derive(Debug, Default)]
struct Folder {
    sources: Vec<Source>,
    /// All of them could be read.
    is_whole: bool,
}

impl Modules {
    /// Forgets what stands on the disk.
    pub fn forget(&mut self) {
        self.folders.clear();
    }

    /// The module of a document, of which these texts are open.
    pub fn of(&mut self, uri: &str, open: &[Source]) -> Module {
        let name = uri::name_of(uri);
        let path = uri::path_of(uri);
        let Some(folder) = path.as_deref().and_then(Path::parent) else { return Module::default() };
        let on_disk = self.folders.entry(folder.to_owned()).or_insert_with(|| read(folder, Module::folder_of(&name)));
        let is_closed = |source: &&Source| open.iter().all(|open| open.name() != source.name());
        let mut sources = on_disk.sources.iter().filter(is_closed).chain(open).collect::<Vec<_>>();
        sources.sort_by(|one, other| one.name().cmp(other.name()));
        Module::of(sources, on_disk.is_whole)
    }
}

/// Reads the files of a folder that documents call by this name.
fn read(folder: &Path, name: &str) -> Folder {
    let mut found = Folder { sources: Vec::new(), is_whole: true };
    let Ok(entries) = fs::read_dir(folder) else { return Folder::default() };
    for entry in entries {
        let file = entry.ok().and_then(|entry| entry.file_name().into_string().ok());
        let Some(file) = file.filter(|file| Module::has(file)) else { continue };
        let path = folder.join(&file);
        if !path.is_file() {
            continue;
        }
        match text(&path) {
            Ok(bytes) => found.sources.push(Source::from_bytes(format!("{name}/{file}"), bytes)),
            Err(_) => found.is_whole = false,
        }
    }
    found
}

fn text(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(DEFAULT_SIZE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > DEFAULT_SIZE_LIMIT { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}
