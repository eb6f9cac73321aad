//! Compiles the published schemas of `schemas/` into tables.
//!
//! The connection types and their fields become the tables of `src/atlas` (see `build/fields.rs`) and the typed model
//! (see `build/model.rs`). Each connection type also gets a *compiled form* of its schema: without annotations, and
//! with a function of `src/atlas/formats.rs` in place of each `pattern` (or nothing, if rules check the text
//! themselves), so that no regex engine is linked. The form is a constant table of keywords, which `src/schema/walk.rs`
//! walks.
//!
//! A mistake in a schema stops the build with one sentence that names the file and the position.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

#[allow(dead_code, reason = "the build reads names and patterns, the program calls the functions")]
#[path = "src/atlas/formats.rs"]
mod formats;

/// The modules that `formats.rs` uses.
#[path = "src/text"]
mod text {
    pub(crate) mod url;
}

#[path = "build/fields.rs"]
mod fields;

#[path = "build/model.rs"]
mod model;

use fields::ConnectionType;
use formats::FORMATS;

/// Keywords for people and editors only.
const ANNOTATIONS: [&str; 13] = [
    "$schema",
    "$id",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    // An extension of VS Code's JSON language service, which validators ignore.
    "enumDescriptions",
    "patternErrorMessage",
    "markdownDescription",
];

/// Keywords that the compiled form keeps unchanged, because schema.rs has a message for each.
const ASSERTIONS: [&str; 5] = ["type", "const", "enum", "required", "minLength"];

/// Keywords that the rule `registry-url-count` checks instead.
const COUNTS: [&str; 3] = ["minItems", "maxItems", "uniqueItems"];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=schemas");
    println!("cargo:rerun-if-changed=src/atlas/formats.rs");
    println!("cargo:rerun-if-changed=src/text/url.rs");

    let mut code = "/// The compiled schema of a connection type.\npub(crate) const fn of_type(kind: Kind) -> Schema {\n    match kind {\n".to_owned();
    let types = fields::connection_types();
    for ConnectionType { name, schema } in &types {
        let file = format!("schemas/{name}.schema.json");
        let form = compiled(schema, &file);
        let _ = writeln!(code, "        Kind::{name} => {{ static ALL: Schema = {}; ALL }}", keywords(&form, &file));
    }
    code.push_str(
        "    }
}

",
    );
    published(&mut code);

    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let write = |file: &str, code: String| fs::write(Path::new(&out).join(file), code).expect("OUT_DIR is writable");
    write("kinds.rs", fields::kinds(&types));
    write("fields.rs", fields::fields(&types));
    write("model.rs", model::model(&types));
    write("schemas.rs", code);
    write("pages.rs", pages());
}

/// Returns the table of rules' pages: the name of the rule, which is also the name of the file, and the text.
fn pages() -> String {
    let names = stems("src/rules", ".md");
    let rows = names.iter().fold(String::new(), |mut rows, name| {
        let file = format!("src/rules/{name}.md");
        println!("cargo:rerun-if-changed={file}");
        let _ = writeln!(rows, "    ({:?}, {}),", name.replace('_', "-"), include_str(&file));
        rows
    });
    format!("&[\n{rows}]")
}

/// Returns the sorted names of a folder's files with this ending, without the ending.
fn stems(folder: &str, end: &str) -> Vec<String> {
    println!("cargo:rerun-if-changed={folder}");
    let mut stems = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{folder} cannot be read: {error}"))
        .map(|entry| entry.expect("the folder can be read").file_name().into_string().expect("file names are UTF-8"))
        .filter_map(|name| name.strip_suffix(end).map(str::to_owned))
        .collect::<Vec<_>>();
    stems.sort();
    stems
}

/// Returns the expression for the text of a file.
fn include_str(file: &str) -> String {
    format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))", format!("/{file}"))
}

