//! The documents that are open: their texts, and what was found in them.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

use crate::settings::{FILE_NAME, Settings};
use crate::{Kind, Module, Part, Place, Report, Source};
use gen_lsp_types as lsp;

use super::client::Client;
use super::cursor::Cursor;
use super::judges::Judge;
use super::text::{Change, Encoding, Text};
use super::{completion, diagnostics, uri};

/// What an editor calls the language of a document that holds nothing but connections, whatever it looks like.
const LANGUAGE: &str = "streamlint";

/// What files are called that hold nothing but connections.
const NAMES: [&str; 4] = [".connection.json", ".connection.jsonc", ".connections.json", ".connections.jsonc"];

/// What the address of every published schema starts with; a document that names one says what it is.
const SCHEMAS: &str = concat!(env!("CARGO_PKG_HOMEPAGE"), "/schemas/");

/// A document that is open. Everything about its text is found out when somebody asks, once.
#[derive(Debug)]
pub(super) struct Document {
    pub uri: String,
    pub version: i32,
    language: String,
    text: Text,
    judge: Judge,
    /// The Terraform module that it is a file of.
    module: Module,
    /// It has looked like a definition since it was opened, so that it is one while somebody rewrites it, too.
    is_known: Cell<bool>,
    report: OnceCell<Report>,
    /// The report on a text that does not look like a definition yet.
    guess: OnceCell<Report>,
    /// There are findings that the client has not been sent.
    pub is_news: bool,
    /// Counts the changes of the text and of what it is judged by, so that findings of before are known to be old.
    pub revision: u32,
}

impl Document {
    pub fn new(uri: String, language: &str, version: i32, text: String, client: &Client, judge: Judge) -> Self {
        let name = uri::name_of(&uri).to_ascii_lowercase();
        let is_known = client.everything || language == LANGUAGE || NAMES.iter().any(|end| name.ends_with(end));
        Self {
            uri,
            version,
            language: language.to_owned(),
            text: Text::new(text, client.encoding),
            judge,
            module: Module::default(),
            is_known: Cell::new(is_known),
            report: OnceCell::new(),
            guess: OnceCell::new(),
            is_news: true,
            revision: 0,
        }
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

    /// Lets another judge have a look.
    pub fn is_judged_by(&mut self, judge: Judge) {
        self.judge = judge;
        self.forget();
    }

    /// Puts it into a module, whose other files have a say in what it means.
    pub fn is_file_of(&mut self, module: Module) {
        self.module = module;
        self.forget();
    }

    fn forget(&mut self) {
        self.report.take();
        self.guess.take();
        self.is_news = true;
        self.revision += 1;
    }

    /// Why the document is not judged, if its settings are to blame.
    pub fn complaint(&self) -> Option<&str> {
        if let Judge::Unknown(why) = &self.judge { Some(why) } else { None }
    }

    /// What was found in the text as it is now; nothing where nobody judges it.
    pub fn report(&self) -> Option<&Report> {
        let linters = self.judge.linters()?;
        Some(self.report.get_or_init(|| {
            let source = self.source(self.text.as_str());
            if self.is_known.get() || self.text.as_str().contains(SCHEMAS) {
                return linters.sure.check_in(&source, &self.module);
            }
            let report = linters.unsure.check_in(&source, &self.module);
            self.is_known.set(report.is_judged());
            report
        }))
    }

    /// The same, also for what only might become a definition: a text that says one of the types, and nothing more yet.
    /// That is too little to find fault with it, and enough to help.
    pub fn guess(&self) -> Option<&Report> {
        let report = self.report()?;
        if report.is_judged() {
            return Some(report);
        }
        let source = || self.source(self.text.as_str());
        let guess = || self.judge.linters().map(|linters| linters.sure.check_in(&source(), &self.module));
        if self.guess.get().is_none() {
            let _ = self.guess.set(guess()?);
        }
        self.guess.get().filter(|report| self.might_become(report))
    }

    /// Whether the text says one of the types in so many words.
    fn might_become(&self, report: &Report) -> bool {
        let says = |kind: Kind| self.text.as_str().contains(&format!("\"{}\"", kind.name()));
        report.summaries().iter().any(|summary| summary.kind.is_some_and(says))
    }

    /// All that was found, as the client takes it.
    pub fn diagnostics(&self, client: &Client) -> Vec<lsp::Diagnostic> {
        if uri::name_of(&self.uri).rsplit('/').next() == Some(FILE_NAME) {
            let mistakes = Settings::read(self.text.as_str()).err().unwrap_or_default();
            return mistakes.iter().map(|mistake| diagnostics::of_settings(mistake, &self.text)).collect();
        }
        self.report().map(|report| diagnostics::all(report, &self.uri, &self.text, client)).unwrap_or_default()
    }

    /// What could be written at a byte. What counts is the text with something in that place: without it, it may be no
    /// text that anybody could read.
    pub fn completions(&self, offset: usize, client: &Client) -> Option<lsp::CompletionList> {
        let (linters, syntax) = (self.judge.linters()?, self.report()?.syntax());
        let cursor = Cursor::at(self.text.as_str(), offset, syntax)?;
        let (filled, at) = cursor.filled(self.text.as_str());
        let source = self.source(&filled);
        let report = linters.sure.check_in(&source, &self.module);
        let is_one = self.is_known.get()
            || self.might_become(&report)
            || (self.may_be_a_type(&cursor) && asks_for_the_type(&report, at))
            || linters.unsure.check_in(&source, &self.module).is_judged();
        if is_one { completion::all(&report, at, &cursor, &self.text, client) } else { None }
    }

    /// Whether what stands at the cursor is the beginning of one of the types, or nothing yet.
    fn may_be_a_type(&self, cursor: &Cursor) -> bool {
        let written = self.text.as_str().get(cursor.span.start..cursor.span.end).unwrap_or_default();
        let written = written.trim_matches('"').to_ascii_lowercase();
        Kind::ALL.iter().any(|kind| kind.name().to_ascii_lowercase().starts_with(&written))
    }

    /// The text as a file of a module; nothing where Terraform has no files of this name.
    pub fn as_file_of_module(&self) -> Option<Source> {
        Module::has(&uri::name_of(&self.uri)).then(|| self.source(self.text.as_str()))
    }

    /// A text as the linter takes it, under a name that says how it is written: the language, where it is one that is
    /// read, knows better than the name.
    fn source(&self, text: &str) -> Source {
        let name = uri::name_of(&self.uri);
        let ends_in = |ends: &[&str]| ends.iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        let name = match self.language.as_str() {
            "jsonc" | "json5" if !ends_in(&[".jsonc"]) => name + ".jsonc",
            "json" if !ends_in(&[".json", ".jsonc"]) => name + ".json",
            "terraform" | "opentofu" | "hcl" if !ends_in(&[".tf", ".tofu", ".tfvars", ".hcl"]) => name + ".tf",
            "yaml" if !ends_in(&[".yaml", ".yml"]) => name + ".yaml",
            _ => name,
        };
        Source::new(name, text)
    }
}

/// Whether a value that begins at a byte is the type of what has only members that connections have.
fn asks_for_the_type(report: &Report, at: usize) -> bool {
    let is_type = |place: Place| place.part == Part::Value && place.pointer.as_deref() == Some("/type");
    report.place_at(at).is_some_and(is_type)
        && report.diagnostics().iter().all(|found| found.rule.name != "unknown-field")
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
