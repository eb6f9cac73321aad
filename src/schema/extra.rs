//! Unexpected fields: misspelled, misplaced, of a different type, or only in responses.

use crate::atlas::fields::{CONFIG_KEYS, Field, REMARKS, RESPONSE_ONLY, Shape, Show};
use crate::atlas::secret::{is_known_word, is_word_of, may_be_shown};
use crate::atlas::{Kind, Kinds, Mode};
use crate::connection::{Connection, Item, Node};
use crate::diagnostic::rules::{MISPLACED_FIELD, RESPONSE_ONLY_FIELD, UNKNOWN_FIELD};
use crate::diagnostic::{Edit, Finding, Findings, Fix, Severity, Target};
use crate::document::Entry;
use crate::document::value::Value;
use crate::text::order::sort_by_key;
use crate::text::suggest;

/// Common names for fields that edit distance does not reach (evidence.md GEN-008), with their fields. The first row
/// whose field belongs to the type applies.
const ALIASES: &[(&str, Field)] = &[
    ("configuration", Field::Config),
    ("configs", Field::Config),
    ("auth", Field::Authentication),
    ("brokers", Field::BootstrapServers),
    ("bootstrap.servers", Field::BootstrapServers),
    ("connectionName", Field::Name),
    ("servers", Field::BootstrapServers),
    ("user", Field::AuthenticationUsername),
    ("user", Field::SchemaRegistryAuthenticationUsername),
    ("pass", Field::AuthenticationPassword),
    ("pass", Field::SchemaRegistryAuthenticationPassword),
    ("pwd", Field::AuthenticationPassword),
    ("pwd", Field::SchemaRegistryAuthenticationPassword),
    ("saslMechanism", Field::AuthenticationMechanism),
    ("saslUsername", Field::AuthenticationUsername),
    ("saslPassword", Field::AuthenticationPassword),
    ("securityProtocol", Field::SecurityProtocol),
    ("caCertificate", Field::SecurityBrokerPublicCertificate),
    ("cluster", Field::ClusterName),
    ("clusterId", Field::ClusterName),
    ("clusterProjectId", Field::ClusterGroupId),
    ("dbRole", Field::DbRoleToExecute),
    ("baseUrl", Field::Url),
    ("endpoint", Field::Url),
    ("uri", Field::Url),
    ("url", Field::SchemaRegistryUrls),
    ("urls", Field::SchemaRegistryUrls),
    ("endpoint", Field::SchemaRegistryUrls),
    ("schemaRegistryUrl", Field::SchemaRegistryUrls),
    ("schemaRegistryProvider", Field::Provider),
    ("arn", Field::AwsRoleArn),
    ("roleARN", Field::AwsRoleArn),
    ("bucket", Field::AwsTestBucket),
    ("tgwId", Field::NetworkingAccessTgwRouteId),
];

/// Keys that mean another field of their own object, although a field elsewhere has this key.
const LOCAL_ALIASES: &[(Field, &str, Field)] = &[
    (Field::Authentication, "type", Field::AuthenticationMechanism),
    (Field::Security, "type", Field::SecurityProtocol),
    (Field::DbRoleToExecute, "name", Field::DbRoleToExecuteRole),
    (Field::SchemaRegistryAuthentication, "mechanism", Field::SchemaRegistryAuthenticationType),
];

/// Reports a field that the schema of the connection's type does not have at this pointer.
pub(super) fn report(connection: &Connection, kind: Kind, parent: Option<Field>, item: &Item, found: &mut Findings) {
    // In a damaged text, any text may look like a key.
    if is_lost(connection, item) || is_response_part(connection, item, found) || is_type(connection, item) {
        return;
    }
    if let Some(field) = Field::child(parent, item.key) {
        return foreign(connection, kind, field, item, found);
    }
    let is_of_kind = |field: &Field| field.row().kinds.contains(kind);
    let is_here = |(object, key, field): &&(Field, &str, Field)| {
        Some(*object) == parent && *key == item.key && is_of_kind(field) && !connection.get(*field).is_present()
    };
    if let Some((.., target)) = LOCAL_ALIASES.iter().find(is_here) {
        return misspelt(connection, item, parent, *target, found);
    }
    if let Some(target) = meant(parent, Field::named(item.key).filter(is_of_kind)) {
        return misplaced(connection, item, target, found);
    }
    let siblings = || Field::ALL.iter().copied().filter(|field| field.parent() == parent && is_of_kind(field));
    let target = of_kind(kind, item.key)
        .or_else(|| nearest(connection, item, siblings()))
        .or_else(|| nearest(connection, item, Field::ALL.iter().copied().filter(is_of_kind)));
    let elsewhere = Field::named(item.key).map(|field| field.row().kinds).next();
    match (target, elsewhere) {
        (Some(target), _) => misspelt(connection, item, parent, target, found),
        (None, Some(kinds)) => {
            let key = item.own_key();
            found
                .report(&MISPLACED_FIELD, format!("`{key}` does not belong to {}", connections(Kinds::of(&[kind]))))
                .at_key(item, "wrong connection type")
                .help(belongs_to(connection, kinds));
        }
        (None, None) => unknown(connection, item, found),
    }
}

