//! Where connections live in a document.

mod admin_api;

use crate::connection::{Definition, Mode};
use crate::document::{Document, EntryId};

/// The ways people write connections down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The body of an Admin API request or answer, as the Atlas CLI takes it.
    AdminApi,
}

impl Dialect {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::AdminApi];

    /// The word for it on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdminApi => "admin-api",
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
    /// The document is no definition itself but holds some: what it is, as half a sentence, and the entry to mark.
    pub wrapper: Option<(&'static str, EntryId)>,
    /// Entries that stand where a connection is expected and are no objects.
    pub strangers: Vec<EntryId>,
    /// Whether the document looks like a definition even to somebody who was not told so.
    pub recognised: bool,
    /// A name that is missing may still come from the command line that sends the body.
    pub bare: bool,
}

/// Finds the definitions of a document. `mode` is what the user said, if anything; whether the document looks like a
/// definition is only looked into when `recognise` asks.
pub(crate) fn find(document: &Document, mode: Option<Mode>, recognise: bool) -> Found {
    admin_api::find(document, mode, recognise)
}
