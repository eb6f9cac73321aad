//! The documents that are open: their texts, and what was found in them.

use std::collections::BTreeMap;

use gen_lsp_types as lsp;
use streamlint::{Config, Kind, Linter, Report, Source};

use super::client::Client;
use super::completion;
use super::cursor::Cursor;
use super::diagnostics;
use super::text::{Change, Encoding, Text};
use super::uri;

/// What an editor calls the language of a document that holds nothing but connections, whatever it looks like.
const LANGUAGE: &str = "streamlint";

/// What files are called that hold nothing but connections.
const NAMES: [&str; 4] = [".connection.json", ".connection.jsonc", ".connections.json", ".connections.jsonc"];

/// What the address of every published schema starts with; a document that names one says what it is.
const SCHEMAS: &str = concat!(env!("CARGO_PKG_HOMEPAGE"), "/schemas/");

/// A document that is open.
#[derive(Debug)]
pub(super) struct Document {
    pub uri: String,
    pub version: i32,
    language: String,
    text: Text,
    /// It has looked like a definition since it was opened, so that it is one while somebody rewrites it, too.
    is_known: bool,
    report: Option<Report>,
    /// The report on a text that does not look like a definition yet.
    guess: Option<Report>,
    /// There are findings that the client has not been sent.
    pub is_news: bool,
}

/// Lints as for files that were named, and as for those that may be something else.
#[derive(Debug, Clone)]
pub(super) struct Linters {
    sure: Linter,
    unsure: Linter,
}

impl Linters {
    pub fn new(config: Config) -> Self {
        let unsure = Linter::new(Config { recognised_only: true, ..config.clone() });
        Self { sure: Linter::new(Config { recognised_only: false, ..config }), unsure }
    }
}

impl Default for Linters {
    fn default() -> Self {
        Self::new(Config::default())
    }
}

impl Document {
    pub fn new(uri: String, language: &str, version: i32, text: String, client: &Client) -> Self {
        let name = uri::name_of(&uri).to_ascii_lowercase();
        let is_known = client.everything || language == LANGUAGE || NAMES.iter().any(|end| name.ends_with(end));
        let text = Text::new(text, client.encoding);
        Self { uri, version, language: language.to_owned(), text, is_known, report: None, guess: None, is_news: true }
    }

    pub fn text(&self) -> &Text {
        &self.text
    }

    pub fn change(&mut self, version: i32, changes: Vec<Change>) {
        let text = std::mem::replace(&mut self.text, Text::new(String::new(), Encoding::default()));
        self.text = text.changed(changes);
        self.version = version;
        self.forget();
    }

    /// Lets the text be judged anew.
    pub fn forget(&mut self) {
        self.report = None;
        self.guess = None;
        self.is_news = true;
    }

    /// What was found in the text as it is now.
    pub fn report(&mut self, linters: &Linters) -> &Report {
        let report = self.report.take().unwrap_or_else(|| self.lint(linters));
        self.report.insert(report)
    }

    fn lint(&mut self, linters: &Linters) -> Report {
        let source = self.source(self.text.as_str());
        if self.is_known || self.text.as_str().contains(SCHEMAS) {
            return linters.sure.check(&source);
        }
        let report = linters.unsure.check(&source);
        self.is_known = report.is_judged();
        report
    }

    /// The report that was made last, if the text has not changed since.
    pub fn last_report(&self) -> Option<&Report> {
        self.report.as_ref()
    }

    /// The same for [`Document::guess`].
    pub fn last_guess(&self) -> Option<&Report> {
        self.report.as_ref().filter(|report| report.is_judged()).or(self.guess.as_ref())
    }

    /// The same as the client takes it.
    pub fn diagnostics(&mut self, linters: &Linters, client: &Client) -> Vec<lsp::Diagnostic> {
        self.report(linters);
        let all = |report| diagnostics::all(report, &self.uri, &self.text, client);
        self.report.as_ref().map(all).unwrap_or_default()
    }

    /// The same, also for what only might become a definition: a text that says one of the types, and nothing more yet.
    /// That is too little to find fault with it, and enough to help.
    pub fn guess(&mut self, linters: &Linters) -> Option<&Report> {
        if self.report(linters).is_judged() {
            return self.report.as_ref();
        }
        let report = self.guess.take().unwrap_or_else(|| linters.sure.check(&self.source(self.text.as_str())));
        let says = |kind: Kind| self.text.as_str().contains(&format!("\"{}\"", kind.name()));
        let might_be = report.summaries().iter().any(|summary| summary.kind.is_some_and(says));
        let report = self.guess.insert(report);
        might_be.then_some(report)
    }

    /// The text as the linter takes it, under a name that says how it is written: the language, where it is one that is
    /// read, knows better than the name.
    fn source(&self, text: &str) -> Source {
        let name = uri::name_of(&self.uri);
        let ends_in = |end: &str| name.to_ascii_lowercase().ends_with(end);
        let name = match self.language.as_str() {
            "jsonc" | "json5" if !ends_in(".jsonc") => name + ".jsonc",
            "json" if !ends_in(".json") && !ends_in(".jsonc") => name + ".json",
            _ => name,
        };
        Source::new(name, text)
    }

    /// What could be written at a byte.
    pub fn completions(&mut self, offset: usize, linters: &Linters, client: &Client) -> Option<lsp::CompletionList> {
        let syntax = self.guess(linters)?.syntax();
        let cursor = Cursor::at(self.text.as_str(), offset, syntax)?;
        let (filled, at) = cursor.filled(self.text.as_str());
        let report = linters.sure.check(&self.source(&filled));
        completion::all(&report, at, &cursor, &self.text, client)
    }
}

/// The documents by their URIs, as the client writes them.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: BTreeMap<String, Document>,
}

impl Documents {
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