/// Whether a syntax error affects this field. An unknown value does not make its key uncertain.
fn is_lost(connection: &Connection, item: &Item) -> bool {
    connection.document.damaged && item.is_damaged()
}

/// Whether this field contains the type under a similar name, which has its own finding.
fn is_type(connection: &Connection, item: &Item) -> bool {
    connection.type_key == Some(item.entry)
}

/// The intended one of several fields with the same key: usually the one in a nested object of `parent`.
fn meant(parent: Option<Field>, mut named: impl Iterator<Item = Field> + Clone) -> Option<Field> {
    let is_inside = |field: &Field| {
        let mut around = std::iter::successors(field.parent(), |around| around.parent());
        parent.is_some_and(|parent| around.any(|around| around == parent))
    };
    named.clone().find(is_inside).or_else(|| named.next())
}

/// The field of this type with this key, at any pointer, or with this alias.
fn of_kind(kind: Kind, key: &str) -> Option<Field> {
    let is_of_kind = |field: &Field| field.row().kinds.contains(kind);
    let alias = || ALIASES.iter().find(|(word, field)| *word == key && is_of_kind(field)).map(|(_, field)| *field);
    Field::named(key).find(is_of_kind).or_else(alias)
}

/// The field with the most similar key, in the dialect's spelling or else in the API's.
fn nearest(connection: &Connection, item: &Item, mut fields: impl Iterator<Item = Field> + Clone) -> Option<Field> {
    let spellings = fields.clone().map(|field| connection.own_key(field)).collect::<Vec<_>>();
    if let Some(nearest) = suggest::nearest(&item.own_key(), spellings.iter().map(String::as_str)) {
        return fields.find(|field| connection.own_key(*field) == nearest);
    }
    let nearest = suggest::nearest(item.key, fields.clone().map(Field::key))?;
    fields.find(|field| field.key() == nearest)
}

/// Checks fields that no type has, if the type is unknown.
pub(super) fn of_no_type(connection: &Connection, found: &mut Findings) {
    let objects = Field::ALL.iter().copied().filter(|field| field.row().shape == Shape::Object).map(Some);
    for parent in std::iter::once(None).chain(objects) {
        if parent.is_some_and(|field| !connection.get(field).is_present()) {
            continue;
        }
        for item in connection.items(parent) {
            if Field::child(parent, item.key).is_some()
                || is_lost(connection, &item)
                || is_response_part(connection, &item, found)
                || is_type(connection, &item)
            {
                continue;
            }
            let alias = ALIASES.iter().find(|(word, _)| *word == item.key).map(|(_, field)| *field);
            let siblings = Field::ALL.iter().copied().filter(|field| field.parent() == parent);
            match (meant(parent, Field::named(item.key)), alias.or_else(|| nearest(connection, &item, siblings))) {
                (Some(target), _) => misplaced(connection, &item, target, found),
                (None, Some(target)) => misspelt(connection, &item, parent, target, found),
                (None, None) => unknown(connection, &item, found),
            }
        }
    }
}

/// Fields of `sops`, which SOPS adds to a text with encrypted values. Without them, the values cannot be decrypted.
const OF_SOPS: &[&str] = &["mac", "lastmodified", "version", "kms", "pgp", "age", "gcp_kms", "azure_kv", "hc_vault"];

fn is_of_sops(item: &Item) -> bool {
    item.key == "sops" && item.pointer() == "/sops" && item.items().any(|inner| OF_SOPS.contains(&inner.key))
}

