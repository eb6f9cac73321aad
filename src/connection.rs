//! One connection of any dialect: every field at its Admin API pointer, with the position in the text that it comes
//! from.

mod brokers;
mod dialect;
mod network;
mod translation;
mod urls;

use crate::atlas::{Kind, Mode};
use crate::diagnostic::Target;
use std::borrow::Cow;
use std::ops::Range;

use crate::atlas::fields::{Field, FieldKey, FieldSet, Shape};
use crate::atlas::secret::{OF_SETTINGS, is_known_word, quoted, shown_key, shown_path};
use crate::conventions::Conventions;
use crate::document::value::{Map, Value};
use crate::document::{Document, Entry, EntryId};
use crate::text::placeholder::ValueState;
use crate::text::pointer::{escape, parts, unescape};
use crate::text::{Span, placeholder, suggest};
pub(crate) use brokers::{Broker, Port, brokers};
pub use dialect::Dialect;
pub(crate) use dialect::Spelling;
pub(crate) use network::NETWORK_BLOCKS;
pub(crate) use translation::{NOWHERE, Translation};
pub(crate) use urls::KnownUrl;

/// The relation of a definition to others of the same text, such as the elements of `for_each`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Instance {
    /// Whether it comes from the same text as the previous definition, so that most of its findings are the same.
    pub is_copy: bool,
    /// The part of the text that only this one of several copies has.
    pub element: Option<Span>,
}

/// The position of a definition in a document, and its surroundings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Definition {
    /// The entry of the object that holds the fields.
    pub base: EntryId,
    /// Fields outside of `base` (the type and name beside a wrapped definition).
    pub elsewhere: Vec<(Field, EntryId)>,
    /// Its mode, if that differs from the document's.
    pub mode: Option<Mode>,
    /// The workspace of the definition, as the dialect identifies it: definitions with the same text share a workspace.
    /// `None` if the definition does not name one.
    pub workspace: Option<Box<str>>,
    /// The condition under which the definition exists, if there is one: definitions with different conditions may exclude
    /// each other.
    pub condition: Option<Box<str>>,
    /// The position of the workspace's name, in the original text.
    pub workspace_name: Option<EntryId>,
    /// The position of the project's id, in the original text.
    pub project_id: Option<EntryId>,
    /// Whether the dialect has already reported everything, so that the definition is only listed.
    pub skip_rules: bool,
    /// Fields that are present and that the dialect does not support; the dialect has reported them.
    pub unsupported: Vec<Field>,
    /// The name of the resource, if it is at another position.
    pub address: Option<Span>,
    /// The file and the line of its heading, if the text only sets values of it.
    pub used_in: Option<Box<str>>,
    pub instance: Instance,
    /// Whether it is an item of a list that is not the API's, whose items may have other fields.
    pub in_list: bool,
    /// Fields that its dialect does not support here.
    pub unsupported_fields: &'static [Field],
    /// Whether it is the arguments of an MCP tool, which completes them (evidence.md MCP-002).
    pub is_tool_call: bool,
}

impl Definition {
    pub fn at(base: EntryId) -> Self {
        Self { base, ..Self::default() }
    }

    /// The whole definition in Admin API shape.
    pub fn value<'d>(&'d self, document: &'d Document) -> Value<'d> {
        match document.value(self.base) {
            Value::Object(map) => Value::Object(map.with(&self.elsewhere)),
            other => other,
        }
    }
}

/// The surroundings of a definition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocumentContext<'d> {
    /// The original text.
    pub written: &'d Document,
    /// Its definitions in Admin API shape, if the text has another shape.
    pub translation: Option<&'d Translation>,
    pub spelling: &'d Spelling,
    pub mode: Mode,
    /// The type of definitions that do not set one.
    pub kind: Option<Kind>,
    /// Whether the command line that sends the body may still add a missing name.
    pub bare: bool,
}

impl<'d> DocumentContext<'d> {
    /// The document that contains the definitions.
    pub fn document(&self) -> &'d Document {
        self.translation.map_or(self.written, |translation| &translation.document)
    }
}

/// The state of one field.
#[derive(Debug, Clone, Copy, Default)]
struct Slot<'d> {
    /// Its value, if that is a string.
    text: Option<&'d str>,
    /// Its entry, or 0 if it is absent: 0 is the root of the text, which is not a field.
    entry: EntryId,
    state: ValueState,
}

