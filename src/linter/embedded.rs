//! Texts inside of a text: each is checked alone, and the report on the whole has what was found in all of them.

use std::sync::Arc;

use super::{Linter, Module, Report};
use crate::atlas::Mode;
use crate::config::Config;
use crate::connection::Dialect;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Label};
use crate::document::{Document, Entry, Table};
use crate::fix;
use crate::parse::Embedded;
use crate::suppress::{self, Ignores};
use crate::text::{Source, Span};

/// A text inside of another one, and what was found in it.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Where it is in the whole text.
    pub span: Span,
    pub report: Report,
    /// Whether the text that was checked is the one that is written.
    is_exact: bool,
}

impl Linter {
    /// Checks the texts inside of a text: those that look like definitions.
    pub(super) fn check_embedded(&self, source: &Source, embedded: Result<Vec<Embedded>, Diagnostic>) -> Report {
        let embedded = match embedded {
            Ok(embedded) => embedded,
            Err(flaw) => return self.lint(Document::unreadable(source.clone()), vec![flaw], &Module::default()),
        };
        let linter = Self { config: Arc::new(Config { skip_unrecognized: true, ..(*self.config).clone() }) };
        let parts = embedded.into_iter().map(|text| linter.check_part(source, text)).filter(Part::is_definition);
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
        report.checked = !self.config.skip_unrecognized || !report.parts.is_empty();
        report
    }

    fn check_part(&self, source: &Source, embedded: Embedded) -> Part {
        let Embedded { span, extension, instead } = embedded;
        let is_exact = instead.is_none();
        let text = instead.unwrap_or_else(|| source.text()[span.start..span.end].to_owned());
        let source = Source::new(format!("{}.{extension}", source.name()), text);
        let mut report = self.check_in(&source, &Module::default());
        if !is_exact {
            report.forget_fixes();
        }
        Part { span, report, is_exact }
    }
}

impl Part {
    /// Whether it has something to check. Requests to others may have mistakes of their own.
    fn is_definition(&self) -> bool {
        let Report { checked, dialect, summaries, diagnostics, processors, .. } = &self.report;
        let has_findings = !diagnostics.is_empty() && *dialect != Dialect::Http;
        *checked && (!summaries.is_empty() || *processors > 0 || has_findings)
    }

    /// A finding of the whole text as one of this part, if its ignore can be written there.
    fn own(&self, found: &Diagnostic) -> Option<Diagnostic> {
        let label = found.labels.first().filter(|label| self.is_exact && self.span.contains(label.span))?;
        let at = self.span.start;
        let label = Label { span: Span::new(label.span.start - at, label.span.end - at), message: "".into() };
        Some(Diagnostic { labels: vec![label], fix: None, ..found.clone() })
    }
}

impl Report {
    /// The part with a connection of the whole text, and its index there.
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

    /// Edits that put an ignore for a finding of this report into the part that has it.
    pub(super) fn ignoring_in_part(&self, found: &Diagnostic, reason: &str) -> Option<Vec<Edit>> {
        let (part, found) = self.parts.iter().find_map(|part| Some((part, part.own(found)?)))?;
        let edits = suppress::ignoring(&part.report.document, &found, reason)?;
        Some(edits.into_iter().map(|edit| Edit { span: edit.span.shifted(part.span.start), ..edit }).collect())
    }

    /// Ignores for the findings of all parts that can be ignored.
    #[cfg(feature = "cli")]
    pub(super) fn ignoring_parts(&self, reason: &str) -> Vec<suppress::WrittenIgnore> {
        let mut all = Vec::new();
        for part in &self.parts {
            let found = self.diagnostics.iter().enumerate();
            let found = found.filter_map(|(index, found)| Some((index, part.own(found)?)));
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