/// Comments are never checked; response fields are allowed in responses.
fn is_response_part(connection: &Connection, item: &Item, found: &mut Findings) -> bool {
    let key = item.key;
    if REMARKS.contains(&key) || is_of_sops(item) {
        return true;
    }
    if !RESPONSE_ONLY.contains(&key) {
        return false;
    }
    let is_failover_region = connection.mode == Mode::Failover && item.pointer() == "/region";
    if connection.mode != Mode::Response && !is_failover_region {
        let key = item.own_key();
        found
            .report(&RESPONSE_ONLY_FIELD, format!("`{key}` belongs only in responses: Atlas sets it"))
            .at_key(item, "only in responses")
            .help("delete it")
            .fix(Fix::safe(format!("Delete `{key}`"), item.remove()));
    }
    true
}

/// A field of the API at its right pointer, but of another connection type.
fn foreign(connection: &Connection, kind: Kind, field: Field, item: &Item, found: &mut Findings) {
    // Connections of several types may share one text, in which the others' fields are null.
    if connection.document.entry(item.entry).has(Entry::NULLABLE) {
        return;
    }
    if field == Field::AwsTestBucket {
        let key = item.own_key();
        // The API's own schema has it for every AWS type (evidence.md AWS-005).
        if connection.mode != Mode::Response {
            found
                .report(&MISPLACED_FIELD, format!("`{key}` is ignored: only S3 connections use it"))
                .at_key(item, "ignored")
                .severity(Severity::Warning)
                .help("delete it");
        }
        return;
    }
    let counterpart = match field {
        Field::Networking => Some(Field::PublicPrivateNetworking),
        Field::PublicPrivateNetworking => Some(Field::Networking),
        Field::Url => Some(Field::SchemaRegistryUrls),
        _ => None,
    }
    .filter(|counterpart| counterpart.row().kinds.contains(kind));
    // A block of a different type may contain the fields that this type lacks.
    let nested = item
        .items()
        .filter(|inner| Field::child(Some(field), inner.key).is_none())
        .filter_map(|inner| of_kind(kind, inner.key))
        .collect::<Vec<_>>();
    for field in nested.iter().copied().chain(counterpart) {
        found.explain(field);
    }
    let help = match (counterpart, nested.first()) {
        (Some(right), _) if connection.path(right).is_none() => belongs_to(connection, field.row().kinds),
        (Some(right), _) => format!("use `{}` in {}", connection.own_key(right), connections(Kinds::of(&[kind]))),
        (None, Some(inside)) => {
            let (kinds, key) = (connections(field.row().kinds), connection.own_key(*inside));
            format!("use it only in {kinds}, or move `{key}` {}", to_place(connection, *inside))
        }
        (None, None) => belongs_to(connection, field.row().kinds),
    };
    let fix = counterpart
        .filter(|right| !connection.get(*right).is_present() && right.row().shape == Shape::Object)
        .filter(|right| connection.path(*right).is_some())
        .map(|right| connection.own_key(right))
        .map(|right| Fix::unsafe_(format!("Rename it to `{right}`"), item.rename_to(&right)))
        .or_else(|| merge_into(connection, item, counterpart?));
    let message = format!("`{}` does not belong to {}", item.spelling(), connections(Kinds::of(&[kind])));
    found.report(&MISPLACED_FIELD, message).at_key(item, "wrong connection type").help(help).fix(fix);
}

/// A field of this type at a wrong pointer.
fn misplaced(connection: &Connection, item: &Item, target: Field, found: &mut Findings) {
    found.explain(target);
    let place = place_of(connection, target);
    // Several types have the field, each in a different object.
    let is_open = connection.kind.is_none() && Field::named(item.key).nth(1).is_some();
    let label = if is_open { "depends on the type".to_owned() } else { format!("belongs {place}") };
    let report =
        found.report(&MISPLACED_FIELD, format!("`{}` is in the wrong place", item.spelling())).at_key(item, label);
    if connection.get(target).is_present() {
        given_already(report, connection.get(target), &connection.spelling(target));
    } else {
        // The block is optional, but both of its fields are required together.
        let is_half =
            target.parent() == Some(Field::DbRoleToExecute) && !connection.get(Field::DbRoleToExecute).is_present();
        let help = if is_open {
            "correct `type` first; the place of the field depends on it".to_owned()
        } else if is_half {
            let [role, kind] =
                [Field::DbRoleToExecuteRole, Field::DbRoleToExecuteType].map(|it| connection.own_key(it));
            format!("move it {}, as `{role}`, and add `{kind}`", to_place(connection, target))
        } else {
            format!("move it {}", to_place(connection, target))
        };
        report.help(help).fix(if is_half { None } else { move_to(connection, item, target) });
    }
}

