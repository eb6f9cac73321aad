//! The validator: it walks a value and the compiled form of its schema in parallel.
//!
//! build.rs compiles each published schema into a table of keywords. A valid value costs no allocation, and nothing is
//! built when the program starts. `src/schema/tests.rs` compares it with `jsonschema` on the published schemas.

use crate::atlas::fields::{FieldKey, FieldKeySet};
use crate::document::EntryId;
use crate::document::value::Value;

/// One keyword of a schema, with its argument.
#[derive(Debug)]
pub(crate) enum Keyword {
    /// `type`
    Type(JsonType),
    /// `const`, a string.
    Const(&'static str),
    /// `enum`, all strings.
    Enum(&'static [&'static str]),
    /// `minLength`, in characters.
    MinLength(usize),
    /// `format`, by its name and function.
    Format(&'static str, fn(&str) -> bool),
    /// `properties`, the `required` ones, and `additionalProperties` for all others; `None` if it is `false`.
    Properties(&'static [Known], Option<Schema>),
    /// `items`
    Items(Schema),
}

/// A field that a schema names.
#[derive(Debug)]
pub(crate) struct Known {
    pub key: FieldKey,
    pub is_required: bool,
    pub schema: Schema,
}

/// A schema is the list of its keywords; without any it allows everything.
pub(crate) type Schema = &'static [Keyword];

/// The JSON type that a schema requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonType {
    Text,
    TextOrNull,
    Object,
    ObjectOrNull,
    List,
}

impl JsonType {
    fn allows(self, value: Value) -> bool {
        match value {
            Value::String(_) => matches!(self, Self::Text | Self::TextOrNull),
            Value::Object(_) => matches!(self, Self::Object | Self::ObjectOrNull),
            Value::Array(_) => self == Self::List,
            Value::Null => matches!(self, Self::TextOrNull | Self::ObjectOrNull),
            _ => false,
        }
    }
}

/// Every violation of a schema by a value, in the order of the value's fields.
pub(crate) fn mistakes(schema: Schema, value: Value<'_>) -> Vec<Mistake<'_>> {
    let mut mistakes = Vec::new();
    through(schema, value, &Trail::Root, &mut mistakes);
    mistakes
}

/// A violation: a keyword that is not satisfied, and its position.
#[derive(Debug)]
pub(crate) struct Mistake<'v> {
    /// JSON pointer inside the value.
    pub pointer: String,
    pub value: Value<'v>,
    pub violation: Violation<'v>,
}

/// The kind of a violation.
#[derive(Debug)]
pub(crate) enum Violation<'v> {
    Type(JsonType),
    Const,
    Enum(&'static [&'static str]),
    MinLength,
    Format(&'static str),
    /// This field is missing.
    Required(&'static str),
    /// This field, of this key and entry, is unexpected.
    Unexpected(&'v str, EntryId),
}

/// The path to a value.
#[derive(Clone, Copy)]
enum Trail<'w> {
    Root,
    Field(&'w Trail<'w>, &'w str),
    Element(&'w Trail<'w>, usize),
}

impl Trail<'_> {
    fn pointer(self) -> String {
        let (mut pointer, part) = match self {
            Self::Root => return String::new(),
            Self::Field(parent, key) => (parent.pointer(), crate::text::pointer::escape(key)),
            Self::Element(parent, at) => (parent.pointer(), at.to_string().into()),
        };
        pointer.push('/');
        pointer.push_str(&part);
        pointer
    }
}

fn through<'v>(schema: Schema, value: Value<'v>, trail: &Trail, found: &mut Vec<Mistake<'v>>) {
    let mistake = |violation| Mistake { pointer: trail.pointer(), value, violation };
    for keyword in schema {
        match (keyword, value) {
            (Keyword::Type(expected), value) if !expected.allows(value) => {
                found.push(mistake(Violation::Type(*expected)));
            }
            (Keyword::Const(word), value) if value.as_str() != Some(word) => found.push(mistake(Violation::Const)),
            (Keyword::Enum(words), value) if !value.as_str().is_some_and(|text| words.contains(&text)) => {
                // A second finding about the type would be redundant; `type` follows `enum` in the alphabet.
                return found.push(mistake(Violation::Enum(words)));
            }
            (Keyword::MinLength(least), Value::String(text)) if text.chars().take(*least).count() < *least => {
                found.push(mistake(Violation::MinLength));
            }
            (Keyword::Format(name, is), Value::String(text)) if !is(text) => {
                found.push(mistake(Violation::Format(name)));
            }
            (Keyword::Properties(known, rest), Value::Object(map)) => {
                let mut present = FieldKeySet::default();
                for (key, id) in map.entries() {
                    present.add(key);
                    let schema = known.iter().find(|field| field.key == key).map(|field| field.schema);
                    let name = map.key(key, id);
                    match schema.or(*rest) {
                        Some(schema) => through(schema, map.value(id), &Trail::Field(trail, name), found),
                        None => found.push(mistake(Violation::Unexpected(name, id))),
                    }
                }
                let missing = known.iter().filter(|field| field.is_required && !present.contains(field.key));
                found.extend(missing.map(|field| mistake(Violation::Required(field.key.text()))));
            }
            (Keyword::Items(schema), Value::Array(items)) => {
                for (at, inner) in items.iter().enumerate() {
                    through(schema, inner, &Trail::Element(trail, at), found);
                }
            }
            _ => {}
        }
    }
}
