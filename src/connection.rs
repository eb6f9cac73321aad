//! One connection, whatever file it came from: every field at its Admin API place, and the way back to the text.

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

/// Where a dialect found a definition, and what it made of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Definition {
    /// The entry of the object that holds the fields.
    pub base: EntryId,
    /// Fields outside of `base` (the type and name beside a wrapped definition).
    pub elsewhere: Vec<(Field, EntryId)>,
    /// What it is, where that is not the same for the whole document.
    pub mode: Option<Mode>,
    /// The workspace it goes to, in the words of its dialect: definitions that say the same go to the same one. Nothing
    /// where the definition does not say.
    pub workspace: Option<Box<str>>,
    /// Where the name of that workspace is written, in the text as it was read.
    pub workspace_name: Option<EntryId>,
    /// Where the id of its project is written, in that text.
    pub project_id: Option<EntryId>,
    /// Its dialect has said all there is to say, so that it is only listed.
    pub skip_rules: bool,
    /// Fields that it gives and that its dialect cannot express, which the dialect has said.
    pub unsupported: Vec<Field>,
    /// Where the text names the resource, if elsewhere.
    pub address: Option<Span>,
    /// The file and the line of its heading, where the text only gives values to it.
    pub used_in: Option<Box<str>>,
    /// It is made of the same text as the one before, so that most findings in it are those.
    pub is_copy: bool,
    /// It is an item of a list that is not the API's, whose items may have fields of their own.
    pub in_list: bool,
    /// Fields that its dialect cannot express here.
    pub unsupported_fields: &'static [Field],
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
    /// The text as it was read.
    pub written: &'d Document,
    /// Its definitions in Admin API shape, if it is of another.
    pub translation: Option<&'d Translation>,
    pub spelling: &'d Spelling,
    pub mode: Mode,
    /// The type of definitions that do not say their own.
    pub kind: Option<Kind>,
    /// Whether a missing name may still come from the command line that sends the body.
    pub bare: bool,
}

impl<'d> DocumentContext<'d> {
    /// What definitions are rows of.
    pub fn document(&self) -> &'d Document {
        self.translation.map_or(self.written, |translation| &translation.document)
    }
}

/// What is known of one field.
#[derive(Debug, Clone, Copy, Default)]
struct Slot<'d> {
    /// What it says, if it is a string.
    text: Option<&'d str>,
    /// Its entry; 0, which is the root of the text and no field, where it is absent.
    entry: EntryId,
    state: Option<ValueState>,
}

/// One connection as rules see it.
#[derive(Debug)]
pub(crate) struct Connection<'d> {
    pub document: &'d Document,
    setting: DocumentContext<'d>,
    pub definition: &'d Definition,
    /// The whole definition in Admin API shape.
    pub root: Value<'d>,
    /// The type; a near spelling counts, so that the rest can be checked. Nothing when it is beyond repair or unknown.
    pub kind: Option<Kind>,
    /// The field that holds the type under a near name, such as `Type` or `connectionType`, where `type` is missing.
    pub type_key: Option<EntryId>,
    pub mode: Mode,
    /// Whether a missing name may still come from the command line that sends this body.
    pub bare: bool,
    pub conventions: &'d Conventions,
    slots: [Slot<'d>; Field::COUNT],
    /// The fields that are there, at their places.
    pub present: FieldSet,
    /// The brokers of a list that is known; none if it is missing, empty or unknown.
    pub brokers: Vec<Broker<'d>>,
    /// The known URLs in the fields of its type.
    pub urls: Vec<KnownUrl<'d>>,
}

