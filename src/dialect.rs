//! Where connections live in a document.

mod admin_api;
pub(crate) mod terraform;
#[allow(dead_code, reason = "the dialects that translate are being written")]
pub(crate) mod translation;

use std::borrow::Cow;

use crate::connection::{Definition, Mode};
use crate::document::{Document, EntryId};
use crate::kind::Kind;
use crate::members::Member;
pub(crate) use terraform::module::Context;
use translation::{Note, Translation};

/// The ways people write connections down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The body of an Admin API request or answer, as the Atlas CLI takes it.
    AdminApi,
    /// Resources of MongoDB's Terraform provider, in HCL or in Terraform's JSON.
    Terraform,
}

impl Dialect {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::AdminApi, Self::Terraform];

    /// The keys, from the definition inwards and with dots between, under which this dialect writes a member; nothing
    /// when it cannot. `kind` decides where one word stands for two members.
    #[allow(clippy::unnecessary_wraps, reason = "these dialects can say everything")]
    pub(crate) fn path(self, member: Member, kind: Option<Kind>) -> Option<Cow<'static, str>> {
        let _ = kind;
        match self {
            Self::AdminApi => Some(match member.parent() {
                None => member.key().into(),
                Some(_) => member.pointer()[1..].replace('/', ".").into(),
            }),
            Self::Terraform => Some(terraform::path(member)),
        }
    }

    /// The word for it on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdminApi => "admin-api",
            Self::Terraform => "terraform",
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

/// Finds the definitions of a document.
pub(crate) fn find(document: &Document, wanted: Wanted, context: &Context) -> Found {
    terraform::find(document, wanted, context).unwrap_or_else(|| admin_api::find(document, wanted))
}