/// Adds that the intended field is already set.
fn given_already(report: Finding, node: Node, right: &str) {
    report.and_key(node, "this one is used").help(format!("delete it: `{right}` is already set"));
}

/// Returns where a field belongs, as a phrase.
fn place_of(connection: &Connection, field: Field) -> String {
    match connection.spelling(field).rsplit_once('.') {
        None => "at the top level".to_owned(),
        Some((parent, _)) => format!("in `{parent}`"),
    }
}

/// Returns where a field should be moved, as a phrase.
fn to_place(connection: &Connection, field: Field) -> String {
    match connection.spelling(field).rsplit_once('.') {
        None => "to the top level".to_owned(),
        Some((parent, _)) => format!("into `{parent}`"),
    }
}

fn misspelt(connection: &Connection, item: &Item, parent: Option<Field>, target: Field, found: &mut Findings) {
    found.explain(target);
    let here = target.parent() == parent;
    let right = if here { connection.own_key(target) } else { connection.spelling(target) };
    let free = !connection.get(target).is_present();
    let fix = if here && free {
        Some(Fix::unsafe_(format!("Rename it to `{right}`"), item.rename_to(&right)))
    } else {
        free.then(|| move_to(connection, item, target)).flatten()
    };
    let report = found
        .report(&UNKNOWN_FIELD, format!("unknown field `{}`", item.own_key()))
        .at_key(item, format!("did you mean `{right}`?"));
    if free {
        report.help(format!("use `{right}`{}", connection.dialect().fate_of_unknown())).fix(fix);
    } else {
        given_already(report, connection.get(target), &right);
    }
}

fn unknown(connection: &Connection, item: &Item, found: &mut Findings) {
    // An item of a custom list around connections may have custom fields.
    let is_own = connection.definition.in_list && item.pointer().matches('/').count() == 1;
    found
        .report(&UNKNOWN_FIELD, format!("unknown field `{}`", item.own_key()))
        .at_key(item, "unknown field")
        .severity(if is_own { Severity::Warning } else { Severity::Error })
        .help(format!("delete it{}", connection.dialect().fate_of_unknown()));
}

/// Fields of the API inside Kafka's `config`, which would be silently ignored.
pub(super) fn inside_config(connection: &Connection, found: &mut Findings) {
    if connection.kind.is_some_and(|kind| !Field::Config.row().kinds.contains(kind)) {
        return;
    }
    let config = connection.get(Field::Config);
    let Some(Value::Object(map)) = config.value() else { return };
    if !map.keys().any(is_api_member) {
        return;
    }
    for item in connection.items(Some(Field::Config)) {
        if !is_api_member(item.key) || is_lost(connection, &item) {
            continue;
        }
        let kind = connection.kind;
        let target = Field::named(item.key).find(|field| kind.is_none_or(|kind| field.row().kinds.contains(kind)));
        match target.or_else(|| Field::named(item.key).next()) {
            Some(target) if Some(target) == connection.get(target).value().map(|_| target) => {
                found
                    .report(&MISPLACED_FIELD, format!("`{}` is ignored: it is not a Kafka setting", item.spelling()))
                    .at_key(&item, format!("belongs {}", place_of(connection, target)))
                    .and_key(connection.get(target), "this one is used")
                    .help("delete it");
            }
            // The type decides the right object.
            Some(target) if kind.is_none() && target.row().kinds != Kinds::ALL => {
                found.explain(target);
                found
                    .report(&MISPLACED_FIELD, format!("`{}` is ignored: it is not a Kafka setting", item.spelling()))
                    .at_key(&item, "depends on the type")
                    .help("correct `type` first; the fields depend on it");
            }
            Some(target) => misplaced(connection, &item, target, found),
            None => {}
        }
    }
}

/// Whether a key inside `config` is a field of the API rather than a Kafka setting.
pub(crate) fn is_api_member(key: &str) -> bool {
    !key.contains('.') && !CONFIG_KEYS.contains(&key) && Field::named(key).next().is_some()
}

