//! Text in, report out: reading, finding the definitions, judging each, judging all together.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::across::{Across, Named, Run, Used, Workspace};
use crate::config::Config;
use crate::connection::{Connection, Definition, Mode, Setting};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Label, Severity};
use crate::dialect::pipeline::Use;
use crate::dialect::translation::{Note, Translation};
use crate::dialect::{self, Context, Dialect, Found, Wanted};
use crate::document::Document;
#[cfg(feature = "yaml")]
use crate::document::Entry;
use crate::edit;
use crate::kind::Kind;
use crate::members::Member;
use crate::model;
use crate::read::{self, Flaw};
use crate::rules::{Check, Finding, Findings, OF_CONNECTION, RULES, reading};
use crate::secret;
use crate::source::{Source, Span};
use crate::suppress::{Ignores, Which};

/// Lints texts by one configuration. `Send` and `Sync`, without state between calls.
#[derive(Debug, Clone, Default)]
pub struct Linter {
    config: Arc<Config>,
}

/// A connection that was found, as reports list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its name, if it has one that is a string.
    pub name: Option<String>,
    /// Its type; a near spelling counts.
    pub kind: Option<Kind>,
}

/// What was found in one text.
#[derive(Debug, Clone)]
pub struct Report {
    document: Document,
    /// The definitions in Admin API shape, where the document is not.
    translation: Option<Translation>,
    definitions: Vec<Definition>,
    summaries: Vec<Summary>,
    dialect: Dialect,
    mode: Mode,
    diagnostics: Vec<Diagnostic>,
    config: Arc<Config>,
    ignores: Ignores,
    judged: bool,
    module: Module,
    uses: Vec<Use>,
}

/// The files of a Terraform module, read. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Module {
    context: Option<Arc<Context>>,
}

impl Module {
    /// Reads the files of one folder; others than Terraform's are left out. `is_whole` says that there are no more of
    /// them: only then can it be said that something is declared nowhere.
    pub fn of<'s>(sources: impl IntoIterator<Item = &'s Source>, is_whole: bool) -> Self {
        let sources = sources.into_iter().filter(|source| Self::has(source.name()));
        let documents = sources.map(|source| read::read(source, crate::config::DEFAULT_SIZE_LIMIT).document).collect();
        Self { context: Some(Arc::new(Context::of(documents, is_whole))) }
    }

    /// Whether a file of this name belongs to a module.
    pub fn has(name: &str) -> bool {
        dialect::terraform::module::is_terraform(name)
    }

    /// The folder in a file's name. A folder is a module.
    pub fn folder_of(name: &str) -> &str {
        dialect::terraform::module::folder(name)
    }
}

impl Linter {
    /// A linter with this configuration.
    pub fn new(config: Config) -> Self {
        Self { config: Arc::new(config) }
    }

    /// What it lints by.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Lints one text. Never fails and never panics: whatever is wrong with the text is in the report.
    pub fn check(&self, source: &Source) -> Report {
        self.check_in(source, &Module::default())
    }

    /// Lints one text as a file of a Terraform module; without one, names that other files declare lead nowhere.
    pub fn check_in(&self, source: &Source, module: &Module) -> Report {
        let reading = read::read(source, self.config.size_limit);
        self.judge(reading.document, reading.flaws, module)
    }

    /// Lints one text that was too large to be read; `bytes` is its length.
    pub fn refuse(&self, name: &str, bytes: u64) -> Report {
        self.refuse_source(Source::new(name, ""), bytes)
    }

    /// As [`Linter::refuse`], for a source without its text.
    #[doc(hidden)]
    pub fn refuse_source(&self, source: Source, bytes: u64) -> Report {
        let flaw = read::too_large(&source, bytes, self.config.size_limit);
        self.judge(Document::unreadable(source), vec![flaw], &Module::default())
    }

