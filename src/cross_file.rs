//! Checks across files: duplicate names, and pipelines that use connections of other files.
//!
//! A run may have very many files, so only the position of each connection's name is kept. When a file is checked
//! against the others, their reports may already be written and dropped.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::atlas::Kind;
use crate::diagnostic::{Diagnostic, Findings};
use crate::rules;
use crate::rules::file::{File, OtherFiles, Workspace};
use crate::text::LineIndex;

/// The named connections of all files of a run, by workspace.
#[derive(Debug, Default)]
pub(crate) struct CrossFile {
    workspaces: BTreeMap<String, BTreeMap<Box<str>, First>>,
    has_pipelines: bool,
}

/// The first connection of a workspace that has some name.
#[derive(Debug, Clone, Copy)]
struct First {
    file: usize,
    /// Line of the name, one-based.
    line: u32,
    kind: Option<Kind>,
    /// Whether it exists only under a condition, so that it may be no duplicate.
    is_conditional: bool,
}

impl CrossFile {
    /// Records a file by its index in the run. Files are recorded in their order.
    pub fn add(&mut self, index: usize, file: &File, text: &str) {
        self.has_pipelines |= !file.uses.is_empty();
        let Some(end) = file.connections.iter().map(|named| named.span.end).max() else { return };
        // Names are near the start of a text that may be long.
        let lines = LineIndex::new(text.get(..end).unwrap_or(text));
        for named in &file.connections {
            let Some(workspace) = named.workspace.key() else { continue };
            let names = self.workspaces.entry(workspace).or_default();
            let is_conditional = named.condition.is_some();
            if names.get(named.name).is_none_or(|first| first.is_conditional && !is_conditional) {
                let line = u32::try_from(lines.line_of(named.span.start) + 1).unwrap_or(u32::MAX);
                names.insert(named.name.into(), First { file: index, line, kind: named.kind, is_conditional });
            }
        }
    }

    /// Whether a pipeline was recorded: its connections can be checked only after all files.
    #[cfg(feature = "cli")]
    pub fn has_pipelines(&self) -> bool {
        self.has_pipelines
    }

    /// The findings in one file that need the others. `name` returns the name of a file by its index.
    pub fn check(&self, index: usize, file: File, name: &dyn Fn(usize) -> Arc<str>) -> Vec<Diagnostic> {
        let mut found = Findings::default();
        let others = Others { all: self, index, name };
        rules::check_file(&File { others: Some(&others), ..file }, &mut found);
        found.diagnostics
    }

    fn names(&self, workspace: Workspace) -> Option<&BTreeMap<Box<str>, First>> {
        self.workspaces.get(&workspace.key()?)
    }

    fn first(&self, workspace: Workspace, name: &str) -> Option<First> {
        self.names(workspace)?.get(name).copied()
    }
}

/// The files of a run, from the view of the file with this index.
struct Others<'r> {
    all: &'r CrossFile,
    index: usize,
    name: &'r dyn Fn(usize) -> Arc<str>,
}

impl OtherFiles for Others<'_> {
    fn position(&self, workspace: Workspace, name: &str) -> Option<(Arc<str>, u32)> {
        let first = self.all.first(workspace, name)?;
        (first.file != self.index && !first.is_conditional).then(|| ((self.name)(first.file), first.line))
    }

    fn has(&self, workspace: Workspace, name: &str) -> bool {
        self.all.first(workspace, name).is_some()
    }

    fn kind(&self, workspace: Workspace, name: &str) -> Option<Kind> {
        self.all.first(workspace, name)?.kind
    }

    fn names(&self, workspace: Workspace) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.all.names(workspace).into_iter().flatten().map(|(name, _)| &**name))
    }
}
