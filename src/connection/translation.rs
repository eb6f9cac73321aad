//! The definitions of a document in Admin API shape, and the way back to the rows they were made of.

use crate::document::{Document, EntryId};

/// Definitions in Admin API shape, and the way back to the rows they were made of.
#[derive(Debug, Clone)]
pub(crate) struct Translation {
    /// Its root is an array of the definitions.
    pub document: Document,
    /// The row of the text as it was read, for each row; [`NOWHERE`] for what is nowhere written.
    pub(crate) origins: Vec<EntryId>,
    /// Rows of the text as it was read that a report may show whole: what says which kind of thing this is.
    pub shown: Vec<EntryId>,
}

/// Marks a row without an original.
pub(crate) const NOWHERE: EntryId = EntryId::MAX;

impl Translation {
    /// The row, of the text as it was read, that this one was made of.
    pub fn origin(&self, id: EntryId) -> Option<EntryId> {
        self.origins.get(id as usize).copied().filter(|&origin| origin != NOWHERE)
    }

    /// The row that was made of this one of the text as it was read.
    pub fn made_of(&self, origin: EntryId) -> Option<EntryId> {
        let at = self.origins.iter().position(|&row| row == origin)?;
        EntryId::try_from(at).ok()
    }
}
