//! The report on one text.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::{Module, Part};
use crate::atlas::fields::Field;
use crate::atlas::stages::Use;
use crate::atlas::{Kind, Mode, model, secret};
use crate::config::Config;
use crate::connection::{Connection, Definition, Dialect, DocumentContext, Translation};
use crate::cross_file::CrossFile;
use crate::diagnostic::rules::SYNTAX_ERROR;
use crate::diagnostic::{Diagnostic, Edit, Findings, Severity};
use crate::document::Document;
#[cfg(feature = "policies")]
use crate::document::{Entry, EntryId};
#[cfg(feature = "policies")]
use crate::policies::Around;
use crate::rules::file::{File, Named, Used, Workspace};
use crate::rules::{RULES, request};
use crate::suppress::{self, Ignores, Which};
use crate::text::Source;
use crate::text::order::sort_by;
#[cfg(feature = "policies")]
use crate::text::placeholder::{ValueState, value_state};
use crate::{dialect, fix};

/// A connection in a text, as reports list it.
///
/// Serializes as `{ "name", "type" }`, as in the JSON report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// The name, if it is a string; `***` for a connection string, which may contain a password.
    pub name: Option<String>,
    /// The type; a near spelling counts.
    #[serde(rename = "type")]
    pub kind: Option<Kind>,
}

/// The findings in one text, and the summaries of its connections.
///
/// `Debug` shows the name of the source and numbers, never the text, which may contain secrets.
#[derive(Clone)]
pub struct Report {
    pub(super) document: Document,
    /// The definitions in Admin API shape, if the document has another shape.
    pub(super) translation: Option<Translation>,
    pub(super) definitions: Vec<Definition>,
    pub(super) summaries: Vec<Summary>,
    pub(super) dialect: Dialect,
    pub(super) mode: Mode,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The number of syntax errors.
    pub(super) flaws: usize,
    pub(super) config: Arc<Config>,
    pub(super) ignores: Ignores,
    pub(super) checked: bool,
    pub(super) module: Module,
    pub(super) uses: Vec<Use>,
    pub(super) processors: usize,
    /// The texts inside of this one, which then has nothing else to check.
    pub(super) parts: Vec<Part>,
}

impl fmt::Debug for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Report")
            .field("source", self.source())
            .field("dialect", &self.dialect)
            .field("mode", &self.mode)
            .field("connections", &self.summaries.len())
            .field("diagnostics", &self.diagnostics.len())
            .finish_non_exhaustive()
    }
}

impl Report {
    /// The findings, in the order of the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The text that was linted.
    pub fn source(&self) -> &Source {
        &self.document.source
    }

    /// The dialect of the definitions.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The mode of the definitions.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Name and type of every connection that was found, in the order of the text.
    pub fn summaries(&self) -> &[Summary] {
        &self.summaries
    }

    /// The number of stream processors in the text.
    pub fn processors(&self) -> usize {
        self.processors
    }

    /// Every connection as a Rust value: one for each of [`Report::summaries`], in the same order. It is `None` for a
    /// connection with an error, for all connections of a text with syntax errors, and for the body of a PATCH that
    /// omits required fields.
    ///
    /// ```
    /// use streamlint::{Source, model::Connection};
    ///
    /// let text = r#"[
    ///     { "name": "solar", "type": "Sample" },
    ///     { "name": "hook", "type": "Https", "uri": "https://hooks.example.com" }
    /// ]"#;
    /// let connections = streamlint::check(&Source::new("connections.json", text)).connections();
    /// assert!(matches!(&connections[0], Some(Connection::Sample(sample)) if sample.name.as_deref() == Some("solar")));
    /// assert!(connections[1].is_none());
    /// ```
    pub fn connections(&self) -> Vec<Option<model::Connection>> {
        (0..self.summaries.len()).map(|index| self.connection(index)).collect()
    }

    fn connection(&self, index: usize) -> Option<model::Connection> {
        if let Some((part, index)) = self.part_of(index) {
            return part.report.connection(index);
        }
        if self.document.damaged {
            return None;
        }
        let definition = self.definitions.get(index)?;
        let document = self.setting().document();
        let span = document.entry(definition.base).span();
        let is_about = |found: &Diagnostic| match found.connection {
            Some(connection) => connection == index,
            // A duplicate field is found before the connections are known.
            None => span.contains(found.span()) && !found.labels.is_empty(),
        };
        if self.diagnostics.iter().any(|found| found.severity == Severity::Error && is_about(found)) {
            return None;
        }
        let mut value = definition.value(document).to_json();
        // The user may have set the type instead of the definition.
        if let (Value::Object(map), Some(kind)) = (&mut value, self.summaries[index].kind) {
            map.entry(Field::Type.key()).or_insert_with(|| kind.name().into());
        }
        serde_json::from_value(value).ok()
    }

