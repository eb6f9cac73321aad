//! Generates the typed model, `src/atlas/model.rs`, from the schemas in `schemas/`.
//!
//! A connection type is a struct with the type's name. An object is a struct and a field with listed values an enum, both
//! named by their pointer in camel case: `/networking/access` is `NetworkingAccess` in every connection type that has it.
//! The fields of any connection, which `schemas/response.schema.json` lists, are optional.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::fields::{ConnectionType, Field, OF_NAMES, capitalized, connection_fields, lines, properties};
use crate::read;

/// A field of a struct.
struct StructField<'s> {
    key: &'s str,
    doc: String,
    /// Its Rust type, without `Option`.
    kind: String,
    /// The function that checks whether a collection is empty, if it is one.
    is_empty: Option<&'static str>,
    is_required: bool,
    secrets: Secrets,
    /// The characters of its values in addition to word characters.
    marks: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Secrets {
    None,
    /// The field itself is secret, and is not serialized.
    Whole,
    /// A field inside of it is secret.
    Inside,
}

/// Returns the enums, the structs, and the enum of connection types.
pub fn model(types: &[ConnectionType]) -> String {
    let response = read("schemas/response.schema.json");
    let common = response["$defs"]["connection"]["properties"].as_object().expect("a response has properties");
    let fields = connection_fields(types);
    let structs = types.iter().map(|it| connection_struct(it, &fields, common));
    let objects = (0..fields.len()).filter(|at| fields[*at].shape == "Object").map(|at| object_struct(at, &fields));
    let of_fields = fields.iter().filter(|field| has_words(field)).map(|field| {
        let listed = field.schemas.iter().flat_map(|schema| words(schema));
        words_enum(&field.variant, &doc(field.schemas[0], &field.pointer), listed)
    });
    let of_responses = common.iter().filter(|(_, schema)| schema["enum"].is_array());
    let of_responses =
        of_responses.map(|(key, schema)| words_enum(&capitalized(key), &doc(schema, key), words(schema)));
    format!(
        "words! {{\n{}\n}}\n{}\n{}",
        lines(of_fields.chain(of_responses), |it| it),
        connection_enum(types, &fields),
        lines(structs.chain(objects), |it| it)
    )
}

/// Returns the struct of a connection type: the fields of its schema, and those of every connection.
fn connection_struct(it: &ConnectionType, fields: &[Field], common: &Map<String, Value>) -> String {
    let ConnectionType { name, schema } = it;
    let mut all = own_fields(it, fields);
    for field in &mut all {
        field.is_required &= !common.contains_key(field.key);
    }
    let others = common.iter().filter(|(key, _)| *key != "type" && all.iter().all(|field| field.key != *key));
    let others = others.map(|(key, schema)| {
        let kind = match (schema["$ref"].is_string(), schema["enum"].is_array()) {
            (true, _) => return links(),
            (_, true) => capitalized(key),
            _ => "String".to_owned(),
        };
        let (doc, marks) = (doc(schema, key), OF_NAMES.to_owned());
        StructField { key, doc, kind, is_empty: None, is_required: false, secrets: Secrets::None, marks }
    });
    let others = others.collect::<Vec<_>>();
    all.extend(others);
    let from = format!(
        "impl From<{name}> for Connection {{
            fn from(connection: {name}) -> Self {{
                Self::{name}(connection)
            }}
        }}"
    );
    structure(name, &doc(schema, name), &all) + &from
}

/// Returns the struct of an object inside of connections.
fn object_struct(at: usize, fields: &[Field]) -> String {
    let Field { variant, pointer, schemas, .. } = &fields[at];
    let mut all = inside(Some(at), fields).map(|at| struct_field(at, fields)).collect::<Vec<_>>();
    let add_secrets = add_secrets(&all, "self", "object");
    all.push(links());
    let code = structure(variant, &doc(schemas[0], pointer), &all);
    if add_secrets.is_empty() {
        return code;
    }
    format!(
        "{code}
        impl HoldsSecrets for {variant} {{
            fn add_secrets(&self, object: &mut Value, key: &str) {{
                let object = &mut object[key];
                {add_secrets}
            }}
        }}"
    )
}

