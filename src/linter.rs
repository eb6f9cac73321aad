//! The linter: parses a text, finds its definitions, checks each of them, and checks them together.

mod embedded;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::atlas::fields::Field;
use crate::atlas::{Mode, secret};
use crate::config::Config;
use crate::connection::{Connection, Definition, DocumentContext};
use crate::cross_file::CrossFile;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Findings, Label, rules as builtin};
use crate::dialect::{self, Context, DetectOptions, DialectMatch};
use crate::document::{Document, Entry, EntryId, ROOT};
#[cfg(feature = "policies")]
use crate::policies;
use crate::rules::file::File;
use crate::rules::{self};
use crate::suppress::{Ignores, Which};
#[cfg(feature = "cli")]
use crate::suppress::{WrittenIgnore, ignoring_all};
use crate::text::pointer::escape;
use crate::text::{Source, Span};
use crate::{fix, parse};
use embedded::Part;
pub use report::{Report, Summary};

/// A text with ignores for its findings.
#[cfg(feature = "cli")]
pub(crate) struct Ignoring {
    pub text: String,
    /// For each finding of the report, whether the text ignores it.
    pub is_ignored: Vec<bool>,
}

/// Lints texts by one configuration. `Send` and `Sync`, without state between calls.
#[derive(Debug, Clone, Default)]
pub struct Linter {
    config: Arc<Config>,
}

/// The parsed files of a Terraform module. Cloning is cheap. `Debug` shows the number of files, never their text.
#[derive(Clone, Default)]
pub struct Module {
    context: Option<Arc<Context>>,
}

impl fmt::Debug for Module {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = self.context.as_ref().map_or(0, |context| context.len());
        out.debug_struct("Module").field("files", &files).finish()
    }
}

impl Module {
    /// The parsed files of one folder, except files that are not Terraform's. `is_whole` means that there are no others:
    /// only then can an undefined name be reported.
    pub fn of<'s>(sources: impl IntoIterator<Item = &'s Source>, is_whole: bool) -> Self {
        let sources = sources.into_iter().filter(|source| Self::has(source.name()));
        let documents =
            sources.map(|source| parse::parse(source, crate::config::DEFAULT_SIZE_LIMIT).document).collect();
        Self { context: Some(Arc::new(Context::of(documents, is_whole))) }
    }

    /// Whether a file of this name belongs to a module.
    pub fn has(name: &str) -> bool {
        dialect::module::is_terraform(name)
    }

    /// Whether a file with this name sets the variables of its module.
    #[cfg(feature = "cli")]
    pub(crate) fn has_values_in(name: &str) -> bool {
        dialect::module::is_file_of_values(name)
    }

    /// The folder of a file's name. A folder is a module.
    pub fn folder_of(name: &str) -> &str {
        dialect::module::folder(name)
    }
}

impl Linter {
    /// A linter with this configuration.
    pub fn new(config: Config) -> Self {
        Self { config: Arc::new(config) }
    }

    /// The configuration of the linter.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Lints one text. Never fails and never panics: all problems of the text are in the report.
    pub fn check(&self, source: &Source) -> Report {
        self.check_in(source, &Module::default())
    }

    /// Lints one text as a file of a Terraform module. Without a module, names that other files declare are unknown.
    pub fn check_in(&self, source: &Source, module: &Module) -> Report {
        // The Atlas CLI and Terraform print an error as a sentence.
        if self.config.mode == Some(Mode::Error) && rules::api_error::is_sentence(source.text()) {
            return self.lint(Document::unreadable(source.clone()), Vec::new(), module);
        }
        if let Some(embedded) = parse::embedded(source, self.config.size_limit()) {
            return self.check_embedded(source, embedded);
        }
        let reading = parse::parse(source, self.config.size_limit());
        self.lint(reading.document, reading.flaws, module)
    }

    /// The report on a text that is too large to be read; `bytes` is its length.
    pub fn refuse(&self, name: &str, bytes: u64) -> Report {
        self.refuse_source(Source::new(name, ""), bytes)
    }

