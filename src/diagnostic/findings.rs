//! How a finding is reported: collected in [`Findings`], written with [`Finding`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Diagnostic, Fix, Label, Rule, RuleRef, Severity};
use crate::atlas::fields::Field;
use crate::text::Span;

/// Something that a finding can point at: it has a pointer and a position in the text.
pub(crate) trait Target: Copy {
    fn pointer(self) -> Cow<'static, str>;
    /// What to mark: the value, or what is nearest to where it is missing.
    fn span(self) -> Span;
    /// The key to mark.
    fn key_span(self) -> Span;
}

/// Collects what is found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub diagnostics: Vec<Diagnostic>,
    /// Fields whose absence a finding has already explained: they were misspelt, or are elsewhere.
    pub explained: Vec<Field>,
    /// The index of the connection that is being looked at.
    pub connection: Option<usize>,
    places: Places,
}

/// What was said about which pointers of a connection, to look it up.
#[derive(Debug, Default)]
struct Places {
    connection: Option<usize>,
    /// The number of findings that it knows.
    known: usize,
    rules: BTreeMap<Cow<'static, str>, Vec<&'static str>>,
}

impl Findings {
    /// Adds a finding that another layer has written.
    pub fn add(&mut self, diagnostic: Diagnostic) -> Finding<'_> {
        self.diagnostics.push(diagnostic);
        Finding { findings: self }
    }

    /// Reports a finding; say where with [`Finding::at`].
    pub fn report(&mut self, rule: impl Into<RuleRef>, message: impl Into<Cow<'static, str>>) -> Finding<'_> {
        let finding = Diagnostic::unplaced(rule, message.into());
        self.add(Diagnostic { connection: self.connection, ..finding })
    }

    /// Whether a rule has already said something about exactly this pointer of the present connection.
    pub fn has(&mut self, rule: &'static Rule, pointer: &str) -> bool {
        self.rules_at(pointer).contains(&rule.name)
    }

    /// Whether anything was said about exactly this pointer of the present connection.
    pub fn has_any(&mut self, pointer: &str) -> bool {
        !self.rules_at(pointer).is_empty()
    }

    fn rules_at(&mut self, pointer: &str) -> &[&'static str] {
        let Self { diagnostics, connection, places, .. } = self;
        if places.connection != *connection || places.known > diagnostics.len() {
            // Connections are checked one after the other, so the findings of the present one are the last.
            let own = diagnostics.iter().rev().take_while(|found| found.connection == *connection).count();
            *places = Places { connection: *connection, known: diagnostics.len() - own, ..Places::default() };
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

    /// Whether the absence of a field, or of what it is in, has been explained.
    pub fn is_explained(&self, field: Field) -> bool {
        self.explained.contains(&field) || field.parent().is_some_and(|parent| self.is_explained(parent))
    }
}

/// The finding being written.
#[derive(Debug)]
pub(crate) struct Finding<'f> {
    findings: &'f mut Findings,
}

impl Finding<'_> {
    fn diagnostic(&mut self) -> &mut Diagnostic {
        let last = self.findings.diagnostics.len() - 1;
        &mut self.findings.diagnostics[last]
    }

    /// The primary place, and the finding's pointer: a value, or what is nearest to where it is missing.
    pub fn at(self, place: impl Target, label: impl Into<Cow<'static, str>>) -> Self {
        self.pointer(place.pointer()).mark(place.span(), label)
    }

    /// As [`Finding::at`], marking the key.
    pub fn at_key(self, place: impl Target, label: impl Into<Cow<'static, str>>) -> Self {
        self.pointer(place.pointer()).mark(place.key_span(), label)
    }

    /// The finding's pointer, where no place says it.
    pub fn pointer(mut self, pointer: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic().pointer = pointer.into();
        self
    }

    /// A further place.
    pub fn and(self, place: impl Target, label: impl Into<Cow<'static, str>>) -> Self {
        self.mark(place.span(), label)
    }

    /// A further place: a key.
    pub fn and_key(self, place: impl Target, label: impl Into<Cow<'static, str>>) -> Self {
        self.mark(place.key_span(), label)
    }

    /// A place given as bytes; the first one is the primary.
    pub fn mark(mut self, span: Span, label: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic().labels.push(Label { span, message: label.into() });
        self
    }

    /// What to do about it.
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic().help = Some(help.into());
        self
    }

    /// How to fix it; a fix without edits is none.
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.diagnostic().fix = fix.into().filter(|fix| !fix.edits.is_empty());
        self
    }

    /// The connection of a finding across connections, by its index.
    pub fn of(mut self, connection: usize) -> Self {
        self.diagnostic().connection = Some(connection);
        self
    }

    /// A severity other than the rule's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.diagnostic().severity = severity;
        self
    }
}
