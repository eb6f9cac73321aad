//! Queries for editors: the field at a byte of the text, and the fields that can be added there.
//!
//! A query starts at a byte of the parsed text and ends at a pointer in Admin API spelling, so that all syntaxes and
//! dialects behave alike. Keys are in the spelling of the dialect.

pub(crate) mod completion;
pub(crate) mod cursor;
mod schema;

use std::fmt;

use serde_json::Value as Json;

use crate::atlas::fields::{CONFIG_KEYS, Field};
use crate::atlas::secret::{Keys, shown_key};
use crate::connection::Definition;
use crate::dialect;
use crate::document::value::Value;
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::linter::Report;
use crate::text::pointer::{escape, parts, unescape};
use crate::text::{Span, Syntax};
use schema::Schema;

/// The key, value or gap at a byte of the text. `Debug` masks the parts of the pointer that are not known fields.
#[derive(Clone, PartialEq, Eq)]
pub struct CursorContext {
    /// The index of the connection in [`Report::summaries`].
    pub connection: usize,
    /// The JSON pointer inside the connection, in Admin API spelling: of the field or element, or for [`Part::Gap`] of
    /// the object or array around the gap. `None` for a field that only the dialect has.
    pub pointer: Option<String>,
    /// The part of the field.
    pub part: Part,
    /// The bytes of the key or value; empty for a gap, and for a value that is not written yet.
    pub span: Span,
    /// The object around the position, in the parsed text.
    object: EntryId,
    /// The field or element itself, unless the position is in a gap.
    field: Option<EntryId>,
}

impl fmt::Debug for CursorContext {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = |part| shown_key(&unescape(part), Keys::Uncertain).into_owned();
        let pointer = self.pointer.as_deref().map(|pointer| parts(pointer).map(known).collect::<Vec<_>>());
        out.debug_struct("Place")
            .field("connection", &self.connection)
            .field("pointer", &pointer)
            .field("part", &self.part)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

/// A part of an object or array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The key of a field.
    Key,
    /// The value of a field or an element.
    Value,
    /// The space around fields or elements.
    Gap,
}

/// A field that can be added at a position.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opening {
    /// The JSON pointer inside the connection, in Admin API spelling; empty for a block that only the dialect has.
    pub pointer: String,
    /// The key in the spelling of the dialect, without quotes.
    pub key: String,
}

impl Report {
    /// The syntax of the text.
    pub fn syntax(&self) -> Syntax {
        self.document().syntax
    }

    /// Every connection in Admin API shape, for forms: one for each of [`Report::summaries`], in the same order. An
    /// unknown value is a template with its original expression. Secrets are not masked.
    ///
    /// ```
    /// use streamlint::Source;
    ///
    /// let text = r#"{ "name": "hook", "type": "Https", "url": "${HOOK_URL}" }"#;
    /// let values = streamlint::check(&Source::new("hook.json", text)).values();
    /// assert_eq!((&values[0]["name"], &values[0]["url"]), (&"hook".into(), &"${HOOK_URL}".into()));
    /// ```
    pub fn values(&self) -> Vec<Json> {
        if !self.parts().is_empty() {
            return self.parts().iter().flat_map(|part| part.report.values()).collect();
        }
        let document = self.setting().document();
        let values = self.definitions().iter().map(|definition| match definition.value(document) {
            Value::Object(map) => {
                map.entries().map(|(key, id)| (map.key(key, id).to_owned(), self.value(document, id))).collect()
            }
            other => other.to_json(),
        });
        values.collect()
    }

    fn value(&self, document: &Document, id: EntryId) -> Json {
        let entry = document.entry(id);
        if entry.has(Entry::UNKNOWN)
            && let Some(written) = self.written_as(id)
        {
            let span = self.document().entry(written).span();
            let text = self.source().text()[span.start..span.end].trim_matches('"');
            return if text.contains("${") { text.into() } else { format!("${{{text}}}").into() };
        }
        match document.value(id) {
            Value::Object(_) => {
                let fields =
                    document.members(id).map(|child| (document.key(child).to_owned(), self.value(document, child)));
                fields.collect()
            }
            Value::Array(_) => document.members(id).map(|child| self.value(document, child)).collect(),
            other => other.to_json(),
        }
    }

