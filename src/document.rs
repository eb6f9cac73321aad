//! A parsed text: a table with an entry for each value, in document order.
//!
//! An entry has the type of its value and the spans of the value and its key; their texts are read from the source on
//! demand. Only texts that differ from the source (escapes, corrected mistakes) are stored. So parsing needs one
//! allocation, whatever is in the text, and every value has its span.

mod lookup;
mod outline;
pub(crate) mod value;

use std::fmt;
use std::sync::OnceLock;

use serde_json::Value as Json;

use crate::atlas::fields::FieldKey;
use crate::atlas::secret::Keys;
use crate::diagnostic::Diagnostic;
use crate::document::value::Value;
use crate::text::order::{sort_by, sort_by_key};
use crate::text::pointer::{parts, unescape};
use crate::text::{Source, Span, Syntax};
use lookup::Index;
pub(crate) use outline::{Block, Head, Message, Outline};

/// The index of a value in a document's table.
pub(crate) type EntryId = u32;

/// The position of one value, and of its key if it is a field. Offsets are bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    start: u32,
    end: u32,
    key_start: u32,
    key_end: u32,
    /// The entry after this one and everything inside it.
    next: EntryId,
    flags: u16,
    /// The number of its key in the schemas.
    field_key: FieldKey,
}

impl Entry {
    /// The value is unknown: a template or a reference produces it, or the text is damaged here.
    pub const UNKNOWN: u16 = 1;
    /// The key is written with an escape.
    pub const KEY_ESCAPED: u16 = 1 << 1;
    /// The key's text is in the document's own list.
    pub const KEY_OWNED: u16 = 1 << 2;
    /// The text of the value is in the document's own list.
    pub const TEXT_OWNED: u16 = 1 << 3;
    /// A later field of the same object has the same key, and that one counts.
    pub const SHADOWED: u16 = 1 << 4;
    /// The string may contain a variable or a placeholder; without this flag it contains none of the characters that
    /// they need.
    pub const SUSPECT: u16 = 1 << 11;
    /// The value is written at another position ([`Document::definition_of`]); its own position is that of the
    /// reference. The same holds for everything inside it.
    pub const ELSEWHERE: u16 = 1 << 12;
    /// A pattern of the user matches the string, so a tool fills it in: it is present, and its value is unknown.
    pub const FILLED_IN: u16 = 1 << 13;
    /// The object is a block (`name { … }`), not the value of an argument.
    pub const BLOCK: u16 = 1 << 14;
    /// The value is unknown, and may be null, so that the field may be absent.
    pub const NULLABLE: u16 = 1 << 15;
    // The type of the value; null without any of these.
    pub const FALSE: u16 = 1 << 5;
    pub const TRUE: u16 = 1 << 6;
    pub const NUMBER: u16 = 1 << 7;
    pub const TEXT: u16 = 1 << 8;
    pub const OBJECT: u16 = 1 << 9;
    pub const ARRAY: u16 = 1 << 10;

    pub const fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    pub fn key_span(&self) -> Option<Span> {
        (self.key_end > self.key_start).then(|| Span::new(self.key_start as usize, self.key_end as usize))
    }

    /// From the key, if there is one, to the end of the value.
    pub fn whole(&self) -> Span {
        Span::new(self.key_span().unwrap_or(self.span()).start, self.end as usize)
    }

    pub const fn next(&self) -> EntryId {
        self.next
    }

    /// The number of its key in the schemas; none without a key.
    pub const fn field_key(&self) -> FieldKey {
        self.field_key
    }

    #[inline(always)]
    pub const fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// Its type, as flags.
    pub const fn kind(&self) -> u16 {
        self.flags & (Self::FALSE | Self::TRUE | Self::NUMBER | Self::TEXT | Self::OBJECT | Self::ARRAY)
    }

    /// The flags to keep when the value is copied into another table.
    pub const fn kept(&self) -> u16 {
        self.flags & (Self::UNKNOWN | Self::SUSPECT | Self::ELSEWHERE | Self::FILLED_IN)
    }

    /// `true`, `false` or `null`: the text of a value without one.
    pub const fn word(&self) -> &'static str {
        if self.has(Self::TRUE) {
            "true"
        } else if self.has(Self::FALSE) {
            "false"
        } else {
            "null"
        }
    }
}

/// A comment, with its markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Comment {
    pub span: Span,
}

/// A field that is repeated in one object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Duplicate {
    pub first: EntryId,
    pub second: EntryId,
}

