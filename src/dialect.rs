//! The table of dialects, which find the connections in a document: one file and one row for each.

mod admin_api;
#[cfg(feature = "dialects")]
mod cloudformation;
#[cfg(feature = "crossplane")]
mod crossplane;
#[cfg(feature = "dialects")]
pub(crate) mod http;
#[cfg(feature = "dialects")]
mod kubernetes;
#[cfg_attr(not(feature = "dialects"), allow(dead_code, reason = "only dialects look into modules"))]
pub(crate) mod module;
pub(crate) mod pipeline;
#[cfg(feature = "dialects")]
mod processor;
#[cfg(feature = "dialects")]
pub(crate) mod terraform;
#[cfg(all(test, feature = "yaml", feature = "dialects"))]
mod tests;
#[cfg(feature = "dialects")]
mod translator;

#[cfg(feature = "dialects")]
use std::borrow::Cow;

use crate::atlas::Mode;
use crate::atlas::fields::FieldKey;
#[cfg(feature = "dialects")]
use crate::atlas::formats;
use crate::atlas::stages::Use;
use crate::connection::{Definition, Dialect, Spelling, Translation};
#[cfg(feature = "dialects")]
use crate::diagnostic::Findings;
#[cfg(feature = "dialects")]
use crate::diagnostic::rules::{LEFTOVER_PLACEHOLDER, MALFORMED_ID, MALFORMED_NAME, MISSING_FIELD, WRONG_TYPE};
use crate::diagnostic::rules::{NOT_A_CONNECTION, SYNTAX_ERROR};
use crate::diagnostic::{Diagnostic, Severity};
#[cfg(feature = "dialects")]
use crate::document::value::Value;
use crate::document::{Document, EntryId, ROOT};
#[cfg(feature = "dialects")]
use crate::text::placeholder::{ValueState, is_template_name, value_state};
use crate::text::{Span, Syntax};
pub(crate) use admin_api::{ANSIBLE, MCP_CALL, PULUMI};
pub(crate) use module::Context;

/// A dialect: its spelling of fields, its marks, and the function that finds its connections.
struct DialectRow {
    spelling: Spelling,
    /// The name of its documents, and the mark that identifies them.
    marks: (&'static str, &'static str),
    /// Keys at the top of a JSON document, of which one is present.
    keys: &'static [&'static str],
    find: fn(&Document, DetectOptions, &Context) -> Option<DialectMatch>,
}

/// The dialects with their own marks, in the order in which they are tried. A document without any mark is a body of
/// the Admin API.
#[cfg(feature = "dialects")]
static DIALECTS: &[DialectRow] = &[
    DialectRow {
        spelling: Spelling { path: |field| Some(terraform::path(field)), ..Spelling::of_api(Dialect::Terraform) },
        marks: ("Terraform configuration", "Terraform's JSON has blocks like `resource` at its top"),
        // The file name identifies it.
        keys: &[],
        find: terraform::find,
    },
    DialectRow {
        spelling: Spelling { path: |field| Some(terraform::path(field)), ..Spelling::of_api(Dialect::TerraformPlan) },
        marks: ("Terraform plan", "`terraform show -json` prints a plan"),
        keys: &["format_version"],
        find: |document, options, _| terraform::plan::find(document, options),
    },
    #[cfg(feature = "crossplane")]
    DialectRow {
        spelling: Spelling {
            path: |field| crossplane::path(field).map(Cow::Owned),
            ..Spelling::of_api(Dialect::Crossplane)
        },
        marks: ("Crossplane manifest", "`apiVersion` starts with `stream.mongodbatlas.`, and `kind` is `Connection`"),
        keys: &["apiVersion"],
        find: |document, options, _| crossplane::find(document, options),
    },
    DialectRow {
        spelling: Spelling {
            dialect: Dialect::Kubernetes,
            path: |field| kubernetes::path(field).map(Cow::Borrowed),
            values: kubernetes::words,
        },
        marks: ("Kubernetes manifest", "a manifest has `apiVersion` and `kind`"),
        keys: &["apiVersion"],
        find: |document, options, _| kubernetes::find(document, options),
    },
    DialectRow {
        spelling: Spelling {
            dialect: Dialect::CloudFormation,
            path: |field| cloudformation::path(field).map(Cow::Owned),
            values: cloudformation::words,
        },
        marks: ("CloudFormation template", "a template has `Resources`"),
        keys: &["Resources", "desiredResourceState", "ConnectionName"],
        find: |document, options, _| cloudformation::find(document, options),
    },
    DialectRow {
        spelling: Spelling::of_api(Dialect::Processor),
        marks: ("stream processor", "a processor has a `pipeline`"),
        keys: &["pipeline"],
        find: |document, options, _| processor::find(document, options),
    },
    DialectRow {
        spelling: Spelling::of_api(Dialect::Http),
        marks: ("request file or recording", "a recording has `request` and `response`"),
        keys: &["request", "response"],
        find: |document, options, _| http::find(document, options),
    },
];

