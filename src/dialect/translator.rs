//! A document of another dialect as Admin API bodies: the same table with other keys and another order, each row with the
//! place where its value is written. So rules need to know one shape only.

use crate::atlas::Mode;
use crate::connection::Definition;
use crate::connection::{NOWHERE, Translation};
use crate::document::{Document, Entry, EntryId, ROOT, Table};
use crate::text::Span;

/// A value to be translated: one of the text, or of what a name in the text leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceValue<'m> {
    pub document: &'m Document,
    pub id: EntryId,
    pub via: Option<Via>,
}

/// The name that leads to a value: its row in the text, and where in the same text the value is written, if it is.
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

/// Writes a [`Translation`].
#[derive(Debug)]
pub(crate) struct Translator<'r> {
    raw: &'r Document,
    table: Table,
    origins: Vec<EntryId>,
    shown: Vec<EntryId>,
    definitions: Vec<Definition>,
    /// The objects that are being written.
    open: Vec<EntryId>,
}

impl<'r> Translator<'r> {
    pub fn new(raw: &'r Document) -> Self {
        let mut translator = Self {
            raw,
            table: Table::with_room_for(raw.source.text().len()),
            origins: Vec::new(),
            shown: Vec::new(),
            definitions: Vec::new(),
            open: Vec::new(),
        };
        let all = Span::new(0, raw.source.text().len());
        translator.open(None, NOWHERE, all, Span::default(), Entry::ARRAY);
        translator
    }

    /// The index that the next definition gets.
    pub fn next(&self) -> usize {
        self.definitions.len()
    }

    /// A definition, written as the object `from`; `fields` writes what is in it.
    pub fn definition(
        &mut self,
        from: EntryId,
        mode: Option<Mode>,
        members: impl FnOnce(&mut Self),
    ) -> &mut Definition {
        let base = self.object(None, from, members);
        self.definitions.push(Definition { mode, ..Definition::at(base) });
        let last = self.definitions.len() - 1;
        &mut self.definitions[last]
    }

    /// As [`Translator::definition`], where `heading` is what to mark for what is missing in it.
    pub fn definition_under(
        &mut self,
        heading: Span,
        from: EntryId,
        mode: Option<Mode>,
        members: impl FnOnce(&mut Self),
    ) -> &mut Definition {
        let entry = *self.raw.entry(from);
        let base = self.open(None, from, entry.span(), heading, Entry::OBJECT | entry.kept());
        members(self);
        self.table.close_object(base, entry.span().end, self.raw.source.text());
        self.definitions.push(Definition { mode, ..Definition::at(base) });
        let last = self.definitions.len() - 1;
        &mut self.definitions[last]
    }

    /// A string; what is a number or a boolean becomes one.
    pub fn scalar(&mut self, key: Option<&str>, row: SourceValue) {
        let entry = row.document.entry(row.id);
        let id = self.open_row(key, row, Entry::TEXT | entry.kept());
        let text = if entry.has(Entry::TEXT | Entry::NUMBER) { row.document.text(row.id) } else { entry.word() };
        self.table.own_text(id, text);
        self.close_row(id, row);
    }

    /// An object or an array; `fields` writes what is in it.
    pub fn container(&mut self, key: Option<&str>, row: SourceValue, members: impl FnOnce(&mut Self)) {
        let entry = row.document.entry(row.id);
        let id = self.open_row(key, row, entry.kind() | entry.kept());
        members(self);
        self.close_row(id, row);
        if entry.has(Entry::OBJECT) {
            let end = self.table.entries[id as usize].span().end;
            self.table.close_object(id, end, self.raw.source.text());
        }
    }

    /// As [`Translator::unknown`].
    pub fn unknown_row(&mut self, key: Option<&str>, row: SourceValue) {
        let id = self.open_row(key, row, Entry::UNKNOWN | Entry::TEXT);
        self.table.own_text(id, UNKNOWN_TEXT);
        self.close_row(id, row);
    }

    fn open_row(&mut self, key: Option<&str>, row: SourceValue, flags: u16) -> EntryId {
        let at = row.via.map_or(row.id, |via| via.at);
        let entry = *self.raw.entry(at);
        let flags = if row.via.is_some() { flags | Entry::ELSEWHERE } else { flags };
        let id = self.table.open(entry.span().start, entry.key_span().unwrap_or_default(), flags);
        if let Some(key) = key {
            self.table.own_key(id, key);
        }
        self.origins.push(at);
        self.table.defined.extend(row.via.and_then(|via| Some((id, via.place?))));
        id
    }

