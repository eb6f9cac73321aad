//! Completions at the cursor: missing fields, and the values that a field allows.
//!
//! While a user types, the text often has a syntax error at the cursor. So `Cursor` finds out from the surrounding
//! characters whether a key or a value is expected there, fills in a placeholder, and the result is parsed.

use crate::{Diagnostic, Dialect, Kind, Opening, Report, Span, Syntax};
use gen_lsp_types as lsp;

use super::client::Client;
use super::cursor::{Cursor, Role};
use super::hover::markup;
use super::schema::{AllowedValue, Schema, Shape};
use super::text::Text;

/// The completions at the cursor. `report` is on the text with the placeholder, which is at the byte `at`.
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
            let openings = report.openings(&place);
            let missing = Missing::of(report, place.connection);
            // What only the dialect requires has no place in the API, so that it is known from the findings alone.
            let is_at_top = report.is_at_top(&place);
            let is_new = |key: &&String| openings.iter().all(|opening| opening.key != **key);
            let own = missing.keys.iter().filter(|key| is_at_top && !key.contains('.') && is_new(key));
            let own = own.cloned().collect::<Vec<_>>();
            writer.keys(openings, &own, kind, &missing)
        }
        Role::Value => {
            let pointer = place.pointer.as_ref()?;
            let schema = Schema::at(kind, pointer)?;
            // The operator has words of its own, none of them old.
            let is_old = |value: &str| report.dialect() != Dialect::Kubernetes && schema.deprecates(value);
            let values = schema.values().into_iter();
            writer.values(values.filter(|it| report.accepts(pointer, it.value) && !is_old(it.value)), schema)
        }
    };
    (!items.is_empty()).then(|| lsp::CompletionList { is_incomplete: false, items, ..lsp::CompletionList::default() })
}

/// What findings say is missing in a connection.
struct Missing<'r> {
    /// Pointers in Admin API spelling.
    pointers: Vec<&'r str>,
    /// The same in the words of the dialect.
    keys: Vec<String>,
}

impl<'r> Missing<'r> {
    fn of(report: &'r Report, connection: usize) -> Self {
        let is_about_absence = |found: &&Diagnostic| {
            let is_of_rule =
                ["missing-field", "missing-credentials", "missing-connection-id", "conflicting-attributes"]
                    .contains(&found.rule.name);
            let says_so = found.message.contains("is missing")
                || found.message.starts_with("missing ")
                || found.message.starts_with("neither ");
            is_of_rule && says_so && found.connection == Some(connection)
        };
        let found = report.diagnostics().iter().filter(is_about_absence).collect::<Vec<_>>();
        let key = |found: &&Diagnostic| found.message.split('`').nth(1).map(str::to_owned);
        Self {
            pointers: found.iter().map(|found| &*found.pointer).collect(),
            keys: found.iter().filter_map(key).collect(),
        }
    }

    /// Whether something is missing at or below a pointer.
    fn has(&self, pointer: &str) -> bool {
        let is_below =
            |found: &&str| found.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        !pointer.is_empty() && self.pointers.iter().any(is_below)
    }
}

/// Whether a field is required where it could be added.
fn is_required(opening: &Opening, kind: Option<Kind>, missing: &Missing) -> bool {
    missing.has(&opening.pointer)
        || match opening.pointer.rsplit_once('/') {
            Some((parent, key)) => Schema::at(kind, parent).is_some_and(|schema| schema.requires(key)),
            // A block that only the dialect has. It contains required fields.
            None => true,
        }
}

/// Builds the items.
struct Writer<'c> {
    cursor: &'c Cursor,
    text: &'c Text,
    client: &'c Client,
}

