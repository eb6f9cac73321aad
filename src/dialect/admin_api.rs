//! Admin API bodies: one connection, an array of them, a list answer, an error body, or a third-party wrapper.

use serde_json::{Map, Value};

use super::{Dialect, Found};
use crate::connection::{Definition, Mode};
use crate::document::{Document, EntryId, ROOT};
use crate::kind::Kind;
use crate::members::{Member, REMARKS, RESPONSE_ONLY};

/// The arguments of the MCP server's build tool, which wrap a definition (domain.md 4).
const WRAPPED: &str = "connectionConfig";
const WRAPPED_TYPE: &str = "connectionType";
const WRAPPED_NAME: &str = "connectionName";

pub(super) fn find(document: &Document, mode: Option<Mode>, recognise: bool) -> Found {
    let mut found = Found {
        dialect: Dialect::AdminApi,
        mode: mode.unwrap_or(Mode::Create),
        definitions: Vec::new(),
        wrapper: None,
        strangers: Vec::new(),
        recognised: false,
        bare: true,
    };
    match &document.value {
        Value::Object(map) => object(document, map, mode, &mut found),
        Value::Array(items) => {
            let plural = "this is an array of connections";
            found.wrapper = Some((if items.is_empty() { "this is an empty array" } else { plural }, ROOT));
            elements(document, ROOT, items, &mut found);
        }
        // Nothing could be read, and a flaw says so.
        _ if document.entry(ROOT).has(crate::document::Entry::UNKNOWN) => {}
        _ => found.strangers.push(ROOT),
    }
    if recognise && found.mode != Mode::Error {
        let of_definition = |definition: &Definition| match definition.value(document) {
            Value::Object(map) => looks_like_a_connection(map),
            _ => false,
        };
        found.recognised = found.definitions.iter().any(of_definition);
    }
    found
}

fn object(document: &Document, map: &Map<String, Value>, mode: Option<Mode>, found: &mut Found) {
    let is_error = map.contains_key("errorCode") && mode.is_none();
    if is_error || mode == Some(Mode::Error) {
        found.mode = Mode::Error;
        found.recognised = map.get("errorCode").is_some_and(Value::is_string) && map.contains_key("error");
        return;
    }
    // What says a type is a connection, whatever else it holds.
    if map.contains_key("type") {
        found.definitions.push(Definition::at(ROOT));
        return;
    }
    if let Some(Value::Array(results)) = map.get("results") {
        found.mode = mode.unwrap_or(Mode::Response);
        // Somebody who says that this is an answer knows that it is a list.
        found.wrapper = (mode != Some(Mode::Response)).then_some(("this is a list answer", ROOT));
        if let Some(list) = document.child(ROOT, "results") {
            elements(document, list, results, found);
        }
        return;
    }
    if let Some(Value::Array(connections)) = map.get("connections") {
        found.wrapper = Some(("this is a wrapper around connections", ROOT));
        if let Some(list) = document.child(ROOT, "connections") {
            elements(document, list, connections, found);
        }
        return;
    }
    let definition = definition(document, ROOT, map);
    if definition.canonical.is_some() {
        found.wrapper = Some(("these are the arguments of an MCP tool", ROOT));
    }
    found.definitions.push(definition);
}

fn elements(document: &Document, list: EntryId, items: &[Value], found: &mut Found) {
    for (entry, item) in document.children(list).zip(items) {
        match item {
            Value::Object(map) => found.definitions.push(definition(document, entry, map)),
            _ => found.strangers.push(entry),
        }
    }
}

/// One object as a definition.
fn definition(document: &Document, entry: EntryId, map: &Map<String, Value>) -> Definition {
    let (Some(Value::Object(inner)), false) = (map.get(WRAPPED), map.contains_key("type")) else {
        return Definition::at(entry);
    };
    let mut canonical = inner.clone();
    let mut elsewhere = Vec::new();
    for (key, member) in [(WRAPPED_NAME, Member::Name), (WRAPPED_TYPE, Member::Type)] {
        if let (Some(value), Some(at)) = (map.get(key), document.child(entry, key)) {
            canonical.insert(member.key().to_owned(), value.clone());
            elsewhere.push((member, at));
        }
    }
    let base = document.child(entry, WRAPPED).unwrap_or(entry);
    Definition { base, canonical: Some(Value::Object(canonical)), elsewhere }
}

/// Members that only connections have, so that one of them is enough where no type is given.
const DISTINCTIVE: &[&str] = &[
    "bootstrapServers",
    "clusterGroupId",
    "dbRoleToExecute",
    "publicPrivateNetworking",
    "schemaRegistryAuthentication",
    "schemaRegistryUrls",
];

/// Whether an object in a folder of anything is a connection: it says one of the ten types and has a member of that
/// type beside it; or it says none and has members that nothing else has.
fn looks_like_a_connection(map: &Map<String, Value>) -> bool {
    let has_distinctive = DISTINCTIVE.iter().any(|key| map.contains_key(*key)) || has_cloud_block(map);
    let Some(Value::String(word)) = map.get("type") else {
        return !map.contains_key("type") && has_distinctive;
    };
    if let Some(kind) = Kind::from_name(word) {
        return map.keys().any(|key| {
            key != "type" && Member::child(None, key).is_some_and(|member| member.row().kinds.contains(kind))
        });
    }
    // A near spelling is weaker evidence, and many things have a name.
    Kind::near(word).is_some_and(|(kind, _)| {
        map.keys().any(|key| {
            !matches!(key.as_str(), "type" | "name")
                && Member::child(None, key).is_some_and(|member| member.row().kinds.contains(kind))
        }) || (map.contains_key("config") && map.contains_key("name"))
    })
}

/// `aws.roleArn` and its like, among members that connections have.
fn has_cloud_block(map: &Map<String, Value>) -> bool {
    let leaf = [("aws", "roleArn"), ("azure", "servicePrincipalId"), ("gcp", "serviceAccountId")]
        .iter()
        .any(|(block, leaf)| map.get(*block).and_then(|value| value.get(*leaf)).is_some());
    leaf && map.keys().all(|key| {
        Member::child(None, key).is_some() || REMARKS.contains(&key.as_str()) || RESPONSE_ONLY.contains(&key.as_str())
    })
}
