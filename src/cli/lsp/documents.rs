//! The open documents: their texts and reports.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

use crate::position_query;
use crate::position_query::cursor::Cursor;
use crate::schema;
use crate::settings::{FILE_NAME, Settings};
use crate::text::{MARKDOWN, SHELL, extension};
use crate::{CursorContext, Kind, Module, Part, Report, RuleRef, Source, Syntax};
use gen_lsp_types as lsp;

use super::client::Client;
use super::configs::DocumentConfig;
use super::text::{Change, Text};
use super::{completion, diagnostics, uri};

/// The language of documents with connections, whatever their content is.
const LANGUAGE: &str = "streamlint";

/// The ends of the names of files with connections, whatever their content is.
const NAMES: [&str; 4] = [".connection.json", ".connection.jsonc", ".connections.json", ".connections.jsonc"];

/// An open document. It is linted when a request needs it, once for each version.
#[derive(Debug)]
pub(super) struct Document {
    pub uri: String,
    pub version: i32,
    language: String,
    text: Text,
    config: DocumentConfig,
    /// The Terraform module of the file.
    module: Module,
    /// Whether it has looked like a definition since it was opened. Then it remains one while it is rewritten.
    is_definition: Cell<bool>,
    report: OnceCell<Report>,
    /// The report on a text that does not look like a definition yet.
    draft_report: OnceCell<Report>,
    /// Whether the client lacks the current diagnostics.
    pub has_changed: bool,
    /// Counts the changes of the text, the configuration and the module. A client that requests diagnostics names the
    /// revision it has.
    pub revision: u32,
}

impl Document {
    pub fn new(
        uri: String,
        language: &str,
        version: i32,
        text: String,
        client: &Client,
        config: DocumentConfig,
    ) -> Self {
        let name = uri::name_of(&uri).to_ascii_lowercase();
        let is_definition = client.lints_all || language == LANGUAGE || NAMES.iter().any(|end| name.ends_with(end));
        Self {
            uri,
            version,
            language: language.to_owned(),
            text: Text::new(text, client.encoding),
            config,
            module: Module::default(),
            is_definition: Cell::new(is_definition),
            report: OnceCell::new(),
            draft_report: OnceCell::new(),
            has_changed: true,
            revision: 0,
        }
    }

    pub fn text(&self) -> &Text {
        &self.text
    }

    pub fn change(&mut self, version: i32, changes: Vec<Change>) {
        self.text.apply(changes);
        self.version = version;
        self.forget_reports();
    }

    pub fn set_config(&mut self, config: DocumentConfig) {
        self.config = config;
        self.forget_reports();
    }

    pub fn set_module(&mut self, module: Module) {
        self.module = module;
        self.forget_reports();
    }

    fn forget_reports(&mut self) {
        self.report.take();
        self.draft_report.take();
        self.has_changed = true;
        self.revision += 1;
    }

    /// The rule of this name, of the catalog or a policy of the document.
    pub fn rule(&self, name: &str) -> Option<RuleRef> {
        self.config.linters()?.lint_all.config().rule(name)
    }

    /// The error in the document's settings.
    pub fn settings_error(&self) -> Option<&str> {
        if let DocumentConfig::Invalid(reason) = &self.config { Some(reason) } else { None }
    }

    /// The report on the current text; `None` if the document is not linted.
    pub fn report(&self) -> Option<&Report> {
        let linters = self.config.linters()?;
        Some(self.report.get_or_init(|| {
            let source = self.source(self.text.as_str());
            if self.is_definition.get() || self.text.as_str().contains(schema::ID_PREFIX.as_str()) {
                return linters.lint_all.check_in(&source, &self.module);
            }
            let report = linters.skip_unrecognized.check_in(&source, &self.module);
            self.is_definition.set(report.is_checked());
            report
        }))
    }

    /// Like `report`, but also for a text that contains the name of a connection type and does not look like a definition
    /// yet. That is not enough for diagnostics, but enough to explain its fields.
    pub fn draft_report(&self) -> Option<&Report> {
        let report = self.report()?;
        if report.is_checked() {
            return Some(report);
        }
        let linters = self.config.linters()?;
        let lint = || linters.lint_all.check_in(&self.source(self.text.as_str()), &self.module);
        Some(self.draft_report.get_or_init(lint)).filter(|report| self.names_its_type(report))
    }

    /// Whether the text contains the exact type of one of its connections.
    fn names_its_type(&self, report: &Report) -> bool {
        let contains = |kind: Kind| self.text.as_str().contains(&format!("\"{}\"", kind.name()));
        report.summaries().iter().any(|summary| summary.kind.is_some_and(contains))
    }