impl<'d> Connection<'d> {
    /// Looks through a definition once.
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
        let text = list.text.filter(|text| list.state.is_none() && !text.is_empty());
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
                match placeholder::value_state_of(text, field.is_secret(), is_suspect) {
                    ValueState::Known => {}
                    // `type` says what everything else means: a placeholder there is a wrong type.
                    ValueState::Leftover if field == Field::Type => {}
                    value_state => slot.state = Some(value_state),
                }
            }
            Value::Object(inner) if field.row().shape == Shape::Object => self.fill(Some(field), inner),
            _ => {}
        }
        if self.document.table.unknowns && self.document.entry(id).has(Entry::UNKNOWN | Entry::FILLED_IN) {
            self.slots[field as usize].state = Some(ValueState::Unknown);
        }
    }

    fn is_flagged(&self, id: EntryId) -> bool {
        self.document.entry(id).has(Entry::UNKNOWN)
    }

    /// Whether the text has more of it than what is read, because of a mistake or of what a template adds.
    pub fn is_incomplete(&self) -> bool {
        self.is_flagged(self.definition.base)
    }

    /// Whether a pattern of the user says that something fills this value in.
    pub fn is_stand_in(&self, id: EntryId) -> bool {
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

    /// What to mark for a pointer: the value, or, where it does not exist, the key of the nearest thing that does.
    pub fn span_of(&self, pointer: &str) -> Span {
        match self.lookup(pointer) {
            (id, true) => self.document.entry(id).span(),
            (id, false) => self.handle_of(id),
        }
    }

    /// The key of an entry; for one without a key its opening bracket, or its first character.
    fn handle_of(&self, id: EntryId) -> Span {
        let entry = self.document.entry(id);
        entry.key_span().unwrap_or_else(|| entry.span().first_character(self.written().source.text()))
    }

    /// The key at a pointer; where there is none, what [`Connection::span_of`] marks.
    pub fn key_span_of(&self, pointer: &str) -> Span {
        self.handle_of(self.lookup(pointer).0)
    }

    /// Whether this pointer lies in a part of the text that cannot be checked: it had a mistake, so that not even its keys
    /// can be trusted, or its dialect knows nothing of it.
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
        let is_filled_in = || self.entry_of(pointer).is_some_and(|id| self.is_stand_in(id));
        if self.document.table.unknowns && (self.is_damaged_at(pointer) || is_filled_in()) {
            return true;
        }
        let Some(text) = value.as_str() else { return false };
        let secret = Field::at(pointer).is_some_and(Field::is_secret);
        pointer != Field::Type.pointer() && placeholder::value_state(text, secret) != ValueState::Known
    }

    /// A value as a message quotes it, or words for one that may not be shown. Behind a mistake in the text only words of
    /// the API's own lists show: the text there may be a secret that came loose.
    fn quoted(&self, id: Option<EntryId>, text: &str, marks: &str) -> String {
        let is_sound = is_known_word(text) || id.is_none_or(|id| self.document.is_sound(id));
        Some(text).filter(|_| is_sound).and_then(|text| quoted(text, marks)).unwrap_or("this value".to_owned())
    }

    /// How the user writes a field: with dots between its parts.
    pub fn spelling(&self, field: Field) -> String {
        if let Some(&(_, id)) = self.definition.elsewhere.iter().find(|(moved, _)| *moved == field) {
            return self.document.key(id).to_owned();
        }
        self.path(field).unwrap_or_else(|| field.pointer()[1..].replace('/', ".").into()).into_owned()
    }

    /// The same for what no table knows, by its pointer.
    pub fn spelling_at(&self, pointer: &str) -> String {
        if let Some(field) = Field::at(pointer) {
            return self.spelling(field);
        }
        let mut known = pointer;
        // The longest part of the way that is a field.
        while let Some(end) = known.rfind('/') {
            known = &known[..end];
            if let Some(field) = Field::at(known) {
                let rest = shown_path(&pointer[known.len()..], self.document.keys());
                return format!("{}.{rest}", self.spelling(field));
            }
        }
        shown_path(pointer, self.document.keys())
    }

    /// The keys under which this field is written in this connection's dialect, with dots between; nothing when the
    /// dialect cannot say it.
    pub fn path(&self, field: Field) -> Option<Cow<'static, str>> {
        (self.setting.spelling.path)(field)
    }

    /// Whether this connection's dialect, and the resource that it is written as, has the field.
    pub fn expresses(&self, field: Field) -> bool {
        self.path(field).is_some() && !self.definition.unsupported_fields.contains(&field)
    }

    /// The last of those keys.
    pub fn own_key(&self, field: Field) -> String {
        let path = self.path(field).unwrap_or(field.key().into());
        path.rsplit_once('.').map_or(&*path, |(_, last)| last).to_owned()
    }

    /// How it is written down.
    pub fn dialect(&self) -> Dialect {
        self.setting.spelling.dialect
    }

    /// Whether this connection's dialect takes this word as the value of a field.
    pub fn accepts(&self, field: Field, word: &str) -> bool {
        self.setting.spelling.accepts(field, word)
    }

    /// The text as it was read, whose rows edits are made of.
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

    /// The fields of an object or map field, or of the root, as they are written in the text.
    pub fn items(&self, parent: Option<Field>) -> impl Iterator<Item = Item<'_>> {
        let pointer = parent.map_or("", Field::pointer);
        Item::inside(self, pointer.into(), self.entry_of(pointer))
    }

    /// The one of them with this key and entry.
    pub fn item<'c>(&'c self, parent: Option<Field>, key: &'c str, entry: EntryId) -> Item<'c> {
        let parent = parent.map_or("", Field::pointer).into();
        Item { connection: self, parent, key, index: None, value: self.document.value(entry), entry }
    }
}