/// One connection, for the rules.
#[derive(Debug)]
pub(crate) struct Connection<'d> {
    pub document: &'d Document,
    setting: DocumentContext<'d>,
    pub definition: &'d Definition,
    /// The whole definition in Admin API shape.
    pub root: Value<'d>,
    /// The type, even if it is misspelled, so that the rest can be checked. `None` if it is unknown.
    pub kind: Option<Kind>,
    /// The field with the type under a similar name, such as `Type` or `connectionType`, if `type` is missing.
    pub type_key: Option<EntryId>,
    pub mode: Mode,
    /// Whether the command line that sends this body may still add a missing name.
    pub bare: bool,
    pub conventions: &'d Conventions,
    slots: [Slot<'d>; Field::COUNT],
    /// The fields that are present.
    pub present: FieldSet,
    /// The brokers of a known list; empty if the list is missing, empty or unknown.
    pub brokers: Vec<Broker<'d>>,
    /// The known URLs in the fields of its type.
    pub urls: Vec<KnownUrl<'d>>,
}

impl<'d> Connection<'d> {
    /// Reads a definition once.
    pub fn new(setting: DocumentContext<'d>, definition: &'d Definition, conventions: &'d Conventions) -> Self {
        let document = setting.document();
        let root = definition.value(document);
        let mut connection = Self {
            document,
            setting,
            definition,
            root,
            kind: None,
            type_key: None,
            mode: definition.mode.unwrap_or(setting.mode),
            bare: setting.bare,
            conventions,
            slots: [Slot::default(); Field::COUNT],
            present: FieldSet::default(),
            brokers: Vec::new(),
            urls: Vec::new(),
        };
        if let Value::Object(map) = root {
            connection.fill(None, map);
        }
        let kind = connection.get(Field::Type);
        let of_word = |word: &str| Kind::from_name(word).or_else(|| Kind::near(word).map(|(kind, _)| kind));
        connection.kind = match kind.text().filter(|_| !kind.is_unknown()) {
            Some(word) => of_word(word),
            None if kind.is_present() => None,
            None => {
                let near = root.as_object().and_then(|map| near_type(document, map));
                connection.type_key = near.map(|(id, _)| id);
                setting.kind.or(near.and_then(|(_, word)| of_word(word)))
            }
        };
        let list = &connection.slots[Field::BootstrapServers as usize];
        let text = list.text.filter(|text| list.state == ValueState::Known && !text.is_empty());
        connection.brokers = text.map(brokers).unwrap_or_default();
        connection.urls = urls::urls(&connection);
        connection
    }

    fn fill(&mut self, parent: Option<Field>, map: Map<'d>) {
        map.entries().for_each(|(key, id)| self.take(parent, key, id));
    }

    fn take(&mut self, parent: Option<Field>, key: FieldKey, id: EntryId) {
        let Some(field) = Field::with_key(parent, key) else { return };
        let value = self.document.value(id);
        // Here null means absent (evidence.md API-002: both are nullable).
        if matches!(value, Value::Null) && matches!(field, Field::DbRoleToExecute | Field::ClusterGroupId) {
            return;
        }
        let slot = &mut self.slots[field as usize];
        slot.entry = id;
        self.present.add(field);
        let is_suspect = self.document.entry(id).has(Entry::SUSPECT);
        match value {
            Value::String(text) => {
                slot.text = Some(text);
                let state = placeholder::value_state_of(text, field.is_secret(), is_suspect);
                // Everything depends on `type`, so a placeholder is a wrong type.
                if !(state == ValueState::Leftover && field == Field::Type) {
                    slot.state = state;
                }
            }
            Value::Object(inner) if field.row().shape == Shape::Object => self.fill(Some(field), inner),
            _ => {}
        }
        if self.document.table.unknowns && self.document.entry(id).has(Entry::UNKNOWN | Entry::FILLED_IN) {
            self.slots[field as usize].state = ValueState::Unknown;
        }
    }

    fn is_flagged(&self, id: EntryId) -> bool {
        self.document.entry(id).has(Entry::UNKNOWN)
    }

    /// Whether the text has more fields than were parsed, because of a syntax error or a template.
    pub fn is_incomplete(&self) -> bool {
        self.is_flagged(self.definition.base)
    }

