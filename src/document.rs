//! A text that has been read: one `serde_json` value, and the table of where everything in it stands.
//!
//! The table is filled in the same pass as the value, in document order. It is looked at only when there is something to
//! report, so a clean document pays for writing it and no more.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use crate::source::{Source, Span};

/// The index of a value in a document's table.
pub(crate) type EntryId = u32;

/// Where one value stands, and its key if it is a member. Offsets are bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    start: u32,
    end: u32,
    key_start: u32,
    key_end: u32,
    /// The entry after this one and everything inside it.
    next: EntryId,
    flags: u8,
}

impl Entry {
    /// The value cannot be judged: it is written by a template, a reference, or stands where the text is damaged.
    pub const UNKNOWN: u8 = 1;
    /// The key holds an escape, so its text in the source is not its text.
    pub const KEY_ESCAPED: u8 = 2;
    pub const OBJECT: u8 = 4;
    pub const ARRAY: u8 = 8;
    /// The key's text is in the document's own list.
    pub const KEY_OWNED: u8 = 16;

    pub const fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    pub fn key_span(&self) -> Option<Span> {
        (self.key_end > self.key_start).then(|| Span::new(self.key_start as usize, self.key_end as usize))
    }

    pub const fn next(&self) -> EntryId {
        self.next
    }

    pub const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// A comment, with its markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Comment {
    pub span: Span,
}

/// A member that stands twice in one object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Duplicate {
    pub first: EntryId,
    pub second: EntryId,
}

/// A text that has been read.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub source: Source,
    pub value: Value,
    pub entries: Vec<Entry>,
    /// Key texts that do not stand in the source as they are, by entry.
    pub keys: Vec<(EntryId, Box<str>)>,
    pub comments: Vec<Comment>,
    pub duplicates: Vec<Duplicate>,
    /// There is a member like those that stand for comments where there are none.
    pub remarks: bool,
    /// The text had a mistake, and what the reader made of it may not be what was meant.
    pub damaged: bool,
    /// The byte up to which the text was read as it was meant, without a doubt.
    pub sound_until: usize,
}

pub(crate) const ROOT: EntryId = 0;

/// Builds the table while a reader reads.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub entries: Vec<Entry>,
    pub keys: Vec<(EntryId, Box<str>)>,
    pub duplicates: Vec<Duplicate>,
    pub remarks: bool,
}

impl Table {
    /// Starts a value; call [`Table::close`] when it has been read.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "readers refuse texts beyond the size limit, which is below 4 GiB"
    )]
    pub fn open(&mut self, start: usize, key: Span, flags: u8) -> EntryId {
        let id = self.entries.len() as EntryId;
        self.entries.push(Entry {
            start: start as u32,
            end: start as u32,
            key_start: key.start as u32,
            key_end: key.end as u32,
            next: id + 1,
            flags,
        });
        id
    }

    /// Ends the value opened as `id`.
    #[expect(clippy::cast_possible_truncation, reason = "as in open")]
    pub fn close(&mut self, id: EntryId, end: usize) {
        let next = self.entries.len() as EntryId;
        let entry = &mut self.entries[id as usize];
        entry.end = end as u32;
        entry.next = next;
    }

    pub fn flag(&mut self, id: EntryId, flag: u8) {
        self.entries[id as usize].flags |= flag;
    }

    /// Keeps a key whose text in the source is not its text.
    pub fn own_key(&mut self, id: EntryId, key: &str) {
        self.flag(id, Entry::KEY_OWNED);
        self.keys.push((id, key.into()));
    }

    fn add(&mut self, value: &Value, key: Option<&str>, levels: u8) -> Option<()> {
        let flags = match value {
            Value::Object(_) => Entry::OBJECT,
            Value::Array(_) => Entry::ARRAY,
            _ => 0,
        };
        let levels = if flags == 0 { levels } else { levels.checked_sub(1)? };
        let id = self.open(0, Span::default(), flags);
        if let Some(key) = key {
            self.own_key(id, key);
        }
        match value {
            Value::Object(map) => map.iter().try_for_each(|(key, value)| self.add(value, Some(key), levels))?,
            Value::Array(items) => items.iter().try_for_each(|item| self.add(item, None, levels))?,
            _ => {}
        }
        self.close(id, 0);
        Some(())
    }

    pub fn into_document(self, source: Source, value: Value, comments: Vec<Comment>) -> Document {
        Document {
            source,
            value,
            entries: self.entries,
            keys: self.keys,
            comments,
            duplicates: self.duplicates,
            remarks: self.remarks,
            damaged: false,
            sound_until: usize::MAX,
        }
    }
}

impl Document {
    /// The document of a value that was never text: everything has its place in the tree, and the empty place in the text.
    /// Nothing when it is nested deeper than `limit` levels.
    pub fn of_value(source: Source, value: &Value, limit: u8) -> Option<Self> {
        let mut table = Table::default();
        table.add(value, None, limit)?;
        Some(table.into_document(source, value.clone(), Vec::new()))
    }

