//! Texts inside other texts: each is checked alone, and the report on the whole text contains their findings.

use std::sync::Arc;

use super::{Linter, Module, Report};
use crate::atlas::Mode;
use crate::config::Config;
use crate::connection::Dialect;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Label, rules as builtin};
#[cfg(feature = "shell")]
use crate::dialect;
use crate::document::{Document, Entry, Table};
use crate::parse::Embedded;
use crate::suppress::{self, Ignores};
use crate::text::{Source, Span};
use crate::{fix, parse};

/// A text inside of another one, and its findings.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Its position in the whole text.
    pub span: Span,
    pub report: Report,
    /// Whether the checked text is the original text.
    is_exact: bool,
    /// The characters that cannot be written there.
    reserved: &'static [char],
    /// Whether it is checked even if it does not look like a definition.
    is_known: bool,
    /// Findings around it, at positions in the whole text.
    notes: Vec<Diagnostic>,
}

impl Linter {
    /// Checks the texts inside of a text: those that look like definitions.
    pub(super) fn check_embedded(&self, source: &Source, embedded: Result<Vec<Embedded>, Diagnostic>) -> Report {
        let embedded = match embedded {
            Ok(embedded) => embedded,
            Err(flaw) => return self.lint(Document::unreadable(source.clone()), vec![flaw], &Module::default()),
        };
        let linter = Self { config: Arc::new(Config { skip_unrecognized: true, ..(*self.config).clone() }) };
        let parts = embedded.iter().filter_map(|text| linter.check_part(source, text)).filter(Part::is_definition);
        let mut table = Table::default();
        let root = table.open(0, Span::default(), Entry::ARRAY);
        table.close(root, 0);
        let mut report = Report {
            document: table.into_document(source.clone(), Vec::new()),
            translation: None,
            definitions: Vec::new(),
            summaries: Vec::new(),
            dialect: Dialect::AdminApi,
            mode: Mode::Create,
            diagnostics: Vec::new(),
            flaws: 0,
            config: Arc::clone(&self.config),
            ignores: Ignores::default(),
            checked: true,
            module: Module::default(),
            uses: Vec::new(),
            processors: 0,
            parts: parts.collect(),
        };
        if let Some(Part { report: first, .. }) = report.parts.first() {
            (report.dialect, report.mode) = (first.dialect, first.mode);
        }
        for part in &report.parts {
            let before = report.summaries.len();
            let shifted = |found: &Diagnostic| found.clone().shifted(part.span.start, before);
            report.diagnostics.extend(part.report.diagnostics.iter().map(shifted));
            report.summaries.extend_from_slice(&part.report.summaries);
            report.processors += part.report.processors;
        }
        let mut notes = Vec::new();
        for part in &mut report.parts {
            notes.append(&mut part.notes);
        }
        if !notes.is_empty() {
            report.extend(notes);
        }
        report.checked = !self.config.skip_unrecognized || !report.parts.is_empty();
        report
    }

    /// Checks a text inside of another one; `None` for requests to other services.
    fn check_part(&self, source: &Source, embedded: &Embedded) -> Option<Part> {
        let sent = sent(source.text(), embedded)?;
        let config = Config {
            mode: self.config.mode.or(sent.mode),
            skip_unrecognized: !sent.is_known,
            ..(*self.config).clone()
        };
        let linter = Self { config: Arc::new(config) };
        let Embedded { span, extension, instead, reserved, .. } = embedded;
        let text = instead.clone().unwrap_or_else(|| source.text()[span.start..span.end].to_owned());
        let source = Source::new(format!("{}.{extension}", source.name()), text);
        #[cfg_attr(not(feature = "shell"), expect(unused_mut, reason = "only a shell changes what is written"))]
        let mut reading = parse::parse(&source, self.config.size_limit());
        #[cfg(feature = "shell")]
        embedded.marks.apply(&mut reading.document);
        let mut report = linter.lint_as(reading.document, reading.flaws, &Module::default(), sent.is_bare);
        if sent.is_named {
            report.diagnostics.retain(|found| found.rule != &builtin::MISSING_FIELD || found.pointer != "/name");
        }
        let is_exact = instead.is_none();
        if !is_exact {
            report.forget_fixes();
        }
        Some(Part { span: *span, report, is_exact, reserved, is_known: sent.is_known, notes: sent.notes })
    }
}