    /// As [`Linter::refuse`], for a source without its text.
    pub(crate) fn refuse_source(&self, source: Source, bytes: u64) -> Report {
        let flaw = parse::too_large(&source, bytes, self.config.size_limit());
        self.lint(Document::unreadable(source), vec![flaw], &Module::default())
    }

    /// Lints a value without a text: the state of a form, or a body that a service has parsed. Findings have their
    /// pointers, but their positions are the empty range at byte 0. The text of the report is empty, and there are no
    /// fixes, which are edits of a text. Duplicate keys, comments and ignores cannot be detected.
    ///
    /// ```
    /// let value = serde_json::json!({ "name": "hook", "type": "Https" });
    /// let report = streamlint::Linter::default().check_value(&value);
    /// assert_eq!(report.diagnostics()[0].pointer, "/url");
    /// ```
    pub fn check_value(&self, value: &Value) -> Report {
        let source = Source::new("value.json", "");
        let (document, flaws) = match Document::of_value(source.clone(), value, parse::MAX_DEPTH) {
            Some(document) => (document, Vec::new()),
            None => (Document::unreadable(source), vec![Diagnostic::too_deep(Span::at(0), parse::MAX_DEPTH)]),
        };
        let mut report = self.lint(document, flaws, &Module::default());
        for found in &mut report.diagnostics {
            found.fix = None;
        }
        report
    }

