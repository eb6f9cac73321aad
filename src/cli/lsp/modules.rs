//! The Terraform modules of documents: the files of a folder, with the text of those that are open taken from the editor.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::uri;
use crate::cli::modules::ModuleFiles;
use crate::{DEFAULT_SIZE_LIMIT, Module, Source};

/// The folders of open documents. Each is read once, until the client reports a change.
#[derive(Debug, Default)]
pub(super) struct Modules {
    folders: HashMap<PathBuf, ModuleFiles>,
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
        let read = || ModuleFiles::read(folder, &format!("{}/", Module::folder_of(&name)), DEFAULT_SIZE_LIMIT);
        let on_disk = self.folders.entry(folder.to_owned()).or_insert_with(read);
        let is_closed = |source: &&Source| open.iter().all(|open| open.name() != source.name());
        let mut sources = on_disk.sources.iter().filter(is_closed).chain(open).collect::<Vec<_>>();
        sources.sort_by(|one, other| one.name().cmp(other.name()));
        Module::of(sources, on_disk.is_complete)
    }
}