    /// Lints a definition that is no text: the state of a form, a body that a service has parsed. The findings have their
    /// pointers; their places are the empty range at byte 0, the report's text is empty, and there are no fixes, which
    /// are edits of a text. Nothing is known of duplicate keys, comments or ignores.
    ///
    /// ```
    /// let value = serde_json::json!({ "name": "hook", "type": "Https" });
    /// let report = streamlint::Linter::default().check_value(&value);
    /// assert_eq!(report.diagnostics()[0].pointer, "/url");
    /// ```
    pub fn check_value(&self, value: &Value) -> Report {
        let source = Source::new("value.json", "");
        let document = Document::of_value(source.clone(), value, read::MAX_DEPTH);
        let mut report = if let Some(document) = document {
            self.judge(document, Vec::new(), &Module::default())
        } else {
            let flaw = Flaw::too_deep(Span::at(0), read::MAX_DEPTH);
            self.judge(Document::unreadable(source), vec![flaw], &Module::default())
        };
        for found in &mut report.diagnostics {
            found.fix = None;
        }
        report
    }

    /// Lints texts together: each by itself, and what spans them. The reports stand in the order of the sources.
    pub fn check_all<'s>(&self, sources: impl IntoIterator<Item = &'s Source>) -> Vec<Report> {
        let sources = sources.into_iter().collect::<Vec<_>>();
        let mut modules: Vec<(&str, Module)> = Vec::new();
        for source in &sources {
            let folder = Module::folder_of(source.name());
            if Module::has(source.name()) && modules.iter().all(|(known, _)| *known != folder) {
                let files = sources.iter().filter(|other| Module::folder_of(other.name()) == folder);
                modules.push((folder, Module::of(files.copied(), true)));
            }
        }
        let none = Module::default();
        let report = |source: &&Source| {
            let folder = Module::folder_of(source.name());
            let module = modules.iter().find(|(known, _)| *known == folder && Module::has(source.name()));
            self.check_in(source, module.map_or(&none, |(_, module)| module))
        };
        let mut reports = sources.iter().map(report).collect::<Vec<_>>();
        self.across(&mut reports);
        reports
    }

    /// Adds to the reports what only shows across all of them. [`Linter::check_all`] does this itself.
    pub fn across(&self, reports: &mut [Report]) {
        if let Some(first) = reports.first_mut() {
            first.add_about_request();
        }
        if !reports.iter().any(Report::spans_files) {
            return;
        }
        let mut across = Across::default();
        for (file, report) in reports.iter().enumerate() {
            across.note(file, report);
        }
        let name = |file: usize| Arc::clone(reports[file].source().shared_name());
        let findings = |(file, report)| across.findings(file, report, &name);
        let found = reports.iter().enumerate().map(findings).collect::<Vec<_>>();
        for (report, found) in reports.iter_mut().zip(found) {
            report.finish(found);
        }
    }

    fn judge(&self, mut document: Document, flaws: Vec<Flaw>, module: &Module) -> Report {
        let Config { dialect, mode, recognised_only: recognise, .. } = *self.config;
        let placeholders = &self.config.policy.placeholders;
        if !placeholders.is_empty() {
            let is_stand_in = |text: &str| placeholders.iter().any(|pattern| pattern.matches(text));
            document.fill_in(is_stand_in);
            #[cfg(feature = "yaml")]
            {
                let Document { source, doubtful, .. } = &mut document;
                doubtful.retain(|flaw| !is_stand_in(&source.text()[flaw.span.start..flaw.span.end]));
            }
        }
        let found = dialect::find(&document, Wanted { dialect, mode, recognise }, module.context.as_deref());
        let judged = found.recognised || !self.config.recognised_only;
        let mut report = Report {
            document,
            translation: None,
            definitions: Vec::new(),
            summaries: Vec::new(),
            dialect: found.dialect,
            mode: found.mode,
            diagnostics: Vec::new(),
            config: Arc::clone(&self.config),
            ignores: Ignores::default(),
            judged,
            module: module.clone(),
            uses: Vec::new(),
        };
        if !judged {
            return report;
        }
        let mut findings = Findings::default();
        report_flaws(flaws, &mut findings);
        report_duplicates(&report.document, &mut findings);
        crate::rules::not_a_connection::check(&report.document, &found, &mut findings);
        if found.mode == Mode::Error {
            crate::rules::api_error::check(&report.document, &mut findings);
        }
        let Found { definitions, translation, notes, uses, bare, .. } = found;
        report.uses = uses;
        report.translation = translation;
        let setting = Setting { kind: self.config.kind, bare, ..report.setting() };
        let mut notes = notes.into_iter().peekable();
        let mut summaries = Vec::with_capacity(definitions.len());
        for (index, definition) in definitions.iter().enumerate() {
            let start = findings.diagnostics.len();
            findings.connection = Some(index);
            findings.explained.clear();
            while let Some(note) = notes.next_if(|note| note.definition <= Some(index)) {
                report_note(note, &mut findings);
            }
            let mut connection = Connection::new(setting, definition);
            connection.policy = &self.config.policy;
            crate::rules::request::check_definition(&report.document, definition, &self.config.policy, &mut findings);
            // Behind a mistake in the text, what looks like the name may be the value of a header.
            let name = connection.name().filter(|_| {
                let entry = || connection.entry_of(Member::Name.pointer());
                !report.document.damaged || entry().is_some_and(|entry| connection.document.is_sound(entry))
            });
            summaries.push(Summary { name: name.map(str::to_owned), kind: connection.kind });
            #[cfg(feature = "yaml")]
            let base = connection.document.entry(definition.base);
            // What has such a mistake may count as settled, because nobody knows what is in it.
            #[cfg(feature = "yaml")]
            if !definition.is_settled || base.has(Entry::UNKNOWN) {
                report_doubtful(&report.document, base.span(), &mut findings);
            }
            if definition.is_settled {
                continue;
            }
            crate::schema::check(&connection, &mut findings);
            for (kinds, check) in OF_CONNECTION.iter().map_while(Option::as_ref) {
                if connection.kind.is_none_or(|kind| kinds.contains(kind)) {
                    check(&connection, &mut findings);
                }
            }
            if let Some(address) = definition.address {
                name_resource(address, &mut findings.diagnostics[start..]);
            }
            leave_inexpressible(&connection, &mut findings.diagnostics, start);
            if !connection.document.defined.is_empty() {
                relate(&connection, &mut findings.diagnostics[start..]);
            }
        }
        report.definitions = definitions;
        report.summaries = summaries;
        findings.connection = None;
        notes.for_each(|note| report_note(note, &mut findings));
        // What spans connections needs two of them.
        if report.definitions.len() > 1 {
            run_rules(&Run { connections: report.named(), uses: Vec::new(), others: None }, &mut findings);
        }
        #[cfg(feature = "yaml")]
        if !report.document.branches.is_empty() {
            leave_alternatives(&report.document, &mut findings.diagnostics);
        }
        let mut ignores = Ignores::read(&report.document);
        ignores.silence(&mut findings.diagnostics);
        let which = if report.spans_files() { Which::OfText } else { Which::All };
        findings.diagnostics.extend(ignores.report(&self.config, which, report.document.damaged));
        report.ignores = ignores;
        report.extend(findings.diagnostics);
        report
    }
}

