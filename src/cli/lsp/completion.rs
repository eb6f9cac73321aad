//! What could be written at the cursor: members that are not there yet, and the words that a value may be.
//!
//! While somebody types, the text is rarely whole, and what a reader makes of half a key is not what is meant. So what
//! stands at the cursor is told from the few characters before it; then a member of no name, or an empty text, is put in its place
//! in a copy of the text, and that is what is read.

use crate::{Opening, Report, Span, Syntax};
use gen_lsp_types as lsp;

use super::client::Client;
use super::cursor::{Cursor, Role};
use super::hover::markup;
use super::schema::{Schema, Shape};
use super::text::Text;

/// All that could be written at the cursor, by the report on the copy of the text, in which `at` is where the cursor is.
pub(super) fn all(
    report: &Report,
    at: usize,
    cursor: &Cursor,
    text: &Text,
    client: &Client,
) -> Option<lsp::CompletionList> {
    let place = report.place_at(at)?;
    let kind = report.summaries().get(place.connection)?.kind;
    let writer = Writer { cursor, text, client };
    let items = match cursor.role {
        Role::Key { .. } => {
            let openings = report.openings(&place).into_iter();
            let known = openings.filter_map(|opening| Some((Schema::at(kind, &opening.pointer)?, opening)));
            let parent = |opening: &Opening| opening.pointer.rsplit_once('/').map(|(parent, _)| parent.to_owned());
            let is_required = |opening: &Opening| {
                let key = opening.pointer.rsplit('/').next().unwrap_or_default();
                // A block that only the dialect has holds what is required.
                opening.pointer.is_empty()
                    || parent(opening)
                        .and_then(|parent| Schema::at(kind, &parent))
                        .is_some_and(|schema| schema.requires(key))
            };
            known
                .enumerate()
                .map(|(at, (schema, opening))| writer.key(at, &opening, is_required(&opening), schema))
                .collect()
        }
        Role::Value { .. } => {
            let pointer = place.pointer.as_ref()?;
            let schema = Schema::at(kind, pointer)?;
            let words = schema.words().into_iter().filter(|word| report.can_say(pointer, word.word)).enumerate();
            words.map(|(at, word)| writer.word(at, word.word, word.meaning.or(schema.title()))).collect::<Vec<_>>()
        }
    };
    (!items.is_empty()).then(|| lsp::CompletionList { is_incomplete: false, items, ..lsp::CompletionList::default() })
}

/// Writes what is to be inserted.
struct Writer<'c> {
    cursor: &'c Cursor,
    text: &'c Text,
    client: &'c Client,
}

impl Writer<'_> {
    fn key(&self, at: usize, opening: &Opening, is_required: bool, schema: Schema) -> lsp::CompletionItem {
        let Opening { key, .. } = opening;
        let (Role::Key { has_sign, comma_after, .. } | Role::Value { has_sign, comma_after }) = self.cursor.role;
        let written = self.written_key(key);
        let mut insert = written.clone();
        if !has_sign {
            insert += &self.start_of(schema);
            insert += if comma_after { "," } else { "" };
        }
        let description = schema.described(None);
        lsp::CompletionItem {
            kind: Some(lsp::CompletionItemKind::Property),
            detail: is_required.then(|| "required".to_owned()),
            documentation: (!description.is_empty()).then(|| markup(description, self.client.markdown).into()),
            sort_text: Some(format!("{}{at:03}", u8::from(!is_required))),
            insert_text_format: self.client.snippets.then_some(lsp::InsertTextFormat::Snippet),
            ..self.item(key, &written, insert)
        }
    }

    fn word(&self, at: usize, word: &str, meaning: Option<&str>) -> lsp::CompletionItem {
        let written = self.written_word(word);
        let (Role::Key { comma_after, .. } | Role::Value { comma_after, .. }) = self.cursor.role;
        let before = self.text.as_str().as_bytes().get(self.cursor.span.start.wrapping_sub(1));
        let gap = if matches!(before, Some(b':' | b'=')) { " " } else { "" };
        let insert = format!("{gap}{written}{}", if comma_after { "," } else { "" });
        lsp::CompletionItem {
            kind: Some(lsp::CompletionItemKind::EnumMember),
            documentation: meaning.map(|meaning| markup(meaning.to_owned(), self.client.markdown).into()),
            sort_text: Some(format!("{at:03}")),
            ..self.item(if word.is_empty() { "\"\"" } else { word }, &written, insert)
        }
    }

    fn item(&self, label: &str, written: &str, new_text: String) -> lsp::CompletionItem {
        let edit = lsp::TextEdit { range: self.text.range(self.cursor.span), new_text };
        let is_quoted = self.text.as_str()[self.cursor.span.start..].starts_with('"');
        let comma = match self.cursor.role {
            Role::Key { comma_at: Some(at), .. } => {
                Some(lsp::TextEdit { range: self.text.range(Span::at(at)), new_text: ",".to_owned() })
            }
            _ => None,
        };
        lsp::CompletionItem {
            label: label.to_owned(),
            // Clients compare it with what stands in the range.
            filter_text: is_quoted.then(|| written.to_owned()),
            text_edit: Some(edit.into()),
            additional_text_edits: comma.map(|comma| vec![comma]),
            ..lsp::CompletionItem::default()
        }
    }

    /// A key as it is written; those with dots are no names of HCL.
    fn written_key(&self, key: &str) -> String {
        let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let is_quoted = self.text.as_str()[self.cursor.span.start..].starts_with('"');
        match self.cursor.syntax {
            Syntax::Hcl if is_name && !is_quoted => key.to_owned(),
            Syntax::Yaml if !is_quoted => key.to_owned(),
            _ => format!("\"{key}\""),
        }
    }

    fn written_word(&self, word: &str) -> String {
        let is_quoted = self.text.as_str()[self.cursor.span.start..].starts_with('"');
        match self.cursor.syntax {
            Syntax::Yaml if !is_quoted && !word.is_empty() => word.to_owned(),
            _ => format!("\"{word}\""),
        }
    }

    /// What follows a new key: the sign for its value, and the start of that.
    fn start_of(&self, schema: Schema) -> String {
        let hole = if self.client.snippets { "$1" } else { "" };
        let only = match schema.words().as_slice() {
            [only] => Some(only.word),
            _ => None,
        };
        let sign = if self.cursor.syntax == Syntax::Hcl { " = " } else { ": " };
        match (self.cursor.syntax, schema.shape()) {
            (Syntax::Yaml, Shape::Object) => format!(":\n  {hole}"),
            (Syntax::Yaml, Shape::List) => format!(":\n  - {hole}"),
            (Syntax::Yaml, Shape::Text) => format!(": {}", only.unwrap_or(hole)),
            (_, Shape::Object) if hole.is_empty() => format!("{sign}{{}}"),
            (_, Shape::Object) => format!("{sign}{{ {hole} }}"),
            (_, Shape::List) => format!("{sign}[\"{hole}\"]"),
            (_, Shape::Text) => format!("{sign}\"{}\"", only.unwrap_or(hole)),
        }
    }
}
