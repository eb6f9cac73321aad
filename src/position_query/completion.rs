//! Completions at the cursor: missing fields, and the values that a field allows.
//!
//! While a user types, the text often has a syntax error at the cursor. So `Cursor` finds out from the surrounding
//! characters whether a key or a value is expected there, fills in a placeholder, and the result is parsed.

use super::Opening;
use super::cursor::{Cursor, Role};
use super::schema::{AllowedValue, Schema, Shape};
use crate::atlas::Kind;
use crate::connection::Dialect;
use crate::diagnostic::Diagnostic;
use crate::linter::{Linter, Report};
use crate::text::{Source, Span, Syntax};

/// The fields or values that can be written at a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Completions {
    /// The bytes that an item replaces.
    pub span: Span,
    /// The byte at which a comma is missing, if one is.
    pub comma_at: Option<usize>,
    /// Whether the replaced text is in quotes.
    pub is_quoted: bool,
    /// The items, in the order to show them in; required fields come first.
    pub items: Vec<Completion>,
}

/// A field or value to write.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Completion {
    /// The key or value, without quotes.
    pub label: String,
    /// Whether it is a field.
    pub is_field: bool,
    /// Whether the field is required.
    pub is_required: bool,
    /// The key or value in the syntax of the text.
    pub written: String,
    /// The new text: a key comes with the start of its value. With holes, `$1` marks where the cursor goes.
    pub insert: String,
    /// A Markdown description of the field or value. It may be empty.
    pub description: String,
}

impl Linter {
    /// The fields and values that can be written at a byte of a text; `None` if there are none. With holes, `$1` in the
    /// new text marks where the cursor goes.
    ///
    /// ```
    /// use streamlint::{Linter, Source};
    ///
    /// let text = r#"{"name": "orders", "type": "Kafka", "security": {"protocol": ""}}"#;
    /// let offset = text.len() - r#""}}"#.len();
    /// let found = Linter::default().completions(&Source::new("a.json", text), offset, false).unwrap();
    /// assert_eq!(found.items[0].label, "SASL_SSL");
    /// ```
    pub fn completions(&self, source: &Source, offset: usize, holes: bool) -> Option<Completions> {
        let report = self.check(source);
        let cursor = Cursor::at(source.text(), offset, report.syntax()).filter(|_| report.parts().is_empty())?;
        let (filled, at) = cursor.filled(source.text());
        all(&self.check(&Source::new(source.name(), filled)), at, &cursor, source.text(), holes)
    }
}

/// The completions at a cursor of `text`. `report` is on the text with the placeholder, which is at the byte `at`.
pub(crate) fn all(report: &Report, at: usize, cursor: &Cursor, text: &str, holes: bool) -> Option<Completions> {
    let place = report.place_at(at)?;
    let kind = report.summaries().get(place.connection)?.kind;
    let writer = Writer { cursor, text, holes };
    let items = match cursor.role {
        Role::Key { .. } => {
            let openings = report.openings(&place);
            let missing = Missing::of(report, place.connection);
            // The API has no pointer for a field that only the dialect has, so whether it is required is known only
            // from findings.
            let is_at_top = report.is_at_top(&place);
            let is_new = |key: &&String| openings.iter().all(|opening| opening.key != **key);
            let dialect_keys = missing.keys.iter().filter(|key| is_at_top && !key.contains('.') && is_new(key));
            let dialect_keys = dialect_keys.cloned().collect::<Vec<_>>();
            writer.keys(openings, &dialect_keys, kind, &missing)
        }
        Role::Value => {
            let pointer = place.pointer.as_ref()?;
            let schema = Schema::at(kind, pointer)?;
            // The operator has its own values, none of them deprecated.
            let is_old = |value: &str| report.dialect() != Dialect::Kubernetes && schema.deprecates(value);
            let values = schema.values().into_iter();
            writer.values(values.filter(|it| report.accepts(pointer, it.value) && !is_old(it.value)), schema)
        }
    };
    let comma_at = if let Role::Key { comma_at } = cursor.role { comma_at } else { None };
    (!items.is_empty()).then(|| Completions { span: cursor.span, comma_at, is_quoted: writer.is_quoted(), items })
}

/// The fields that findings report as missing in a connection.
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
            is_of_rule && found.message.starts_with("missing ") && found.connection == Some(connection)
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

/// Whether a field is required at the position where it can be added.
fn is_required(opening: &Opening, kind: Option<Kind>, missing: &Missing) -> bool {
    missing.has(&opening.pointer)
        || match opening.pointer.rsplit_once('/') {
            Some((parent, key)) => Schema::at(kind, parent).is_some_and(|schema| schema.requires(key)),
            // A block that only the dialect has, which contains required fields.
            None => true,
        }
}

/// Builds the items.
struct Writer<'c> {
    cursor: &'c Cursor,
    text: &'c str,
    holes: bool,
}

impl Writer<'_> {
    /// Required fields come first.
    fn keys(
        &self,
        openings: Vec<Opening>,
        dialect_keys: &[String],
        kind: Option<Kind>,
        missing: &Missing,
    ) -> Vec<Completion> {
        let with_schema = |opening: Opening| Some((Schema::at(kind, &opening.pointer)?, opening));
        let known = openings.into_iter().filter_map(with_schema).map(|(schema, opening)| {
            let is_required = is_required(&opening, kind, missing);
            (opening.key, is_required, Some(schema))
        });
        let all = dialect_keys.iter().map(|key| (key.clone(), true, None)).chain(known);
        let mut all = all.map(|(key, is_required, schema)| self.key(key, is_required, schema)).collect::<Vec<_>>();
        all.sort_by_key(|item| !item.is_required);
        all
    }

    /// A key without a schema has a string as its value.
    fn key(&self, key: String, is_required: bool, schema: Option<Schema>) -> Completion {
        let written = self.written_key(&key);
        let mut insert = written.clone();
        if !self.cursor.has_sign {
            insert += &self.start_of_value(schema);
            insert += self.last_comma();
        }
        let description = schema.map(|schema| schema.description(None)).unwrap_or_default();
        Completion { label: key, is_field: true, is_required, written, insert, description }
    }

    fn values(&self, values: impl Iterator<Item = AllowedValue>, schema: Schema) -> Vec<Completion> {
        values.map(|value| self.value(value.value, value.meaning.or(schema.title()))).collect()
    }

    fn value(&self, value: &str, meaning: Option<&str>) -> Completion {
        let written = self.written_value(value);
        let before = self.text.as_bytes().get(self.cursor.span.start.wrapping_sub(1));
        let gap = if matches!(before, Some(b':' | b'=')) { " " } else { "" };
        let insert = format!("{gap}{written}{}", self.last_comma());
        let label = if value.is_empty() { "\"\"" } else { value }.to_owned();
        let description = meaning.unwrap_or_default().to_owned();
        Completion { label, is_field: false, is_required: false, written, insert, description }
    }

    fn is_quoted(&self) -> bool {
        self.text[self.cursor.span.start..].starts_with('"')
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
        let hole = if self.holes { "$1" } else { "" };
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