impl Writer<'_> {
    fn keys(
        &self,
        openings: Vec<Opening>,
        own: &[String],
        kind: Option<Kind>,
        missing: &Missing,
    ) -> Vec<lsp::CompletionItem> {
        let with_schema = |opening: Opening| Some((Schema::at(kind, &opening.pointer)?, opening));
        let known = openings.into_iter().filter_map(with_schema).map(|(schema, opening)| {
            let is_required = is_required(&opening, kind, missing);
            (opening.key, is_required, Some(schema))
        });
        let all = own.iter().map(|key| (key.clone(), true, None)).chain(known).enumerate();
        all.map(|(index, (key, is_required, schema))| self.key(index, &key, is_required, schema)).collect()
    }

    /// A key without a schema holds a string.
    fn key(&self, index: usize, key: &str, is_required: bool, schema: Option<Schema>) -> lsp::CompletionItem {
        let written = self.written_key(key);
        let mut insert = written.clone();
        if !self.cursor.has_sign {
            insert += &self.start_of_value(schema);
            insert += self.last_comma();
        }
        let description = schema.map(|schema| schema.description(None)).unwrap_or_default();
        lsp::CompletionItem {
            kind: Some(lsp::CompletionItemKind::Property),
            detail: is_required.then(|| "required".to_owned()),
            documentation: (!description.is_empty()).then(|| markup(description, self.client.markdown).into()),
            sort_text: Some(format!("{}{index:03}", u8::from(!is_required))),
            insert_text_format: self.client.snippets.then_some(lsp::InsertTextFormat::Snippet),
            ..self.item(key, &written, insert)
        }
    }

    fn values(&self, values: impl Iterator<Item = AllowedValue>, schema: Schema) -> Vec<lsp::CompletionItem> {
        let values = values.enumerate();
        values.map(|(index, value)| self.value(index, value.value, value.meaning.or(schema.title()))).collect()
    }

    fn value(&self, index: usize, value: &str, meaning: Option<&str>) -> lsp::CompletionItem {
        let written = self.written_value(value);
        let before = self.text.as_str().as_bytes().get(self.cursor.span.start.wrapping_sub(1));
        let gap = if matches!(before, Some(b':' | b'=')) { " " } else { "" };
        let insert = format!("{gap}{written}{}", self.last_comma());
        lsp::CompletionItem {
            kind: Some(lsp::CompletionItemKind::EnumMember),
            documentation: meaning.map(|meaning| markup(meaning.to_owned(), self.client.markdown).into()),
            sort_text: Some(format!("{index:03}")),
            ..self.item(if value.is_empty() { "\"\"" } else { value }, &written, insert)
        }
    }

    fn item(&self, label: &str, written: &str, new_text: String) -> lsp::CompletionItem {
        let edit = lsp::TextEdit { range: self.text.range(self.cursor.span), new_text };
        let comma = match self.cursor.role {
            Role::Key { comma_at: Some(at), .. } => {
                Some(lsp::TextEdit { range: self.text.range(Span::at(at)), new_text: ",".to_owned() })
            }
            _ => None,
        };
        lsp::CompletionItem {
            label: label.to_owned(),
            // Clients compare it with the text in the range, which includes the quotes.
            filter_text: self.is_quoted().then(|| written.to_owned()),
            text_edit: Some(edit.into()),
            additional_text_edits: comma.map(|comma| vec![comma]),
            ..lsp::CompletionItem::default()
        }
    }

    fn is_quoted(&self) -> bool {
        self.text.as_str()[self.cursor.span.start..].starts_with('"')
    }

    fn last_comma(&self) -> &'static str {
        if self.cursor.comma_after { "," } else { "" }
    }

    /// A key in the document's syntax. Keys with dots are not identifiers in HCL.
    fn written_key(&self, key: &str) -> String {
        let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        match self.cursor.syntax {
            Syntax::Hcl if is_name && !self.is_quoted() => key.to_owned(),
            Syntax::Yaml if !self.is_quoted() => key.to_owned(),
            _ => format!("\"{key}\""),
        }
    }

    fn written_value(&self, value: &str) -> String {
        match self.cursor.syntax {
            Syntax::Yaml if !self.is_quoted() && !value.is_empty() => value.to_owned(),
            _ => format!("\"{value}\""),
        }
    }

    /// The text after a new key: the colon or equals sign, and the start of the value.
    fn start_of_value(&self, schema: Option<Schema>) -> String {
        let hole = if self.client.snippets { "$1" } else { "" };
        let values = schema.map(Schema::values).unwrap_or_default();
        let only = match values.as_slice() {
            [only] => Some(only.value),
            _ => None,
        };
        let sign = if self.cursor.syntax == Syntax::Hcl { " = " } else { ": " };
        match (self.cursor.syntax, schema.map_or(Shape::Text, Schema::shape)) {
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