    /// A document of which nothing could be read.
    pub fn unreadable(source: Source) -> Self {
        let mut table = Table::default();
        let id = table.open(0, Span::default(), Entry::UNKNOWN);
        let end = source.text().len();
        table.close(id, end);
        let mut document = table.into_document(source, Value::Null, Vec::new());
        document.damaged = true;
        document
    }

    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id as usize]
    }

    /// Whether an entry is certainly what the reader made of it. Behind a mistake it may be something else, or stand in
    /// another place: with a brace missing, a header looks like a member of the connection.
    pub fn is_sound(&self, id: EntryId) -> bool {
        !self.damaged || self.entry(id).span().end <= self.sound_until
    }

    /// Lets nobody judge the members that end behind byte `from` and whose key or plain value is `suspect` as written.
    pub fn distrust(&mut self, suspect: impl Fn(&str) -> bool, from: usize) {
        let text = self.source.text();
        for entry in &mut self.entries {
            let value = (!entry.has(Entry::OBJECT | Entry::ARRAY)).then_some(entry.span());
            let spans = [entry.key_span(), value].into_iter().flatten();
            let is_suspect = |span: Span| span.end > from && text.get(span.start..span.end).is_some_and(&suspect);
            if spans.into_iter().any(is_suspect) {
                entry.flags |= Entry::UNKNOWN;
            }
        }
    }

    /// The values directly inside an object or an array, in document order.
    pub fn children(&self, id: EntryId) -> impl Iterator<Item = EntryId> + '_ {
        let parent = self.entry(id);
        let mut at = if parent.has(Entry::OBJECT | Entry::ARRAY) { id + 1 } else { parent.next };
        let end = parent.next;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = at;
                at = self.entry(child).next;
                child
            })
        })
    }

    /// The text of a member's key, escapes resolved; empty for what is no member.
    pub fn key(&self, id: EntryId) -> Cow<'_, str> {
        let entry = self.entry(id);
        if entry.has(Entry::KEY_OWNED)
            && let Ok(at) = self.keys.binary_search_by_key(&id, |(entry, _)| *entry)
        {
            return Cow::Borrowed(&self.keys[at].1);
        }
        let Some(span) = entry.key_span() else { return Cow::Borrowed("") };
        let raw = self.source.text().get(span.start..span.end).unwrap_or_default();
        if entry.has(Entry::KEY_ESCAPED) {
            // The reader has already accepted this very string.
            return crate::read::json::unquoted(raw).map_or(Cow::Borrowed(raw), Cow::Owned);
        }
        Cow::Borrowed(raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw))
    }

    /// The member or element that one part of a JSON pointer (unescaped) names; of duplicate members the last.
    pub fn child(&self, id: EntryId, part: &str) -> Option<EntryId> {
        if self.entry(id).has(Entry::ARRAY) {
            let index: usize = part.parse().ok()?;
            return self.children(id).nth(index);
        }
        self.children(id).filter(|&child| self.key(child) == part).last()
    }

    /// The entry that a JSON pointer below `base` names, or as much of the way as exists: the nearest ancestor, and
    /// whether the whole way was there.
    pub fn resolve(&self, base: EntryId, pointer: &str) -> (EntryId, bool) {
        let mut at = base;
        for part in pointer.split('/').skip(1) {
            match self.child(at, &unescape(part)) {
                Some(child) => at = child,
                None => return (at, false),
            }
        }
        (at, true)
    }

    /// Where a part of a string stands in the source; `text` is the string with its escapes resolved, `part` a range of
    /// its bytes. Nothing where the source does not show the string character by character (folded or joined lines).
    pub fn span_within(&self, id: EntryId, text: &str, part: &Range<usize>) -> Option<Span> {
        let value = self.entry(id).span();
        let raw = self.source.text().get(value.start..value.end)?;
        let (inner, shift) = match raw.strip_prefix('"') {
            Some(rest) => (rest.strip_suffix('"')?, 1),
            None => (raw, 0),
        };
        let mut at = 0;
        let (mut start, mut end) = (None, None);
        for (decoded, character) in text.char_indices().chain([(text.len(), '\0')]) {
            if decoded == part.start {
                start = Some(at);
            }
            if decoded == part.end {
                end = Some(at);
            }
            if decoded == text.len() {
                break;
            }
            let rest = &inner[at..];
            at += match rest.as_bytes() {
                [b'\\', b'u', ..] if shift == 1 => 6 * character.len_utf16(),
                [b'\\', _, ..] if shift == 1 => 2,
                _ if rest.starts_with(character) => character.len_utf8(),
                _ => return None,
            };
            if !inner.is_char_boundary(at) {
                return None;
            }
        }
        let offset = value.start + shift;
        (at == inner.len()).then_some(Span::new(offset + start?, offset + end?))
    }

    /// The value of an entry, found by walking down from the root.
    pub fn value_of(&self, id: EntryId) -> &Value {
        let mut at = ROOT;
        let mut value = &self.value;
        while at != id {
            let Some((index, child)) =
                self.children(at).enumerate().find(|&(_, child)| id >= child && id < self.entry(child).next)
            else {
                return &Value::Null;
            };
            value = match value {
                Value::Object(map) => map.get(&*self.key(child)).unwrap_or(&Value::Null),
                Value::Array(items) => items.get(index).unwrap_or(&Value::Null),
                _ => &Value::Null,
            };
            at = child;
        }
        value
    }
}

/// One part of a JSON pointer as it stands in a key (RFC 6901: `~1` is `/`, `~0` is `~`).
pub(crate) fn unescape(part: &str) -> Cow<'_, str> {
    if part.contains('~') { Cow::Owned(part.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(part) }
}

/// A key as one part of a JSON pointer.
pub(crate) fn escape(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) { Cow::Owned(key.replace('~', "~0").replace('/', "~1")) } else { Cow::Borrowed(key) }
}