pub(crate) fn run_rules(run: &Run, findings: &mut Findings) {
    for rule in RULES {
        if let Check::Run(check) = rule.check {
            check(run, findings);
        }
    }
}

fn report_flaws(flaws: Vec<Flaw>, findings: &mut Findings) {
    for flaw in flaws {
        report_flaw(flaw, findings);
    }
}

fn report_flaw(flaw: Flaw, findings: &mut Findings) -> Finding<'_> {
    let mut finding =
        findings.report(flaw.rule, flaw.message).severity(flaw.severity).mark(flaw.span, flaw.label).fix(flaw.fix);
    for label in flaw.related {
        finding = finding.mark(label.span, label.message);
    }
    match flaw.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

fn report_note(note: Note, findings: &mut Findings) {
    let connection = std::mem::replace(&mut findings.connection, note.definition);
    report_flaw(note.flaw, findings).pointer(note.pointer);
    findings.connection = connection;
}

/// In a plan a finding says which resource it is about. A plan is printed, so that nothing in it is mended.
fn name_resource(address: Span, found: &mut [Diagnostic]) {
    for diagnostic in found {
        diagnostic.fix = None;
        if diagnostic.span() != address {
            diagnostic.labels.push(Label { span: address, message: "in this resource".into() });
        }
    }
}

