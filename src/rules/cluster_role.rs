//! The database role of a Cluster connection.

use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::connection::Connection;
use crate::diagnostic::{Findings, Fix, Rule};
use crate::text::suggest;

pub(crate) static UNKNOWN_BUILT_IN_ROLE: Rule =
    Rule::warning("unknown-built-in-role", "a BUILT_IN role that is not documented for stream processing")
        .on(&[Kind::Cluster])
        .sometimes_fixed();

pub(crate) static RESERVED_ROLE_NAME: Rule =
    Rule::warning("reserved-role-name", "a CUSTOM role with a reserved name").on(&[Kind::Cluster]);

pub(crate) static OVERPRIVILEGED_ROLE: Rule =
    Rule::info("overprivileged-role", "a role with far more rights than stream processing needs").on(&[Kind::Cluster]);

/// The built-in roles of a database user that a connection may use. Source: evidence.md CLU-004.
const BUILT_IN: &[&str] = &["readWriteAnyDatabase", "readAnyDatabase", "atlasAdmin"];

/// Roles for one database, and the allowed role that is probably meant.
const NARROWER: &[(&str, &str)] = &[("readwrite", "readWriteAnyDatabase"), ("read", "readAnyDatabase")];

/// The names of MongoDB's own roles, in addition to those above. Source: evidence.md CLU-005; the server manual's
/// built-in roles.
const RESERVED: &[&str] = &[
    "__system",
    "backup",
    "clusterAdmin",
    "clusterManager",
    "clusterMonitor",
    "dbAdmin",
    "dbAdminAnyDatabase",
    "dbOwner",
    "directShardOperations",
    "enableSharding",
    "hostManager",
    "read",
    "readWrite",
    "restore",
    "root",
    "searchCoordinator",
    "userAdmin",
    "userAdminAnyDatabase",
];

/// The role, if the definition sets this type.
fn role_of<'c>(connection: &'c Connection<'c>, role_type: &str) -> Option<&'c str> {
    let is_of_type = connection.get(Field::DbRoleToExecuteType).equals(role_type);
    connection.get(Field::DbRoleToExecuteRole).known_str().filter(|role| is_of_type && !role.is_empty())
}

pub(super) fn unknown_built_in(connection: &Connection, found: &mut Findings) {
    let is_known = |role: &str| {
        BUILT_IN.contains(&role) || connection.conventions.known_built_in_roles.iter().any(|known| known == role)
    };
    let Some(role) = role_of(connection, "BUILT_IN").filter(|role| !is_known(role)) else { return };
    let node = connection.get(Field::DbRoleToExecuteRole);
    // `readWrite@admin` is the notation of the shell and of connection strings.
    let bare = role.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let narrower = NARROWER.iter().find(|(name, _)| *name == bare).map(|(_, any)| *any);
    let guess = narrower.or_else(|| suggest::nearest(&bare.replace([' ', '_', '-'], ""), BUILT_IN.iter().copied()));
    let label = guess.map_or_else(|| "not a documented role".to_owned(), |guess| format!("did you mean `{guess}`?"));
    let message =
        format!("`{}` is {}, which is not a built-in role for stream processing", node.spelling(), node.quoted());
    found
        .report(&UNKNOWN_BUILT_IN_ROLE, message)
        .at(node, label)
        .help(format!(
            "write readWriteAnyDatabase, readAnyDatabase or atlasAdmin, or set `{}` to CUSTOM if the project defines \
             this role",
            connection.spelling(Field::DbRoleToExecuteType)
        ))
        .fix(guess.map(|guess| Fix::unsafe_(format!("Use {guess}"), node.replace_with(guess))));
}

pub(super) fn reserved(connection: &Connection, found: &mut Findings) {
    let Some(role) = role_of(connection, "CUSTOM") else { return };
    let node = connection.get(Field::DbRoleToExecuteRole);
    let (why, help) = if BUILT_IN.contains(&role) {
        (
            "is the name of a built-in role",
            format!(
                "set `{}` to BUILT_IN, or use the name of a custom role",
                connection.spelling(Field::DbRoleToExecuteType)
            ),
        )
    } else if RESERVED.contains(&role) {
        (
            "is the name of a built-in role",
            "use the name of a custom role of the project, or readWriteAnyDatabase".to_owned(),
        )
    } else if role.starts_with("xgen-") {
        ("starts with `xgen-`, which MongoDB reserves", "use the name of a custom role of the project".to_owned())
    } else {
        return;
    };
    found
        .report(&RESERVED_ROLE_NAME, format!("the custom role in `{}` {why}", node.spelling()))
        .at(node, "cannot be a custom role")
        .help(help);
}

pub(super) fn overprivileged(connection: &Connection, found: &mut Findings) {
    if role_of(connection, "BUILT_IN") != Some("atlasAdmin") {
        return;
    }
    let node = connection.get(Field::DbRoleToExecuteRole);
    let message = format!("`{}` is atlasAdmin, which allows far more than a stream processor needs", node.spelling());
    found
        .report(&OVERPRIVILEGED_ROLE, message)
        .at(node, "administers the whole cluster")
        .help("use readWriteAnyDatabase, or a custom role for the collections that processors write to");
}