/// A build without the feature `dialects` supports only bodies of the Admin API.
#[cfg(not(feature = "dialects"))]
static DIALECTS: &[DialectRow] = &[];

static ADMIN_API: Spelling = Spelling::of_api(Dialect::AdminApi);

/// The spelling of the fields of the Admin API.
pub(crate) fn spelling(dialect: Dialect) -> &'static Spelling {
    let row = DIALECTS.iter().find(|row| row.spelling.dialect == dialect);
    row.map_or(&ADMIN_API, |row| &row.spelling)
}

/// The result of a dialect for a document.
#[derive(Debug)]
pub(crate) struct DialectMatch {
    pub dialect: Dialect,
    pub mode: Mode,
    pub definitions: Vec<Definition>,
    /// The definitions in Admin API shape, if the document has another shape; they are rows of its document then.
    pub translation: Option<Translation>,
    /// The findings of the dialect itself.
    pub notes: Vec<Diagnostic>,
    /// The connections that pipelines use, if the dialect leaves it to the run to find them.
    pub uses: Vec<Use>,
    /// The number of stream processors.
    pub processors: usize,
    /// If the document is not a definition itself but contains some: its kind, as half a sentence, and the entry to
    /// mark.
    pub wrapper: Option<(&'static str, EntryId)>,
    /// Entries that should be connections but are not objects.
    pub non_objects: Vec<EntryId>,
    /// Whether the document looks like a definition by its content alone.
    pub recognized: bool,
    /// Whether the command line that sends the body may still add a missing name.
    pub bare: bool,
    /// Names whose values are in a values file, which is linted on its own.
    pub foreign: Vec<Span>,
    /// Whether the document only sets values for definitions in other files.
    pub is_of_values: bool,
}

/// The settings for a document, and whether to check that it looks like a definition.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DetectOptions {
    pub dialect: Option<Dialect>,
    pub mode: Option<Mode>,
    /// Whether to check that the document looks like a definition, which takes a pass through it.
    pub recognize: bool,
}

/// Finds the definitions of a document with the first dialect whose marks it has, or with the dialect that the user
/// names.
pub(crate) fn find(document: &Document, options: DetectOptions, context: Option<&Context>) -> DialectMatch {
    let named = options.dialect;
    if named.is_none() && is_unmarked(document) {
        return admin_api::find(document, options);
    }
    let alone = Context::default();
    let context = context.unwrap_or(&alone);
    let mut candidates = DIALECTS.iter().filter(|row| named.is_none_or(|named| named == row.spelling.dialect));
    if let Some(found) = candidates.clone().find_map(|row| (row.find)(document, options, context)) {
        return found;
    }
    match (named, candidates.next()) {
        (None | Some(Dialect::AdminApi), _) => admin_api::find(document, options),
        (Some(_), Some(row)) => DialectMatch::foreign(document, row),
        (Some(dialect), None) => {
            let message = format!("this build of streamlint does not support the dialect `{}`", dialect.name());
            let note = Diagnostic::new(&SYNTAX_ERROR, document.entry(ROOT).span(), message, "");
            DialectMatch { notes: vec![note], recognized: true, ..DialectMatch::nothing(dialect) }
        }
    }
}

/// Whether a document has no mark of a dialect other than the Admin API.
fn is_unmarked(document: &Document) -> bool {
    let is_mark = |key: &str| DIALECTS.iter().any(|row| row.keys.contains(&key));
    let is_marked = |id| document.entry(id).field_key() == FieldKey::NONE && is_mark(document.key(id));
    let is_json = matches!(document.syntax, Syntax::Json | Syntax::Jsonc);
    is_json
        && !document.damaged
        && document.messages.is_none()
        && !module::is_terraform(document.source.name())
        && document.children(ROOT).all(|id| !is_marked(id))
        && !is_bare_pipeline(document)
}

#[cfg(feature = "dialects")]
fn is_bare_pipeline(document: &Document) -> bool {
    processor::is_bare_pipeline(document)
}

#[cfg(not(feature = "dialects"))]
fn is_bare_pipeline(_: &Document) -> bool {
    false
}

impl DialectMatch {
    /// A document without a definition and without findings.
    fn nothing(dialect: Dialect) -> Self {
        Self {
            dialect,
            mode: Mode::Create,
            definitions: Vec::new(),
            translation: None,
            notes: Vec::new(),
            uses: Vec::new(),
            processors: 0,
            wrapper: None,
            non_objects: Vec::new(),
            recognized: false,
            bare: false,
            foreign: Vec::new(),
            is_of_values: false,
        }
    }