    /// The position at a byte of the text; `None` outside of connections. It includes the end of a key or value.
    ///
    /// ```
    /// use streamlint::{Part, Source};
    ///
    /// let text = r#"{ "name": "hook", "type": "Https", "url": "https://hooks.example.com" }"#;
    /// let report = streamlint::check(&Source::new("hook.json", text));
    /// let place = report.place_at(text.find("Https").unwrap()).unwrap();
    /// assert_eq!((place.pointer.as_deref(), place.part), (Some("/type"), Part::Value));
    /// assert_eq!(&text[place.span.start..place.span.end], "\"Https\"");
    /// ```
    pub fn place_at(&self, offset: usize) -> Option<CursorContext> {
        let mut before = 0;
        for part in self.parts() {
            if part.span.contains(Span::at(offset)) {
                let found = part.report.place_at(offset - part.span.start)?;
                let (connection, span) = (found.connection + before, found.span.shifted(part.span.start));
                return Some(CursorContext { connection, span, ..found });
            }
            before += part.report.summaries().len();
        }
        let document = self.document();
        let mut path = vec![ROOT];
        while let Some(inner) = document.children(*path.last()?).find(|&child| contains(document, child, offset)) {
            path.push(inner);
        }
        let id = *path.last()?;
        let entry = document.entry(id);
        let value = entry.span();
        let is_inside = entry.has(Entry::OBJECT | Entry::ARRAY) && value.start < offset && offset < value.end;
        let (part, span) = match entry.key_span() {
            Some(key) if key.start <= offset && offset <= key.end => (Part::Key, key),
            _ if is_inside => (Part::Gap, Span::at(offset)),
            _ if value.start <= offset && offset <= value.end => (Part::Value, value),
            // The position between the colon and the value.
            Some(_) => (Part::Value, Span::at(offset)),
            None => return None,
        };
        let is_gap = part == Part::Gap;
        let object = if is_gap { id } else { document.parent_of(id).unwrap_or(id) };
        let connection = self.connection_around(&path)?;
        let pointer = self.pointer_of(connection, id);
        Some(CursorContext { connection, pointer, part, span, object, field: (!is_gap).then_some(id) })
    }

    /// A description of the field at a position, in Markdown: its title, its values, its default. At a value, only this
    /// value is described, if the field lists it. `None` in a gap, and if nothing is known.
    pub fn description_of(&self, cursor_context: &CursorContext) -> Option<String> {
        let kind = self.summaries().get(cursor_context.connection)?.kind;
        let written = self.source().text().get(cursor_context.span.start..cursor_context.span.end)?;
        let value = match cursor_context.part {
            Part::Key => None,
            Part::Value => Some(written.trim_matches('"')),
            Part::Gap => return None,
        };
        Some(Schema::at(kind, cursor_context.pointer.as_ref()?)?.description(value)).filter(|text| !text.is_empty())
    }

    /// The span of the value at a pointer (in Admin API spelling) of a connection. `None` if the connection has no such
    /// value, or if the value is not part of this text.
    pub fn span_of(&self, connection: usize, pointer: &str) -> Option<Span> {
        if let Some((part, connection)) = self.part_of(connection) {
            return Some(part.report.span_of(connection, pointer)?.shifted(part.span.start));
        }
        let definition = self.definitions().get(connection)?;
        let document = self.setting().document();
        let elsewhere = definition.elsewhere.iter().find(|(field, _)| field.pointer() == pointer);
        let (id, exists) = elsewhere.map_or_else(|| document.resolve(definition.base, pointer), |&(_, id)| (id, true));
        (exists && self.written_as(id).is_some()).then(|| document.entry(id).span())
    }

