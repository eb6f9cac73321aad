//! From a byte of the text to what stands there, for editors: which connection, which member, its key or its value, and
//! what else could be written there.
//!
//! The way goes through the text as it was read, and from there to the member's Admin API place, so it is the same for
//! every syntax and dialect; keys are given as the dialect writes them.

use crate::atlas::fields::{CONFIG_KEYS, Member};
use crate::connection::Definition;
use crate::dialect;
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::linter::Report;
use crate::text::Span;
use crate::text::Syntax;
use crate::text::pointer::escape;

/// What stands at a byte of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The index in [`Report::summaries`] of the connection around it.
    pub connection: usize,
    /// JSON pointer inside the connection, in Admin API spelling: of the member or element there; for [`Part::Gap`] of the
    /// object or array around the place. Nothing where the dialect's own words stand, which the API does not know.
    pub pointer: Option<String>,
    /// What of it.
    pub part: Part,
    /// The bytes of the key or value; empty for a gap, and for a value that is not written yet.
    pub span: Span,
    /// The object around the place, in the text as it was read.
    object: EntryId,
    /// The member that the place belongs to.
    own: Option<EntryId>,
}

/// A part of an object or array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The key of a member.
    Key,
    /// The value of a member or an element.
    Value,
    /// Between two members or elements, or where the first would stand.
    Gap,
}

/// A member that could be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// JSON pointer inside the connection, in Admin API spelling.
    pub pointer: String,
    /// The key as the dialect writes it, without quotes.
    pub key: String,
}

impl Report {
    /// How the text is written.
    pub fn syntax(&self) -> Syntax {
        self.document().syntax
    }

    /// What stands at a byte of the text; nothing outside of connections. The end of a key or value belongs to it as well.
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
    pub fn place_at(&self, offset: usize) -> Option<Place> {
        let written = self.document();
        let mut way = vec![ROOT];
        while let Some(inner) = written.children(*way.last()?).find(|&child| holds(written, child, offset)) {
            way.push(inner);
        }
        let id = *way.last()?;
        let entry = written.entry(id);
        let span = entry.span();
        let is_around = entry.has(Entry::OBJECT | Entry::ARRAY) && span.start < offset && offset < span.end;
        let (part, span) = match entry.key_span() {
            Some(key) if key.start <= offset && offset <= key.end => (Part::Key, key),
            _ if is_around => (Part::Gap, Span::at(offset)),
            _ if span.start <= offset && offset <= span.end => (Part::Value, span),
            // Behind the colon, before the value.
            Some(_) => (Part::Value, Span::at(offset)),
            None => return None,
        };
        let object = if part == Part::Gap { id } else { written.parent_of(id).unwrap_or(id) };
        let connection = self.connection_around(&way)?;
        let own = (part != Part::Gap).then_some(id);
        Some(Place { connection, pointer: self.pointer_of(connection, id), part, span, object, own })
    }

    /// Where the value at a pointer (in Admin API spelling) of a connection is written; nothing where there is none, or
    /// none in this place of the text.
    pub fn span_of(&self, connection: usize, pointer: &str) -> Option<Span> {
        let definition = self.definitions().get(connection)?;
        let document = self.setting().document();
        let elsewhere = definition.elsewhere.iter().find(|(member, _)| member.pointer() == pointer);
        let (id, is_there) =
            elsewhere.map_or_else(|| document.resolve(definition.base, pointer), |&(_, id)| (id, true));
        (is_there && self.written_as(id).is_some()).then(|| document.entry(id).span())
    }

