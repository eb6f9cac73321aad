//! Values of a document, as cheap to copy as a reference: a value is an entry in the document's table.

use serde_json::Value as Json;

use crate::atlas::fields::{Field, FieldKey};
use crate::document::{Document, Entry, EntryId};

/// A value, as in JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'d> {
    Null,
    Bool(bool),
    /// The text as written; the parsers accept only JSON numbers that fit into a 64-bit float.
    Number(&'d str),
    /// The text with its escapes resolved.
    String(&'d str),
    Array(List<'d>),
    Object(Map<'d>),
}

impl<'d> Value<'d> {
    #[inline(always)]
    pub(crate) fn of(document: &'d Document, id: EntryId) -> Self {
        let entry = document.entry(id);
        if entry.has(Entry::TEXT) {
            Self::String(document.text(id))
        } else if entry.has(Entry::OBJECT) {
            Self::Object(Map { document, id, elsewhere: &[] })
        } else if entry.has(Entry::ARRAY) {
            Self::Array(List { document, id })
        } else if entry.has(Entry::NUMBER) {
            Self::Number(document.text(id))
        } else if entry.has(Entry::TRUE | Entry::FALSE) {
            Self::Bool(entry.has(Entry::TRUE))
        } else {
            Self::Null
        }
    }

    pub fn as_str(self) -> Option<&'d str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub fn as_object(self) -> Option<Map<'d>> {
        if let Self::Object(map) = self { Some(map) } else { None }
    }

    pub const fn is_string(self) -> bool {
        matches!(self, Self::String(_))
    }

    pub const fn is_array(self) -> bool {
        matches!(self, Self::Array(_))
    }

    pub const fn is_object(self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// A field of an object.
    pub fn get(self, key: &str) -> Option<Self> {
        self.as_object()?.get(key)
    }

    /// Its type, with an article.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The same as a value of `serde_json`.
    pub fn to_json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(value),
            Self::Number(text) => serde_json::from_str(text).unwrap_or_default(),
            Self::String(text) => Json::String(text.to_owned()),
            Self::Array(list) => list.iter().map(Value::to_json).collect(),
            Self::Object(map) => map.iter().map(|(key, value)| (key.to_owned(), value.to_json())).collect(),
        }
    }
}

/// The elements of an array.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'d> {
    document: &'d Document,
    id: EntryId,
}

impl<'d> List<'d> {
    pub fn iter(self) -> impl Iterator<Item = Value<'d>> {
        self.document.children(self.id).map(move |child| Value::of(self.document, child))
    }

    pub fn is_empty(self) -> bool {
        self.document.children(self.id).next().is_none()
    }

    /// The only element of an array of one.
    pub fn only(self) -> Option<Value<'d>> {
        let mut values = self.iter();
        values.next().filter(|_| values.next().is_none())
    }
}

/// The fields of an object, each key once: the last of duplicates counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Map<'d> {
    document: &'d Document,
    id: EntryId,
    /// Fields of other objects; they replace those with the same key.
    elsewhere: &'d [(Field, EntryId)],
}

impl<'d> Map<'d> {
    pub fn with(self, elsewhere: &'d [(Field, EntryId)]) -> Self {
        Self { elsewhere, ..self }
    }

    /// The keys and the entries, in the order of the text.
    pub fn entries(self) -> impl Iterator<Item = (FieldKey, EntryId)> {
        let Self { document, id, elsewhere } = self;
        let is_replaced = move |key| elsewhere.iter().any(|(field, _)| field.row().key == key);
        document
            .members(id)
            .map(move |id| (document.entry(id).field_key(), id))
            .filter(move |(key, _)| !is_replaced(*key))
            .chain(elsewhere.iter().map(|(field, id)| (field.row().key, *id)))
    }

    /// The text of a key of [`Map::entries`].
    pub fn key(self, key: FieldKey, id: EntryId) -> &'d str {
        if key == FieldKey::NONE { self.document.key(id) } else { key.text() }
    }

    /// The value of an entry of [`Map::entries`].
    pub fn value(self, id: EntryId) -> Value<'d> {
        Value::of(self.document, id)
    }

    pub fn iter(self) -> impl Iterator<Item = (&'d str, Value<'d>)> {
        self.entries().map(move |(key, id)| (self.key(key, id), self.value(id)))
    }

    pub fn keys(self) -> impl Iterator<Item = &'d str> {
        self.entries().map(move |(key, id)| self.key(key, id))
    }

    pub fn get(self, key: &str) -> Option<Value<'d>> {
        self.find(key).map(|id| self.value(id))
    }

    pub fn contains_key(self, key: &str) -> bool {
        self.find(key).is_some()
    }

    fn find(self, key: &str) -> Option<EntryId> {
        let field_key = FieldKey::of(key.as_bytes());
        let is_other = |id| field_key == FieldKey::NONE && self.document.key(id) != key;
        self.entries().find(|(known, id)| *known == field_key && !is_other(*id)).map(|(_, id)| id)
    }
}
