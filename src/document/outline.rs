//! Facts that the table of values does not contain: the blocks of an HCL text, the messages of a request file.

use crate::document::EntryId;
use crate::text::Span;

/// Facts about an HCL text that the table does not contain. Lists are in the order of the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outline {
    /// The blocks at the top of the file.
    pub blocks: Vec<Block>,
    /// Arguments of `jsonencode`, whose value is a text.
    pub encoded: Vec<EntryId>,
    /// Values that name another one (`local.brokers`), and the position of the name.
    pub references: Vec<(EntryId, Span)>,
}

/// A block at the top of a file.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Its body; the key is the block's type.
    pub entry: EntryId,
    /// The spans of its labels, with their quotes.
    pub labels: Vec<Span>,
}

/// A request or a response in a request file.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub head: Head,
    /// The entry of its body, if it has one that is JSON.
    pub body: Option<EntryId>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Head {
    /// The spans of the method and the target; without a method it is GET.
    Request {
        method: Option<Span>,
        target: Span,
    },
    Answer {
        status: u16,
    },
}