    fn close_row(&mut self, id: EntryId, row: SourceValue) {
        let at = row.via.map_or(row.id, |via| via.at);
        let end = self.raw.entry(at).span().end;
        self.table.close(id, end);
    }

    /// A block of fields of this name, written as the object `from`.
    pub fn block(&mut self, key: &str, from: EntryId, members: impl FnOnce(&mut Self)) {
        self.object(Some(key), from, members);
    }

    fn object(&mut self, key: Option<&str>, from: EntryId, members: impl FnOnce(&mut Self)) -> EntryId {
        let entry = *self.raw.entry(from);
        let flags = Entry::OBJECT | entry.kept();
        let id = self.open(key, from, entry.span(), entry.key_span().unwrap_or_default(), flags);
        self.open.push(id);
        members(self);
        self.open.pop();
        // The dialect looked through the text's own duplicates; what it writes twice, the last of counts.
        self.table.close_object(id, entry.span().end, self.raw.source.text());
        id
    }

    /// The value `from` under this key, with everything inside it as it is.
    pub fn copy(&mut self, key: &str, from: EntryId) {
        self.value(Some(key), from, |_| None);
    }

    /// As [`Translator::copy`], where numbers and booleans become strings, as Terraform and CloudFormation turn them.
    pub fn copy_as_text(&mut self, key: &str, from: EntryId) {
        self.value(Some(key), from, as_text);
    }

    /// The value `from` under this key, of which nothing can be said but that it is there.
    pub fn unknown(&mut self, key: &str, from: EntryId) {
        self.no_value(Some(key), from);
    }

    fn no_value(&mut self, key: Option<&str>, from: EntryId) {
        let entry = *self.raw.entry(from);
        let flags = Entry::UNKNOWN | Entry::TEXT | entry.kept();
        let id = self.open(key, from, entry.span(), entry.key_span().unwrap_or_default(), flags);
        self.table.own_text(id, UNKNOWN_TEXT);
        self.table.close(id, entry.span().end);
    }

    /// A text that is not written but meant: what the reference `from` leads to, or what its dialect takes for granted.
    pub fn text(&mut self, key: &str, from: EntryId, text: &str) {
        let entry = *self.raw.entry(from);
        let id = self.open(
            Some(key),
            from,
            entry.span(),
            entry.key_span().unwrap_or_default(),
            Entry::TEXT | Entry::ELSEWHERE | entry.kept(),
        );
        self.table.own_text(id, text);
        self.table.close(id, entry.span().end);
    }

    /// As [`Translator::text`], where it is known which place the reference leads to.
    pub fn reference(&mut self, key: &str, from: EntryId, text: &str, place: Option<Span>) {
        self.refer(Some(key), from, text, place);
    }

    /// A list under this key, written as the array `from`; `elements` writes what is in it.
    pub fn list(&mut self, key: &str, from: EntryId, elements: impl FnOnce(&mut Self)) {
        let entry = *self.raw.entry(from);
        let flags = Entry::ARRAY | entry.kept();
        let id = self.open(Some(key), from, entry.span(), entry.key_span().unwrap_or_default(), flags);
        elements(self);
        self.table.close(id, entry.span().end);
    }

    /// An element of a list: what `from` says, or what it leads to.
    pub fn element(&mut self, from: EntryId, meant: Option<(&str, Option<Span>)>, is_known: bool) {
        match meant {
            Some((text, place)) => self.refer(None, from, text, place),
            None if is_known => self.value(None, from, as_text),
            None => self.no_value(None, from),
        }
    }

    fn refer(&mut self, key: Option<&str>, from: EntryId, text: &str, place: Option<Span>) {
        let entry = *self.raw.entry(from);
        let flags = Entry::TEXT | Entry::ELSEWHERE;
        let id = self.open(key, from, entry.span(), entry.key_span().unwrap_or_default(), flags);
        if let Some(place) = place
            && self.table.defined.last().is_none_or(|(last, _)| *last != id)
        {
            self.table.defined.push((id, place));
        }
        self.table.own_text(id, text);
        self.table.close(id, entry.span().end);
    }

    /// Whether the definition that is being written has a field of this name so far, or the block of it.
    pub fn has(&self, key: &str) -> bool {
        let Some(&base) = self.open.last() else { return false };
        self.table.has_member(base, key)
    }