    /// Lints texts together: each alone, and then across texts. The reports are in the order of the sources.
    pub fn check_all<'s>(&self, sources: impl IntoIterator<Item = &'s Source>) -> Vec<Report> {
        let sources = sources.into_iter().collect::<Vec<_>>();
        let mut folders = BTreeMap::<_, Vec<&'s Source>>::new();
        for source in sources.iter().filter(|source| Module::has(source.name())) {
            folders.entry(Module::folder_of(source.name())).or_default().push(source);
        }
        let mut modules = BTreeMap::new();
        for (folder, files) in folders {
            modules.insert(folder, Module::of(files, true));
        }
        let none = Module::default();
        let report = |source: &&Source| {
            let module = modules.get(Module::folder_of(source.name())).filter(|_| Module::has(source.name()));
            self.check_in(source, module.unwrap_or(&none))
        };
        let mut reports = sources.iter().map(report).collect::<Vec<_>>();
        self.across(&mut reports);
        reports
    }

    /// Adds the findings across texts to their reports. [`Linter::check_all`] does this itself.
    pub fn across(&self, reports: &mut [Report]) {
        if let Some(first) = reports.first_mut() {
            first.add_about_request();
        }
        if !reports.iter().any(Report::spans_files) {
            return;
        }
        let mut cross_file = CrossFile::default();
        for (index, report) in reports.iter().enumerate() {
            report.add_to(&mut cross_file, index);
        }
        let name = |index: usize| Arc::clone(reports[index].source().shared_name());
        let check = |(index, report): (usize, &Report)| report.check_with(&cross_file, index, &name);
        let found = reports.iter().enumerate().map(check).collect::<Vec<_>>();
        for (report, found) in reports.iter_mut().zip(found) {
            report.finish(found);
        }
    }

    fn lint(&self, document: Document, flaws: Vec<Diagnostic>, module: &Module) -> Report {
        self.lint_as(document, flaws, module, None)
    }

    /// Like [`Linter::lint`]; `is_bare` sets whether the name of a connection may be elsewhere, if that is known.
    fn lint_as(
        &self,
        mut document: Document,
        flaws: Vec<Diagnostic>,
        module: &Module,
        is_bare: Option<bool>,
    ) -> Report {
        let Config { dialect, mode, skip_unrecognized: recognize, .. } = *self.config;
        self.fill_in(&mut document);
        let mut found = dialect::find(&document, DetectOptions { dialect, mode, recognize }, module.context.as_deref());
        found.bare = is_bare.unwrap_or(found.bare);
        let checked = found.recognized || !self.config.skip_unrecognized;
        let mut report = Report {
            document,
            translation: None,
            definitions: Vec::new(),
            summaries: Vec::new(),
            dialect: found.dialect,
            mode: found.mode,
            diagnostics: Vec::new(),
            flaws: 0,
            config: Arc::clone(&self.config),
            ignores: Ignores::default(),
            checked,
            module: module.clone(),
            uses: Vec::new(),
            processors: 0,
            parts: Vec::new(),
        };
        if !checked {
            return report;
        }
        #[cfg(feature = "dialects")]
        let flaws = without_quoted_names(&report.document, &found.notes, flaws);
        report.flaws = flaws.len();
        let mut findings = Findings::default();
        findings.diagnostics = flaws;
        rules::not_a_connection::check(&report.document, &found, &mut findings);
        if found.mode == Mode::Error {
            rules::api_error::check(&report.document, &mut findings);
        }
        let DialectMatch { mut definitions, translation, notes, uses, processors, bare, foreign, is_of_values, .. } =
            found;
        report.uses = uses;
        report.processors = processors;
        report.translation = translation;
        let setting = DocumentContext { kind: self.config.kind, bare, ..report.setting() };
        let mut notes = notes.into_iter().peekable();
        let mut summaries = Vec::with_capacity(definitions.len());
        for (index, definition) in definitions.iter().enumerate() {
            let start = findings.diagnostics.len();
            findings.connection = Some(index);
            findings.explained.clear();
            while let Some(note) = notes.next_if(|note| note.connection <= Some(index)) {
                findings.add(note);
            }
            let connection = Connection::new(setting, definition, &self.config.conventions);
            rules::request::check_definition(&report.document, definition, &self.config.conventions, &mut findings);
            summaries.push(summary(&connection, report.document.damaged));
            let base = connection.document.entry(definition.base);
            // An object with a syntax error needs no other finding, because its content is unknown.
            if !definition.skip_rules || base.has(Entry::UNKNOWN) {
                report_definition_flaws(&report.document, base.span(), &mut findings);
            }
            if definition.skip_rules {
                continue;
            }
            crate::schema::check(&connection, &mut findings);
            rules::check_connection(&connection, &mut findings);
            #[cfg(feature = "policies")]
            policies::check_connection(&self.config.policies, &connection, &mut findings);
            if let Some(address) = definition.address {
                name_resource(address, &mut findings.diagnostics[start..]);
            }
            if matches!(connection.mode, Mode::Response | Mode::Error) {
                drop_fixes(&mut findings.diagnostics[start..]);
            }
            drop_unsupported(&connection, &mut findings.diagnostics, start);
            if !connection.document.table.defined.is_empty() {
                relate(&connection, &mut findings.diagnostics[start..]);
            }
            drop_repeated(&mut findings.diagnostics, start, &definitions[..=index]);
        }
        share_values(&report.document, is_of_values, &foreign, &mut definitions, &mut findings.diagnostics);
        summaries.truncate(definitions.len());
        report.definitions = definitions;
        report.summaries = summaries;
        findings.connection = None;
        report_duplicates(&report, &mut findings);
        findings.diagnostics.extend(notes);
        // Checks across connections need two of them.
        if report.definitions.len() > 1 {
            rules::check_file(&File { uses: Vec::new(), ..report.file() }, &mut findings);
        }
        #[cfg(feature = "policies")]
        if policies::are_for_files(&self.config.policies) {
            self.check_file_policies(&report, bare, &mut findings);
        }
        if !report.document.branches.is_empty() {
            drop_alternatives(&report.document, &mut findings.diagnostics);
        }
        if matches!(report.mode, Mode::Response | Mode::Error) {
            drop_fixes(&mut findings.diagnostics);
        }
        self.suppress(&mut report, findings.diagnostics);
        report
    }

    /// Adds findings to a report, without those that the text's comments ignore.
    fn suppress(&self, report: &mut Report, mut found: Vec<Diagnostic>) {
        let mut ignores = Ignores::read(&report.document, &self.config);
        ignores.silence(&mut found);
        let which = if report.spans_files() { Which::OfText } else { Which::All };
        found.extend(ignores.report(&self.config, which, report.document.damaged));
        report.ignores = ignores;
        report.extend(found);
    }

    /// Marks values as unknown that the settings declare as placeholders.
    fn fill_in(&self, document: &mut Document) {
        let placeholders = &self.config.conventions.placeholders;
        if !placeholders.is_empty() {
            let is_placeholder = |text: &str| placeholders.iter().any(|pattern| pattern.matches(text));
            document.fill_in(is_placeholder);
            let Document { source, definition_flaws, .. } = document;
            definition_flaws.retain(|flaw| !is_placeholder(&source.text()[flaw.span().start..flaw.span().end]));
        }
    }

    /// Checks the connections of a text together, by the policies for files.
    #[cfg(feature = "policies")]
    fn check_file_policies(&self, report: &Report, bare: bool, findings: &mut Findings) {
        let Config { policies, conventions, .. } = &*self.config;
        let setting = DocumentContext { kind: self.config.kind, bare, ..report.setting() };
        let view = |definition| Connection::new(setting, definition, conventions);
        let connections = report.definitions.iter().map(view).collect::<Vec<_>>();
        if connections.is_empty() {
            return;
        }
        let root = report.document.entry(ROOT).span();
        let file = policies::File {
            dialect: report.dialect.name(),
            path: report.source().name(),
            workspace: report.workspace(),
            project_id: report.project_id(),
            connections: &connections,
            start: Span::new(root.start, root.end.min(root.start + 1)),
        };
        policies::check_file(policies, &file, findings);
    }
}