/// Alternative branches of a template, of which only one is rendered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Branch {
    pub span: Span,
    /// The span of the condition, which is the same for both.
    pub fork: usize,
    /// The index of the branch that it is in.
    pub around: Option<usize>,
}

/// A parsed text.
#[derive(Clone)]
pub(crate) struct Document {
    pub source: Source,
    /// The syntax of the source.
    pub syntax: Syntax,
    pub table: Table,
    pub comments: Vec<Comment>,
    /// The tags of values (`!Ref`), by entry, in rising order.
    pub tags: Vec<(EntryId, Box<str>)>,
    /// The text consists of several documents, and the root is an array of them.
    pub is_stream: bool,
    /// The text has a syntax error, and the parser's guess may be wrong.
    pub damaged: bool,
    /// The byte up to which the text was certainly parsed as intended.
    pub sound_until: usize,
    /// Other uncertain positions, in order; see [`Document::set_uncertain`].
    uncertain: Vec<Span>,
    /// Mistakes that count only inside a definition; elsewhere the text may be intended.
    pub definition_flaws: Vec<Diagnostic>,
    /// Alternative branches of templates, in order.
    pub branches: Vec<Branch>,
    /// The requests and responses of a request file; their bodies are the elements of the root.
    pub messages: Option<Box<[Message]>>,
    /// Facts about an HCL text that entries cannot express.
    pub outline: Option<Box<Outline>>,
    index: OnceLock<Index>,
}

/// Shows no text: it may hold secrets.
impl fmt::Debug for Document {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.table.entries.len();
        out.debug_struct("Document").field("source", &self.source).field("entries", &entries).finish_non_exhaustive()
    }
}

pub(crate) const ROOT: EntryId = 0;

/// Texts by entry, in rising order.
type Owned = Vec<(EntryId, Box<str>)>;

fn owned(texts: &Owned, id: EntryId) -> &str {
    texts.binary_search_by_key(&id, |(entry, _)| *entry).map_or("", |at| &texts[at].1)
}

/// The text at a span of the source, without its quotes.
#[inline]
fn unquoted(source: &str, start: u32, end: u32) -> &str {
    source.get(start as usize + 1..(end as usize).saturating_sub(1)).unwrap_or_default()
}

/// Maximum number of duplicate keys that are kept of one text.
const MOST_DUPLICATES: usize = 100;

/// The values of a text, in document order; a parser fills the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub entries: Vec<Entry>,
    /// Key texts that differ from the source, by entry.
    keys: Owned,
    /// The same for strings and numbers.
    texts: Owned,
    pub duplicates: Vec<Duplicate>,
    /// The positions of the values of [`Entry::ELSEWHERE`], by entry, in rising order.
    pub defined: Vec<(EntryId, Span)>,
    /// Some values are unknown.
    pub unknowns: bool,
    /// The text has a field like those that replace comments.
    pub remarks: bool,
    /// A key of several words has no quotes.
    pub loose_keys: bool,
}

impl Table {
    /// A table for a text of this length in bytes. Real definitions have about one value in sixteen bytes.
    pub fn with_room_for(bytes: usize) -> Self {
        Self { entries: Vec::with_capacity(bytes.min(1 << 20) / 16 + 4), ..Self::default() }
    }

    /// Starts a value; call [`Table::close`] at its end, and [`Table::own_key`] if it has a key.
    pub fn open(&mut self, start: usize, key: Span, flags: u16) -> EntryId {
        self.open_named(start, key, FieldKey::NONE, flags)
    }