    /// The fields that can be added to the object around a position: those of the connection's type that the object
    /// lacks. The field at the position is one of them, as it can be replaced.
    pub fn openings(&self, cursor_context: &CursorContext) -> Vec<Opening> {
        if let Some((part, connection)) = self.part_of(cursor_context.connection) {
            return part.report.openings(&CursorContext { connection, ..cursor_context.clone() });
        }
        let Some(definition) = self.definitions().get(cursor_context.connection) else { return Vec::new() };
        let Some(object_path) = self.path_to(definition, cursor_context.object) else { return Vec::new() };
        let kind = self.summaries().get(cursor_context.connection).and_then(|summary| summary.kind);
        let (spelling, document) = (dialect::spelling(self.dialect()), self.document());
        let is_free = |key: &str| {
            document.child(cursor_context.object, key).is_none_or(|child| Some(child) == cursor_context.field)
        };
        let is_field =
            |path: &str| Field::ALL.iter().any(|&field| (spelling.path)(field).is_some_and(|other| other == path));
        let mut openings = Vec::<Opening>::new();
        for &field in Field::ALL {
            let is_of_type = match kind {
                Some(kind) => field.row().kinds.contains(kind),
                None => matches!(field, Field::Name | Field::Type),
            };
            let is_elsewhere = definition.elsewhere.iter().any(|(other, _)| *other == field);
            let can_be_added = is_of_type && !is_elsewhere && !definition.unsupported_fields.contains(&field);
            let Some(path) = (spelling.path)(field).filter(|_| can_be_added) else { continue };
            let below = if object_path.is_empty() {
                Some(&*path)
            } else {
                path.strip_prefix(&object_path).and_then(|below| below.strip_prefix('.'))
            };
            if let Some(below) = below {
                let (key, inner) = below.split_once('.').unwrap_or((below, ""));
                let block = path.strip_suffix(inner).unwrap_or_default().trim_end_matches('.');
                let pointer = if inner.is_empty() { field.pointer() } else { "" };
                // A block that is a field itself is added as that field. The others belong to the dialect alone.
                let is_new = inner.is_empty() || !is_field(block);
                if is_new && is_free(key) && openings.iter().all(|other| other.key != key) {
                    openings.push(Opening { pointer: pointer.to_owned(), key: key.to_owned() });
                }
            }
            if field == Field::Config && path == object_path {
                openings.extend(CONFIG_KEYS.iter().filter(|key| is_free(key)).map(|key| Opening {
                    pointer: format!("{}/{}", field.pointer(), escape(key)),
                    key: (*key).to_owned(),
                }));
            }
        }
        openings
    }

    /// Whether the object around a position is the connection itself, not a block of it.
    fn is_at_top(&self, cursor_context: &CursorContext) -> bool {
        let definition = self.definitions().get(cursor_context.connection);
        definition
            .and_then(|definition| self.path_to(definition, cursor_context.object))
            .is_some_and(|path| path.is_empty())
    }

    /// Whether the dialect allows this value for the field at a pointer. It never allows more values than the API.
    pub fn accepts(&self, pointer: &str, word: &str) -> bool {
        Field::at(pointer).is_none_or(|field| dialect::spelling(self.dialect()).accepts(field, word))
    }

    /// The innermost connection on a path from the root of the parsed text.
    fn connection_around(&self, path: &[EntryId]) -> Option<usize> {
        let depth = |definition: &Definition| {
            let entries = std::iter::once(definition.base).chain(definition.elsewhere.iter().map(|(_, id)| *id));
            let written = entries.filter_map(|id| self.written_as(id));
            written.filter_map(|id| path.iter().position(|&step| step == id)).max()
        };
        let depths = self.definitions().iter().enumerate().filter_map(|(index, one)| Some((depth(one)?, index)));
        depths.max_by_key(|&(depth, index)| (depth, std::cmp::Reverse(index))).map(|(_, index)| index)
    }