    /// Whether a pattern of the user marks this value as filled in.
    pub fn is_declared_placeholder(&self, id: EntryId) -> bool {
        self.document.entry(id).has(Entry::FILLED_IN)
    }

    /// The span of a part of a string, if it is known.
    fn span_within(&self, id: Option<EntryId>, text: Option<&str>, part: &Range<usize>) -> Option<Span> {
        self.document.span_within(id?, text?, part)
    }

    /// A view of a field, present or not.
    pub fn get(&self, field: Field) -> Node<'_> {
        Node { connection: self, field }
    }

    /// The name as the definition gives it, if it is a string that can be checked.
    pub fn name(&self) -> Option<&'d str> {
        let slot = &self.slots[Field::Name as usize];
        slot.text.filter(|_| !self.is_flagged(slot.entry))
    }

    /// The entry at a pointer inside the connection.
    pub fn entry_of(&self, pointer: &str) -> Option<EntryId> {
        Some(self.lookup(pointer)).filter(|(_, exists)| *exists).map(|(id, _)| id)
    }

    fn lookup(&self, pointer: &str) -> (EntryId, bool) {
        let elsewhere = self.definition.elsewhere.iter().find(|(field, _)| field.pointer() == pointer);
        elsewhere.map_or_else(|| self.document.resolve(self.definition.base, pointer), |&(_, id)| (id, true))
    }

    /// The span to mark for a pointer: the value, or, if it does not exist, the key of its nearest existing parent.
    pub fn span_of(&self, pointer: &str) -> Span {
        match self.lookup(pointer) {
            (id, true) => self.document.entry(id).span(),
            (id, false) => self.handle_of(id),
        }
    }

    /// The key of an entry; if it has none, its opening bracket or first character.
    fn handle_of(&self, id: EntryId) -> Span {
        let entry = self.document.entry(id);
        entry.key_span().unwrap_or_else(|| entry.span().first_character(self.written().source.text()))
    }

    /// The key at a pointer; if there is none, the span of [`Connection::span_of`].
    pub fn key_span_of(&self, pointer: &str) -> Span {
        self.handle_of(self.lookup(pointer).0)
    }

    /// Whether this pointer is in a part of the text that cannot be checked: a syntax error makes even its keys
    /// uncertain, or its dialect does not know its content.
    pub fn is_damaged_at(&self, pointer: &str) -> bool {
        if !self.document.table.unknowns {
            return false;
        }
        let mut id = self.definition.base;
        for part in parts(pointer) {
            match self.document.child(id, &unescape(part)) {
                Some(child) => id = child,
                None => return false,
            }
            if self.is_flagged(id) {
                return true;
            }
        }
        false
    }

    /// Whether the value at this pointer, or an enclosing one, is unknown, so that nothing is reported.
    pub fn is_unknown_at(&self, pointer: &str, value: Value) -> bool {
        let is_filled_in = || self.entry_of(pointer).is_some_and(|id| self.is_declared_placeholder(id));
        if self.document.table.unknowns && (self.is_damaged_at(pointer) || is_filled_in()) {
            return true;
        }
        let Some(text) = value.as_str() else { return false };
        let secret = Field::at(pointer).is_some_and(Field::is_secret);
        pointer != Field::Type.pointer() && placeholder::value_state(text, secret) != ValueState::Known
    }

    /// A value, quoted for a message, or words for a value that may not be shown. After a syntax error only values of
    /// the API's own lists are shown: the text there may be part of a secret.
    fn quoted(&self, id: Option<EntryId>, text: &str, marks: &str) -> String {
        let is_sound = is_known_word(text) || id.is_none_or(|id| self.document.is_sound(id));
        Some(text).filter(|_| is_sound).and_then(|text| quoted(text, marks)).unwrap_or("this value".to_owned())
    }

    /// The user's spelling of a field, with dots between its parts.
    pub fn spelling(&self, field: Field) -> String {
        if let Some(&(_, id)) = self.definition.elsewhere.iter().find(|(moved, _)| *moved == field) {
            return self.document.key(id).to_owned();
        }
        self.path(field).unwrap_or_else(|| field.pointer()[1..].replace('/', ".").into()).into_owned()
    }

    /// The user's spelling of the field at a pointer that may be unknown.
    pub fn spelling_at(&self, pointer: &str) -> String {
        if let Some(field) = Field::at(pointer) {
            return self.spelling(field);
        }
        let mut known = pointer;
        // The longest prefix of the pointer that is a field.
        while let Some(end) = known.rfind('/') {
            known = &known[..end];
            if let Some(field) = Field::at(known) {
                let rest = shown_path(&pointer[known.len()..], self.document.keys());
                return format!("{}.{rest}", self.spelling(field));
            }
        }
        shown_path(pointer, self.document.keys())
    }

    /// The path of this field in the connection's dialect, with dots between the keys; `None` if the dialect does not
    /// support it.
    pub fn path(&self, field: Field) -> Option<Cow<'static, str>> {
        (self.setting.spelling.path)(field)
    }

    /// Whether this connection's dialect and resource have the field.
    pub fn expresses(&self, field: Field) -> bool {
        self.path(field).is_some() && !self.definition.unsupported_fields.contains(&field)
    }

    /// The last key of that path.
    pub fn own_key(&self, field: Field) -> String {
        let path = self.path(field).unwrap_or(field.key().into());
        path.rsplit_once('.').map_or(&*path, |(_, last)| last).to_owned()
    }

    /// The dialect of the connection.
    pub fn dialect(&self) -> Dialect {
        self.setting.spelling.dialect
    }

    /// Whether this connection's dialect allows this word as the value of a field.
    pub fn accepts(&self, field: Field, word: &str) -> bool {
        self.setting.spelling.accepts(field, word)
    }

    /// The original text, whose rows edits refer to.
    pub fn written(&self) -> &'d Document {
        self.setting.written
    }

    /// The row of [`Connection::written`] for a row of the document; `None` for a row of another object.
    pub fn written_as(&self, id: EntryId) -> Option<EntryId> {
        let entry = self.document.entry(id);
        if entry.has(Entry::ELSEWHERE) {
            return None;
        }
        match self.setting.translation {
            Some(translation) => translation.origin(id),
            None => Some(id),
        }
    }

    /// The fields of an object or map field, or of the root, in the order of the text.
    pub fn items(&self, parent: Option<Field>) -> impl Iterator<Item = Item<'_>> {
        let pointer = parent.map_or("", Field::pointer);
        Item::inside(self, pointer.into(), self.entry_of(pointer))
    }

    /// The field with this key and entry.
    pub fn item<'c>(&'c self, parent: Option<Field>, key: &'c str, entry: EntryId) -> Item<'c> {
        let parent = parent.map_or("", Field::pointer).into();
        Item { connection: self, parent, key, index: None, value: self.document.value(entry), entry }
    }
}

