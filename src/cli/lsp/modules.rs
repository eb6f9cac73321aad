//! The Terraform modules of documents: the files of a folder, with the text of those that are open taken from the editor.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::{DEFAULT_SIZE_LIMIT, Module, Source};

use super::uri;

/// The folders of open documents. Each is read once, until the client reports a change.
#[derive(Debug, Default)]
pub(super) struct Modules {
    folders: HashMap<PathBuf, Folder>,
}

/// The Terraform files of a folder on disk.
#[derive(Debug, Default)]
struct Folder {
    sources: Vec<Source>,
    /// Whether all of them could be read.
    is_complete: bool,
}

impl Modules {
    /// Forgets the folders, so that they are read again.
    pub fn forget(&mut self) {
        self.folders.clear();
    }

    /// The module of a document. `open` are the open documents in its folder.
    pub fn of(&mut self, uri: &str, open: &[Source]) -> Module {
        let name = uri::name_of(uri);
        let path = uri::path_of(uri);
        let Some(folder) = path.as_deref().and_then(Path::parent) else { return Module::default() };
        let on_disk = self.folders.entry(folder.to_owned()).or_insert_with(|| read(folder, Module::folder_of(&name)));
        let is_closed = |source: &&Source| open.iter().all(|open| open.name() != source.name());
        let mut sources = on_disk.sources.iter().filter(is_closed).chain(open).collect::<Vec<_>>();
        sources.sort_by(|one, other| one.name().cmp(other.name()));
        Module::of(sources, on_disk.is_complete)
    }
}

/// Reads the Terraform files of a folder. `name` is the folder in the names of documents.
fn read(folder: &Path, name: &str) -> Folder {
    let mut found = Folder { sources: Vec::new(), is_complete: true };
    let Ok(entries) = fs::read_dir(folder) else { return Folder::default() };
    let files = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    for file in files.filter(|file| Module::has(file) && folder.join(file).is_file()) {
        match read_file(&folder.join(&file)) {
            Ok(bytes) => found.sources.push(Source::from_bytes(format!("{name}/{file}"), bytes)),
            Err(_) => found.is_complete = false,
        }
    }
    found
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(DEFAULT_SIZE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > DEFAULT_SIZE_LIMIT { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}
