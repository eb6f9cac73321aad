//! The translation of a document to Admin API bodies: the same table with other keys and another order, each row with
//! the position of its value in the text. So rules need to support only one shape.

use super::{DialectMatch, key_or_start};
use crate::atlas::Mode;
use crate::atlas::fields::Field;
use crate::atlas::secret::shown_key;
use crate::connection::{Definition, Dialect, NOWHERE, Translation};
use crate::diagnostic::rules::{API_FIELD_NAME, UNKNOWN_FIELD, UNSUPPORTED_BY_DIALECT};
use crate::diagnostic::{Finding, Findings, Fix};
use crate::document::{Document, Entry, EntryId, ROOT, Table};
use crate::fix;
use crate::text::Span;
use crate::text::order::sort_by_key;

/// A value to translate: one of the text, or the target of a name in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceValue<'m> {
    pub document: &'m Document,
    pub id: EntryId,
    pub via: Option<Via>,
}

/// The name that leads to a value: its row in the text, and the position of the value in the same text, if it is there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Via {
    pub at: EntryId,
    pub place: Option<Span>,
}

impl<'m> SourceValue<'m> {
    pub fn of(document: &'m Document, id: EntryId) -> Self {
        Self { document, id, via: None }
    }
}

/// Writes a [`Translation`], and collects the findings of the dialect.
#[derive(Debug)]
pub(crate) struct Translator<'r> {
    raw: &'r Document,
    /// Whether the text only sets values of a different text, whose rows have no position.
    pub is_of_values: bool,
    /// Names whose values are in a values file, which is linted on its own.
    pub foreign: Vec<Span>,
    table: Table,
    origins: Vec<EntryId>,
    shown: Vec<EntryId>,
    definitions: Vec<Definition>,
    /// The open objects and arrays, and the rows of the text that they come from.
    open: Vec<(EntryId, EntryId)>,
    /// The number of findings before the current definition.
    found_before: usize,
    pub found: Findings,
}

impl<'r> Translator<'r> {
    pub fn new(raw: &'r Document) -> Self {
        let mut table = Table::with_room_for(raw.source.text().len());
        table.open(0, Span::default(), Entry::ARRAY);
        Self {
            raw,
            is_of_values: false,
            foreign: Vec::new(),
            table,
            origins: vec![NOWHERE],
            shown: Vec::new(),
            definitions: Vec::new(),
            open: Vec::new(),
            found_before: 0,
            found: Findings::default(),
        }
    }

    /// Starts a definition from the object `from`; `heading` is the span to mark for its missing fields.
    pub fn open_definition(&mut self, from: EntryId, heading: Option<Span>) {
        let from = if self.is_of_values { NOWHERE } else { from };
        let entry = if from == NOWHERE { Entry::default() } else { *self.raw.entry(from) };
        let heading = heading.or(entry.key_span()).unwrap_or_default();
        let id = self.table.open(entry.span().start, heading, Entry::OBJECT | entry.kept());
        self.origins.push(from);
        self.open.push((id, from));
        self.found_before = self.found.diagnostics.len();
        self.found.connection = Some(self.definitions.len());
    }

    /// Ends a definition. With `skip_rules`, its first finding is the only one.
    pub fn close_definition(&mut self, mode: Option<Mode>, skip_rules: bool) -> &mut Definition {
        let base = self.open.last().map_or(ROOT, |&(id, _)| id);
        self.close();
        if skip_rules {
            self.found.diagnostics.truncate(self.found_before + 1);
        }
        self.found.connection = None;
        self.definitions.push(Definition { mode, skip_rules, ..Definition::at(base) });
        let last = self.definitions.len() - 1;
        &mut self.definitions[last]
    }

    /// Starts an object or an array from `from` under this key; [`Translator::close`] ends it.
    pub fn open(&mut self, key: &str, from: EntryId) {
        self.open_value(Some(key), SourceValue::of(self.raw, from));
    }

    /// As [`Translator::open`], for any value.
    pub fn open_value(&mut self, key: Option<&str>, value: SourceValue) {
        let entry = value.document.entry(value.id);
        let id = self.add(key, value, entry.kind() | entry.kept());
        self.open.push((id, self.origins[id as usize]));
    }

    /// Ends the last open object or array.
    pub fn close(&mut self) {
        let Some((id, from)) = self.open.pop() else { return };
        let end = self.end_of(from);
        // The dialect checks the text's own duplicates; of a field that is written twice, the last counts.
        if self.table.entries[id as usize].has(Entry::OBJECT) {
            self.table.close_object(id, end, self.raw.source.text());
        } else {
            self.table.close(id, end);
        }
    }

    /// Copies the value `from` and everything inside it under this key.
    pub fn copy(&mut self, key: &str, from: EntryId) {
        self.copy_value(Some(key), SourceValue::of(self.raw, from), false);
    }