fn structure(name: &str, doc: &str, fields: &[StructField]) -> String {
    let shown = lines(fields, |field| {
        let name = snake_case(field.key);
        let value = match (field.kind.as_str(), field.is_required) {
            ("String", true) => format!("Shown(&self.r#{name}, {:?})", field.marks),
            ("String", false) => format!("self.r#{name}.as_deref().map(|text| Shown(text, {:?}))", field.marks),
            ("BTreeMap<String, Secret>", _) => format!("SecretMap(&self.r#{name})"),
            _ => format!("self.r#{name}"),
        };
        format!(".field({name:?}, &{value})")
    });
    let fields = lines(fields, |field| {
        let StructField { key, doc, kind, is_empty, is_required, secrets, .. } = field;
        let kind = if *is_required || is_empty.is_some() { kind.clone() } else { format!("Option<{kind}>") };
        let mut serde = format!("rename = {key:?}");
        if !is_required && is_empty.is_some() {
            serde.push_str(", default");
        }
        if *secrets == Secrets::Whole {
            serde.push_str(", skip_serializing");
        } else if !is_required {
            let _ = write!(serde, ", skip_serializing_if = {:?}", is_empty.unwrap_or("Option::is_none"));
        }
        format!("#[doc = {doc:?}]\n#[serde({serde})]\npub r#{}: {kind},", snake_case(key))
    });
    format!(
        "#[doc = {doc:?}]
        #[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub struct {name} {{
            {fields}
        }}

        impl fmt::Debug for {name} {{
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {{
                out.debug_struct({name:?}){shown}.finish()
            }}
        }}"
    )
}

/// Returns the enum of connection types, with the methods that depend on the type.
fn connection_enum(types: &[ConnectionType], fields: &[Field]) -> String {
    let variants = lines(types, |ConnectionType { name, schema }| {
        let title = schema["title"].as_str().unwrap_or_default();
        format!("/// {title}.\n{name}({name}),")
    });
    let kinds = lines(types, |it| format!("Self::{0}(_) => Kind::{0},", it.name));
    let names = lines(types, |it| format!("Self::{}(connection) => connection.name.as_deref(),", it.name));
    let secrets = lines(types, |it| match add_secrets(&own_fields(it, fields), "connection", "body") {
        none if none.is_empty() => format!("Self::{}(_) => {{}}", it.name),
        some => format!("Self::{}(connection) => {{ {some} }}", it.name),
    });
    format!(
        "/// A connection of any type; in JSON `type` says which.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = \"type\")]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = \"few live at a time, and every pattern would have a box\")]
        pub enum Connection {{
            {variants}
        }}

        impl Connection {{
            /// Its connection type.
            pub const fn kind(&self) -> Kind {{
                match self {{
                    {kinds}
                }}
            }}

            /// The connection's name. The body of a request may omit it, if the sender of the request adds it.
            pub fn name(&self) -> Option<&str> {{
                match self {{
                    {names}
                }}
            }}

            /// Adds the secrets to a body that has everything else.
            #[allow(clippy::match_same_arms, reason = \"one arm for each connection type\")]
            fn add_secrets(&self, body: &mut Value) {{
                match self {{
                    {secrets}
                }}
            }}
        }}"
    )
}

/// Returns the statements that add the secrets of a struct to the object that has its other fields.
fn add_secrets(fields: &[StructField], structure: &str, object: &str) -> String {
    let secret = fields.iter().filter(|field| field.secrets != Secrets::None);
    lines(secret, |field| format!("{structure}.r#{}.add_secrets({object}, {:?});", snake_case(field.key), field.key))
}

/// Returns an enum in the form of the macro `words!`. Its default is the schema's, or else the first example, or else
/// the first value.
fn words_enum<'s>(name: &str, doc: &str, words: impl Iterator<Item = Word<'s>>) -> String {
    let mut words = words.collect::<Vec<_>>();
    words.sort_by_key(|word| !word.is_usual);
    // Several connection types may list the same value.
    let mut known = BTreeSet::new();
    words.retain(|word| known.insert(word.text));
    let words = lines(words.iter().enumerate(), |(at, Word { text, doc, .. })| {
        let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
        let variant = parts.map(|part| capitalized(&part.to_ascii_lowercase())).collect::<String>();
        let variant = if variant.is_empty() { "Empty".to_owned() } else { variant };
        let default = if at == 0 { "#[default] " } else { "" };
        format!("#[doc = {:?}] {default}{variant} {text:?},", format!("`\"{text}\"`: {doc}"))
    });
    format!("#[doc = {doc:?}]\n{name} {{\n{words}\n}}")
}