/// The field that was probably meant to be `type`, and the type that it names.
pub(crate) fn near_type<'d>(document: &'d Document, map: Map<'d>) -> Option<(EntryId, &'d str)> {
    map.entries().filter(|(key, _)| Field::with_key(None, *key).is_none()).find_map(|(_, id)| {
        let (key, word) = (document.key(id), document.value(id).as_str()?);
        let folded = key.replace(['_', '-'], "").to_ascii_lowercase();
        let is_near = matches!(folded.as_str(), "type" | "connectiontype" | "kind")
            || suggest::nearest(key, [Field::Type.key()]).is_some();
        let is_known = !document.entry(id).has(Entry::UNKNOWN) && Kind::nearest(word).is_some();
        (is_near && is_known).then_some((id, word))
    })
}

/// A view of one known field of a connection, present or not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'c> {
    pub connection: &'c Connection<'c>,
    pub field: Field,
}

impl<'c> Node<'c> {
    fn slot(&self) -> &'c Slot<'c> {
        &self.connection.slots[self.field as usize]
    }

    fn present(self) -> Option<EntryId> {
        Some(self.slot().entry).filter(|id| *id != 0)
    }

    /// The value, even if it is a secret: only for its shape, never for a message.
    pub fn value(self) -> Option<Value<'c>> {
        let other = || self.present().map(|id| self.connection.document.value(id));
        self.text().map(Value::String).or_else(other)
    }

    /// The value, if it is a string, even if it is a secret or cannot be checked.
    pub fn text(self) -> Option<&'c str> {
        self.slot().text
    }

    pub fn is_present(self) -> bool {
        self.slot().entry != 0
    }

    /// Whether the field is absent, and its parent is not a value that may contain it.
    pub fn is_missing(self) -> bool {
        if self.is_present() {
            return false;
        }
        match self.field.parent() {
            None => self.connection.root.is_object() && !self.connection.is_flagged(self.connection.definition.base),
            Some(parent) => {
                let parent = self.connection.get(parent);
                parent.is_missing() || (parent.value().is_some_and(Value::is_object) && !parent.is_unknown())
            }
        }
    }

    /// Whether a field that is present may be null when it is used, so that it is neither absent nor certainly set.
    pub fn may_be_null(self) -> bool {
        self.present().is_some_and(|id| self.connection.document.entry(id).has(Entry::NULLABLE))
    }

    /// Whether the value is a template or a placeholder, so that it cannot be checked.
    pub fn is_unknown(self) -> bool {
        self.slot().state != ValueState::Known
    }

    pub fn is_leftover(self) -> bool {
        self.slot().state == ValueState::Leftover
    }

    /// The text of a value that is a string, can be checked and is not a secret.
    pub fn known_str(self) -> Option<&'c str> {
        if self.is_unknown() || self.field.is_secret() { None } else { self.text() }
    }

    /// Whether the value is known to be exactly this word.
    pub fn equals(self, word: &str) -> bool {
        self.known_str() == Some(word)
    }

    /// Whether the value is a string that can be checked and is not empty. Of a secret, rules only know this and its
    /// form.
    pub fn is_literal(self) -> bool {
        !self.is_unknown() && self.text().is_some_and(|text| !text.is_empty())
    }

    /// Whether the value is an empty string. An unclosed string is unknown, also without any character.
    pub fn is_empty(self) -> bool {
        self.text().is_some_and(str::is_empty) && !self.is_unknown()
    }

    /// The form of a certificate or key; `None` if it cannot be checked.
    pub fn pem(self) -> Option<crate::atlas::pem::PemShape> {
        if self.is_unknown() { None } else { self.text().map(crate::atlas::pem::look) }
    }

    /// The user's spelling of this field.
    pub fn spelling(self) -> String {
        self.connection.spelling(self.field)
    }

    /// The value, quoted for a message.
    pub fn quoted(self) -> String {
        self.connection.quoted(self.entry(), self.known_str().unwrap_or_default(), self.field.row().marks)
    }

    /// The elements of a list or the fields of a map, in document order.
    pub fn items(self) -> impl Iterator<Item = Item<'c>> {
        Item::inside(self.connection, self.field.pointer().into(), self.present())
    }

    /// The fields of a map, in document order; none if the value is not an object.
    pub fn map(self) -> impl Iterator<Item = Item<'c>> {
        let map = self.present().filter(|id| self.connection.document.entry(*id).has(Entry::OBJECT));
        Item::inside(self.connection, self.field.pointer().into(), map)
    }

    /// The entry in the document's table.
    pub fn entry(self) -> Option<EntryId> {
        self.present().or_else(|| self.connection.entry_of(self.field.pointer()))
    }

    /// The span of a part of the string, by a range of its bytes; the whole value if that is unknown.
    pub fn span_within(self, part: &Range<usize>) -> Span {
        self.connection.span_within(self.entry(), self.text(), part).unwrap_or_else(|| self.span())
    }

    /// The same for many parts.
    pub fn spans_within(self, parts: &[Range<usize>]) -> Vec<Span> {
        let id = self.entry().zip(self.text());
        let spans = id.and_then(|(id, text)| self.connection.document.spans_within(id, text, parts));
        spans.unwrap_or_else(|| vec![self.span(); parts.len()])
    }
}

