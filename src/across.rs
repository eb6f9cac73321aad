//! What only shows across files: names that are taken, and pipelines that name connections of other files.
//!
//! A run may have a great many files, so of each connection no more is kept than where its name came first. A file is
//! noted, and asks what the others have to say to it; by then its report may be written and forgotten.
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::dialect::pipeline::Stage;
use crate::kind::Kind;
use crate::linter::{Report, run_rules};
use crate::rules::Findings;
use crate::source::{LineIndex, Span};

/// A file, as rules see it that look beyond one connection.
#[derive(Debug)]
pub(crate) struct Run<'r> {
    /// Its connections that have a name.
    pub connections: Vec<Named<'r>>,
    pub uses: Vec<Used<'r>>,
    /// The other files of the run, where they matter to this one.
    pub others: Option<Others<'r>>,
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
    /// The definition says so itself.
    Said(&'r str),
    /// The request around it does, or the configuration of the file.
    Given(&'r str),
    /// Nobody does; what stands in one file goes to one workspace.
    OfFile,
}

impl Workspace<'_> {
    /// A text that no other workspace has. Nothing where no other file can be meant.
    fn key(self) -> Option<String> {
        match self {
            Self::Said(name) => Some(format!("said {name}")),
            Self::Given(name) => Some(format!("given {name}")),
            Self::OfFile => None,
        }
    }
}

/// What is known of all files of a run.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Across {
    workspaces: Texts,
    /// The names of connections, each behind the number of its workspace.
    names: Texts,
    /// Where each of the names came first.
    first: Vec<First>,
    has_uses: bool,
}

/// The first connection of a workspace that has some name.
#[derive(Debug, Clone, Copy)]
struct First {
    file: u32,
    /// Of the name, one-based.
    line: u32,
    kind: Option<Kind>,
}

impl Across {
    /// Takes note of a file, by its index in the run. Files are noted in their order.
    pub fn note(&mut self, file: usize, report: &Report) {
        if !report.spans_files() {
            return;
        }
        self.has_uses |= !report.used().is_empty();
        let named = report.named();
        // Names stand near the start of what may be long.
        let Some(end) = named.iter().map(|named| named.span.end).max() else { return };
        let text = report.source().text();
        let lines = LineIndex::new(text.get(..end).unwrap_or(text));
        for named in named {
            let Some(workspace) = named.workspace.key() else { continue };
            let workspace = self.workspaces.add(&workspace);
            if self.names.add(&key(workspace, named.name)) as usize == self.first.len() {
                let line = narrow(lines.line_of(named.span.start) + 1);
                self.first.push(First { file: narrow(file), line, kind: named.kind });
            }
        }
    }

    /// Whether a pipeline was noted: only when all files are, it is known whether what it names is defined somewhere.
    pub fn has_pipelines(&self) -> bool {
        self.has_uses
    }

    /// What the files that were noted have to say to one of them. `name` says what a file is called.
    pub fn findings(&self, file: usize, report: &Report, name: &dyn Fn(usize) -> Arc<str>) -> Vec<Diagnostic> {
        if !report.spans_files() {
            return Vec::new();
        }
        let mut found = Findings::default();
        let others = Some(Others { across: self, file, name });
        run_rules(&Run { connections: report.named(), uses: report.used(), others }, &mut found);
        found.diagnostics
    }

    fn first(&self, workspace: Workspace, name: &str) -> Option<First> {
        let workspace = self.workspaces.number(&workspace.key()?)?;
        let at = self.names.number(&key(workspace, name))?;
        self.first.get(at as usize).copied()
    }
}

/// The other files of a run, as one of them sees them.
#[derive(Clone, Copy)]
pub(crate) struct Others<'r> {
    across: &'r Across,
    /// The index of the one that sees them.
    file: usize,
    name: &'r dyn Fn(usize) -> Arc<str>,
}

impl std::fmt::Debug for Others<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.across.fmt(out)
    }
}

impl Others<'_> {
    /// The file and one-based line where a name of a workspace stands first, unless it is this file.
    pub fn place(&self, workspace: Workspace, name: &str) -> Option<(Arc<str>, u32)> {
        let first = self.across.first(workspace, name)?;
        let file = first.file as usize;
        (file != self.file).then(|| ((self.name)(file), first.line))
    }

    /// Whether any file, this one too, has a connection of this name.
    pub fn has(&self, workspace: Workspace, name: &str) -> bool {
        self.across.first(workspace, name).is_some()
    }

    /// The type of the connection of this name, where it is known.
    pub fn kind(&self, workspace: Workspace, name: &str) -> Option<Kind> {
        self.across.first(workspace, name)?.kind
    }

    /// The names of all connections of a workspace.
    pub fn names(&self, workspace: Workspace) -> impl Iterator<Item = &str> {
        let number = workspace.key().and_then(|workspace| self.across.workspaces.number(&workspace));
        let start = number.map(|number| key(number, ""));
        self.across.names.all().filter_map(move |name| name.strip_prefix(start.as_deref()?))
    }
}

fn key(workspace: u32, name: &str) -> String {
    format!("{workspace} {name}")
}

/// No run has as many files, and no file as many lines.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Texts with numbers, each once: end to end in memory, with a table to find them by. A map of strings would need three
/// times as much.
#[derive(Debug, Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
    /// Numbers plus one, each at the first free place from its hash on; zero is free.
    table: Vec<u32>,
    /// Nobody can write names that all have the same hash.
    state: RandomState,
}

impl Texts {
    fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[number]]
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|number| self.get(number))
    }

    /// The number of a text.
    fn number(&self, text: &str) -> Option<u32> {
        let place = self.place(text)?;
        self.table[place].checked_sub(1)
    }

    /// The number of a text, which it gets if it is new.
    fn add(&mut self, text: &str) -> u32 {
        if let Some(number) = self.number(text) {
            return number;
        }
        // Two thirds are full at most.
        if self.table.len() <= self.ends.len() + self.ends.len() / 2 {
            self.table = vec![0; (self.table.len() * 2).max(16)];
            for number in 0..self.ends.len() {
                self.enter(number);
            }
        }
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.enter(self.ends.len() - 1);
        narrow(self.ends.len() - 1)
    }

    fn enter(&mut self, number: usize) {
        if let Some(place) = self.place(self.get(number)) {
            self.table[place] = narrow(number + 1);
        }
    }
    fn hash(&self, text: &str) -> u64 {
        self.state.hash_one(text)
    }

    /// Where in the table a text stands, or would stand.
    fn place(&self, text: &str) -> Option<usize> {
        let all = self.table.len();
        let hash = self.hash(text).checked_rem(all as u64)?;
        let start = usize::try_from(hash).ok()?;
        (start..all).chain(0..start).find(|&place| match self.table[place] {
            0 => true,
            number => self.get(number as usize - 1) == text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn each_text_has_one_number() {
        let mut texts = Texts::default();
        let name = |at: u32| format!("name-{}", at % 1000);
        for at in 0..5000 {
            assert_eq!(texts.add(&name(at)), at % 1000);
        }
        assert_eq!(texts.number("name-999"), Some(999));
        assert_eq!(texts.number("name-1000"), None);
        assert_eq!(texts.all().count(), 1000);
        assert!(texts.all().eq((0..1000).map(name)));
        assert_eq!(Texts::default().number(""), None);
    }
}
