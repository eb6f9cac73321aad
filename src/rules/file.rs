//! A file as the rules see it that look beyond one connection.

use std::sync::Arc;

use crate::atlas::Kind;
use crate::atlas::stages::Stage;
use crate::text::Span;

/// A file, as rules see it that look beyond one connection.
pub(crate) struct File<'r> {
    /// Its connections that have a name.
    pub connections: Vec<Named<'r>>,
    pub uses: Vec<Used<'r>>,
    /// The other files of the run, where they matter to this one.
    pub others: Option<&'r dyn OtherFiles>,
}

/// A place of a pipeline that names a connection.
#[derive(Debug, Clone)]
pub(crate) struct Used<'r> {
    pub name: &'r str,
    pub span: Span,
    pub stage: Stage,
    pub workspace: Workspace<'r>,
}

/// A connection that has a name.
#[derive(Debug, Clone)]
pub(crate) struct Named<'r> {
    /// The connection's index in the file.
    pub connection: usize,
    pub name: &'r str,
    pub kind: Option<Kind>,
    pub span: Span,
    pub workspace: Workspace<'r>,
}

/// Where a connection goes to, as far as it is known: names are unique in there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Workspace<'r> {
    /// The definition names it.
    Said(&'r str),
    /// The request around it does, or the configuration of the file.
    Given(&'r str),
    /// It is not named; the connections of one file belong to one workspace.
    OfFile,
}

impl Workspace<'_> {
    /// A text that no other workspace has. Nothing where no other file can be meant.
    pub fn key(self) -> Option<String> {
        match self {
            Self::Said(name) => Some(format!("said {name}")),
            Self::Given(name) => Some(format!("given {name}")),
            Self::OfFile => None,
        }
    }
}

/// The other files of a run, as one of them sees them.
pub(crate) trait OtherFiles {
    /// The file and one-based line where a name of a workspace comes first, unless it is this file.
    fn position(&self, workspace: Workspace, name: &str) -> Option<(Arc<str>, u32)>;
    /// Whether any file, this one too, has a connection of this name.
    fn has(&self, workspace: Workspace, name: &str) -> bool;
    /// The type of the connection of this name, where it is known.
    fn kind(&self, workspace: Workspace, name: &str) -> Option<Kind>;
    /// The names of all connections of a workspace.
    fn names(&self, workspace: Workspace) -> Box<dyn Iterator<Item = &str> + '_>;
}
