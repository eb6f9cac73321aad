//! Where connections live in a document.

#[cfg(not(feature = "dialects"))]
mod absent;
mod admin_api;
#[cfg(feature = "dialects")]
mod cloudformation;
#[cfg(feature = "dialects")]
mod http;
#[cfg(feature = "dialects")]
mod kubernetes;
#[cfg(feature = "dialects")]
pub(crate) mod pipeline;
#[cfg(feature = "dialects")]
mod processor;
#[cfg(feature = "dialects")]
pub(crate) mod terraform;
#[cfg(all(test, feature = "yaml", feature = "dialects"))]
mod tests;
pub(crate) mod translation;
#[cfg(feature = "dialects")]
mod translator;

use std::borrow::Cow;

use crate::connection::{Definition, Mode};
use crate::diagnostic::Severity;
use crate::document::{Document, EntryId, ROOT};
use crate::kind::Kind;
use crate::members::Member;
use crate::read::Syntax;
use crate::rules::not_a_connection::NOT_A_CONNECTION;
use crate::source::Span;
#[cfg(not(feature = "dialects"))]
use absent::{cloudformation, http, kubernetes, processor};
#[cfg(not(feature = "dialects"))]
pub(crate) use absent::{pipeline, terraform};
pub(crate) use terraform::module::Context;
use translation::{Note, Translation};

/// The ways people write connections down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The body of an Admin API request or answer, as the Atlas CLI takes it.
    AdminApi,
    /// Manifests of the Atlas Kubernetes Operator.
    Kubernetes,
    /// Templates with the resource `MongoDB::Atlas::StreamConnection`.
    CloudFormation,
    /// Resources of MongoDB's Terraform provider, in HCL or in Terraform's JSON.
    Terraform,
    /// A Terraform plan, as `terraform show -json` prints it.
    TerraformPlan,
    /// A stream processor: a pipeline that names connections.
    Processor,
    /// Requests to the Admin API, as request files (`.http`) and recordings have them.
    Http,
}

impl Dialect {
    /// All that this build reads: without the feature `dialects`, the first.
    pub const ALL: &'static [Self] = if cfg!(feature = "dialects") {
        &[
            Self::AdminApi,
            Self::Kubernetes,
            Self::CloudFormation,
            Self::Terraform,
            Self::TerraformPlan,
            Self::Processor,
            Self::Http,
        ]
    } else {
        &[Self::AdminApi]
    };

    /// The keys, from the definition inwards and with dots between, under which this dialect writes a member; nothing
    /// when it cannot. `kind` decides where one word stands for two members.
    pub(crate) fn path(self, member: Member, kind: Option<Kind>) -> Option<Cow<'static, str>> {
        let _ = kind;
        match self {
            Self::AdminApi | Self::Processor | Self::Http => Some(match member.parent() {
                None => member.key().into(),
                Some(_) => member.pointer()[1..].replace('/', ".").into(),
            }),
            Self::Kubernetes => kubernetes::path(member).map(Cow::Borrowed),
            Self::CloudFormation => cloudformation::path(member).map(Cow::Owned),
            Self::Terraform | Self::TerraformPlan => Some(terraform::path(member)),
        }
    }

    /// Whether this dialect takes this word as the value of a member; words of nobody's it does not know either.
    pub(crate) fn can_say(self, member: Member, word: &str) -> bool {
        match self {
            Self::AdminApi | Self::Terraform | Self::TerraformPlan | Self::Processor | Self::Http => true,
            Self::Kubernetes => kubernetes::words(member).is_none_or(|words| words.contains(&word)),
            Self::CloudFormation => cloudformation::words(member).is_none_or(|words| words.contains(&word)),
        }
    }

    /// What a document of this dialect is called, and what it is known by; a body of the Admin API is what has no marks.
    fn marks(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::AdminApi => return None,
            Self::Kubernetes => ("Kubernetes manifest", "a manifest has `apiVersion` and `kind`"),
            Self::CloudFormation => ("CloudFormation template", "a template has `Resources`"),
            Self::Terraform => ("Terraform configuration", "Terraform's JSON has blocks like `resource` at its top"),
            Self::TerraformPlan => ("Terraform plan", "`terraform show -json` prints a plan"),
            Self::Processor => ("stream processor", "a processor has a `pipeline`"),
            Self::Http => ("request file or recording", "a recording has `request` and `response`"),
        })
    }

    /// The word for it on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdminApi => "admin-api",
            Self::Kubernetes => "kubernetes",
            Self::CloudFormation => "cloudformation",
            Self::Terraform => "terraform",
            Self::TerraformPlan => "terraform-plan",
            Self::Processor => "processor",
            Self::Http => "http",
        }
    }

    /// The dialect of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dialect| dialect.name() == name)
    }
}