impl Target for Node<'_> {
    fn pointer(self) -> Cow<'static, str> {
        Cow::Borrowed(self.field.pointer())
    }

    fn span(self) -> Span {
        let written = self.present().map(|id| self.connection.document.entry(id).span());
        written.unwrap_or_else(|| self.connection.span_of(self.field.pointer()))
    }

    fn key_span(self) -> Span {
        self.connection.key_span_of(self.field.pointer())
    }
}

/// A value without a row in the table of fields: a field of a map, an element of a list, or an unknown field.
#[derive(Debug, Clone)]
pub(crate) struct Item<'c> {
    pub connection: &'c Connection<'c>,
    /// The pointer of the parent.
    parent: Cow<'c, str>,
    /// The key; empty for an element of a list.
    pub key: &'c str,
    /// The index of an element of a list.
    index: Option<usize>,
    pub value: Value<'c>,
    pub entry: EntryId,
}

impl<'c> Item<'c> {
    fn inside(
        connection: &'c Connection<'c>,
        pointer: Cow<'c, str>,
        id: Option<EntryId>,
    ) -> impl Iterator<Item = Self> {
        let document = connection.document;
        let is_object = id.is_some_and(|id| document.entry(id).has(Entry::OBJECT));
        let item = move |(index, entry): (usize, EntryId)| Self {
            connection,
            parent: pointer.clone(),
            key: document.key(entry),
            index: (!is_object).then_some(index),
            value: document.value(entry),
            entry,
        };
        id.into_iter().flat_map(|id| document.members(id)).enumerate().map(item)
    }