    /// Like [`Table::open`], for a value whose key is in the source unchanged and is this one of the schemas' keys.
    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "readers refuse texts beyond the size limit, which is below 4 GiB"
    )]
    pub fn open_named(&mut self, start: usize, key: Span, field_key: FieldKey, flags: u16) -> EntryId {
        let id = self.entries.len() as EntryId;
        self.unknowns |= flags & (Entry::UNKNOWN | Entry::FILLED_IN) != 0;
        self.entries.push(Entry {
            start: start as u32,
            end: start as u32,
            key_start: key.start as u32,
            key_end: key.end as u32,
            next: id + 1,
            flags,
            field_key,
        });
        id
    }

    /// Ends the value opened as `id`.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "as in open")]
    pub fn close(&mut self, id: EntryId, end: usize) {
        let next = self.entries.len() as EntryId;
        let entry = &mut self.entries[id as usize];
        entry.end = end as u32;
        entry.next = next;
    }

    pub fn flag(&mut self, id: EntryId, flag: u16) {
        self.unknowns |= flag & Entry::UNKNOWN != 0;
        self.entries[id as usize].flags |= flag;
    }

    /// Marks the value at an index of the table as unknown, if there is one.
    pub fn make_unknown(&mut self, index: usize) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.flags |= Entry::UNKNOWN;
            self.unknowns = true;
        }
    }

    /// Keeps a key whose text differs from the source.
    pub fn own_key(&mut self, id: EntryId, key: impl Into<Box<str>>) {
        let key = key.into();
        self.flag(id, Entry::KEY_OWNED);
        self.entries[id as usize].field_key = FieldKey::of(key.as_bytes());
        self.keys.push((id, key));
    }

    /// Keeps a string or number whose text differs from the source.
    pub fn own_text(&mut self, id: EntryId, text: impl Into<Box<str>>) {
        self.flag(id, Entry::TEXT_OWNED | Entry::SUSPECT);
        self.texts.push((id, text.into()));
    }

    /// Replaces the texts of strings; in the order of their entries.
    #[cfg(feature = "shell")]
    pub fn replace_texts(&mut self, texts: Vec<(EntryId, Box<str>)>) {
        for (id, _) in &texts {
            self.flag(*id, Entry::TEXT_OWNED | Entry::SUSPECT);
        }
        self.texts.retain(|(id, _)| texts.binary_search_by_key(id, |(id, _)| *id).is_err());
        self.texts.extend(texts);
        sort_by_key(&mut self.texts, |(id, _)| *id);
    }

    /// Whether an open object has a field with this key, which the table owns.
    pub fn has_member(&self, object: EntryId, key: &str) -> bool {
        let mut at = object + 1;
        while let Some(entry) = self.entries.get(at as usize) {
            if entry.has(Entry::KEY_OWNED) && owned(&self.keys, at) == key {
                return true;
            }
            at = entry.next;
        }
        false
    }

    fn key<'k>(&'k self, source: &'k str, id: EntryId) -> &'k str {
        let entry = &self.entries[id as usize];
        if entry.has(Entry::KEY_OWNED) {
            owned(&self.keys, id)
        } else {
            unquoted(source, entry.key_start, entry.key_end)
        }
    }

    /// Ends an object: all but the last of the fields with the same key are marked, and both positions are kept.
    pub fn close_object(&mut self, id: EntryId, end: usize, source: &str) {
        self.close(id, end);
        self.find_duplicates_among(id, source, |_| true);
    }

    /// Adds the entries of a table whose text starts at byte `shift` of this table's source, and returns the entry of its
    /// root. Strings for which `is_unknown` holds become unknown.
    #[expect(clippy::cast_possible_truncation, reason = "as in open")]
    pub fn append(&mut self, table: &Self, shift: usize, is_unknown: impl Fn(Span) -> bool) -> EntryId {
        let first = self.entries.len() as EntryId;
        for entry in &table.entries {
            let mut entry = *entry;
            entry.start += shift as u32;
            entry.end += shift as u32;
            if entry.key_end > entry.key_start {
                entry.key_start += shift as u32;
                entry.key_end += shift as u32;
            }
            entry.next += first;
            if entry.has(Entry::TEXT) && is_unknown(entry.span()) {
                entry.flags |= Entry::UNKNOWN;
            }
            self.unknowns |= entry.has(Entry::UNKNOWN);
            self.entries.push(entry);
        }
        self.keys.extend(table.keys.iter().map(|(id, key)| (id + first, key.clone())));
        self.texts.extend(table.texts.iter().map(|(id, text)| (id + first, text.clone())));
        let moved = |id: EntryId| id + first;
        let twice = |it: &Duplicate| Duplicate { first: moved(it.first), second: moved(it.second) };
        self.duplicates.extend(table.duplicates.iter().map(twice));
        self.remarks |= table.remarks;
        self.loose_keys |= table.loose_keys;
        first
    }

    /// Drops the entry `id` and all entries after it.
    pub fn truncate(&mut self, id: EntryId) {
        self.entries.truncate(id as usize);
        for owned in [&mut self.keys, &mut self.texts] {
            owned.truncate(owned.partition_point(|(entry, _)| *entry < id));
        }
        self.duplicates.retain(|duplicate| duplicate.second < id);
    }

    /// Like [`Table::close_object`], for the fields for which `counts` holds.
    pub fn find_duplicates_among(&mut self, object: EntryId, source: &str, counts: impl Fn(&Entry) -> bool) {
        // With their keys: to look one up takes a search.
        let mut members = Vec::new();
        let end = self.entries[object as usize].next.max(object + 1);
        let mut at = object + 1;
        while at < end {
            members.extend(counts(&self.entries[at as usize]).then(|| (self.key(source, at), at)));
            at = self.entries[at as usize].next;
        }
        sort_by(&mut members, |(one, _), (other, _)| one.cmp(other));
        let pairs = members.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        let mut found = pairs.map(|pair| Duplicate { first: pair[0].1, second: pair[1].1 }).collect::<Vec<_>>();
        for duplicate in &found {
            self.flag(duplicate.first, Entry::SHADOWED);
        }
        found.truncate(MOST_DUPLICATES.saturating_sub(self.duplicates.len()));
        self.duplicates.append(&mut found);
    }

    fn add(&mut self, value: &Json, key: Option<&str>, levels: u8) -> Option<()> {
        let kind = match value {
            Json::Null => 0,
            Json::Bool(false) => Entry::FALSE,
            Json::Bool(true) => Entry::TRUE,
            Json::Number(_) => Entry::NUMBER,
            Json::String(_) => Entry::TEXT,
            Json::Array(_) => Entry::ARRAY,
            Json::Object(_) => Entry::OBJECT,
        };
        let id = self.open(0, Span::default(), kind);
        if let Some(key) = key {
            self.own_key(id, key);
        }
        match value {
            Json::Object(map) => {
                let levels = levels.checked_sub(1)?;
                map.iter().try_for_each(|(key, value)| self.add(value, Some(key), levels))?;
            }
            Json::Array(items) => {
                let levels = levels.checked_sub(1)?;
                items.iter().try_for_each(|item| self.add(item, None, levels))?;
            }
            Json::String(text) => self.own_text(id, text.as_str()),
            Json::Number(number) => self.own_text(id, number.to_string()),
            Json::Null | Json::Bool(_) => {}
        }
        self.close(id, 0);
        Some(())
    }

    pub fn into_document(self, source: Source, comments: Vec<Comment>) -> Document {
        Document {
            source,
            syntax: Syntax::Json,
            table: self,
            comments,
            tags: Vec::new(),
            is_stream: false,
            damaged: false,
            sound_until: usize::MAX,
            uncertain: Vec::new(),
            definition_flaws: Vec::new(),
            branches: Vec::new(),
            messages: None,
            outline: None,
            index: OnceLock::new(),
        }
    }
}