    /// The members that could be written into the object around a place: those that its connection's type has there, and
    /// that are not there yet. The member that the place belongs to is one of them.
    pub fn openings(&self, place: &Place) -> Vec<Opening> {
        let Some(definition) = self.definitions().get(place.connection) else { return Vec::new() };
        let kind = self.summaries().get(place.connection).and_then(|summary| summary.kind);
        let (spelling, written) = (dialect::spelling(self.dialect()), self.document());
        let Some(path) = self.path_to(definition, place.object) else { return Vec::new() };
        let is_free = |key: &str| written.child(place.object, key).is_none_or(|child| Some(child) == place.own);
        let mut openings = Vec::new();
        for &member in Member::ALL {
            let is_of_type = match kind {
                Some(kind) => member.row().kinds.contains(kind),
                None => matches!(member, Member::Name | Member::Type),
            };
            let is_elsewhere = || definition.elsewhere.iter().any(|(other, _)| *other == member);
            let can_be = is_of_type && !is_elsewhere() && !definition.unsayable.contains(&member);
            let Some(own) = (spelling.path)(member).filter(|_| can_be) else { continue };
            let below = if path.is_empty() {
                Some(&*own)
            } else {
                own.strip_prefix(&path).and_then(|below| below.strip_prefix('.'))
            };
            match below.map(|below| below.split_once('.').unwrap_or((below, ""))) {
                Some((key, "")) if is_free(key) && !openings.iter().any(|other: &Opening| other.key == key) => {
                    openings.push(Opening { pointer: member.pointer().to_owned(), key: key.to_owned() });
                }
                // A block of the dialect's own, which the API does not have: it stands for the connection itself.
                Some((key, rest)) if !rest.is_empty() && is_free(key) => {
                    let block = own.strip_suffix(rest).and_then(|block| block.strip_suffix('.')).unwrap_or_default();
                    let is_member =
                        Member::ALL.iter().any(|&other| (spelling.path)(other).is_some_and(|other| other == block));
                    if !is_member && !openings.iter().any(|other| other.key == key) {
                        openings.push(Opening { pointer: String::new(), key: key.to_owned() });
                    }
                }
                _ => {}
            }
            if member == Member::Config && own == path {
                let settings = CONFIG_KEYS.iter().filter(|key| is_free(key));
                openings.extend(settings.map(|key| Opening {
                    pointer: format!("{}/{}", member.pointer(), escape(key)),
                    key: (*key).to_owned(),
                }));
            }
        }
        openings
    }

    /// Whether the report's dialect takes this word as the value of the member at a pointer; words that the API does not
    /// know it does not take either.
    pub fn can_say(&self, pointer: &str, word: &str) -> bool {
        Member::at(pointer).is_none_or(|member| dialect::spelling(self.dialect()).accepts(member, word))
    }

    /// The innermost connection on the way from the root of the text to a row.
    fn connection_around(&self, way: &[EntryId]) -> Option<usize> {
        let depth = |definition: &Definition| {
            let rows = std::iter::once(definition.base).chain(definition.elsewhere.iter().map(|(_, id)| *id));
            let written = rows.filter_map(|row| self.written_as(row));
            written.filter_map(|row| way.iter().position(|&step| step == row)).max()
        };
        let depths = self.definitions().iter().enumerate().filter_map(|(at, one)| Some((depth(one)?, at)));
        depths.max_by_key(|&(depth, at)| (depth, std::cmp::Reverse(at))).map(|(_, at)| at)
    }

    /// The Admin API pointer, inside a connection, of a row of the text as it was read.
    fn pointer_of(&self, connection: usize, written: EntryId) -> Option<String> {
        let definition = self.definitions().get(connection)?;
        let document = self.setting().document();
        let is_it = |&row: &EntryId| self.written_as(row) == Some(written);
        if let Some((member, _)) = definition.elsewhere.iter().find(|(_, row)| is_it(row)) {
            return Some(member.pointer().to_owned());
        }
        let row = (definition.base..document.entry(definition.base).next()).find(is_it)?;
        let mut pointer = String::new();
        let mut at = definition.base;
        while at != row {
            let (index, step) = document
                .children(at)
                .enumerate()
                .find(|&(_, child)| row >= child && row < document.entry(child).next())?;
            pointer.push('/');
            if document.entry(at).has(Entry::OBJECT) {
                pointer.push_str(&escape(document.key(step)));
            } else {
                pointer.push_str(&index.to_string());
            }
            at = step;
        }
        Some(pointer)
    }

    /// The keys, with dots between, from a definition to an object in it, as they are written.
    fn path_to(&self, definition: &Definition, object: EntryId) -> Option<String> {
        let written = self.document();
        let base = self.written_as(definition.base)?;
        let mut keys = Vec::new();
        let mut at = object;
        while at != base {
            keys.push(written.key(at));
            at = written.parent_of(at)?;
        }
        keys.reverse();
        Some(keys.join("."))
    }

    /// The row of the text as it was read for a row that definitions are made of.
    fn written_as(&self, row: EntryId) -> Option<EntryId> {
        self.translation().map_or(Some(row), |translation| translation.origin(row))
    }
}