    /// Whether the text was checked: with [`ConfigBuilder::skip_unrecognized`](crate::ConfigBuilder::skip_unrecognized),
    /// texts that do not look like a definition are skipped.
    pub fn is_checked(&self) -> bool {
        self.checked
    }

    pub(crate) fn ignores(&self) -> &Ignores {
        &self.ignores
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    pub(crate) fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    pub(crate) fn translation(&self) -> Option<&Translation> {
        self.translation.as_ref()
    }

    /// The surroundings of the definitions, after the check.
    pub(crate) fn setting(&self) -> DocumentContext<'_> {
        DocumentContext {
            written: &self.document,
            translation: self.translation.as_ref(),
            spelling: dialect::spelling(self.dialect),
            mode: self.mode,
            kind: None,
            bare: false,
        }
    }

    /// Whether connections of other files affect these. Bare bodies share a workspace only if the user sets one.
    pub(crate) fn spans_files(&self) -> bool {
        self.given_workspace().is_some() || self.definitions.iter().any(|definition| definition.workspace.is_some())
    }

    /// The name of the workspace of all connections.
    #[cfg(feature = "policies")]
    pub(super) fn workspace(&self) -> Option<Around<'_>> {
        // Settings add the name after a NUL.
        let given = self.given_workspace().and_then(|given| given.rsplit('\0').next());
        Around::given(given).or_else(|| self.around(|definition| definition.workspace_name))
    }

    /// The id of the project of all connections.
    #[cfg(feature = "policies")]
    pub(super) fn project_id(&self) -> Option<Around<'_>> {
        let given = self.config.request.group_id.as_deref();
        Around::given(given).or_else(|| self.around(|definition| definition.project_id))
    }

    #[cfg(feature = "policies")]
    fn around(&self, of: impl Fn(&Definition) -> Option<EntryId>) -> Option<Around<'_>> {
        let mut written = self.definitions.iter().filter_map(of);
        let first = written.next()?;
        let known = |id: EntryId| {
            let entry = self.document.entry(id);
            let is_known = entry.has(Entry::TEXT) && !entry.has(Entry::UNKNOWN | Entry::FILLED_IN);
            let text = self.document.text(id);
            (is_known && value_state(text, false) == ValueState::Known && self.document.is_sound(id)).then_some(text)
        };
        let is_one = written.all(|other| known(other) == known(first));
        Some(Around { value: known(first).filter(|_| is_one), span: Some(self.document.entry(first).span()) })
    }

    /// The workspace that the request or the configuration names.
    fn given_workspace(&self) -> Option<&String> {
        self.config.request.tenant_name.as_ref().or(self.config.workspace.as_ref())
    }

    /// Keeps some of the findings.
    #[cfg(feature = "cli")]
    pub(crate) fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.diagnostics.retain(keep);
    }

    /// Keeps the first findings.
    #[cfg(feature = "cli")]
    pub(crate) fn truncate(&mut self, findings: usize) {
        self.diagnostics.truncate(findings);
    }

    /// Removes all findings.
    #[cfg(feature = "cli")]
    pub(crate) fn clear(&mut self) {
        self.diagnostics.clear();
    }

    /// Removes all fixes, for callers that cannot apply them; the title of a fix becomes the help if there is none.
    pub(crate) fn forget_fixes(&mut self) {
        for found in &mut self.diagnostics {
            if let Some(fix) = found.fix.take() {
                found.help.get_or_insert(fix.title);
            }
        }
    }

    /// Whether the text has nothing to check or to report.
    #[cfg(feature = "cli")]
    pub(crate) fn is_empty(&self) -> bool {
        if !self.parts.is_empty() {
            return self.parts.iter().all(|part| part.report.is_empty());
        }
        self.checked && self.definitions.is_empty() && self.diagnostics.is_empty() && self.processors == 0
    }

    /// Whether the text had a syntax error, so that parts of it are uncertain.
    #[cfg(feature = "cli")]
    pub(crate) fn is_damaged(&self) -> bool {
        self.document.damaged || self.parts.iter().any(|part| part.report.document.damaged)
    }

    /// Adds findings about the request around the body; this is the first report of a run.
    pub(crate) fn add_about_request(&mut self) {
        let mut found = Findings::default();
        request::check(&self.config.request, &self.config.conventions, &mut found);
        self.extend(found.diagnostics);
    }

    /// Adds the findings across files, and the findings of the ignores that depend on them.
    pub(crate) fn finish(&mut self, mut found: Vec<Diagnostic>) {
        self.ignores.silence(&mut found);
        self.extend(found);
        if self.spans_files() {
            let found = self.ignores.report(&self.config, Which::OfRun, self.document.damaged);
            self.extend(found);
        }
    }

    /// Edits that insert an ignore with this reason for a finding of this report into its text. The reason may be
    /// empty, to be filled in. `None` if no ignore can suppress the finding.
    ///
    /// ```
    /// use streamlint::Source;
    ///
    /// let text = r#"{ "name": "hook", "type": "Https", "url": "http://hooks.example.com" }"#;
    /// let report = streamlint::check(&Source::new("hook.json", text));
    /// let edits = report.ignoring(&report.diagnostics()[0], "a test server").unwrap();
    /// assert_eq!(edits[0].text, "\"//\": \"streamlint-ignore[insecure-url]: a test server\", ");
    /// ```
    pub fn ignoring(&self, found: &Diagnostic, reason: &str) -> Option<Vec<Edit>> {
        if !self.parts.is_empty() {
            return self.ignoring_in_part(found, reason);
        }
        suppress::ignoring(&self.document, found, reason)
    }

    /// The file for rules that check more than one connection.
    pub(crate) fn file(&self) -> File<'_> {
        File { connections: self.named(), uses: self.used(), others: None }
    }

    /// Adds this file to the names of the run, under its index.
    pub(crate) fn add_to(&self, cross_file: &mut CrossFile, index: usize) {
        if self.spans_files() {
            cross_file.add(index, &self.file(), self.source().text());
        }
    }

    /// The findings in this file that need the others of the run. `name` returns the name of a file by its index.
    pub(crate) fn check_with(
        &self,
        cross_file: &CrossFile,
        index: usize,
        name: &dyn Fn(usize) -> Arc<str>,
    ) -> Vec<Diagnostic> {
        if self.spans_files() { cross_file.check(index, self.file(), name) } else { Vec::new() }
    }

    /// The connections that pipelines use, if their workspace is known.
    fn used(&self) -> Vec<Used<'_>> {
        let Some(given) = self.given_workspace() else { return Vec::new() };
        let workspace = Workspace::Request(given);
        self.uses.iter().map(|used| Used { name: &used.name, span: used.span, stage: used.stage, workspace }).collect()
    }

    /// The named connections.
    fn named(&self) -> Vec<Named<'_>> {
        let mut named = Vec::new();
        for (connection, (definition, summary)) in self.definitions.iter().zip(&self.summaries).enumerate() {
            let setting = DocumentContext { kind: summary.kind, ..self.setting() };
            let view = Connection::new(setting, definition, &self.config.conventions);
            let Some(name) = view.name().filter(|_| summary.name.is_some()) else { continue };
            // A failover connection has its primary's name by design (evidence.md FOV-002).
            if view.mode == Mode::Failover || view.get(Field::Name).is_unknown() {
                continue;
            }
            let span = view.span_of("/name");
            let workspace = match (&definition.workspace, self.given_workspace()) {
                (Some(name), _) => Workspace::Definition(name),
                (None, Some(given)) => Workspace::Request(given),
                (None, None) => Workspace::OfFile,
            };
            let condition = definition.condition.as_deref();
            named.push(Named { connection, name, kind: summary.kind, span, workspace, condition });
        }
        named
    }

    /// Adds findings: only of enabled rules, each once, in the order of the text.
    pub(super) fn extend(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        let config = &self.config;
        let known = self.diagnostics.len();
        self.diagnostics.extend(found.into_iter().filter_map(|mut found| {
            found.severity = config.severity(&found.rule).unwrap_or(found.severity);
            config.reports(&found.rule, found.severity).then_some(found)
        }));
        let (damaged, keys) = (self.document.damaged, self.document.keys());
        let text = self.document.source.text();
        for found in &mut self.diagnostics {
            for label in &mut found.labels {
                label.span = label.span.of_characters(text);
            }
            found.fix.take_if(|fix| fix.edits.iter().any(|edit| edit.span.of_characters(text) != edit.span));
            if let Cow::Owned(shown) = secret::shown_pointer(&found.pointer, keys) {
                found.pointer = shown.into();
            }
            // The parsers' own fixes change punctuation.
            if damaged && found.rule != &SYNTAX_ERROR {
                found.fix.take_if(|fix| !fix.edits.iter().all(|edit| secret::is_harmless(&edit.text)));
            }
        }
        fix::drop_harmful(&self.document, self.flaws, config.size_limit(), &mut self.diagnostics[known..]);
        // Policies come after the rules of the catalog.
        let rank = |found: &Diagnostic| RULES.iter().position(|rule| found.rule == *rule).unwrap_or(RULES.len());
        sort_by(&mut self.diagnostics, |a, b| {
            let key = |found: &Diagnostic| (found.span().start, found.span().end, std::cmp::Reverse(found.severity));
            key(a).cmp(&key(b)).then_with(|| rank(a).cmp(&rank(b))).then_with(|| a.pointer.cmp(&b.pointer))
        });
        self.diagnostics.dedup_by(|a, b| {
            a.rule == b.rule && a.pointer == b.pointer && a.span() == b.span() && a.connection == b.connection
        });
    }
}