    /// Like [`Translator::copy`], for any value; with `as_text`, numbers and booleans become strings, as Terraform and
    /// CloudFormation convert them.
    pub fn copy_value(&mut self, key: Option<&str>, value: SourceValue, as_text: bool) {
        let entry = *value.document.entry(value.id);
        if entry.has(Entry::OBJECT | Entry::ARRAY) {
            self.open_value(key, value);
            for child in value.document.children(value.id) {
                let key = entry.has(Entry::OBJECT).then(|| value.document.key(child));
                self.copy_value(key, SourceValue { id: child, ..value }, as_text);
            }
            self.close();
            return;
        }
        let becomes_text = as_text && entry.has(Entry::NUMBER | Entry::TRUE | Entry::FALSE);
        let kind = if becomes_text { Entry::TEXT } else { entry.kind() };
        let text = if entry.has(Entry::TEXT | Entry::NUMBER) { value.document.text(value.id) } else { entry.word() };
        let text = (kind & (Entry::TEXT | Entry::NUMBER) != 0).then_some(text);
        self.leaf(key, value, kind | entry.kept(), text);
    }

    /// Writes an unknown value for `from` under this key: only its presence is known.
    pub fn unknown(&mut self, key: &str, from: EntryId) {
        self.unknown_value(Some(key), SourceValue::of(self.raw, from));
    }

    /// Like [`Translator::unknown`], for any value.
    pub fn unknown_value(&mut self, key: Option<&str>, value: SourceValue) {
        let kept = value.document.entry(value.id).kept();
        self.leaf(key, value, Entry::UNKNOWN | Entry::TEXT | kept, Some(UNKNOWN_TEXT));
    }

    /// Writes an unknown value that may be null, so that not even its presence is known.
    pub fn nullable_value(&mut self, key: Option<&str>, value: SourceValue) {
        let flags = Entry::NULLABLE | Entry::UNKNOWN | Entry::TEXT | value.document.entry(value.id).kept();
        self.leaf(key, value, flags, Some(UNKNOWN_TEXT));
    }

    /// Writes a text that the dialect implies, at the position of `from`.
    pub fn implied(&mut self, key: &str, from: EntryId, text: &str) {
        let flags = Entry::TEXT | Entry::ELSEWHERE | self.raw.entry(from).kept();
        self.leaf(Some(key), SourceValue::of(self.raw, from), flags, Some(text));
    }

    /// Writes the text that the reference `from` leads to, and its position, if it is known.
    pub fn reference(&mut self, key: Option<&str>, from: EntryId, text: &str, place: Option<Span>) {
        let via = Some(Via { at: from, place });
        self.leaf(key, SourceValue { document: self.raw, id: from, via }, Entry::TEXT, Some(text));
    }

    /// Whether the current object already has a field with this name.
    pub fn has(&self, key: &str) -> bool {
        self.open.last().is_some_and(|&(object, _)| self.table.has_member(object, key))
    }

    /// Lets reports show these rows of the text.
    pub fn show(&mut self, rows: impl IntoIterator<Item = EntryId>) {
        self.shown.extend(rows);
    }

    fn leaf(&mut self, key: Option<&str>, value: SourceValue, flags: u16, text: Option<&str>) {
        let id = self.add(key, value, flags);
        if let Some(text) = text {
            self.table.own_text(id, text);
        }
        self.table.close(id, self.end_of(self.origins[id as usize]));
    }

    fn end_of(&self, row: EntryId) -> usize {
        if row == NOWHERE { 0 } else { self.raw.entry(row).span().end }
    }

    fn add(&mut self, key: Option<&str>, value: SourceValue, flags: u16) -> EntryId {
        if self.is_of_values {
            let is_here = std::ptr::eq(value.document, self.raw);
            let entry = if is_here { *self.raw.entry(value.id) } else { Entry::default() };
            let flags = if is_here { flags } else { flags | Entry::ELSEWHERE };
            let id = self.table.open(entry.span().start, entry.key_span().unwrap_or_default(), flags);
            if let Some(key) = key {
                self.table.own_key(id, key);
            }
            self.origins.push(if is_here { value.id } else { NOWHERE });
            return id;
        }
        let at = value.via.map_or(value.id, |via| via.at);
        let entry = *self.raw.entry(at);
        let flags = if value.via.is_some() { flags | Entry::ELSEWHERE } else { flags };
        let id = self.table.open(entry.span().start, entry.key_span().unwrap_or_default(), flags);
        if let Some(key) = key {
            self.table.own_key(id, key);
        }
        self.origins.push(at);
        if flags & Entry::ELSEWHERE != 0 {
            let place = self.raw.definition_of(at).or_else(|| value.via?.place);
            self.table.defined.extend(place.map(|place| (id, place)));
        }
        id
    }

    /// Reports a value that the dialect does not support, with the values that it supports.
    pub fn unsupported_value(&mut self, field: Field, id: EntryId, message: String, takes: &[&str]) {
        let help = format!("use one of {}, or create the connection with the Admin API", takes.join(", "));
        let span = self.raw.entry(id).span();
        self.found
            .report(&UNSUPPORTED_BY_DIALECT, message)
            .pointer(field.pointer())
            .mark(span, "not supported")
            .help(help);
    }

