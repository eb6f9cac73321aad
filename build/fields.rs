//! Generates the tables of connection types and fields from the schemas in `schemas/`.
//!
//! A schema with `x-streamlint-order` belongs to a connection type; the number is its position in lists of types. A
//! field is a property of such a schema, at any depth. `x-streamlint-show` is the part of a string or list that a
//! report may show: the `whole` value, the `origin` of a URL (scheme, host and port), or `nothing`, which is the
//! default.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{json_type, read, stems};

const ORDER: &str = "x-streamlint-order";
const SHOW: &str = "x-streamlint-show";

/// Characters in the names of people and services, in addition to word characters.
pub const OF_NAMES: &str = "@+$/";

/// A connection type.
pub struct ConnectionType {
    pub name: String,
    pub schema: Value,
}

/// Returns the connection types in order.
pub fn connection_types() -> Vec<ConnectionType> {
    let schemas = stems("schemas", ".schema.json").into_iter().map(|name| {
        let schema = read(&format!("schemas/{name}.schema.json"));
        let is_ordered = schema[ORDER].is_u64() || schema["properties"]["type"]["const"].is_null();
        assert!(is_ordered, "schemas/{name}.schema.json: a connection type has `{ORDER}`");
        (schema[ORDER].as_u64(), ConnectionType { name, schema })
    });
    let mut types = schemas.filter(|(order, _)| order.is_some()).collect::<Vec<_>>();
    types.sort_by_key(|(order, _)| *order);
    for pair in types.windows(2) {
        let [(order, one), (other_order, other)] = pair else { continue };
        assert!(order != other_order, "schemas: {} and {} have the same `{ORDER}`", one.name, other.name);
    }
    types.into_iter().map(|(_, connection_type)| connection_type).collect()
}

/// Returns the enum of connection types.
pub fn kinds(types: &[ConnectionType]) -> String {
    let title = |it: &ConnectionType| it.schema["title"].as_str().map(str::to_owned);
    let variants = lines(types, |it| format!("/// {}.\n{},", title(it).unwrap_or_default(), it.name));
    let all = lines(types, |it| format!("Self::{},", it.name));
    let names = lines(types, |it| format!("Self::{} => {:?},", it.name, it.name));
    format!(
        "
/// A connection type, as in the field `type`.
///
/// Source: evidence.md GEN-001. The official OpenAPI schema lacks `S3` in its enum; Atlas supports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {{
{variants}
}}

impl Kind {{
    /// All of them, in the order in which messages list them.
    pub const ALL: &'static [Self] = &[
{all}
    ];

    /// The exact, case-sensitive name that the API uses.
    pub const fn name(self) -> &'static str {{
        match self {{
{names}
        }}
    }}
}}
"
    )
}

/// A field, with the types that have it and the types that require it.
pub struct Field<'s> {
    /// Its variant of the enum: the pointer in camel case.
    pub variant: String,
    pub pointer: String,
    pub key: &'s str,
    pub parent: Option<usize>,
    pub kinds: Vec<&'s str>,
    pub required: Vec<&'s str>,
    /// Its schema in each type that has it.
    pub schemas: Vec<&'s Value>,
    pub shape: &'static str,
    pub show: &'static str,
}

impl Field<'_> {
    /// Returns its row of the table; `parent` is an expression.
    fn row(&self, parent: &str) -> String {
        let Self { pointer, key, shape, show, .. } = self;
        let marks = self.marks();
        let [kinds, required] =
            [&self.kinds, &self.required].map(|kinds| lines(kinds, |kind| format!("Kind::{kind},")));
        format!(
            "Row {{
    pointer: {pointer:?}, key: FieldKey::of(b{key:?}), parent: {parent}, shape: Shape::{shape}, show: Show::{show},
    marks: {marks:?},
    kinds: Kinds::of(&[{kinds}]), required: Kinds::of(&[{required}]),
}},"
        )
    }
}