/// The name and the type of a connection. After a syntax error, a text that looks like the name may be the value of a
/// header.
fn summary(connection: &Connection, is_damaged: bool) -> Summary {
    let name = connection.name().filter(|_| {
        let entry = || connection.entry_of(Field::Name.pointer());
        !is_damaged || entry().is_some_and(|entry| connection.document.is_sound(entry))
    });
    Summary { name: name.map(|name| secret::shown_name(name).to_owned()), kind: connection.kind }
}

/// The syntax errors, without those about quoted names in a block that should be an attribute: its keys may have quotes.
#[cfg(feature = "dialects")]
fn without_quoted_names(document: &Document, notes: &[Diagnostic], mut flaws: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let entries = &document.table.entries;
    let blocks = notes.iter().filter(|note| note.rule == &builtin::ATTRIBUTE_AS_BLOCK).filter_map(|note| {
        let next = entries.partition_point(|entry| entry.whole().start <= note.span().start);
        Some(entries[next.checked_sub(1)?].whole())
    });
    let blocks = blocks.collect::<Vec<_>>();
    flaws.retain(|flaw| {
        let next = blocks.partition_point(|block| block.start <= flaw.span().start);
        let is_key = next.checked_sub(1).is_some_and(|at| blocks[at].contains(flaw.span()));
        !(is_key && flaw.message == parse::hcl::QUOTED_NAME)
    });
    flaws
}

/// Removes fixes from a response, which Atlas has written.
fn drop_fixes(found: &mut [Diagnostic]) {
    for diagnostic in found {
        diagnostic.fix = None;
    }
}

/// Adds the name of the resource to findings in a plan, and removes their fixes, because a plan is generated.
fn name_resource(address: Span, found: &mut [Diagnostic]) {
    drop_fixes(found);
    for diagnostic in found {
        if diagnostic.span() != address {
            diagnostic.labels.push(Label { span: address, message: "in this resource".into() });
        }
    }
}

/// Drops findings about fields that the dialect does not support: the dialect has reported them.
fn drop_unsupported(connection: &Connection, found: &mut Vec<Diagnostic>, start: usize) {
    let members = &connection.definition.unsupported;
    let touches = |found: &Diagnostic, field: &Field| {
        let (key, value) = (connection.key_span_of(field.pointer()), connection.span_of(field.pointer()));
        let span = Span::new(key.start, value.end);
        field.pointer() == found.pointer || found.labels.iter().any(|label| span.contains(label.span))
    };
    let supported = found.split_off(start).into_iter().filter(|found| {
        found.rule == &builtin::UNSUPPORTED_BY_DIALECT || !members.iter().any(|field| touches(found, field))
    });
    found.extend(supported);
}