impl Document {
    /// The document of a value that was never text: all entries have empty spans. `None` if it is nested deeper than
    /// `limit` levels.
    pub fn of_value(source: Source, value: &Json, limit: u8) -> Option<Self> {
        let mut table = Table::default();
        table.add(value, None, limit)?;
        Some(table.into_document(source, Vec::new()))
    }

    /// A document of a text that could not be parsed.
    pub fn unreadable(source: Source) -> Self {
        let mut table = Table::default();
        let id = table.open(0, Span::default(), Entry::UNKNOWN);
        let end = source.text().len();
        table.close(id, end);
        let mut document = table.into_document(source, Vec::new());
        document.damaged = true;
        document
    }

    #[inline(always)]
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.table.entries[id as usize]
    }

    /// The certainty of the keys of this text.
    pub fn keys(&self) -> Keys {
        if self.damaged {
            Keys::Uncertain
        } else if self.table.loose_keys {
            Keys::MayBeJoined
        } else {
            Keys::Certain
        }
    }

    /// Whether an entry was certainly parsed as intended. After a syntax error it may be something else, or have
    /// another parent: with a missing brace, a header looks like a field of the connection.
    pub fn is_sound(&self, id: EntryId) -> bool {
        let span = self.entry(id).span();
        let before = self.uncertain.partition_point(|other| other.start < span.end);
        let is_uncertain = || self.uncertain[..before].last().is_some_and(|other| span.start < other.end);
        !self.damaged || (span.end <= self.sound_until && !is_uncertain())
    }

    /// Sets other uncertain positions. Each is extended to the last end of those before it.
    pub fn set_uncertain(&mut self, mut uncertain: Vec<Span>) {
        sort_by_key(&mut uncertain, |&item| item);
        let mut end = 0;
        for span in &mut uncertain {
            end = end.max(span.end);
            span.end = end;
        }
        self.uncertain = uncertain;
    }

    /// Copies them from another document of the text.
    pub fn copy_uncertain(&mut self, other: &Self) {
        self.uncertain.clone_from(&other.uncertain);
    }

    /// Whether two positions are never rendered together.
    pub fn exclude_each_other(&self, one: Span, other: Span) -> bool {
        let others = self.branches_around(other).collect::<Vec<_>>();
        let is_other =
            |enclosing: &Branch, branch: &Branch| branch.fork == enclosing.fork && branch.span != enclosing.span;
        self.branches_around(one).any(|enclosing| others.iter().any(|branch| is_other(enclosing, branch)))
    }

    /// The branches around a position, the innermost first.
    fn branches_around(&self, place: Span) -> impl Iterator<Item = &Branch> {
        let before = self.branches.partition_point(|branch| branch.span.start <= place.start);
        let around = std::iter::successors(before.checked_sub(1), |&at| self.branches[at].around);
        around.map(|at| &self.branches[at]).filter(move |branch| branch.span.contains(place))
    }

    /// Marks fields as unknown that end after byte `from` and whose key or plain value is `suspect` as written.
    pub fn distrust(&mut self, suspect: impl Fn(&str) -> bool, from: usize) {
        let text = self.source.text();
        self.table.unknowns = true;
        for entry in &mut self.table.entries {
            let value = (!entry.has(Entry::OBJECT | Entry::ARRAY)).then_some(entry.span());
            let spans = [entry.key_span(), value].into_iter().flatten();
            let is_suspect = |span: Span| span.end > from && text.get(span.start..span.end).is_some_and(&suspect);
            if spans.into_iter().any(is_suspect) {
                entry.flags |= Entry::UNKNOWN;
            }
        }
    }

    /// The span of an entry's value, if that is at another position.
    pub fn definition_of(&self, id: EntryId) -> Option<Span> {
        self.table.defined.binary_search_by_key(&id, |(entry, _)| *entry).ok().map(|at| self.table.defined[at].1)
    }

    /// Marks the strings that a tool fills in.
    pub fn fill_in(&mut self, is_placeholder: impl Fn(&str) -> bool) {
        #[expect(clippy::cast_possible_truncation, reason = "ids are of this width")]
        for id in 0..self.table.entries.len() as EntryId {
            if self.entry(id).has(Entry::TEXT) && is_placeholder(self.text(id)) {
                self.table.entries[id as usize].flags |= Entry::FILLED_IN;
                self.table.unknowns = true;
            }
        }
    }

    /// The first comment that starts at or after this byte.
    pub fn comment_from(&self, at: usize) -> Option<Span> {
        let next = self.comments.partition_point(|comment| comment.span.start < at);
        self.comments.get(next).map(|comment| comment.span)
    }

    /// The tag of a value; only YAML has them.
    pub fn tag(&self, id: EntryId) -> Option<&str> {
        if !cfg!(feature = "yaml") {
            return None;
        }
        self.tags.binary_search_by_key(&id, |(entry, _)| *entry).ok().map(|at| &*self.tags[at].1)
    }

    /// The values directly inside an object or an array, in document order.
    #[inline]
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

    /// Whether an object has a field with this key.
    #[inline(always)]
    pub fn has_field(&self, id: EntryId, key: FieldKey) -> bool {
        self.children(id).any(|child| self.entry(child).field_key == key)
    }

    /// The fields of an object, in document order, without overwritten duplicates.
    pub fn members(&self, id: EntryId) -> impl Iterator<Item = EntryId> + '_ {
        self.children(id).filter(|&child| !self.entry(child).has(Entry::SHADOWED))
    }

    /// The text of a field's key, escapes resolved; empty for anything that is not a field.
    pub fn key(&self, id: EntryId) -> &str {
        self.table.key(self.source.text(), id)
    }

    /// The text of a string, escapes resolved, or of a number.
    #[inline]
    pub fn text(&self, id: EntryId) -> &str {
        let entry = self.entry(id);
        if entry.has(Entry::TEXT_OWNED) {
            owned(&self.table.texts, id)
        } else if entry.has(Entry::NUMBER) {
            self.source.text().get(entry.start as usize..entry.end as usize).unwrap_or_default()
        } else {
            unquoted(self.source.text(), entry.start, entry.end)
        }
    }

    /// The value of an entry.
    pub fn value(&self, id: EntryId) -> Value<'_> {
        Value::of(self, id)
    }

    /// The value of the whole text.
    pub fn root(&self) -> Value<'_> {
        self.value(ROOT)
    }

    /// The entry at a JSON pointer below `base`, or its nearest existing ancestor, and whether the whole pointer
    /// exists.
    pub fn resolve(&self, base: EntryId, pointer: &str) -> (EntryId, bool) {
        let mut at = base;
        for part in parts(pointer) {
            match self.child(at, &unescape(part)) {
                Some(child) => at = child,
                None => return (at, false),
            }
        }
        (at, true)
    }
}