/// A listed value.
struct Word<'s> {
    text: &'s str,
    doc: &'s str,
    is_usual: bool,
}

fn words(schema: &Value) -> impl Iterator<Item = Word<'_>> {
    let listed = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let usual = schema["default"].as_str().or_else(|| schema["examples"][0].as_str());
    listed.enumerate().map(move |(at, text)| Word {
        text,
        doc: schema["enumDescriptions"][at].as_str().unwrap_or_default(),
        is_usual: usual == Some(text),
    })
}

fn has_words(field: &Field) -> bool {
    field.shape == "Text" && field.show == "Whole" && field.schemas.iter().any(|schema| schema["enum"].is_array())
}

/// Returns the fields of a connection type's schema, except `type`.
fn own_fields<'s>(it: &ConnectionType, fields: &[Field<'s>]) -> Vec<StructField<'s>> {
    let own = inside(None, fields).filter_map(|at| {
        let field = &fields[at];
        let schema = field.schemas[field.kinds.iter().position(|kind| *kind == it.name)?];
        let is_required = field.required.contains(&it.name.as_str()) && !is_nullable(schema);
        (field.key != "type").then(|| StructField {
            doc: doc(schema, &field.pointer),
            is_required,
            ..struct_field(at, fields)
        })
    });
    own.collect()
}

/// Returns the indices of the fields of an object, or of a connection.
fn inside(parent: Option<usize>, fields: &[Field]) -> impl Iterator<Item = usize> {
    (0..fields.len()).filter(move |at| fields[*at].parent == parent)
}

/// Returns a field of an object.
fn struct_field<'s>(at: usize, fields: &[Field<'s>]) -> StructField<'s> {
    let field = &fields[at];
    let text = match field.show {
        "Secret" => "Secret",
        "Origin" => "Url",
        "Nothing" => "Unshown",
        _ if has_words(field) => &field.variant,
        _ => "String",
    };
    // If a map lists no keys, any key may have a secret value.
    let is_secret_map = field.show == "Secret" || !properties(field.schemas[0]).any(|(_, schema)| schema.is_object());
    let (kind, is_empty) = match field.shape {
        "Object" => (field.variant.clone(), None),
        "Map" if is_secret_map => ("BTreeMap<String, Secret>".to_owned(), Some("BTreeMap::is_empty")),
        "Map" => ("Config".to_owned(), Some("is_empty")),
        "List" => (format!("Vec<{text}>"), Some("Vec::is_empty")),
        _ => (text.to_owned(), None),
    };
    let secrets = match field.shape {
        "Object" if inside(Some(at), fields).any(|at| struct_field(at, fields).secrets != Secrets::None) => {
            Secrets::Inside
        }
        "Map" if is_secret_map => Secrets::Whole,
        "Text" | "List" if field.show == "Secret" => Secrets::Whole,
        _ => Secrets::None,
    };
    let mut doc = doc(field.schemas[0], &field.pointer);
    if field.parent.is_some_and(|parent| fields[parent].kinds.len() > field.kinds.len()) {
        let _ = write!(doc, " Only for {}.", field.kinds.join(", "));
    }
    let is_required = field.required == field.kinds;
    StructField { key: field.key, doc, kind, is_empty, is_required, secrets, marks: field.marks() }
}

/// Whether the schema allows `null`.
fn is_nullable(schema: &Value) -> bool {
    schema["type"].is_array()
}

/// Returns the field that a response adds to every object.
fn links() -> StructField<'static> {
    StructField {
        key: "links",
        doc: "Addresses of related resources, in responses.".to_owned(),
        kind: "Vec<Link>".to_owned(),
        is_empty: Some("Vec::is_empty"),
        is_required: false,
        secrets: Secrets::None,
        marks: OF_NAMES.to_owned(),
    }
}

fn doc(schema: &Value, place: &str) -> String {
    schema["description"].as_str().unwrap_or_else(|| panic!("schemas: {place} has no description")).to_owned()
}

/// Converts a key to snake case. `_id` becomes `underscore_id`, because a leading underscore means unused in Rust.
fn snake_case(key: &str) -> String {
    let mut name = String::new();
    for c in key.chars() {
        match c {
            '_' if name.is_empty() => name.push_str("underscore_"),
            c if c.is_ascii_uppercase() => name.extend(['_', c.to_ascii_lowercase()]),
            c => name.push(c),
        }
    }
    name
}