    /// Reports a field that the dialect lacks.
    pub fn unsupported_field(&mut self, field: Field, id: EntryId, message: String, label: &'static str) {
        let span = key_or_start(self.raw, id);
        let found = self.found.report(&UNSUPPORTED_BY_DIALECT, message).pointer(field.pointer());
        found.mark(span, label).help(OTHER_DIALECTS);
    }

    /// Reports a field with its API name; `spelling` is its path in the dialect. The fix renames it to `name`.
    pub fn api_field_name(
        &mut self,
        field: Field,
        id: EntryId,
        spelling: &str,
        message: String,
        name: Option<&str>,
    ) -> Finding<'_> {
        let fix = name.map(|name| Fix::safe(format!("Rename it to `{name}`"), fix::renaming(self.raw, id, name)));
        let span = key_or_start(self.raw, id);
        let found = self.found.report(&API_FIELD_NAME, message).pointer(field.pointer());
        found.mark(span, format!("use `{spelling}`")).fix(fix)
    }

    /// Reports a key that was probably meant to be `spelling`, which the object lacks.
    pub fn misspelled(&mut self, id: EntryId, spelling: &str, pointer: String, dialect: Dialect) {
        let shown = shown_key(self.raw.key(id), self.raw.keys());
        let fix = Fix::unsafe_(format!("Rename it to `{spelling}`"), fix::renaming(self.raw, id, spelling));
        let span = key_or_start(self.raw, id);
        let found = self.found.report(&UNKNOWN_FIELD, format!("unknown field `{shown}`"));
        found
            .pointer(pointer)
            .mark(span, format!("did you mean `{spelling}`?"))
            .help(format!("use `{spelling}`{}", dialect.fate_of_unknown()))
            .fix(fix);
    }

    pub fn finish(mut self, dialect: Dialect) -> DialectMatch {
        self.table.close(ROOT, self.raw.source.text().len());
        // The parser has reported the duplicates of the text.
        self.table.duplicates.clear();
        let mut document = self.table.into_document(self.raw.source.clone(), Vec::new());
        document.syntax = self.raw.syntax;
        document.damaged = self.raw.damaged;
        document.sound_until = self.raw.sound_until;
        document.copy_uncertain(self.raw);
        sort_by_key(&mut self.shown, |&item| item);
        DialectMatch {
            recognized: !self.definitions.is_empty(),
            definitions: self.definitions,
            translation: Some(Translation { document, origins: self.origins, shown: self.shown }),
            notes: self.found.diagnostics,
            foreign: self.foreign,
            is_of_values: self.is_of_values,
            ..DialectMatch::nothing(dialect)
        }
    }
}

/// The text of an unknown value; no rule reads it, because the row is flagged.
const UNKNOWN_TEXT: &str = "${}";

const OTHER_DIALECTS: &str = "create this connection with the Admin API, the Atlas CLI or Terraform";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{Connection, DocumentContext};
    use crate::document::value::Value;
    use crate::parse;
    use crate::text::Source;

    #[test]
    fn translated_rows_keep_their_positions() {
        let text = r#"{"spec": {"title": "alerts", "kind": "Https", "address": "https://é.example.com", "port": 1}}"#;
        let source = Source::new("a.json", text);
        let raw = parse::parse(&source, usize::MAX).document;
        let spec = raw.child(ROOT, "spec").unwrap();
        let of = |key| raw.child(spec, key).unwrap();
        let mut translator = Translator::new(&raw);
        translator.open_definition(spec, None);
        translator.copy("name", of("title"));
        translator.copy("type", of("kind"));
        translator.open("headers", spec);
        translator.copy_value(Some("Port"), SourceValue::of(&raw, of("port")), true);
        translator.close();
        translator.copy("url", of("address"));
        translator.close_definition(Some(Mode::Update), false);
        let found = translator.finish(Dialect::AdminApi);
        let definitions = found.definitions;
        let conventions = crate::conventions::Conventions::default();
        let setting = DocumentContext {
            written: &raw,
            translation: found.translation.as_ref(),
            spelling: &crate::connection::Spelling::of_api(Dialect::AdminApi),
            mode: Mode::Create,
            kind: None,
            bare: false,
        };
        let connection = Connection::new(setting, &definitions[0], &conventions);
        assert_eq!((connection.name(), connection.mode), (Some("alerts"), Mode::Update));
        let url = connection.get(Field::Url);
        assert_eq!(url.known_str(), Some("https://é.example.com"));
        let span = url.span_within(&(8..10));
        assert_eq!(&text[span.start..span.end], "é");
        let edit = &url.replace_with("https://b.example.com")[0];
        assert_eq!(&text[edit.span.start..edit.span.end], "\"https://é.example.com\"");
        let headers = connection.get(Field::Headers).items().collect::<Vec<_>>();
        assert!(matches!(headers[0].value, Value::String("1")), "a number has become a text");
        assert_eq!(connection.written_as(headers[0].entry), Some(of("port")));
    }
}