/// The field that was meant to be `type`, and the type that it names.
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

    /// The value, also of a secret; for the shape only, never to be quoted.
    pub fn value(self) -> Option<Value<'c>> {
        let other = || self.present().map(|id| self.connection.document.value(id));
        self.text().map(Value::String).or_else(other)
    }

    /// What it says, if it is a string; also of a secret, and also if it cannot be checked.
    pub fn text(self) -> Option<&'c str> {
        self.slot().text
    }

    pub fn is_present(self) -> bool {
        self.slot().entry != 0
    }

    /// Not there, and nothing is in its parent's place that could have been meant to hold it.
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

    /// A template or a placeholder: nothing may be said about the value.
    pub fn is_unknown(self) -> bool {
        self.slot().state.is_some()
    }

    pub fn is_leftover(self) -> bool {
        self.slot().state == Some(ValueState::Leftover)
    }

    /// The text of a value that is a string, can be checked and is no secret.
    pub fn known_str(self) -> Option<&'c str> {
        if self.is_unknown() || self.field.is_secret() { None } else { self.text() }
    }

    /// Whether the value is known to be exactly this word.
    pub fn says(self, word: &str) -> bool {
        self.known_str() == Some(word)
    }

    /// A string that can be checked and is not empty. All that a rule may know of a secret, beside its emptiness and kind.
    pub fn is_literal(self) -> bool {
        !self.is_unknown() && self.text().is_some_and(|text| !text.is_empty())
    }

    /// An empty string.
    pub fn is_empty(self) -> bool {
        self.text().is_some_and(str::is_empty)
    }

    /// What a certificate or key looks like; nothing when it cannot be checked.
    pub fn pem(self) -> Option<crate::atlas::pem::PemShape> {
        if self.is_unknown() { None } else { self.text().map(crate::atlas::pem::look) }
    }

    /// How the user writes this field.
    pub fn spelling(self) -> String {
        self.connection.spelling(self.field)
    }

    /// The text as a message quotes it.
    pub fn quoted(self) -> String {
        self.connection.quoted(self.entry(), self.known_str().unwrap_or_default(), self.field.row().marks)
    }

    /// The elements of a list or the fields of a map, in document order.
    pub fn items(self) -> impl Iterator<Item = Item<'c>> {
        Item::inside(self.connection, self.field.pointer().into(), self.present())
    }

    /// The fields of a map, in document order; nothing where the value is not an object.
    pub fn map(self) -> impl Iterator<Item = Item<'c>> {
        let map = self.present().filter(|id| self.connection.document.entry(*id).has(Entry::OBJECT));
        Item::inside(self.connection, self.field.pointer().into(), map)
    }

    /// The entry in the document's table.
    pub fn entry(self) -> Option<EntryId> {
        self.present().or_else(|| self.connection.entry_of(self.field.pointer()))
    }

    /// The span of a part of the string, by a range of its bytes; the whole value where that is unknown.
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

/// A view of something that no table knows: a field of a map, an element of a list, an unknown field.
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

    /// A string that can be checked. `secret` as in [`placeholder::value_state`].
    pub fn known_str(&self, secret: bool) -> Option<&'c str> {
        let is_filled_in = self.connection.document.entry(self.entry).has(Entry::UNKNOWN | Entry::FILLED_IN);
        self.value.as_str().filter(|_| !is_filled_in && self.state(secret) == Some(ValueState::Known))
    }

    /// What can be said of a string. `secret` as in [`placeholder::value_state`].
    pub fn state(&self, secret: bool) -> Option<ValueState> {
        let is_suspect = self.connection.document.entry(self.entry).has(Entry::SUSPECT);
        self.value.as_str().map(|text| placeholder::value_state_of(text, secret, is_suspect))
    }

    /// As [`Connection::is_damaged_at`].
    pub fn is_damaged(&self) -> bool {
        self.connection.document.table.unknowns && self.connection.is_damaged_at(&self.pointer())
    }

    /// Whether a string is written out: it is known, or a placeholder that no tool replaces, and not empty.
    pub fn is_written(&self, secret: bool) -> bool {
        let damaged = self.connection.document.entry(self.entry).has(Entry::UNKNOWN | Entry::FILLED_IN);
        let text = self.value.as_str().filter(|text| !text.is_empty() && !damaged);
        text.is_some_and(|text| placeholder::value_state(text, secret) != ValueState::Unknown)
    }

    /// The text of a setting as a message quotes it.
    pub fn quoted(&self) -> String {
        self.connection.quoted(Some(self.entry), self.value.as_str().unwrap_or_default(), OF_SETTINGS)
    }

    /// How the user writes this field.
    pub fn spelling(&self) -> String {
        let pointer = self.pointer();
        let spelling = self.connection.spelling_at(&pointer);
        if Field::at(&pointer).is_some() || !self.connection.document.entry(self.entry).has(Entry::KEY_OWNED) {
            return spelling;
        }
        // The way to it may have dots of its own, and so may its key.
        let way = spelling.strip_suffix(self.key).unwrap_or_default();
        format!("{way}{}", self.own_key())
    }

    /// The key alone as it is written, which in another dialect is not the API's, as a report may show it.
    pub fn own_key(&self) -> Cow<'c, str> {
        let written = self.connection.written_as(self.entry).map(|id| self.connection.written().key(id));
        let key = written.filter(|key| !key.is_empty()).unwrap_or(self.key);
        Cow::Owned(shown_key(key, self.connection.document.keys()).into_owned())
    }

    /// The span of a part of the string, by a range of its bytes; the whole value where that is unknown.
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
