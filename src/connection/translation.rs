//! The definitions of a document in Admin API shape, and the original rows that they come from.

use crate::document::{Document, EntryId};

/// Definitions in Admin API shape, and the original rows that they come from.
#[derive(Debug, Clone)]
pub(crate) struct Translation {
    /// Its root is an array of the definitions.
    pub document: Document,
    /// The original row of each row; [`NOWHERE`] if there is none.
    pub(crate) origins: Vec<EntryId>,
    /// Original rows that a report may show in full, such as the kind of a manifest.
    pub shown: Vec<EntryId>,
}

/// Marks a row without an original.
pub(crate) const NOWHERE: EntryId = EntryId::MAX;

impl Translation {
    /// The original row of this row.
    pub fn origin(&self, id: EntryId) -> Option<EntryId> {
        self.origins.get(id as usize).copied().filter(|&origin| origin != NOWHERE)
    }

    /// The translated row of this original row.
    pub fn made_of(&self, origin: EntryId) -> Option<EntryId> {
        let at = self.origins.iter().position(|&row| row == origin)?;
        EntryId::try_from(at).ok()
    }
}