/// Drops findings about two positions if a template renders only one of them.
fn drop_alternatives(document: &Document, found: &mut Vec<Diagnostic>) {
    found.retain(|found| {
        let labels = &found.labels;
        let with_others = |(at, one): (usize, &Label)| {
            labels[at + 1..].iter().any(|other| document.exclude_each_other(one.span, other.span))
        };
        !labels.iter().enumerate().any(with_others)
    });
}

/// Drops findings about values in a different file, which reports them. `foreign` are the references to such values.
fn share_values(
    document: &Document,
    is_of_values: bool,
    foreign: &[Span],
    definitions: &mut Vec<Definition>,
    found: &mut Vec<Diagnostic>,
) {
    if is_of_values {
        keep_values(document, definitions, found);
        definitions.clear();
    }
    found.retain(|found| !foreign.iter().any(|place| place.contains(found.span())));
}

/// Keeps findings about values that this text sets in definitions of other files, and adds the positions of their use.
fn keep_values(document: &Document, definitions: &[Definition], found: &mut Vec<Diagnostic>) {
    let is_given = |place: Span| {
        document.members(ROOT).any(|id| {
            let entry = document.entry(id);
            let is_inside = entry.has(Entry::OBJECT | Entry::ARRAY);
            if is_inside { entry.whole().contains(place) } else { entry.span().contains(place) }
        })
    };
    found.retain_mut(|found| {
        let Some(definition) = found.connection.take().and_then(|index| definitions.get(index)) else { return true };
        let is_kept = !found.span().is_empty() && is_given(found.span());
        found.labels.retain(|label| !label.span.is_empty());
        if let (Some(used_in), Some(label)) = (&definition.used_in, found.labels.first_mut()) {
            let separator = if label.message.is_empty() { "" } else { "; " };
            label.message = format!("{}{separator}used in {used_in}", label.message).into();
        }
        is_kept
    });
}

/// Drops findings of a copy, which start at `start`, that are at the same positions as findings of the copies before
/// it, and the fixes that would change a text of all copies for the mistake of some. The copy is the last of the definitions.
fn drop_repeated(found: &mut Vec<Diagnostic>, start: usize, definitions: &[Definition]) {
    if !definitions.last().is_some_and(|copy| copy.instance.is_copy) {
        return;
    }
    let first = definitions.iter().rposition(|definition| !definition.instance.is_copy);
    let copied = found.split_off(start);
    let place = |found: &Diagnostic| (found.rule.name.to_owned(), found.pointer.clone(), found.span());
    let places = |found: &[Diagnostic]| {
        let mut places = BTreeSet::new();
        places.extend(found.iter().map(place));
        places
    };
    let before = found.iter().position(|found| found.connection >= first).unwrap_or(found.len());
    let (known, again) = (places(&found[before..]), places(&copied));
    let new = found.len();
    found.extend(copied.into_iter().filter(|copied| !known.contains(&place(copied))));
    for (at, found) in found.iter_mut().enumerate().skip(before) {
        // A mistake in only some copies is not in the text that all copies share.
        let is_shared = at < new && again.contains(&place(found));
        let element = found.connection.and_then(|at| definitions.get(at)?.instance.element);
        let is_own = |edit: &Edit| element.is_some_and(|element| element.contains(edit.span));
        if found.fix.take_if(|fix| !is_shared && !fix.edits.iter().all(is_own)).is_some() {
            found.help = Some("set it from `each.value`; it is right for other elements".into());
        }
    }
}

/// Reports a finding about a value that is written elsewhere at the position of its use. The position of the value is
/// shown as well, but there is no fix: other uses may depend on it.
fn relate(connection: &Connection, found: &mut [Diagnostic]) {
    for diagnostic in found {
        let Some(id) = connection.entry_of(&diagnostic.pointer) else { continue };
        if let Some(span) = connection.document.definition_of(id) {
            diagnostic.fix = None;
            diagnostic.labels.push(Label { span, message: "written here".into() });
        }
    }
}

/// Reports mistakes of the text inside a definition.
fn report_definition_flaws(document: &Document, definition: Span, findings: &mut Findings) {
    for flaw in document.definition_flaws.iter().filter(|flaw| definition.contains(flaw.span())) {
        findings.add(Diagnostic { connection: findings.connection, ..flaw.clone() });
    }
}