    /// The pointer inside a connection, in Admin API spelling, of an entry of the parsed text.
    fn pointer_of(&self, connection: usize, written: EntryId) -> Option<String> {
        let definition = self.definitions().get(connection)?;
        let document = self.setting().document();
        let is_written = |&id: &EntryId| self.written_as(id) == Some(written);
        if let Some((field, _)) = definition.elsewhere.iter().find(|(_, id)| is_written(id)) {
            return Some(field.pointer().to_owned());
        }
        let target = (definition.base..document.entry(definition.base).next()).find(is_written)?;
        let mut pointer = String::new();
        let mut id = definition.base;
        while id != target {
            let mut children = document.children(id).enumerate();
            let (index, child) = children.find(|&(_, child)| target < document.entry(child).next())?;
            let is_field = document.entry(id).has(Entry::OBJECT);
            let part = if is_field { escape(document.key(child)).into_owned() } else { index.to_string() };
            pointer.extend(["/", &part]);
            id = child;
        }
        Some(pointer)
    }

    /// The original keys from a definition to an object in it, with dots between them.
    fn path_to(&self, definition: &Definition, object: EntryId) -> Option<String> {
        let document = self.document();
        let base = self.written_as(definition.base)?;
        let mut keys = Vec::new();
        let mut id = object;
        while id != base {
            keys.push(document.key(id));
            id = document.parent_of(id)?;
        }
        keys.reverse();
        Some(keys.join("."))
    }

    /// The entry of the parsed text that an entry of a definition comes from.
    fn written_as(&self, id: EntryId) -> Option<EntryId> {
        self.translation().map_or(Some(id), |translation| translation.origin(id))
    }
}

