//! The network access of a connection, and the fields that it requires.

use crate::atlas::fields::{Field, FieldSet};
use crate::atlas::{Kinds, Mode};
use crate::connection::{Connection, NETWORK_BLOCKS, Node};
use crate::diagnostic::{Findings, Fix, Rule, Severity};
use crate::rules::kafka_auth::Access;

pub(crate) static MISSING_CONNECTION_ID: Rule =
    Rule::error("missing-connection-id", "PRIVATE_LINK without an endpoint id").on_all(Kinds::NETWORKED);

pub(crate) static UNUSED_NETWORK_FIELD: Rule =
    Rule::warning("unused-network-field", "a network field that the network access ignores or refuses")
        .on_all(Kinds::NETWORKED)
        .always_fixed();

pub(crate) static UNAVAILABLE_NETWORK_TYPE: Rule = Rule::warning(
    "unavailable-network-type",
    "TRANSIT_GATEWAY, which Atlas does not support yet, or PUBLIC against the settings",
)
.on_all(Kinds::NETWORKED);

pub(super) fn check_id(connection: &Connection, found: &mut Findings) {
    for (access, id) in NETWORK_BLOCKS {
        let (access, node) = (connection.get(access), connection.get(id));
        let is_absent = || node.is_missing() || node.is_empty();
        if !connection.wants_endpoint_id(id) || !is_absent() || found.is_explained(id) {
            continue;
        }
        let key = connection.own_key(id);
        let message = format!("`{}` is PRIVATE_LINK, but `{}` is not set", access.spelling(), node.spelling());
        found
            .report(&MISSING_CONNECTION_ID, message)
            .at(node, if node.is_missing() { format!("missing `{key}`") } else { "empty".to_owned() })
            .and(access, "requires an endpoint id")
            .help(format!("add `{key}`, the Atlas id of the endpoint; `atlas streams privateLinks list` shows it"));
    }
}

/// Fields that some types of network access ignore.
const CANDIDATES: FieldSet = FieldSet::of(&[
    Field::NetworkingAccessConnectionId,
    Field::NetworkingAccessName,
    Field::NetworkingAccessTgwRouteId,
    Field::PublicPrivateNetworkingAccessConnectionId,
]);

pub(super) fn check_unused(connection: &Connection, found: &mut Findings) {
    // Atlas chooses the content of a response.
    if connection.mode == Mode::Response || connection.present.and(CANDIDATES).is_empty() {
        return;
    }
    for (access, id) in NETWORK_BLOCKS {
        let access = connection.get(access);
        let unused: &[Field] = match Access::of(access) {
            Some(Access::Public | Access::Vpc) => &[id, Field::NetworkingAccessName, Field::NetworkingAccessTgwRouteId],
            Some(Access::PrivateLink) => &[Field::NetworkingAccessName, Field::NetworkingAccessTgwRouteId],
            Some(Access::TransitGateway) => &[id],
            None => continue,
        };
        // The value may be in the block of a different type, which is reported.
        if access.is_missing() && found.is_explained(access.field) {
            continue;
        }
        let inside = unused.iter().filter(|field| field.parent() == access.field.parent());
        for &field in inside.filter(|&&field| connection.has_field(field)) {
            report_unused(connection.get(field), access, found);
        }
    }
}

fn report_unused(node: Node, access: Node, found: &mut Findings) {
    // A value of the wrong type has been reported, and an empty string does no harm.
    if node.text().is_none_or(str::is_empty) || node.may_be_null() {
        return;
    }
    let word = access.known_str().unwrap_or("PUBLIC");
    let chosen = if access.is_present() { format!("is {word}") } else { format!("is absent, which means {word}") };
    let is_refused = node.field == Field::NetworkingAccessConnectionId;
    let (effect, severity) = if is_refused { ("refused", Severity::Error) } else { ("ignored", Severity::Warning) };
    let message = format!("`{}` is {effect}: `{}` {chosen}", node.spelling(), access.spelling());
    let help = match node.field {
        Field::NetworkingAccessConnectionId | Field::PublicPrivateNetworkingAccessConnectionId => {
            "delete it, or use PRIVATE_LINK if you mean the endpoint with this id"
        }
        _ => "delete it; Atlas reserves it for later",
    };
    let fix = Fix::unsafe_(format!("Delete `{}`", node.connection.own_key(node.field)), node.remove());
    let finding =
        found.report(&UNUSED_NETWORK_FIELD, message).severity(severity).at_key(node, effect).help(help).fix(fix);
    if access.is_present() {
        finding.and(access, if is_refused { "refuses it" } else { "ignores it" });
    }
}

pub(super) fn check_available(connection: &Connection, found: &mut Findings) {
    if connection.kind.is_some_and(|kind| connection.conventions.private_networking.contains(kind)) {
        check_private(connection, found);
    }
    let (access, route) =
        (connection.get(Field::NetworkingAccessType), connection.get(Field::NetworkingAccessTgwRouteId));
    let is_chosen = access.equals("TRANSIT_GATEWAY") && connection.has_field(Field::NetworkingAccessType);
    if !is_chosen || connection.mode == Mode::Response {
        return;
    }
    let also = if route.is_given()
        || !connection.expresses(route.field)
        || found.is_explained(Field::NetworkingAccessTgwRouteId)
    {
        String::new()
    } else {
        format!("; it also needs `{}`", route.spelling())
    };
    let message = format!("`{}` is TRANSIT_GATEWAY, which Atlas does not support yet{also}", access.spelling());
    found
        .report(&UNAVAILABLE_NETWORK_TYPE, message)
        .at(access, "not available yet")
        .help("use PUBLIC, VPC or PRIVATE_LINK");
}

/// Checks that the network is private, if the settings require it.
fn check_private(connection: &Connection, found: &mut Findings) {
    for access in NETWORK_BLOCKS.map(|(access, _)| connection.get(access)) {
        // The body of a PATCH may omit it, and responses always contain it.
        let may_be_absent = matches!(connection.mode, Mode::Update | Mode::Response);
        let is_excused = access.is_missing() && (may_be_absent || found.is_explained(access.field));
        if !connection.has_field(access.field) || Access::of(access) != Some(Access::Public) || is_excused {
            continue;
        }
        let chosen = if access.is_missing() { "is absent, which means PUBLIC" } else { "is PUBLIC" };
        let help =
            if access.field == Field::NetworkingAccessType { "use VPC or PRIVATE_LINK" } else { "use PRIVATE_LINK" };
        let message = format!("`{}` {chosen}, but the settings require a private network", access.spelling());
        found.report(&UNAVAILABLE_NETWORK_TYPE, message).at(access, "over the public internet").help(help);
    }
}