/// Returns the compiled form as the list of keywords that `src/schema/walk.rs` walks.
fn keywords(form: &Value, place: &str) -> String {
    let Value::Object(members) = form else {
        assert!(form == &Value::Bool(true), "{place}: only `additionalProperties` can be false");
        return "&[]".to_owned();
    };
    let mut list = Vec::new();
    for (keyword, value) in members {
        let place = format!("{place}: {keyword}");
        list.push(match keyword.as_str() {
            "type" => format!("Type(JsonType::{})", json_type(value, &place)),
            "const" => format!("Const({value})"),
            "enum" => format!("Enum(&{value})"),
            "minLength" => format!("MinLength({value})"),
            "format" => {
                let name = value.as_str().expect("a format's name is a string");
                format!("Format({name:?}, crate::atlas::formats::is_{})", name.replace('-', "_"))
            }
            "properties" => {
                let known = value.as_object().unwrap_or_else(|| panic!("{place} is not an object"));
                let names = members.get("required").and_then(Value::as_array);
                let required = names.into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
                assert!(required.iter().all(|name| known.contains_key(*name)), "{place}: `required` names no property");
                let known = known.iter().fold(String::new(), |mut list, (name, value)| {
                    let schema = keywords(value, &format!("{place}/{name}"));
                    let is_required = required.contains(&name.as_str());
                    let _ = write!(
                        list,
                        "Known {{ key: FieldKey::of(b{name:?}), is_required: {is_required}, schema: {schema} }}, "
                    );
                    list
                });
                let rest = match members.get("additionalProperties") {
                    Some(Value::Bool(false)) => "None".to_owned(),
                    Some(rest) => format!("Some({})", keywords(rest, &place)),
                    None => "Some(&[])".to_owned(),
                };
                format!("Properties(&[{known}], {rest})")
            }
            "additionalProperties" | "required" => {
                assert!(members.contains_key("properties"), "{place}: an object says its properties as well");
                continue;
            }
            "items" => format!("Items({})", keywords(value, &place)),
            _ => panic!("{place}: src/schema/walk.rs does not know this keyword"),
        });
    }
    format!("&[{}]", list.iter().map(|keyword| format!("Keyword::{keyword}")).collect::<Vec<_>>().join(", "))
}

fn json_type(value: &Value, place: &str) -> &'static str {
    let words = match value {
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>(),
        word => word.as_str().into_iter().collect(),
    };
    match words.as_slice() {
        ["string"] => "Text",
        ["string", "null"] => "TextOrNull",
        ["object"] => "Object",
        ["object", "null"] => "ObjectOrNull",
        ["array"] => "List",
        _ => panic!("{place}: src/schema/walk.rs has no such type"),
    }
}

/// Returns the compiled form of a (sub)schema; `place` is its position in error messages.
fn compiled(schema: &Value, place: &str) -> Value {
    let Value::Object(members) = schema else {
        assert!(schema.is_boolean(), "{place}: a schema is an object, true or false");
        return schema.clone();
    };
    let mut form = Map::new();
    for (keyword, value) in members {
        let place = format!("{place}: {keyword}");
        match keyword.as_str() {
            "pattern" => {
                let pattern = value.as_str().unwrap_or_else(|| panic!("{place} is not a string"));
                let format = FORMATS.iter().find(|format| format.pattern == pattern).unwrap_or_else(|| {
                    panic!("{place}: no format in src/atlas/formats.rs has the pattern {pattern}; add one, or use one of its patterns")
                });
                if format.rule.is_some() {
                    form.insert("format".to_owned(), format.name.into());
                }
            }
            "properties" => {
                let properties = value.as_object().unwrap_or_else(|| panic!("{place} is not an object"));
                let mut properties = properties
                    .iter()
                    .map(|(name, value)| (name.clone(), compiled(value, &format!("{place}/{name}"))))
                    .collect::<Map<_, _>>();
                properties.sort_keys();
                form.insert(keyword.clone(), Value::Object(properties));
            }
            "items" | "additionalProperties" => {
                form.insert(keyword.clone(), compiled(value, &place));
            }
            other if ANNOTATIONS.contains(&other) || other.starts_with("x-streamlint-") || COUNTS.contains(&other) => {}
            other if ASSERTIONS.contains(&other) => {
                form.insert(keyword.clone(), value.clone());
            }
            _ => panic!("{place}: this keyword has no place in the compiled form; see the lists in build.rs"),
        }
    }
    // Fields of a map that differ only in their descriptions, such as the settings in Kafka's `config`.
    if let (Some(rest), Some(Value::Object(properties))) =
        (form.get("additionalProperties").cloned(), form.get_mut("properties"))
    {
        properties.retain(|_, value| *value != rest);
    }
    // Sorted, so that `enum` comes before `type`: a value that is not allowed is reported by `enum` only.
    form.sort_keys();
    Value::Object(form)
}

/// Writes the table of published files.
fn published(code: &mut String) {
    code.push_str(
        "/// The published schemas: the file's name before `.schema.json`, and its text.\n\
         pub(crate) static PUBLISHED: &[(&str, &str)] = &[\n",
    );
    for stem in stems("schemas", ".schema.json") {
        let file = format!("schemas/{stem}.schema.json");
        println!("cargo:rerun-if-changed={file}");
        let _ = writeln!(code, "    ({stem:?}, {}),", include_str(&file));
    }
    code.push_str("];\n");
}

fn read(file: &str) -> Value {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file} cannot be read: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file} is not JSON: {error}"))
}