fn report_duplicates(report: &Report, findings: &mut Findings) {
    let document = &report.document;
    for twice in &document.table.duplicates {
        let key_span = |id| document.entry(id).key_span().unwrap_or_default();
        let key = document.key(twice.second);
        let keys = if secret::is_name(key) { secret::Keys::Certain } else { document.keys() };
        let key = secret::shown_key(key, keys).into_owned();
        let field = field_at(report, twice.second);
        let finding = findings
            .report(&builtin::DUPLICATE_KEY, format!("duplicate field `{key}`"))
            .mark(key_span(twice.second), "this one is used")
            .mark(key_span(twice.first), "this one is ignored")
            .help("delete one of them");
        if let Some((connection, pointer)) = field {
            finding.of(connection).pointer(pointer);
        }
    }
}

/// The connection that a row of the text belongs to, and the pointer of its field in there.
fn field_at(report: &Report, id: EntryId) -> Option<(usize, String)> {
    let around = |(connection, definition): (usize, &Definition)| {
        let is_project = (definition.project_id == Some(id)).then_some("/groupId");
        let is_workspace = || (definition.workspace_name == Some(id)).then_some("/tenantName");
        is_project.or_else(is_workspace).map(|pointer| (connection, pointer.to_owned()))
    };
    if let Some(found) = report.definitions.iter().enumerate().find_map(around) {
        return Some(found);
    }
    let (document, mut at) = match &report.translation {
        None => (&report.document, id),
        Some(translation) => {
            // Anything inside of a value that is not translated belongs to that value.
            let mut rows = std::iter::successors(Some(id), |&row| report.document.parent_of(row));
            (&translation.document, rows.find_map(|row| translation.made_of(row))?)
        }
    };
    let mut pointer = String::new();
    loop {
        let is_base = |definition: &Definition| definition.base == at;
        if let Some(connection) = report.definitions.iter().position(is_base) {
            return (!pointer.is_empty()).then_some((connection, pointer));
        }
        let parent = document.parent_of(at)?;
        let part = if document.entry(parent).has(Entry::OBJECT) {
            document.key(at).to_owned()
        } else {
            document.children(parent).position(|child| child == at)?.to_string()
        };
        pointer = format!("/{}{pointer}", escape(&part));
        at = parent;
    }
}

impl Report {
    /// The text with all fixes up to this applicability, applied repeatedly until none is left. Secrets stay in place.
    pub fn fixed(&self, up_to: Applicability) -> String {
        self.fixed_and_counted(up_to).0
    }

    /// Like [`Report::fixed`], with the number of applied fixes.
    pub fn fixed_and_counted(&self, up_to: Applicability) -> (String, usize) {
        self.fixed_text(up_to, |_| ())
    }

    /// The changes of [`Report::fixed`], as edits of the text: in order, not overlapping, and without parts of the text
    /// itself.
    pub fn fixes(&self, up_to: Applicability) -> Vec<Edit> {
        let mut edited = fix::EditedText::of(self.source().text().len());
        self.fixed_text(up_to, |edits| edited.edit(edits));
        edited.into_edits()
    }

    /// Like [`Report::fixed_and_counted`]; each round of edits is reported, in order.
    fn fixed_text(&self, up_to: Applicability, mut report_round: impl FnMut(&[(Span, &str)])) -> (String, usize) {
        if !self.parts.is_empty() {
            let (edits, count) = self.part_fixes(up_to);
            let edits = edits.iter().map(|edit| (edit.span, &*edit.text)).collect::<Vec<_>>();
            report_round(&edits);
            return (fix::written(self.source().text(), &edits), count);
        }
        let mut count = 0;
        let mut now: Option<Report> = None;
        if self.source().is_exact() {
            // Each round fixes at least one finding; if fixes remain after this many, two of them undo each other.
            for _ in 0..32 {
                let report = now.as_ref().unwrap_or(self);
                let Some(Round { edits, applied, after }) = report.round(up_to) else { break };
                report_round(&edits);
                count += applied;
                now = Some(after);
            }
        }
        (now.as_ref().unwrap_or(self).source().text().to_owned(), count)
    }

