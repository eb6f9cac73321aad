//! Admin API bodies: one connection, an array of connections, a list response, an error body, or a third-party wrapper.

use super::{DetectOptions, DialectMatch};
use crate::atlas::fields::{Field, FieldKey, REMARKS, RESPONSE_ONLY};
use crate::atlas::{Kind, Mode};
use crate::connection::{Definition, Dialect};
use crate::document::value::{Map, Value};
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::text::suggest::is_slip;

/// The arguments of the MCP server's build tool, which wrap a definition (evidence.md MCP-002).
const WRAPPED: &str = "connectionConfig";
const WRAPPED_TYPE: &str = "connectionType";
const WRAPPED_NAME: &str = "connectionName";

/// The description of a file of Ansible.
pub(crate) const ANSIBLE: &str = "this is an Ansible file";
pub(crate) const MCP_CALL: &str = "these are the arguments of an MCP tool";
/// The description of a file of Pulumi.
pub(crate) const PULUMI: &str = "this is a Pulumi project";

pub(super) fn find(document: &Document, options: DetectOptions) -> DialectMatch {
    let DetectOptions { mode, recognize, .. } = options;
    let mut found =
        DialectMatch { mode: mode.unwrap_or(Mode::Create), bare: true, ..DialectMatch::nothing(Dialect::AdminApi) };
    if let Some(what) = other_tool(document.root()) {
        found.wrapper = Some((what, ROOT));
        return found;
    }
    match document.root() {
        Value::Object(map) => object(document, ROOT, map, mode, &mut found),
        Value::Array(_) if document.is_stream => {
            for entry in document.children(ROOT) {
                match document.value(entry) {
                    Value::Object(map) => object(document, entry, map, mode, &mut found),
                    _ if document.entry(entry).has(Entry::UNKNOWN) => {}
                    _ => found.non_objects.push(entry),
                }
            }
        }
        Value::Array(items) => {
            let plural = "this is an array of connections";
            found.wrapper = Some((if items.is_empty() { "this is an empty array" } else { plural }, ROOT));
            elements(document, ROOT, &mut found);
        }
        // Nothing could be parsed, and a syntax error reports that.
        _ if document.entry(ROOT).has(Entry::UNKNOWN) => {}
        _ => found.non_objects.push(ROOT),
    }
    if recognize && found.mode != Mode::Error {
        let of_definition =
            |definition: &Definition| definition.value(document).as_object().is_some_and(looks_like_a_connection);
        found.recognized = found.definitions.iter().any(of_definition);
        // Some of several documents may be something else.
        if document.is_stream {
            found.definitions.retain(of_definition);
        }
    }
    found
}

/// The description of a file of a tool in which people write connections, but which is not supported.
fn other_tool(root: Value) -> Option<&'static str> {
    match root {
        Value::Array(items) => items.iter().filter_map(Value::as_object).any(is_ansible).then_some(ANSIBLE),
        Value::Object(map) => is_pulumi(map).then_some(PULUMI),
        _ => None,
    }
}

/// Whether an object is a play or a task of Ansible.
fn is_ansible(map: Map) -> bool {
    let is_play = || ["tasks", "roles", "vars"].iter().any(|key| map.contains_key(key));
    (map.contains_key("hosts") && is_play()) || map.keys().any(|key| key.starts_with("ansible."))
}

/// Whether an object is a project of Pulumi, which may have its program in it.
fn is_pulumi(map: Map) -> bool {
    map.contains_key("runtime") && map.contains_key("name") && !map.contains_key(Field::Type.key())
}

/// A whole document.
fn object(document: &Document, root: EntryId, map: Map, mode: Option<Mode>, found: &mut DialectMatch) {
    let is_error = mode.is_none() && map.contains_key("errorCode");
    if is_error || mode == Some(Mode::Error) {
        found.mode = Mode::Error;
        found.recognized = map.get("errorCode").is_some_and(Value::is_string) && map.contains_key("error");
        return;
    }
    // An object that sets a connection type is a connection, whatever else it contains.
    if document.has_field(root, FieldKey::TYPE) {
        found.definitions.push(Definition::at(root));
        return;
    }
    let list = |key| document.child(root, key).filter(|&list| document.entry(list).has(Entry::ARRAY));
    if let Some(list) = list("results") {
        found.mode = mode.unwrap_or(Mode::Response);
        // If the user sets the mode, the list response is intended.
        found.wrapper = (mode != Some(Mode::Response)).then_some(("this is a list response", root));
        return elements(document, list, found);
    }
    if let Some(list) = list("connections") {
        let before = found.definitions.len();
        items(document, list, found);
        if found.definitions.len() > before || document.children(list).next().is_none() {
            found.wrapper = Some(("this is a wrapper around connections", root));
        }
        return;
    }
    let call = call(document, root);
    let definition = match document.value(call) {
        Value::Object(arguments) if call != root => definition(document, call, arguments),
        _ => definition(document, root, map),
    };
    if definition.base != root {
        found.wrapper = Some((MCP_CALL, root));
    }
    found.definitions.push(definition);
}

fn elements(document: &Document, list: EntryId, found: &mut DialectMatch) {
    for entry in document.children(list) {
        match document.value(entry) {
            Value::Object(map) => found.definitions.push(definition(document, entry, map)),
            _ => found.non_objects.push(entry),
        }
    }
}