    pub fn diagnostics(&self, client: &Client) -> Vec<lsp::Diagnostic> {
        if uri::name_of(&self.uri).rsplit('/').next() == Some(FILE_NAME) {
            let mistakes = Settings::read(self.text.as_str()).err().unwrap_or_default();
            return mistakes.iter().map(|mistake| diagnostics::of_settings(mistake, &self.text)).collect();
        }
        self.report().map(|report| diagnostics::all(report, &self.uri, &self.text, client)).unwrap_or_default()
    }

    /// The completions at a byte. They come from the text with a field or value filled in there: a text with a
    /// half-written field may have a syntax error.
    pub fn completions(&self, byte: usize, client: &Client) -> Option<lsp::CompletionList> {
        // The cursor's surroundings are looked up in one syntax.
        let name = self.source("").name().to_owned();
        if is_one_of(&name, MARKDOWN) || is_one_of(&name, SHELL) {
            return None;
        }
        let (linters, syntax) = (self.config.linters()?, self.report()?.syntax());
        let cursor = Cursor::at(self.text.as_str(), byte, syntax)?;
        let (filled, at) = cursor.filled(self.text.as_str());
        let source = self.source(&filled);
        let report = linters.lint_all.check_in(&source, &self.module);
        let is_definition = self.is_definition.get()
            || self.names_its_type(&report)
            || (self.starts_a_type(&cursor) && is_value_of_type(&report, at))
            || linters.skip_unrecognized.check_in(&source, &self.module).is_checked();
        if !is_definition {
            return None;
        }
        let found = position_query::completion::all(&report, at, &cursor, self.text.as_str(), client.snippets)?;
        Some(completion::list(&found, &self.text, client))
    }

    /// Whether the text at the cursor is the start of a connection type, or empty.
    fn starts_a_type(&self, cursor: &Cursor) -> bool {
        let written = self.text.as_str().get(cursor.span.start..cursor.span.end).unwrap_or_default();
        let written = written.trim_matches('"').to_ascii_lowercase();
        Kind::ALL.iter().any(|kind| kind.name().to_ascii_lowercase().starts_with(&written))
    }

    /// The text as a file of a Terraform module; `None` if its name is not that of a Terraform file.
    pub fn module_source(&self) -> Option<Source> {
        Module::has(&uri::name_of(&self.uri)).then(|| self.source(self.text.as_str()))
    }

    /// A text for the linter. Its name gets the extension of the document's language, if the linter knows that language.
    fn source(&self, text: &str) -> Source {
        let name = uri::name_of(&self.uri);
        let holds_others = match self.language.as_str() {
            "markdown" | "mdx" => Some(MARKDOWN),
            "shellscript" | "sh" | "bash" => Some(SHELL),
            _ => None,
        };
        if let Some(extensions) = holds_others {
            let is_named = is_one_of(&name, extensions);
            return Source::new(if is_named { name } else { format!("{name}.{}", extensions[0]) }, text);
        }
        let (by_name, by_language) = (Syntax::of_name(&name), self.syntax());
        // A file name for JSON with comments allows comments, whatever language the client reports.
        let fits = |syntax| by_name == Some(syntax) || (by_name, syntax) == (Some(Syntax::Jsonc), Syntax::Json);
        match by_language.filter(|&syntax| !fits(syntax)) {
            Some(syntax) => Source::new(format!("{name}.{}", syntax.extension()), text),
            None => Source::new(name, text),
        }
    }

    /// The syntax of the document's language, as the client names it.
    fn syntax(&self) -> Option<Syntax> {
        Some(match self.language.as_str() {
            "jsonc" | "json5" => Syntax::Jsonc,
            "json" => Syntax::Json,
            "terraform" | "opentofu" | "hcl" => Syntax::Hcl,
            "yaml" => Syntax::Yaml,
            _ => return None,
        })
    }
}

/// Whether a file of this name has one of these extensions.
fn is_one_of(name: &str, extensions: &[&str]) -> bool {
    extension(name).is_some_and(|extension| extensions.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// Whether the value at a byte is the type of an object with only the fields of connections.
fn is_value_of_type(report: &Report, byte: usize) -> bool {
    let is_type = |place: CursorContext| place.part == Part::Value && place.pointer.as_deref() == Some("/type");
    report.place_at(byte).is_some_and(is_type)
        && report.diagnostics().iter().all(|diagnostic| diagnostic.rule.name != "unknown-field")
}

/// The open documents by their URIs, as the client writes them.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: BTreeMap<String, Document>,
}

impl Documents {
    /// Returns the document that was open under the same URI.
    pub fn open(&mut self, document: Document) -> Option<Document> {
        self.open.insert(document.uri.clone(), document)
    }

    pub fn close(&mut self, uri: &str) -> Option<Document> {
        self.open.remove(uri)
    }

    pub fn get(&mut self, uri: &str) -> Option<&mut Document> {
        self.open.get_mut(uri)
    }

    pub fn iter(&mut self) -> impl Iterator<Item = &mut Document> {
        self.open.values_mut()
    }
}