    /// Applies all fixes that can be applied together. Fixes that are harmless alone but harmful together wait for the
    /// next round.
    fn round(&self, up_to: Applicability) -> Option<Round<'_>> {
        let text = self.source().text();
        let fixes =
            self.diagnostics.iter().filter(|found| found.fix.as_ref().is_some_and(|fix| fix.applicability <= up_to));
        let is_syntax = |found: &&Diagnostic| found.rule == &builtin::SYNTAX_ERROR;
        // The rest of a text is known only after its syntax is valid.
        let fixes_syntax = fixes.clone().any(|found| is_syntax(&found));
        let fixes = fixes.filter(|found| !fixes_syntax || is_syntax(found)).filter_map(|found| found.fix.as_ref());
        let fixes = fixes.collect::<Vec<_>>();
        let linter = Linter { config: Arc::clone(&self.config) };
        let mut most = fixes.len();
        let mut first = 0;
        for _ in 0..32 {
            if first >= fixes.len() {
                break;
            }
            let tried = &fixes[first..fixes.len().min(first + most)];
            let (edits, applied) = fix::chosen(text, tried.iter().map(|fix| fix.edits.as_slice()));
            let fixed_text = fix::written(text, &edits);
            if fixed_text != text {
                let after = linter.check_in(&self.source().with_text(fixed_text), &self.module);
                let deletions = fix::deletions(tried.iter().copied());
                let change = fix::Change { edits: &edits, deletions: &deletions, fixes_syntax };
                if fix::is_harmless(&self.document, self.flaws, change, &after.document, after.flaws) {
                    return Some(Round { edits, applied, after });
                }
            }
            if most == 1 {
                first += 1;
            }
            most = most.div_ceil(2);
        }
        None
    }

    /// The text with ignores for all findings that can be ignored. It is linted again: an ignore that does not suppress
    /// its findings, or that leads to a new one, is left out.
    #[cfg(feature = "cli")]
    pub(crate) fn ignoring_all(&self, reason: &str) -> Ignoring {
        let ignores = if self.parts.is_empty() {
            ignoring_all(&self.document, &self.diagnostics, reason)
        } else {
            self.ignoring_parts(reason)
        };
        let mut kept = ignores.iter().collect::<Vec<_>>();
        if !self.are_silenced(&kept) {
            kept = ignores.iter().filter(|ignore| self.are_silenced(&[ignore])).collect();
            if !self.are_silenced(&kept) {
                kept.clear();
            }
        }
        let mut is_ignored = vec![false; self.diagnostics.len()];
        for &finding in kept.iter().flat_map(|ignore| &ignore.findings) {
            is_ignored[finding] = true;
        }
        Ignoring { text: self.with_ignores(&kept), is_ignored }
    }

    #[cfg(feature = "cli")]
    fn with_ignores(&self, ignores: &[&WrittenIgnore]) -> String {
        let text = self.source().text();
        let (edits, _) = fix::chosen(text, ignores.iter().map(|ignore| ignore.edits.as_slice()));
        fix::written(text, &edits)
    }

    /// Whether the text with these ignores has no findings except the others.
    #[cfg(feature = "cli")]
    fn are_silenced(&self, ignores: &[&WrittenIgnore]) -> bool {
        let linter = Linter { config: Arc::clone(&self.config) };
        let after = linter.check_in(&self.source().with_text(self.with_ignores(ignores)), &self.module);
        let silenced = |at: usize| ignores.iter().any(|ignore| ignore.findings.contains(&at));
        rules::RULES.iter().all(|rule| {
            let left = self.diagnostics.iter().enumerate().filter(|(at, one)| one.rule == *rule && !silenced(*at));
            after.diagnostics.iter().filter(|one| one.rule == *rule).count() <= left.count()
        })
    }
}

/// One round of fixes.
struct Round<'r> {
    /// The edits, in order.
    edits: Vec<(Span, &'r str)>,
    /// The number of fixes.
    applied: usize,
    after: Report,
}