    /// The value, if it is a string that can be checked. `secret` as in [`placeholder::value_state`].
    pub fn known_str(&self, secret: bool) -> Option<&'c str> {
        let is_filled_in = self.connection.document.entry(self.entry).has(Entry::UNKNOWN | Entry::FILLED_IN);
        self.value.as_str().filter(|_| !is_filled_in && self.state(secret) == Some(ValueState::Known))
    }

    /// The state of a string. `secret` as in [`placeholder::value_state`].
    pub fn state(&self, secret: bool) -> Option<ValueState> {
        let is_suspect = self.connection.document.entry(self.entry).has(Entry::SUSPECT);
        self.value.as_str().map(|text| placeholder::value_state_of(text, secret, is_suspect))
    }

    /// As [`Connection::is_damaged_at`].
    pub fn is_damaged(&self) -> bool {
        self.connection.document.table.unknowns && self.connection.is_damaged_at(&self.pointer())
    }

    /// Whether a string is literal and not empty: it is known, or is a placeholder that no tool replaces.
    pub fn is_written(&self, secret: bool) -> bool {
        let damaged = self.connection.document.entry(self.entry).has(Entry::UNKNOWN | Entry::FILLED_IN);
        let text = self.value.as_str().filter(|text| !text.is_empty() && !damaged);
        text.is_some_and(|text| placeholder::value_state(text, secret) != ValueState::Unknown)
    }

    /// The value of a setting, quoted for a message.
    pub fn quoted(&self) -> String {
        self.connection.quoted(Some(self.entry), self.value.as_str().unwrap_or_default(), OF_SETTINGS)
    }

    /// The user's spelling of this field.
    pub fn spelling(&self) -> String {
        let pointer = self.pointer();
        let spelling = self.connection.spelling_at(&pointer);
        if Field::at(&pointer).is_some() || !self.connection.document.entry(self.entry).has(Entry::KEY_OWNED) {
            return spelling;
        }
        // The path may contain dots, and so may the key.
        let parents = spelling.strip_suffix(self.key).unwrap_or_default();
        format!("{parents}{}", self.own_key())
    }

    /// The key alone in the user's spelling, as a report may show it.
    pub fn own_key(&self) -> Cow<'c, str> {
        let written = self.connection.written_as(self.entry).map(|id| self.connection.written().key(id));
        let key = written.filter(|key| !key.is_empty()).unwrap_or(self.key);
        Cow::Owned(shown_key(key, self.connection.document.keys()).into_owned())
    }

    /// The span of a part of the string, by a range of its bytes; the whole value if that is unknown.
    pub fn span_within(&self, part: &Range<usize>) -> Span {
        let within = self.connection.span_within(Some(self.entry), self.value.as_str(), part);
        within.unwrap_or_else(|| self.span())
    }

    /// The fields of this value, if it is an object or an array.
    pub fn items(&self) -> impl Iterator<Item = Item<'c>> + use<'c> {
        Item::inside(self.connection, self.pointer(), Some(self.entry))
    }
}

impl Target for &Item<'_> {
    fn pointer(self) -> Cow<'static, str> {
        match self.index {
            Some(index) => format!("{}/{index}", self.parent).into(),
            None => format!("{}/{}", self.parent, escape(self.key)).into(),
        }
    }

    fn span(self) -> Span {
        self.connection.document.entry(self.entry).span()
    }

    fn key_span(self) -> Span {
        let entry = self.connection.document.entry(self.entry);
        entry.key_span().unwrap_or(entry.span())
    }
}
