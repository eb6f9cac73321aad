//! The collection of findings: [`Findings`], and [`Finding`] to write one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Diagnostic, Fix, Label, Rule, RuleRef, Severity};
use crate::atlas::fields::Field;
use crate::text::Span;

/// Something that a finding can point at: a pointer and a position in the text.
pub(crate) trait Target: Copy {
    fn pointer(self) -> Cow<'static, str>;
    /// The span to mark: the value, or its nearest parent if it is missing.
    fn span(self) -> Span;
    /// The key to mark.
    fn key_span(self) -> Span;
}

/// The findings so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub diagnostics: Vec<Diagnostic>,
    /// Fields whose absence a finding has already explained: they are misspelled or misplaced.
    pub explained: Vec<Field>,
    /// The index of the current connection.
    pub connection: Option<usize>,
    places: Places,
}

/// The reported pointers of a connection, for lookups.
#[derive(Debug, Default)]
struct Places {
    connection: Option<usize>,
    /// The number of findings in it.
    known: usize,
    rules: BTreeMap<Cow<'static, str>, Vec<&'static str>>,
}

impl Findings {
    /// Adds a finding of another layer.
    pub fn add(&mut self, diagnostic: Diagnostic) -> Finding<'_> {
        self.diagnostics.push(diagnostic);
        Finding { findings: self }
    }

    /// Reports a finding; [`Finding::at`] sets its position.
    pub fn report(&mut self, rule: impl Into<RuleRef>, message: impl Into<Cow<'static, str>>) -> Finding<'_> {
        let finding = Diagnostic::unplaced(rule, message.into());
        self.add(Diagnostic { connection: self.connection, ..finding })
    }

    /// Whether a rule has already reported exactly this pointer of the current connection.
    pub fn has(&mut self, rule: &'static Rule, pointer: &str) -> bool {
        self.rules_at(pointer).contains(&rule.name)
    }

    /// Whether any rule has reported exactly this pointer of the current connection.
    pub fn has_any(&mut self, pointer: &str) -> bool {
        !self.rules_at(pointer).is_empty()
    }

    fn rules_at(&mut self, pointer: &str) -> &[&'static str] {
        let Self { diagnostics, connection, places, .. } = self;
        if places.connection != *connection || places.known > diagnostics.len() {
            // Connections are checked one after the other, so the findings of the current one are the last.
            let count = diagnostics.iter().rev().take_while(|found| found.connection == *connection).count();
            *places = Places { connection: *connection, known: diagnostics.len() - count, ..Places::default() };
        }
        for found in diagnostics[places.known..].iter().filter(|found| found.connection == *connection) {
            places.rules.entry(found.pointer.clone()).or_default().push(found.rule.name);
        }
        places.known = diagnostics.len();
        places.rules.get(pointer).map_or(&[], Vec::as_slice)
    }

    /// Notes that the absence of a field has been explained.
    pub fn explain(&mut self, field: Field) {
        if !self.explained.contains(&field) {
            self.explained.push(field);
        }
    }

    /// Whether the absence of a field, or of its parent, has been explained.
    pub fn is_explained(&self, field: Field) -> bool {
        self.explained.contains(&field) || field.parent().is_some_and(|parent| self.is_explained(parent))
    }
}

/// A finding that is being written.
#[derive(Debug)]
pub(crate) struct Finding<'f> {
    findings: &'f mut Findings,
}

impl Finding<'_> {
    fn diagnostic(&mut self) -> &mut Diagnostic {
        let last = self.findings.diagnostics.len() - 1;
        &mut self.findings.diagnostics[last]
    }

    /// Sets the primary position and the pointer: a value, or its nearest parent if it is missing.
    pub fn at(self, place: impl Target, label: impl Into<Cow<'static, str>>) -> Self {
        self.pointer(place.pointer()).mark(place.span(), label)
    }

    /// Like [`Finding::at`], but marks the key.
    pub fn at_key(self, place: impl Target, label: impl Into<Cow<'static, str>>) -> Self {
        self.pointer(place.pointer()).mark(place.key_span(), label)
    }

    /// Sets the pointer, if no position sets it.
    pub fn pointer(mut self, pointer: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic().pointer = pointer.into();
        self
    }

    /// Adds a position.
    pub fn and(self, place: impl Target, label: impl Into<Cow<'static, str>>) -> Self {
        self.mark(place.span(), label)
    }

    /// Adds the position of a key.
    pub fn and_key(self, place: impl Target, label: impl Into<Cow<'static, str>>) -> Self {
        self.mark(place.key_span(), label)
    }

    /// Adds a position in bytes; the first one is the primary.
    pub fn mark(mut self, span: Span, label: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic().labels.push(Label { span, message: label.into() });
        self
    }

    /// Sets the help.
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic().help = Some(help.into());
        self
    }

    /// Sets the fix; a fix without edits is dropped.
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.diagnostic().fix = fix.into().filter(|fix| !fix.edits.is_empty());
        self
    }

    /// Sets the connection, by its index, of a finding across connections.
    pub fn of(mut self, connection: usize) -> Self {
        self.diagnostic().connection = Some(connection);
        self
    }

    /// Sets a severity other than the rule's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.diagnostic().severity = severity;
        self
    }
}