impl Field<'_> {
    /// Returns the characters of its values in addition to word characters: from the values or the pattern of its
    /// schemas, or else the characters of names and of the examples.
    pub fn marks(&self) -> String {
        let of_words =
            |words: &Value| words.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<String>();
        let (mut known, mut examples) = (String::new(), String::new());
        for schema in &self.schemas {
            let pattern = schema["pattern"].as_str().or(schema["items"]["pattern"].as_str());
            known += schema["const"].as_str().unwrap_or_default();
            known += &of_words(&schema["enum"]);
            known.extend(pattern.into_iter().flat_map(of_pattern));
            examples += &of_words(&schema["examples"]);
        }
        let characters = if known.is_empty() { OF_NAMES.to_owned() + &examples } else { known };
        let is_of_words = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        characters.chars().filter(|c| !is_of_words(c)).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Returns the characters that a pattern contains, on their own or in a class. A range (`A-Z`, `!-~`) is skipped: it
/// consists of letters or digits, or restricts almost nothing.
fn of_pattern(pattern: &str) -> Vec<char> {
    let mut characters = Vec::new();
    let mut rest = pattern.chars().peekable();
    let mut is_class = false;
    while let Some(character) = rest.next() {
        let named = match character {
            '\\' if rest.next_if_eq(&'x').is_some() => {
                let code = rest.by_ref().take(2).collect::<String>();
                u8::from_str_radix(&code, 16).ok().map(char::from)
            }
            '\\' => rest.next(),
            '[' if !is_class => {
                is_class = true;
                // A negated class.
                rest.next_if_eq(&'^');
                None
            }
            ']' if is_class => {
                is_class = false;
                None
            }
            '{' if !is_class => rest.by_ref().find(|c| *c == '}').and(None),
            '^' | '$' | '(' | ')' | '|' | '?' | '*' | '+' if !is_class => None,
            other => Some(other),
        };
        let is_range = is_class && named.is_some() && rest.peek() == Some(&'-') && rest.clone().nth(1) != Some(']');
        if is_range {
            rest.by_ref().take(2).for_each(drop);
        } else {
            characters.extend(named);
        }
    }
    characters
}

/// Returns the tables of fields, of the keys in schemas, and of Kafka's settings.
pub fn fields(types: &[ConnectionType]) -> String {
    let fields = connection_fields(types);
    let mut names = Names::default();
    for it in types {
        names.add(&it.schema);
    }
    let Names { keys, remarks, settings, values } = names;
    let [keys, remarks, settings, values] = [keys, remarks, settings, values].map(Vec::from_iter);

    let variants = lines(&fields, |field| format!("/// `{}`\n{},", field.pointer, field.variant));
    let all = lines(&fields, |field| format!("Field::{},", field.variant));
    let rows = lines(&fields, |field| {
        let parent = field.parent.map(|at| fields[at].variant.as_str());
        field.row(&parent.map_or("None".to_owned(), |parent| format!("Some(Field::{parent})")))
    });
    let of_key =
        |key: &str| lines(fields.iter().filter(|field| field.key == key), |it| format!("Field::{},", it.variant));
    let key_rows = lines(&keys, |key| format!("({key:?}, &[{}]),", of_key(key)));
    let numbers = lines(keys.iter().zip(1..), |(key, number)| format!("b{key:?} => {number},"));
    format!(
        "
/// A field of a connection, at its only pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Field {{
{variants}
}}

/// The fields of one object are next to each other, before the fields of the objects inside it.
static FIELDS: &[Field] = &[
{all}
];

static ROWS: &[Row] = &[
{rows}
];

/// The keys by their numbers, each with the fields that have it. Number 0 is any other key.
static KEYS: &[(&str, &[Field])] = &[
(\"\", &[]),
{key_rows}
];

/// The number of a key.
const fn number_of(key: &[u8]) -> u16 {{
    match key {{
{numbers}
        _ => 0,
    }}
}}

/// Fields for comments of people or editors: they may be in any object and contain anything.
pub(crate) const REMARKS: &[&str] = &{remarks:?};

/// Kafka client settings that stream processing uses; it ignores all others (evidence.md CFG-002).
pub(crate) const CONFIG_KEYS: &[&str] = &{settings:?};

/// The values that the API lists for some fields.
pub(crate) const LISTED_VALUES: &[&str] = &{values:?};
"
    )
}

/// Returns the fields of all connection types: those of one object are adjacent, and precede those inside of them.
pub fn connection_fields(types: &[ConnectionType]) -> Vec<Field<'_>> {
    let roots = types.iter().map(|it| (it.name.as_str(), &it.schema)).collect::<Vec<_>>();
    let mut fields = Vec::new();
    add_level(&mut fields, None, &roots);
    fields
}