/// The facts about a text from the request that sends it.
#[derive(Default)]
struct Sent {
    mode: Option<Mode>,
    is_known: bool,
    /// Whether its name may be elsewhere.
    is_bare: Option<bool>,
    /// Whether its name is elsewhere.
    is_named: bool,
    notes: Vec<Diagnostic>,
}

/// The facts about a text inside of `text` from the request that sends it; `None` for requests to other services.
#[cfg(feature = "shell")]
fn sent(text: &str, embedded: &Embedded) -> Option<Sent> {
    let Some(body_of) = &embedded.body_of else { return Some(Sent::default()) };
    let dialect::http::Sent { mode, is_known, is_bare, is_named, notes } = dialect::http::sent(text, body_of)?;
    Some(Sent { mode: Some(mode), is_known, is_bare: Some(is_bare), is_named, notes })
}

#[cfg(not(feature = "shell"))]
#[expect(clippy::unnecessary_wraps, reason = "a shell sends to others as well")]
fn sent(_: &str, _: &Embedded) -> Option<Sent> {
    Some(Sent::default())
}

impl Part {
    /// Whether it has something to check. Requests to other services are not checked.
    fn is_definition(&self) -> bool {
        let Report { checked, dialect, summaries, diagnostics, processors, .. } = &self.report;
        let has_findings = !diagnostics.is_empty() && *dialect != Dialect::Http;
        let is_known = self.is_known || !self.notes.is_empty();
        is_known || *checked && (!summaries.is_empty() || *processors > 0 || has_findings)
    }

    /// A finding of the whole text as one of this part, if an ignore can be written there.
    fn in_part(&self, found: &Diagnostic) -> Option<Diagnostic> {
        let label = found.labels.first().filter(|label| self.is_exact && self.span.contains(label.span))?;
        let at = self.span.start;
        let label = Label { span: Span::new(label.span.start - at, label.span.end - at), message: "".into() };
        Some(Diagnostic { labels: vec![label], fix: None, ..found.clone() })
    }
}

impl Report {
    /// The part with a connection of the whole text, and its index in the part.
    pub(crate) fn part_of(&self, connection: usize) -> Option<(&Part, usize)> {
        let mut index = connection;
        for part in &self.parts {
            let count = part.report.summaries.len();
            if index < count {
                return Some((part, index));
            }
            index -= count;
        }
        None
    }

    /// The edits that fix all parts, in their order, and the number of fixes.
    pub(super) fn part_fixes(&self, up_to: Applicability) -> (Vec<Edit>, usize) {
        let (mut edits, mut count) = (Vec::new(), 0);
        for part in self.parts.iter().filter(|part| part.is_exact) {
            let mut edited = fix::EditedText::of(part.span.len());
            count += part.report.fixed_text(up_to, |round| edited.edit(round)).1;
            let shifted = |edit: Edit| Edit { span: edit.span.shifted(part.span.start), ..edit };
            edits.extend(edited.into_edits().into_iter().map(shifted));
        }
        (edits, count)
    }

    /// Edits that insert an ignore for a finding of this report into its part.
    pub(super) fn ignoring_in_part(&self, found: &Diagnostic, reason: &str) -> Option<Vec<Edit>> {
        let (part, found) = self.parts.iter().find_map(|part| Some((part, part.in_part(found)?)))?;
        if reason.contains(part.reserved) {
            return None;
        }
        let edits = suppress::ignoring(&part.report.document, &found, reason)?;
        Some(edits.into_iter().map(|edit| Edit { span: edit.span.shifted(part.span.start), ..edit }).collect())
    }

    /// Ignores for the findings of all parts that can be ignored.
    #[cfg(feature = "cli")]
    pub(super) fn ignoring_parts(&self, reason: &str) -> Vec<suppress::WrittenIgnore> {
        let mut all = Vec::new();
        for part in self.parts.iter().filter(|part| !reason.contains(part.reserved)) {
            let found = self.diagnostics.iter().enumerate();
            let found = found.filter_map(|(index, found)| Some((index, part.in_part(found)?)));
            let (indices, found): (Vec<_>, Vec<_>) = found.unzip();
            for mut ignore in suppress::ignoring_all(&part.report.document, &found, reason) {
                ignore.edits.iter_mut().for_each(|edit| edit.span = edit.span.shifted(part.span.start));
                ignore.findings.iter_mut().for_each(|finding| *finding = indices[*finding]);
                all.push(ignore);
            }
        }
        all
    }
}
