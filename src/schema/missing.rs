//! Required members that are not there, or are empty.

use super::Spot;
use crate::atlas::Kind;
use crate::atlas::Mode;
use crate::atlas::fields::Member;
use crate::connection::Connection;
use crate::diagnostic::Findings;
use crate::diagnostic::Severity;
use crate::diagnostic::rules::{MISSING_FIELD, WRONG_TYPE};
use crate::document::value::Value;

/// Whether this kind of document must have everything.
fn is_complete(connection: &Connection) -> bool {
    matches!(connection.mode, Mode::Create | Mode::Failover)
}

/// A required member is absent; for a block, each leaf that it would have to hold.
pub(super) fn block(connection: &Connection, kind: Kind, member: Member, found: &mut Findings) {
    if member == Member::Type {
        return;
    }
    for leaf in member.required_leaves(kind) {
        // The mechanism has conditions of its own.
        if leaf != Member::Mechanism {
            absent(connection, leaf, found);
        }
    }
}

fn absent(connection: &Connection, leaf: Member, found: &mut Findings) {
    let node = connection.get(leaf);
    if !is_complete(connection) || !node.is_missing() || found.is_explained(leaf) {
        return;
    }
    let field = node.spelling();
    let finding = found
        .report(&MISSING_FIELD, format!("`{field}` is missing"))
        .at(node, format!("no `{}` in here", connection.own_key(leaf)))
        .help(hint(leaf));
    if leaf == Member::Name && connection.bare {
        finding.severity(Severity::Warning);
    }
}

/// A required string is there and empty.
pub(super) fn empty(connection: &Connection, member: Member, found: &mut Findings) {
    if !is_complete(connection) {
        return;
    }
    let node = connection.get(member);
    let finding =
        found.report(&MISSING_FIELD, format!("`{}` is empty", node.spelling())).at(node, "empty").help(hint(member));
    if member == Member::Name && connection.bare {
        finding.severity(Severity::Warning);
    }
}

/// Kafka's mechanism may be absent when a client certificate says who the client is (evidence.md SEC-003, SEC-005).
pub(super) fn mechanism(connection: &Connection, found: &mut Findings) {
    if connection.kind != Some(Kind::Kafka) || connection.get(Member::Mechanism).is_present() {
        return;
    }
    let protocol = connection.get(Member::Protocol);
    let certificate =
        [Member::SslCertificate, Member::SslKey].iter().any(|&member| connection.get(member).is_present());
    if !(certificate && (protocol.says("SSL") || protocol.is_unknown())) {
        absent(connection, Member::Mechanism, found);
    }
}

/// A failover connection says the region it fails over to (evidence.md FOV-003).
pub(super) fn region(connection: &Connection, found: &mut Findings) {
    let spot = Spot { connection, pointer: "/region".to_owned() };
    match connection.root.get("region") {
        Some(Value::String(region)) if !region.is_empty() => {}
        None | Some(Value::String(_)) => {
            found
                .report(&MISSING_FIELD, "`region` is missing: a failover connection stands in another region")
                .at(spot, "no `region` in here")
                .help("name one of the workspace's failover regions");
        }
        Some(_) => {
            found
                .report(&WRONG_TYPE, "`region` must be a string")
                .at(spot, "not a string")
                .help("name a region in quotes");
        }
    }
}

fn hint(leaf: Member) -> &'static str {
    match leaf {
        Member::Name => "add a `name`, or give one to `atlas streams connections create`",
        Member::BootstrapServers => "list the brokers as one string: `\"host:port,host:port\"`",
        Member::Mechanism => "choose PLAIN, SCRAM-256, SCRAM-512, OAUTHBEARER or AWS_MSK_IAM",
        Member::Protocol => "choose SASL_SSL, SSL (with a client certificate) or SASL_PLAINTEXT",
        Member::ClusterName => "name an Atlas cluster as Atlas shows it",
        Member::Url => "give the absolute https:// address to call",
        Member::RoleArn => "give the ARN of an IAM role that is registered under the project's cloud provider access",
        Member::ServicePrincipalId => {
            "give the id of an Azure service principal that the project's cloud provider access knows"
        }
        Member::StorageAccountName => "name the Azure storage account",
        Member::ServiceAccountId => {
            "give the e-mail of the Google service account from the project's cloud provider access"
        }
        Member::Provider => "write CONFLUENT, the only provider there is",
        Member::SchemaRegistryUrls => "list the registry's addresses: `[\"https://…\"]`",
        Member::RegistryAuthType => "choose USER_INFO or SASL_INHERIT",
        Member::Role => "name the database role that stream processing acts as",
        Member::RoleType => "choose BUILT_IN or CUSTOM",
        _ => "add it",
    }
}