/// What a dialect cannot express it has said; rules that look at it as well have nothing to add.
fn leave_inexpressible(connection: &Connection, found: &mut Vec<Diagnostic>, start: usize) {
    let members = &connection.definition.inexpressible;
    if members.is_empty() {
        return;
    }
    let places = members.iter().map(|member| {
        let (key, value) = (connection.key_span_of(member.pointer()), connection.span_of(member.pointer()));
        Span::new(key.start, value.end)
    });
    let places = places.collect::<Vec<_>>();
    let touches = |found: &Diagnostic| {
        let is_inside = |label: &Label| places.iter().any(|p| p.start <= label.span.start && label.span.end <= p.end);
        members.iter().any(|member| member.pointer() == found.pointer) || found.labels.iter().any(is_inside)
    };
    let mut at = 0;
    found.retain(|found| {
        at += 1;
        at <= start || found.rule == &crate::rules::dialects::INEXPRESSIBLE || !touches(found)
    });
}

/// What two places have against each other says nothing where a template writes only one of them.
#[cfg(feature = "yaml")]
fn leave_alternatives(document: &Document, found: &mut Vec<Diagnostic>) {
    found.retain(|found| {
        let labels = &found.labels;
        let with_others = |(at, one): (usize, &Label)| {
            labels[at + 1..].iter().any(|other| document.exclude_each_other(one.span, other.span))
        };
        !labels.iter().enumerate().any(with_others)
    });
}

/// What is said about a value that is written somewhere else is said where it is used; the other place is shown as well,
/// and nothing is changed: others may use it too.
fn relate(connection: &Connection, found: &mut [Diagnostic]) {
    for diagnostic in found {
        let Some(id) = connection.entry_of(&diagnostic.pointer) else { continue };
        if let Some(place) = connection.document.definition_of(id) {
            diagnostic.fix = None;
            diagnostic.labels.push(Label { span: place, message: "written here".into() });
        }
    }
}

/// Says what is wrong with the text inside a definition.
#[cfg(feature = "yaml")]
fn report_doubtful(document: &Document, definition: Span, findings: &mut Findings) {
    let is_inside = |flaw: &&Flaw| definition.start <= flaw.span.start && flaw.span.end <= definition.end;
    for flaw in document.doubtful.iter().filter(is_inside) {
        report_flaw(flaw.clone(), findings);
    }
}

fn report_duplicates(document: &Document, findings: &mut Findings) {
    for twice in &document.duplicates {
        let place = |id| document.entry(id).key_span().unwrap_or_default();
        let key = secret::shown_key(document.key(twice.second), document.damaged).into_owned();
        findings
            .report(&reading::DUPLICATE_KEY, format!("`{key}` stands twice in this object"))
            .mark(place(twice.second), "this one counts")
            .mark(place(twice.first), "this one is dropped without a word")
            .help("keep the one you mean");
    }
}

impl Report {
    /// What was found, in the order of the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The text that was linted.
    pub fn source(&self) -> &Source {
        &self.document.source
    }

    /// How the definitions are written down.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What the definitions are.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Name and type of every connection that was found, in the order of the text.
    pub fn summaries(&self) -> &[Summary] {
        &self.summaries
    }