pub fn lines<T>(items: impl IntoIterator<Item = T>, line: impl Fn(T) -> String) -> String {
    items.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Adds the fields of one object in all types that have it, and then the fields inside of each.
fn add_level<'s>(fields: &mut Vec<Field<'s>>, parent: Option<usize>, objects: &[(&'s str, &'s Value)]) {
    let first = fields.len();
    for &(kind, object) in objects {
        for (key, schema) in properties(object).filter(|(_, schema)| schema.is_object()) {
            let pointer = format!("{}/{key}", parent.map_or("", |at| &fields[at].pointer));
            let place = format!("schemas/{kind}.schema.json: {pointer}");
            let (shape, show) = (shape(schema, &place), show(schema, &place));
            let at = fields[first..].iter().position(|field| field.key == key).map_or(fields.len(), |at| first + at);
            if at == fields.len() {
                let variant = pointer.split('/').map(capitalized).collect();
                let (kinds, required, schemas) = (Vec::new(), Vec::new(), Vec::new());
                fields.push(Field { variant, pointer, key, parent, kinds, required, schemas, shape, show });
            }
            let field = &mut fields[at];
            assert!(
                field.shape == shape && field.show == show,
                "{place}: a field has the same JSON type and `{SHOW}` in every connection type"
            );
            field.kinds.push(kind);
            field.schemas.push(schema);
            if object["required"].as_array().is_some_and(|names| names.iter().any(|name| name == key)) {
                field.required.push(kind);
            }
        }
    }
    for at in first..fields.len() {
        if fields[at].shape == "Object" {
            let key = fields[at].key;
            let inside = objects.iter().filter_map(|&(kind, object)| Some((kind, object["properties"].get(key)?)));
            add_level(fields, Some(at), &inside.collect::<Vec<_>>());
        }
    }
}

/// All names in the schemas, sorted.
#[derive(Default)]
struct Names<'s> {
    keys: BTreeSet<&'s str>,
    /// Fields with any content, such as comments.
    remarks: BTreeSet<&'s str>,
    /// The keys that a map lists.
    settings: BTreeSet<&'s str>,
    /// The allowed values of fields.
    values: BTreeSet<&'s str>,
}

impl<'s> Names<'s> {
    fn add(&mut self, schema: &'s Value) {
        for (key, inner) in properties(schema) {
            self.keys.insert(key);
            if inner == &Value::Bool(true) {
                self.remarks.insert(key);
            } else if is_map(schema) {
                self.settings.insert(key);
            }
            let listed = inner["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
            self.values.extend(listed.filter(|value| !value.is_empty()));
            self.add(inner);
        }
    }
}

pub fn properties(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let properties = schema["properties"].as_object().map(Map::iter).into_iter().flatten();
    properties.map(|(key, schema)| (key.as_str(), schema))
}

fn is_map(schema: &Value) -> bool {
    schema["additionalProperties"].is_object()
}

/// Returns the kind of a field's value, as a variant of `Shape`.
fn shape(schema: &Value, place: &str) -> &'static str {
    if schema["const"].is_string() {
        return "Text";
    }
    match json_type(&schema["type"], place) {
        "Object" | "ObjectOrNull" if is_map(schema) => "Map",
        "Object" | "ObjectOrNull" => "Object",
        "List" => "List",
        _ => "Text",
    }
}

/// Returns the visible part of a field's value, as a variant of `Show`.
fn show(schema: &Value, place: &str) -> &'static str {
    let is_container = matches!(shape(schema, place), "Object" | "Map");
    match (schema["writeOnly"].as_bool(), schema[SHOW].as_str()) {
        (Some(true), None) => "Secret",
        (_, None) if is_container => "Inside",
        (_, Some(_)) if is_container => panic!("{place}: the fields of an object have `{SHOW}`, and it has not"),
        (None | Some(false), Some("whole")) => "Whole",
        (None | Some(false), Some("origin")) => "Origin",
        (None | Some(false), None | Some("nothing")) => "Nothing",
        (Some(true), Some(_)) => panic!("{place}: it is `writeOnly`, so a report never shows it; delete `{SHOW}`"),
        (_, Some(other)) => panic!("{place}: `{SHOW}` is `{other}`, not `whole`, `origin` or `nothing`"),
    }
}

pub fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}