/// Whether a byte belongs to a member or element: to its key, its value, or what is between them.
fn holds(document: &Document, id: EntryId, offset: usize) -> bool {
    let entry = document.entry(id);
    let start = entry.key_span().unwrap_or(entry.span()).start;
    start <= offset && offset <= entry.span().end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    /// The place of the `|` in a text, which is taken out.
    fn at(name: &str, text: &str) -> (Report, Option<Place>) {
        let offset = text.find('|').unwrap();
        let report = crate::check(&Source::new(name, text.replacen('|', "", 1)));
        let place = report.place_at(offset);
        (report, place)
    }

    /// What stands there, in words.
    fn told(text: &str) -> String {
        let (report, place) = at("a.jsonc", text);
        let Some(place) = place else { return "nothing".to_owned() };
        let marked = &report.source().text()[place.span.start..place.span.end];
        format!("{} {} {:?} {marked}", place.connection, place.pointer.unwrap_or("-".to_owned()), place.part)
    }

    fn keys(text: &str) -> Vec<String> {
        let (report, place) = at("a.jsonc", text);
        report.openings(&place.unwrap()).into_iter().map(|opening| opening.key).collect()
    }

    #[test]
    fn every_byte_belongs_to_something() {
        assert_eq!(told(r#"{ "ty|pe": "Kafka" }"#), r#"0 /type Key "type""#);
        assert_eq!(told(r#"{ |"type": "Kafka" }"#), r#"0 /type Key "type""#);
        assert_eq!(told(r#"{ "type"|: "Kafka" }"#), r#"0 /type Key "type""#);
        assert_eq!(told(r#"{ "type":|  "Kafka" }"#), "0 /type Value ");
        assert_eq!(told(r#"{ "type": "Kafka"| }"#), r#"0 /type Value "Kafka""#);
        assert_eq!(told(r#"{ "type": "Kafka" | }"#), "0  Gap ");
        assert_eq!(told(r#"{| "type": "Kafka" }"#), "0  Gap ");
        assert_eq!(told(r#"|{ "type": "Sample" }"#), r#"0  Value { "type": "Sample" }"#);
        assert_eq!(told(r#"{ "type": "Kafka", "security": { | } }"#), "0 /security Gap ");
        assert_eq!(told(r#"{ "a/b": { "c~d": 5| } }"#), "0 /a~1b/c~0d Value 5");
        assert_eq!(told(r#"{ "schemaRegistryUrls": [ "a", "b|" ] }"#), r#"0 /schemaRegistryUrls/1 Value "b""#);
        assert_eq!(told(r#"{ "schemaRegistryUrls": [ "a", | "b" ] }"#), "0 /schemaRegistryUrls Gap ");
    }

    #[test]
    fn the_connection_is_the_one_around() {
        let list = r#"[ { "name": "a" }, { "name": "b" } ]"#;
        assert_eq!(told(&list.replace("\"b", "|\"b")), r#"1 /name Value "b""#);
        assert_eq!(told(&list.replace("}, ", "}, |")), r#"1  Value { "name": "b" }"#);
        assert_eq!(told(&list.replace("[ ", "[| ")), "nothing");
        let wrapped = r#"{ "connectionName": "a", "connectionConfig": { "url": "b" }, "x": 1 }"#;
        assert_eq!(told(&wrapped.replace("\"b", "|\"b")), r#"0 /url Value "b""#);
        assert_eq!(told(&wrapped.replace("\"a", "|\"a")), r#"0 /name Value "a""#);
        assert_eq!(told(&wrapped.replace("\"x", "|\"x")), "nothing");
    }

    #[test]
    fn openings_are_what_the_type_has_there_and_nobody_wrote() {
        assert_eq!(keys("{ | }"), ["name", "type"]);
        assert_eq!(keys(r#"{ "type": "Https", "name": "a", | }"#), ["url", "headers"]);
        assert_eq!(keys(r#"{ "type": "Https", "na|me": "a" }"#), ["name", "url", "headers"]);
        assert_eq!(keys(r#"{ "type": "Kafka", "security": { "protocol": "SSL", | } }"#), ["brokerPublicCertificate"]);
        assert_eq!(
            keys(r#"{ "type": "Kafka", "networking": { "access": { | } } }"#),
            ["type", "connectionId", "name", "tgwRouteId"]
        );
        assert_eq!(keys(r#"{ "type": "Https", "security": { | } }"#), [""; 0]);
        let settings = keys(r#"{ "type": "Kafka", "config": { "acks": "all", | } }"#);
        assert_eq!(settings.len(), CONFIG_KEYS.len() - 1);
        let (report, place) = at("a.json", r#"{ "type": "Kafka", "config": { | } }"#);
        assert_eq!(report.openings(&place.unwrap())[2].pointer, "/config/auto.offset.reset");
        assert_eq!(
            keys(r#"{ "connectionName": "a", "connectionType": "Https", "connectionConfig": { | } }"#),
            ["url", "headers"]
        );
    }

    #[test]
    fn a_value_has_its_place_in_the_text() {
        let text = r#"{ "name": "hook", "security": { "protocol": "SSL" } }"#;
        let report = crate::check(&Source::new("a.json", text));
        let shown = |pointer| report.span_of(0, pointer).map(|span| &text[span.start..span.end]);
        assert_eq!(shown(""), Some(text));
        assert_eq!(shown("/security/protocol"), Some("\"SSL\""));
        assert_eq!(shown("/security/x"), None);
        assert_eq!(report.span_of(1, ""), None);
    }
}