/// The items of a custom list: those with a field that only their type has, and, if there is one, also those with only
/// fields of the API.
fn items(document: &Document, list: EntryId, found: &mut DialectMatch) {
    let is_connection = |id: EntryId| document.value(id).as_object().is_some_and(is_distinct);
    let some = document.children(list).any(is_connection);
    for entry in document.children(list) {
        let Value::Object(map) = document.value(entry) else {
            found.non_objects.extend(some.then_some(entry));
            continue;
        };
        let is_of_api = || map.keys().all(|key| Field::child(None, key).is_some() || REMARKS.contains(&key));
        if is_connection(entry) || some && is_of_api() {
            found.definitions.push(Definition { in_list: true, ..definition(document, entry, map) });
        }
    }
}

/// Whether an object has a field that its type has, other than `name`; without a type of the API, a field that only
/// connections have.
fn is_distinct(map: Map) -> bool {
    let is_call = || map.contains_key(WRAPPED);
    let word = map.get("type").and_then(Value::as_str);
    let Some(kind) = word.and_then(Kind::nearest) else {
        return is_call() || DISTINCTIVE.iter().any(|key| map.contains_key(key)) || has_cloud_block(map);
    };
    let of_kind = map.entries().any(|(key, _)| {
        let field = Field::with_key(None, key).filter(|field| !matches!(field, Field::Type | Field::Name));
        field.is_some_and(|field| field.row().kinds.contains(kind))
    });
    of_kind || is_call() || kind == Kind::Sample && map.keys().all(|key| Field::child(None, key).is_some())
}

/// The arguments of a call of an MCP tool: `{"name": …, "arguments": { … }}`, alone or as the parameters of a request.
fn call(document: &Document, root: EntryId) -> EntryId {
    let within = |object: EntryId, key: &str| {
        document.child(object, key).filter(|&inner| document.entry(inner).has(Entry::OBJECT))
    };
    let holds = |object: &EntryId| within(*object, WRAPPED).is_some();
    let parameters = within(root, "params").unwrap_or(root);
    within(parameters, "arguments").filter(holds).unwrap_or(root)
}

/// One object as a definition.
fn definition(document: &Document, entry: EntryId, map: Map) -> Definition {
    let wrapped = document.child(entry, WRAPPED).filter(|&inner| document.entry(inner).has(Entry::OBJECT));
    let (Some(base), false) = (wrapped, map.contains_key("type")) else {
        return Definition::at(entry);
    };
    let moved = |(key, field)| Some((field, document.child(entry, key)?));
    let elsewhere = [(WRAPPED_NAME, Field::Name), (WRAPPED_TYPE, Field::Type)];
    let elsewhere = elsewhere.into_iter().filter_map(moved).collect();
    Definition { elsewhere, is_tool_call: true, ..Definition::at(base) }
}

/// Fields that only connections have, so that one of them is enough if no type is set.
const DISTINCTIVE: &[&str] = &[
    "bootstrapServers",
    "clusterGroupId",
    "dbRoleToExecute",
    "publicPrivateNetworking",
    "schemaRegistryAuthentication",
    "schemaRegistryUrls",
];

/// Whether an object in any folder is a connection: it sets a connection type and has a field of that type; or it sets
/// none and has fields that only connections have. Typos in the type and in long field names count, too: a definition
/// with two mistakes is still one.
pub(super) fn looks_like_a_connection(map: Map) -> bool {
    let Some(Value::String(word)) = map.get("type") else {
        let has_distinctive = || {
            let slips = || DISTINCTIVE.iter().any(|field| map.keys().any(|key| is_slip(key, field)));
            DISTINCTIVE.iter().any(|key| map.contains_key(key))
                || has_cloud_block(map)
                // A typo alone may be a field of something else.
                || map.contains_key("name") && slips()
        };
        return !map.contains_key("type") && has_distinctive();
    };
    if let Some(kind) = Kind::from_name(word) {
        return map.entries().any(|(key, _)| {
            let field = Field::with_key(None, key).filter(|field| *field != Field::Type);
            field.is_some_and(|field| field.row().kinds.contains(kind))
        }) || has_slip(map, kind);
    }
    // A near spelling is weaker evidence, and many objects have a name.
    Kind::near(word).is_some_and(|(kind, _)| {
        map.keys().any(|key| {
            !matches!(key, "type" | "name")
                && Field::child(None, key).is_some_and(|field| field.row().kinds.contains(kind))
        }) || (map.contains_key("config") && map.contains_key("name"))
            || has_slip(map, kind)
            || kind == Kind::Sample && map.get("name").and_then(Value::as_str).is_some_and(is_sample)
    })
}

/// Whether a field of a type is present with a typo in its name.
fn has_slip(map: Map, kind: Kind) -> bool {
    let fields = || Field::ALL.iter().filter(|field| field.parent().is_none() && field.row().kinds.contains(kind));
    map.keys().any(|key| fields().any(|field| is_slip(key, field.key())))
}

/// Whether a name is the name of a sample source.
fn is_sample(name: &str) -> bool {
    name.starts_with("sample_stream_")
}

/// `aws.roleArn` and similar fields, among fields that connections have.
fn has_cloud_block(map: Map) -> bool {
    let leaf = [("aws", "roleArn"), ("azure", "servicePrincipalId"), ("gcp", "serviceAccountId")]
        .iter()
        .any(|(block, leaf)| map.get(block).and_then(|value| value.get(leaf)).is_some());
    leaf && map
        .keys()
        .all(|key| Field::child(None, key).is_some() || REMARKS.contains(&key) || RESPONSE_ONLY.contains(&key))
}