    /// Every connection as a Rust value: one for each of [`Report::summaries`], in the same order. Nothing stands for a
    /// connection that has an error, for all connections of a text with mistakes in its syntax, and for the body of a
    /// PATCH that leaves out what a connection needs.
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
        if self.document.damaged {
            return None;
        }
        let definition = self.definitions.get(index)?;
        let document = self.setting().document();
        let own = document.entry(definition.base).span();
        let is_about = |found: &Diagnostic| match found.connection {
            Some(connection) => connection == index,
            // A member that stands twice is found before anything is known about connections.
            None => own.start <= found.span().start && found.span().end <= own.end && !found.labels.is_empty(),
        };
        if self.diagnostics.iter().any(|found| found.severity == Severity::Error && is_about(found)) {
            return None;
        }
        let mut value = definition.value(document).to_json();
        // The user may have said the type instead of the definition.
        if let (Value::Object(map), Some(kind)) = (&mut value, self.summaries[index].kind) {
            map.entry(Member::Type.key()).or_insert_with(|| kind.name().into());
        }
        serde_json::from_value(value).ok()
    }

    /// Whether the text was taken for definitions at all; with [`Config::recognised_only`] others are passed over.
    pub fn is_judged(&self) -> bool {
        self.judged
    }

    #[cfg(feature = "cli")]
    pub(crate) fn ignores(&self) -> &Ignores {
        &self.ignores
    }

    #[cfg(feature = "cli")]
    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    #[cfg(feature = "cli")]
    pub(crate) fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    #[cfg(feature = "cli")]
    pub(crate) fn translation(&self) -> Option<&Translation> {
        self.translation.as_ref()
    }

    /// What the definitions stand in; they have been judged, so that what was wanted of them is known no more.
    pub(crate) fn setting(&self) -> Setting<'_> {
        Setting {
            written: &self.document,
            translation: self.translation.as_ref(),
            dialect: self.dialect,
            mode: self.mode,
            kind: None,
            bare: false,
        }
    }

    /// The text with all fixes up to this applicability, applied until none is left. Secrets stay where they are.
    pub fn fixed(&self, up_to: Applicability) -> String {
        self.fixed_and_counted(up_to).0
    }

    /// As [`Report::fixed`], and how many fixes were applied.
    pub fn fixed_and_counted(&self, up_to: Applicability) -> (String, usize) {
        self.mended(up_to, |_| ())
    }

    /// What [`Report::fixed`] changes, as edits of the text: in order, not overlapping, and without anything of the text
    /// itself.
    #[cfg(feature = "cli")]
    pub fn fixes(&self, up_to: Applicability) -> Vec<Edit> {
        let mut pieces = edit::Pieces::of(self.source().text().len());
        self.mended(up_to, |edits| pieces.edit(edits));
        pieces.into_edits()
    }

    /// As [`Report::fixed_and_counted`]; each round of edits is told, in its order.
    fn mended(&self, up_to: Applicability, mut told: impl FnMut(&[(Span, &str)])) -> (String, usize) {
        let mut text = self.source().text().to_owned();
        if !self.source().is_exact() {
            return (text, 0);
        }
        let mut count = 0;
        let linter = Linter { config: Arc::clone(&self.config) };
        let mut diagnostics = self.diagnostics.clone();
        // Each round mends at least one finding; what still changes after this many is a quarrel between two fixes.
        for _ in 0..32 {
            let fixes = diagnostics.iter().filter_map(|found| found.fix.as_ref());
            let edits = fixes.filter(|fix| fix.applicability <= up_to).map(|fix| fix.edits.as_slice());
            let (edits, applied) = edit::chosen(&text, edits);
            let mended = edit::written(&text, &edits);
            if applied == 0 || mended == text {
                break;
            }
            told(&edits);
            diagnostics = linter.check_in(&self.source().with_text(mended.clone()), &self.module).diagnostics;
            text = mended;
            count += applied;
        }
        (text, count)
    }

    /// Whether connections of other files matter to these: bare bodies share a workspace only when the user says which.
    #[doc(hidden)]
    pub fn spans_files(&self) -> bool {
        self.config.request.tenant_name.is_some()
            || self.config.workspace.is_some()
            || self.definitions.iter().any(|definition| definition.workspace.is_some())
    }

    /// Keeps some of the findings.
    #[cfg(feature = "cli")]
    pub(crate) fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.diagnostics.retain(keep);
    }

    /// Takes all findings away.
    #[cfg(feature = "cli")]
    #[doc(hidden)]
    pub fn clear(&mut self) {
        self.diagnostics.clear();
    }

    /// Takes all fixes away, where nothing applies them: what one would do is said as help instead, if nothing else is.
    #[cfg(feature = "cli")]
    #[doc(hidden)]
    pub fn forget_fixes(&mut self) {
        for found in &mut self.diagnostics {
            if let Some(fix) = found.fix.take() {
                found.help.get_or_insert(fix.title);
            }
        }
    }

    /// Whether the text had a mistake, so that not all of it is what it looks like.
    #[cfg(feature = "cli")]
    pub(crate) fn is_damaged(&self) -> bool {
        self.document.damaged
    }

    /// Adds what is wrong with the request around the body; this is the first report of a run.
    #[doc(hidden)]
    pub fn add_about_request(&mut self) {
        let mut found = Findings::default();
        crate::rules::request::check(&self.config.request, &self.config.policy, &mut found);
        self.extend(found.diagnostics);
    }

    /// Adds what was found across files, and what this makes of the ignores that wait for it.
    #[doc(hidden)]
    pub fn finish(&mut self, mut found: Vec<Diagnostic>) {
        self.ignores.silence(&mut found);
        self.extend(found);
        if self.spans_files() {
            let found = self.ignores.report(&self.config, Which::OfRun, self.document.damaged);
            self.extend(found);
        }
    }

    /// What pipelines name, where it is known to which workspace they belong.
    pub(crate) fn used(&self) -> Vec<Used<'_>> {
        let given = self.config.request.tenant_name.as_ref().or(self.config.workspace.as_ref());
        let Some(given) = given else { return Vec::new() };
        let workspace = Workspace::Given(given);
        let used = self.uses.iter();
        used.map(|used| Used { name: &used.name, span: used.span, stage: used.stage, workspace }).collect()
    }

    /// The connections that have a name.
    pub(crate) fn named(&self) -> Vec<Named<'_>> {
        let mut named = Vec::new();
        for (connection, (definition, summary)) in self.definitions.iter().zip(&self.summaries).enumerate() {
            let Some(name) = &summary.name else { continue };
            let view = Connection::new(Setting { kind: summary.kind, ..self.setting() }, definition);
            // A failover connection has its primary's name by design (domain.md FOV-002).
            if view.mode == Mode::Failover || view.is_unknown_at("/name") {
                continue;
            }
            let span = view.span_of("/name");
            let given = self.config.request.tenant_name.as_ref().or(self.config.workspace.as_ref());
            let workspace = match (&definition.workspace, given) {
                (Some(said), _) => Workspace::Said(said),
                (None, Some(given)) => Workspace::Given(given),
                (None, None) => Workspace::OfFile,
            };
            named.push(Named { connection, name, kind: summary.kind, span, workspace });
        }
        named
    }

    /// Adds findings: only of rules that are on, each once, in the order of the text.
    fn extend(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        let config = &self.config;
        self.diagnostics.extend(found.into_iter().filter_map(|mut found| {
            found.severity = config.severity(found.rule.name).unwrap_or(found.severity);
            config.is_on(found.rule.name).then_some(found)
        }));
        let damaged = self.document.damaged;
        for found in &mut self.diagnostics {
            if let Cow::Owned(shown) = secret::shown_pointer(&found.pointer, damaged) {
                found.pointer = shown.into();
            }
        }
        if damaged {
            for found in &mut self.diagnostics {
                // The readers' own fixes are punctuation.
                let is_own = matches!(found.rule.check, Check::Reader);
                let shows = |edit: &Edit| secret::is_harmless(&edit.text);
                found.fix.take_if(|fix| !is_own && !fix.edits.iter().all(shows));
            }
        }
        let rank = |found: &Diagnostic| RULES.iter().position(|rule| *rule == found.rule);
        self.diagnostics.sort_by(|a, b| {
            let key = |found: &Diagnostic| (found.span().start, found.span().end, std::cmp::Reverse(found.severity));
            key(a).cmp(&key(b)).then_with(|| rank(a).cmp(&rank(b))).then_with(|| a.pointer.cmp(&b.pointer))
        });
        self.diagnostics.dedup_by(|a, b| {
            a.rule == b.rule && a.pointer == b.pointer && a.span() == b.span() && a.connection == b.connection
        });
    }
}

impl Label {
    /// A label without words.
    pub fn bare(span: Span) -> Self {
        Self { span, message: "".into() }
    }
}