    /// Lets reports show what is written as `from`.
    pub fn show(&mut self, from: EntryId) {
        self.shown.push(from);
    }

    fn value(&mut self, key: Option<&str>, from: EntryId, as_other: fn(Entry) -> Option<u16>) {
        let entry = *self.raw.entry(from);
        let kind = as_other(entry).unwrap_or(entry.kind());
        let key = key.or_else(|| entry.key_span().map(|_| self.raw.key(from)));
        let id = self.open(key, from, entry.span(), entry.key_span().unwrap_or_default(), kind | entry.kept());
        if kind & (Entry::TEXT | Entry::NUMBER) != 0 {
            let text = if entry.has(Entry::TEXT | Entry::NUMBER) { self.raw.text(from) } else { entry.word() };
            self.table.own_text(id, text);
        }
        for child in self.raw.children(from) {
            self.value(None, child, as_other);
        }
        if kind & Entry::OBJECT == 0 {
            self.table.close(id, entry.span().end);
        } else {
            self.table.close_object(id, entry.span().end, self.raw.source.text());
        }
    }

    fn open(&mut self, key: Option<&str>, from: EntryId, span: Span, key_span: Span, flags: u16) -> EntryId {
        let id = self.table.open(span.start, key_span, flags);
        if let Some(key) = key {
            self.table.own_key(id, key);
        }
        self.origins.push(from);
        if flags & Entry::ELSEWHERE != 0
            && let Some(place) = self.raw.definition_of(from)
        {
            self.table.defined.push((id, place));
        }
        id
    }

    pub fn finish(mut self) -> (Translation, Vec<Definition>) {
        self.table.close(ROOT, self.raw.source.text().len());
        // The reader has reported those of the text.
        self.table.duplicates.clear();
        let mut document = self.table.into_document(self.raw.source.clone(), Vec::new());
        document.syntax = self.raw.syntax;
        document.damaged = self.raw.damaged;
        document.sound_until = self.raw.sound_until;
        document.doubts.clone_from(&self.raw.doubts);
        self.shown.sort_unstable();
        (Translation { document, origins: self.origins, shown: self.shown }, self.definitions)
    }
}

/// Numbers and booleans as the texts that stand for them.
fn as_text(raw: Entry) -> Option<u16> {
    raw.has(Entry::NUMBER | Entry::TRUE | Entry::FALSE).then_some(Entry::TEXT)
}

/// What stands in the table for a text that nobody knows; no rule reads it, because the row is flagged.
const UNKNOWN_TEXT: &str = "${}";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::fields::Field;
    use crate::connection::Dialect;
    use crate::connection::{Connection, DocumentContext};
    use crate::document::value::Value;
    use crate::parse;
    use crate::text::Source;

    #[test]
    fn rows_of_another_shape_keep_their_places() {
        let text = r#"{"spec": {"title": "alerts", "kind": "Https", "address": "https://é.example.com", "port": 1}}"#;
        let source = Source::new("a.json", text);
        let raw = parse::parse(&source, usize::MAX).document;
        let spec = raw.child(ROOT, "spec").unwrap();
        let of = |key| raw.child(spec, key).unwrap();
        let mut translator = Translator::new(&raw);
        translator.definition(spec, Some(Mode::Update), |to| {
            to.copy("name", of("title"));
            to.copy("type", of("kind"));
            to.block("headers", spec, |to| to.copy_as_text("Port", of("port")));
            to.copy("url", of("address"));
        });
        let (translation, definitions) = translator.finish();
        let setting = DocumentContext {
            written: &raw,
            translation: Some(&translation),
            spelling: &crate::connection::Spelling::of_api(Dialect::AdminApi),
            mode: Mode::Create,
            kind: None,
            bare: false,
        };
        let connection = Connection::new(setting, &definitions[0]);
        assert_eq!((connection.name(), connection.mode), (Some("alerts"), Mode::Update));
        let url = connection.get(Field::Url);
        assert_eq!(url.known_str(), Some("https://é.example.com"));
        let span = url.span_within(&(8..10));
        assert_eq!(&text[span.start..span.end], "é");
        let edit = &url.replace_with("https://b.example.com")[0];
        assert_eq!(&text[edit.span.start..edit.span.end], "\"https://é.example.com\"");
        let headers = connection.get(Field::Headers).items();
        assert!(matches!(headers[0].value, Value::String("1")), "a number has become a text");
        assert_eq!(connection.written_as(headers[0].entry), Some(of("port")));
    }
}