/// Whether a byte belongs to a field or element: to its key, its value, or the space between them.
fn contains(document: &Document, id: EntryId, offset: usize) -> bool {
    let entry = document.entry(id);
    let start = entry.key_span().unwrap_or(entry.span()).start;
    start <= offset && offset <= entry.span().end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::Kind;
    use crate::text::Source;

    /// The report on a text without its `|`, and the result at the `|`.
    fn at(name: &str, text: &str) -> (Report, Option<CursorContext>) {
        let offset = text.find('|').unwrap();
        let report = crate::check(&Source::new(name, text.replacen('|', "", 1)));
        let cursor_context = report.place_at(offset);
        (report, cursor_context)
    }

    /// The result at the `|` of a text.
    fn described(text: &str) -> String {
        let (report, cursor_context) = at("a.jsonc", text);
        let Some(cursor_context) = cursor_context else { return "none".to_owned() };
        let marked = &report.source().text()[cursor_context.span.start..cursor_context.span.end];
        format!(
            "{} {} {:?} {marked}",
            cursor_context.connection,
            cursor_context.pointer.unwrap_or("-".to_owned()),
            cursor_context.part
        )
    }

    fn keys(text: &str) -> Vec<String> {
        let (report, cursor_context) = at("a.jsonc", text);
        report.openings(&cursor_context.unwrap()).into_iter().map(|opening| opening.key).collect()
    }

    #[test]
    fn keys_values_and_gaps_have_positions() {
        assert_eq!(described(r#"{ "ty|pe": "Kafka" }"#), r#"0 /type Key "type""#);
        assert_eq!(described(r#"{ |"type": "Kafka" }"#), r#"0 /type Key "type""#);
        assert_eq!(described(r#"{ "type"|: "Kafka" }"#), r#"0 /type Key "type""#);
        assert_eq!(described(r#"{ "type":|  "Kafka" }"#), "0 /type Value ");
        assert_eq!(described(r#"{ "type": "Kafka"| }"#), r#"0 /type Value "Kafka""#);
        assert_eq!(described(r#"{ "type": "Kafka" | }"#), "0  Gap ");
        assert_eq!(described(r#"{| "type": "Kafka" }"#), "0  Gap ");
        assert_eq!(described(r#"|{ "type": "Sample" }"#), r#"0  Value { "type": "Sample" }"#);
        assert_eq!(described(r#"{ "type": "Kafka", "security": { | } }"#), "0 /security Gap ");
        assert_eq!(described(r#"{ "a/b": { "c~d": 5| } }"#), "0 /a~1b/c~0d Value 5");
        assert_eq!(described(r#"{ "schemaRegistryUrls": [ "a", "b|" ] }"#), r#"0 /schemaRegistryUrls/1 Value "b""#);
        assert_eq!(described(r#"{ "schemaRegistryUrls": [ "a", | "b" ] }"#), "0 /schemaRegistryUrls Gap ");
    }

    #[test]
    fn the_connection_is_the_one_around() {
        let list = r#"[ { "name": "a" }, { "name": "b" } ]"#;
        assert_eq!(described(&list.replace("\"b", "|\"b")), r#"1 /name Value "b""#);
        assert_eq!(described(&list.replace("}, ", "}, |")), r#"1  Value { "name": "b" }"#);
        assert_eq!(described(&list.replace("[ ", "[| ")), "none");
        let wrapped = r#"{ "connectionName": "a", "connectionConfig": { "url": "b" }, "x": 1 }"#;
        assert_eq!(described(&wrapped.replace("\"b", "|\"b")), r#"0 /url Value "b""#);
        assert_eq!(described(&wrapped.replace("\"a", "|\"a")), r#"0 /name Value "a""#);
        assert_eq!(described(&wrapped.replace("\"x", "|\"x")), "none");
    }

    #[test]
    fn openings_are_the_missing_fields_of_the_type() {
        let https = Field::ALL.iter().filter(|it| it.parent().is_none() && it.row().kinds.contains(Kind::Https));
        let without = |written: &[&str]| {
            https.clone().map(|it| it.key()).filter(|key| !written.contains(key)).collect::<Vec<_>>()
        };
        assert_eq!(keys("{ | }"), ["name", "type"]);
        assert_eq!(keys(r#"{ "type": "Https", "name": "a", | }"#), without(&["name", "type"]));
        assert_eq!(keys(r#"{ "type": "Https", "na|me": "a" }"#), without(&["type"]));
        assert_eq!(keys(r#"{ "type": "Kafka", "security": { "protocol": "SSL", | } }"#), ["brokerPublicCertificate"]);
        assert_eq!(
            keys(r#"{ "type": "Kafka", "networking": { "access": { | } } }"#),
            ["type", "connectionId", "name", "tgwRouteId"]
        );
        assert_eq!(keys(r#"{ "type": "Https", "security": { | } }"#), [""; 0]);
        let settings = keys(r#"{ "type": "Kafka", "config": { "acks": "all", | } }"#);
        assert_eq!(settings.len(), CONFIG_KEYS.len() - 1);
        let (report, cursor_context) = at("a.json", r#"{ "type": "Kafka", "config": { | } }"#);
        assert_eq!(report.openings(&cursor_context.unwrap())[2].pointer, "/config/auto.offset.reset");
        assert_eq!(
            keys(r#"{ "connectionName": "a", "connectionType": "Https", "connectionConfig": { | } }"#),
            without(&["name", "type"])
        );
    }

    #[test]
    fn values_have_spans() {
        let text = r#"{ "name": "hook", "security": { "protocol": "SSL" } }"#;
        let report = crate::check(&Source::new("a.json", text));
        let shown = |pointer| report.span_of(0, pointer).map(|span| &text[span.start..span.end]);
        assert_eq!(shown(""), Some(text));
        assert_eq!(shown("/security/protocol"), Some("\"SSL\""));
        assert_eq!(shown("/security/x"), None);
        assert_eq!(report.span_of(1, ""), None);
    }
}
