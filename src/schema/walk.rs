//! What is wrong with a value, by walking through the compiled form of its schema.
//!
//! `jsonschema` compiles each schema into a function that says whether a value is valid, and that is all most documents
//! ever need. Its other function, which names every mistake, is ten times the code of this walk, and most of what the
//! browser would have to load. `tests/schemas.rs` holds the two together.

use serde_json::Value;

/// One keyword of a schema, with what it asks for.
#[derive(Debug)]
pub(crate) enum Keyword {
    /// `type`
    Type(Wanted),
    /// `const`, a string.
    Const(&'static str),
    /// `enum`, all strings.
    Enum(&'static [&'static str]),
    /// `minLength`, in characters.
    MinLength(usize),
    /// `format`, by its name and function.
    Format(&'static str, fn(&str) -> bool),
    /// `required`
    Required(&'static [&'static str]),
    /// `properties`, and `additionalProperties` for all others; nothing where it is `false`.
    Members(&'static [(&'static str, Schema)], Option<Schema>),
    /// `items`
    Items(Schema),
}

/// A schema is the list of its keywords; without any it allows everything.
pub(crate) type Schema = &'static [Keyword];

/// The JSON type that a schema asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    TextOrNull,
    Object,
    ObjectOrNull,
    List,
}

impl Wanted {
    fn allows(self, value: &Value) -> bool {
        match value {
            Value::String(_) => matches!(self, Self::Text | Self::TextOrNull),
            Value::Object(_) => matches!(self, Self::Object | Self::ObjectOrNull),
            Value::Array(_) => self == Self::List,
            Value::Null => matches!(self, Self::TextOrNull | Self::ObjectOrNull),
            _ => false,
        }
    }
}

/// Every mistake that a schema finds in a value, in the order of the value's members.
pub(crate) fn mistakes(schema: Schema, value: &Value) -> Vec<Mistake<'_>> {
    let mut walk = Walk { way: Vec::new(), mistakes: Vec::new() };
    walk.through(schema, value);
    walk.mistakes
}

/// A mistake: which keyword is not satisfied, where, and by what.
#[derive(Debug)]
pub(crate) struct Mistake<'v> {
    /// JSON pointer inside the value.
    pub pointer: String,
    pub value: &'v Value,
    pub wrong: Wrong<'v>,
}

/// What a keyword complains about.
#[derive(Debug)]
pub(crate) enum Wrong<'v> {
    Type(Wanted),
    Const,
    Enum(&'static [&'static str]),
    MinLength,
    Format(&'static str),
    /// This member is not there.
    Required(&'static str),
    /// This member has no place here.
    Unexpected(&'v str),
}

struct Walk<'v> {
    /// How the value that is looked at was reached.
    way: Vec<Step<'v>>,
    mistakes: Vec<Mistake<'v>>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'v> {
    Member(&'v str),
    Element(usize),
}

impl<'v> Walk<'v> {
    fn through(&mut self, schema: Schema, value: &'v Value) {
        for keyword in schema {
            match (keyword, value) {
                (Keyword::Type(wanted), value) if !wanted.allows(value) => self.wrong(value, Wrong::Type(*wanted)),
                (Keyword::Const(word), value) if value != *word => self.wrong(value, Wrong::Const),
                (Keyword::Enum(words), value) if !words.iter().any(|word| value == *word) => {
                    // That it is no string either goes without saying; `type` stands behind `enum` in the alphabet.
                    self.wrong(value, Wrong::Enum(words));
                    return;
                }
                (Keyword::MinLength(least), Value::String(text)) if text.chars().nth(least - 1).is_none() => {
                    self.wrong(value, Wrong::MinLength);
                }
                (Keyword::Format(name, is), Value::String(text)) if !is(text) => self.wrong(value, Wrong::Format(name)),
                (Keyword::Required(names), Value::Object(map)) => {
                    for name in names.iter().filter(|name| !map.contains_key(**name)) {
                        self.wrong(value, Wrong::Required(name));
                    }
                }
                (Keyword::Members(known, rest), Value::Object(map)) => {
                    for (key, inner) in map {
                        let schema = known.iter().find(|(name, _)| name == key).map(|(_, schema)| *schema).or(*rest);
                        match schema {
                            Some(schema) => self.inside(Step::Member(key), schema, inner),
                            None => self.wrong(value, Wrong::Unexpected(key)),
                        }
                    }
                }
                (Keyword::Items(schema), Value::Array(items)) => {
                    for (at, inner) in items.iter().enumerate() {
                        self.inside(Step::Element(at), schema, inner);
                    }
                }
                _ => {}
            }
        }
    }

    fn inside(&mut self, step: Step<'v>, schema: Schema, value: &'v Value) {
        self.way.push(step);
        self.through(schema, value);
        self.way.pop();
    }

    fn wrong(&mut self, value: &'v Value, wrong: Wrong<'v>) {
        let mut pointer = String::new();
        for step in &self.way {
            pointer.push('/');
            match step {
                Step::Member(key) => pointer.push_str(&crate::document::escape(key)),
                Step::Element(at) => pointer.push_str(&at.to_string()),
            }
        }
        self.mistakes.push(Mistake { pointer, value, wrong });
    }
}