    /// Reports a document without the marks of the dialect that the user named. If a syntax error may have removed
    /// them, that error is enough.
    fn foreign(document: &Document, row: &DialectRow) -> Self {
        let (what, marks) = row.marks;
        let start = document.entry(ROOT).span().start;
        let first = document.source.text()[start..].chars().next().map_or(0, char::len_utf8);
        let message = format!("this is not a {what}, so it is not checked");
        let mut note = Diagnostic::new(&NOT_A_CONNECTION, Span::new(start, start + first), message, "")
            .help(format!("{marks}; without `--dialect`, the text decides"));
        note.severity = Severity::Error;
        let notes = if document.damaged { Vec::new() } else { vec![note] };
        Self { notes, ..Self::nothing(row.spelling.dialect) }
    }
}

/// The documents in a text.
fn documents(document: &Document) -> Vec<EntryId> {
    if document.is_stream { document.children(ROOT).collect() } else { vec![ROOT] }
}

/// The match for a text about `word` that is so damaged that nothing of it was parsed.
#[cfg(feature = "dialects")]
fn unread(document: &Document, word: &str, dialect: Dialect) -> Option<DialectMatch> {
    let is_unread = document.damaged && document.table.entries.len() == 1 && document.source.text().contains(word);
    is_unread.then(|| DialectMatch { recognized: true, ..DialectMatch::nothing(dialect) })
}

/// A key with another first character.
#[cfg(feature = "dialects")]
fn with_first(key: &str, change: fn(&char) -> char) -> String {
    let mut characters = key.chars();
    characters.next().iter().map(change).chain(characters).collect()
}

/// The span of a field's key; without a key, the first character of the value.
#[cfg(feature = "dialects")]
fn key_or_start(document: &Document, id: EntryId) -> Span {
    let entry = document.entry(id);
    entry.key_span().unwrap_or_else(|| entry.span().first_character(document.source.text()))
}

/// A part of the request's path that a dialect has beside a definition.
#[cfg(feature = "dialects")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PathPart {
    Project,
    Workspace,
}

#[cfg(feature = "dialects")]
impl PathPart {
    const fn pointer(self) -> &'static str {
        match self {
            Self::Project => "/groupId",
            Self::Workspace => "/tenantName",
        }
    }

    /// Reports that the part is missing or empty.
    fn report_missing(self, found: &mut Findings, spelling: &str, span: Span, is_empty: bool) {
        let what = match self {
            Self::Project => "the Atlas project id",
            Self::Workspace => "the name of the stream workspace",
        };
        let (message, label, verb) = if is_empty {
            (format!("`{spelling}` is empty"), "empty".to_owned(), "set")
        } else {
            (format!("missing field `{spelling}`"), format!("missing `{spelling}`"), "add")
        };
        let help = format!("{verb} `{spelling}`, {what}");
        found.report(&MISSING_FIELD, message).pointer(self.pointer()).mark(span, label).help(help);
    }

    /// Reports a value that is not a string.
    fn report_wrong_type(self, found: &mut Findings, spelling: &str, value: Value, span: Span) {
        found
            .report(&WRONG_TYPE, format!("expected a string for `{spelling}`, found {}", value.what()))
            .pointer(self.pointer())
            .mark(span, "expected a string")
            .help("write it as one string in quotes");
    }

    /// Checks the text of the part; `file` is the name of its file.
    fn check(self, found: &mut Findings, spelling: &str, text: &str, span: Span, file: &str) {
        if text.is_empty() {
            return self.report_missing(found, spelling, span, true);
        }
        match value_state(text, false) {
            ValueState::Unknown => {}
            ValueState::Leftover if is_template_name(file) => {}
            ValueState::Leftover => {
                let help = "use the real value, or a reference that your tooling replaces";
                found
                    .report(&LEFTOVER_PLACEHOLDER, format!("`{spelling}` still contains a placeholder"))
                    .pointer(self.pointer())
                    .mark(span, "placeholder")
                    .help(help);
            }
            ValueState::Known => self.check_known(found, spelling, text, span),
        }
    }

    fn check_known(self, found: &mut Findings, spelling: &str, text: &str, span: Span) {
        match self {
            Self::Project if !formats::is_object_id(text) => {
                found
                    .report(&MALFORMED_ID, format!("`{spelling}` is not 24 lowercase hexadecimal digits"))
                    .pointer(self.pointer())
                    .mark(span, "not an Atlas id")
                    .help("use the project id that `atlas projects list` shows");
            }
            Self::Workspace if !formats::is_connection_name(text) => {
                found
                    .report(&MALFORMED_NAME, format!("`{spelling}` contains invalid characters"))
                    .pointer(self.pointer())
                    .mark(span, "invalid name")
                    .help("use the workspace name that `atlas streams instances list` shows");
            }
            _ => {}
        }
    }
}

/// The value of a field, if it is a string.
fn string_at<'d>(document: &'d Document, object: EntryId, key: &str) -> Option<&'d str> {
    document.value(document.child(object, key)?).as_str()
}