/// Moves a string that may be shown to its right pointer, if that is still free.
fn move_to(connection: &Connection, item: &Item, target: Field) -> Option<Fix> {
    let may_show = target.row().show == Show::Whole && target.row().shape == Shape::Text;
    let text = item.value.as_str().filter(|text| !text.contains('@'))?;
    // A custom object may contain anything, such as a `connectionString`.
    let is_plain = (item.key == target.key() && may_be_shown(text, target.row().marks)) || is_known_word(text);
    // If the type is unknown, the object may be that of a different type.
    let is_sure = connection.kind.is_some() || target.row().kinds == Kinds::ALL;
    if !is_sure || !may_show || !is_plain || connection.get(target).is_present() || connection.document.damaged {
        return None;
    }
    if let Some(edits) = item.wrap(target) {
        return Some(Fix::unsafe_(format!("Move it to `{}`", connection.spelling(target)), edits));
    }
    let mut edits = connection.insert(target, text)?;
    let removal = item.remove();
    // The removal must not delete the comma that the insertion follows.
    if removal.iter().any(|gone| {
        edits.iter().any(|edit: &Edit| edit.span.start >= gone.span.start && edit.span.start <= gone.span.end)
    }) {
        return None;
    }
    edits.extend(removal);
    sort_by_key(&mut edits, |edit| edit.span.start);
    let is_shown = is_word_of(&item.own_key(), text);
    Some(Fix::unsafe_(format!("Move it to `{}`", connection.spelling(target)), edits).of_masked(!is_shown))
}

/// Moves the only value of a different type's block into the type's own block, which lacks it.
fn merge_into(connection: &Connection, item: &Item, block: Field) -> Option<Fix> {
    if block.row().shape != Shape::Object || connection.document.damaged {
        return None;
    }
    let mut values = Vec::new();
    values_of(item, block, &mut values)?;
    // A value that the type's own block already has is not lost.
    values.retain(|(target, text)| connection.get(*target).known_str() != Some(text.as_str()));
    let [(target, text)] = values.as_slice() else { return None };
    if connection.get(*target).is_present() {
        return None;
    }
    let mut edits = connection.insert(*target, text)?;
    let removal = item.remove();
    let touches = |edit: &Edit, gone: &Edit| edit.span.end >= gone.span.start && edit.span.start <= gone.span.end;
    if removal.is_empty() || removal.iter().any(|gone| edits.iter().any(|edit| touches(edit, gone))) {
        return None;
    }
    edits.extend(removal);
    sort_by_key(&mut edits, |edit| edit.span.start);
    let is_shown = is_known_word(text);
    Some(Fix::unsafe_(format!("Move it to `{}`", connection.spelling(*target)), edits).of_masked(!is_shown))
}

/// The values inside a block, each with its field in the type's own block; `None` if one has no field there.
fn values_of(item: &Item, block: Field, values: &mut Vec<(Field, String)>) -> Option<()> {
    for inner in item.items() {
        let target = Field::child(Some(block), inner.key)?;
        if inner.value.is_object() {
            values_of(&inner, target, values)?;
        } else {
            let is_public = target.row().show == Show::Whole && target.row().shape == Shape::Text;
            let text = inner.known_str(false).filter(|text| is_public && may_be_shown(text, target.row().marks))?;
            values.push((target, text.to_owned()));
        }
    }
    Some(())
}

/// The help for a field of other types, with the types that the dialect supports.
fn belongs_to(connection: &Connection, kinds: Kinds) -> String {
    let known = kinds.iter().filter(|kind| connection.accepts(Field::Type, kind.name())).collect::<Vec<_>>();
    match known.as_slice() {
        [] => "delete it".to_owned(),
        known => format!("delete it; it belongs to {}", connections(Kinds::of(known))),
    }
}

/// "Kafka connections", "S3, AWSLambda and AWSKinesisDataStreams connections".
fn connections(kinds: Kinds) -> String {
    let names = kinds.iter().map(Kind::name).collect::<Vec<_>>();
    match names.split_last() {
        Some((last, [])) => format!("{last} connections"),
        Some((last, rest)) => format!("{} and {last} connections", rest.join(", ")),
        None => "no connection".to_owned(),
    }
}