/// What a dialect made of a document.
#[derive(Debug)]
pub(crate) struct Found {
    pub dialect: Dialect,
    pub mode: Mode,
    pub definitions: Vec<Definition>,
    /// The definitions in Admin API shape, where the document is not; they are rows of its document then.
    pub translation: Option<Translation>,
    /// What the dialect itself has to say.
    pub notes: Vec<Note>,
    /// The connections that pipelines name, where the dialect leaves it to the run to find them.
    pub uses: Vec<pipeline::Use>,
    /// The document is no definition itself but holds some: what it is, as half a sentence, and the entry to mark.
    pub wrapper: Option<(&'static str, EntryId)>,
    /// Entries that stand where a connection is expected and are no objects.
    pub strangers: Vec<EntryId>,
    /// Whether the document looks like a definition even to somebody who was not told so.
    pub recognised: bool,
    /// A name that is missing may still come from the command line that sends the body.
    pub bare: bool,
}

/// What the user said about a document, and what is asked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted {
    pub dialect: Option<Dialect>,
    pub mode: Option<Mode>,
    /// Whether the document looks like a definition to somebody who was not told so; costs a look through it.
    pub recognise: bool,
}

/// Finds the definitions of a document: the first dialect that knows its own marks in it, or the one that the user names.
pub(crate) fn find(document: &Document, wanted: Wanted, context: Option<&Context>) -> Found {
    if wanted.dialect.is_none() && is_unmarked(document) {
        return admin_api::find(document, wanted);
    }
    find_marked(document, wanted, context)
}

/// The same of a document that may be of any dialect.
// Rarely called, and large: where it would be inlined, it would be compiled with every first check.
#[inline(never)]
fn find_marked(document: &Document, wanted: Wanted, context: Option<&Context>) -> Found {
    let alone = Context::default();
    let context = context.unwrap_or(&alone);
    let is_wanted = |dialect| wanted.dialect.is_none_or(|named| named == dialect);
    let kubernetes = || is_wanted(Dialect::Kubernetes).then(|| kubernetes::find(document, wanted)).flatten();
    let cloudformation =
        || is_wanted(Dialect::CloudFormation).then(|| cloudformation::find(document, wanted)).flatten();
    let terraform = || is_wanted(Dialect::Terraform).then(|| terraform::find(document, wanted, context)).flatten();
    let processor = || is_wanted(Dialect::Processor).then(|| processor::find(document, wanted)).flatten();
    let http = || is_wanted(Dialect::Http).then(|| http::find(document, wanted)).flatten();
    let plan = || is_wanted(Dialect::TerraformPlan).then(|| terraform::plan::find(document, wanted)).flatten();
    terraform()
        .or_else(plan)
        .or_else(kubernetes)
        .or_else(cloudformation)
        .or_else(processor)
        .or_else(http)
        .unwrap_or_else(|| match wanted.dialect.and_then(|dialect| Some((dialect, dialect.marks()?))) {
            Some((dialect, marks)) => Found::foreign(document, dialect, marks),
            None => admin_api::find(document, wanted),
        })
}

/// Whether a document has no mark by which any dialect but the Admin API knows its own.
fn is_unmarked(document: &Document) -> bool {
    let is_json = matches!(document.syntax, Syntax::Json | Syntax::Jsonc);
    is_json
        && !document.damaged
        && document.messages.is_none()
        && !terraform::module::is_terraform(document.source.name())
        && document.children(ROOT).all(|id| !document.entry(id).key_word().is_mark())
}

impl Found {
    /// A document without a definition, and nothing to say about that.
    fn nothing(dialect: Dialect) -> Self {
        Self {
            dialect,
            mode: Mode::Create,
            definitions: Vec::new(),
            translation: None,
            notes: Vec::new(),
            uses: Vec::new(),
            wrapper: None,
            strangers: Vec::new(),
            recognised: false,
            bare: false,
        }
    }
}

impl Found {
    /// A document without the marks of the dialect that somebody has named for it. What lacks them because of a mistake
    /// in the text has that one reported.
    fn foreign(document: &Document, dialect: Dialect, (what, marks): (&str, &str)) -> Self {
        let start = document.entry(ROOT).span().start;
        let first = document.source.text()[start..].chars().next().map_or(0, char::len_utf8);
        let mut note = Note::new(None, &NOT_A_CONNECTION, "", Span::new(start, start + first))
            .says(format!("this is no {what}, so nothing in it is judged"), "")
            .help(format!("{marks}; where no dialect is named, it is told from the text"));
        note.flaw.severity = Severity::Error;
        let notes = if document.damaged { Vec::new() } else { vec![note] };
        Self { notes, ..Self::nothing(dialect) }
    }
}

/// The documents that a text consists of.
fn documents(document: &Document) -> Vec<EntryId> {
    if document.is_stream { document.children(ROOT).collect() } else { vec![ROOT] }
}

/// What a member of an object says, if it is a string.
fn said<'d>(document: &'d Document, object: EntryId, key: &str) -> Option<&'d str> {
    document.value(document.child(object, key)?).as_str()
}
