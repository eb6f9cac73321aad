//! The facts about a file for rules that check more than one connection.

use std::sync::Arc;

use crate::atlas::Kind;
use crate::atlas::stages::Stage;
use crate::text::Span;

/// A file, for rules that check more than one connection.
pub(crate) struct File<'r> {
    /// The named connections.
    pub connections: Vec<Named<'r>>,
    pub uses: Vec<Used<'r>>,
    /// The other files of the run, if they affect this one.
    pub others: Option<&'r dyn OtherFiles>,
}

/// A position in a pipeline that names a connection.
#[derive(Debug, Clone)]
pub(crate) struct Used<'r> {
    pub name: &'r str,
    pub span: Span,
    pub stage: Stage,
    pub workspace: Workspace<'r>,
}

/// A named connection.
#[derive(Debug, Clone)]
pub(crate) struct Named<'r> {
    /// The connection's index in the file.
    pub connection: usize,
    pub name: &'r str,
    pub kind: Option<Kind>,
    pub span: Span,
    pub workspace: Workspace<'r>,
    /// The condition under which it exists, if there is one.
    pub condition: Option<&'r str>,
}

/// The known facts about the workspace of a connection: names are unique in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Workspace<'r> {
    /// The definition names it.
    Definition(&'r str),
    /// The request, or the configuration of the file, names it.
    Request(&'r str),
    /// It is not named; the connections of one file belong to one workspace.
    OfFile,
}

impl Workspace<'_> {
    /// A text that no other workspace has. `None` if no other file can share the workspace.
    pub fn key(self) -> Option<String> {
        match self {
            Self::Definition(name) => Some(format!("definition {name}")),
            Self::Request(name) => Some(format!("request {name}")),
            Self::OfFile => None,
        }
    }
}

/// The other files of a run, from the view of one file.
pub(crate) trait OtherFiles {
    /// The file and one-based line where a name first occurs in a workspace, unless that is this file.
    fn position(&self, workspace: Workspace, name: &str) -> Option<(Arc<str>, u32)>;
    /// Whether any file, including this one, has a connection of this name.
    fn has(&self, workspace: Workspace, name: &str) -> bool;
    /// The type of the connection of this name, if it is known.
    fn kind(&self, workspace: Workspace, name: &str) -> Option<Kind>;
    /// The names of all connections of a workspace.
    fn names(&self, workspace: Workspace) -> Box<dyn Iterator<Item = &str> + '_>;
}
