//! What a dialect makes of a document of another shape than the Admin API's, and what it has to say about it.

use std::borrow::Cow;

use crate::diagnostic::{Fix, Label};
use crate::document::{Document, EntryId};
use crate::read::Flaw;
use crate::rules::Rule;
use crate::source::Span;

/// Definitions in Admin API shape, and the way back to the rows they were made of.
#[derive(Debug, Clone)]
pub(crate) struct Translation {
    /// Its root is an array of the definitions.
    pub document: Document,
    /// The row of the text as it was read, for each row; [`NOWHERE`] for what is nowhere written.
    pub(super) origins: Vec<EntryId>,
    /// Rows of the text as it was read that a report may show whole: what says which kind of thing this is.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only pictures of the command show the text itself"))]
    pub shown: Vec<EntryId>,
    /// Without other dialects there is no translation, and the compiler leaves out what would look into one.
    #[cfg(not(feature = "dialects"))]
    never: std::convert::Infallible,
}

/// Stands for a row that no row was the model for.
pub(super) const NOWHERE: EntryId = EntryId::MAX;

impl Translation {
    /// The row, of the text as it was read, that this one was made of.
    pub fn origin(&self, id: EntryId) -> Option<EntryId> {
        self.origins.get(id as usize).copied().filter(|&origin| origin != NOWHERE)
    }
}

/// Something that a dialect itself has to say, because rules cannot see it any more.
#[derive(Debug)]
pub(crate) struct Note {
    /// The index of the definition that it is about.
    pub definition: Option<usize>,
    /// JSON pointer inside the connection, in Admin API spelling.
    pub pointer: String,
    pub flaw: Flaw,
}

impl Note {
    /// A finding of this rule, about the definition of this index if it is about one.
    pub fn new(definition: Option<usize>, rule: &'static Rule, pointer: impl Into<String>, span: Span) -> Self {
        let flaw = Flaw { rule, severity: rule.severity, ..Flaw::syntax(span, "", "") };
        Self { definition, pointer: pointer.into(), flaw }
    }

    pub fn says(mut self, message: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        (self.flaw.message, self.flaw.label) = (message.into(), label.into());
        self
    }

    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.flaw.help = Some(help.into());
        self
    }

    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.flaw.fix = fix.filter(|fix| !fix.edits.is_empty());
        self
    }

    /// A further place.
    pub fn and(mut self, span: Span, message: &'static str) -> Self {
        self.flaw.related.push(Label { span, message: message.into() });
        self
    }
}
