//! Required fields that are not there, or are empty.

use std::borrow::Cow;

use super::Location;
use crate::atlas::fields::{Field, Shape};
use crate::atlas::{Kind, Mode};
use crate::connection::{Connection, Dialect};
use crate::diagnostic::rules::{MISSING_FIELD, WRONG_TYPE};
use crate::diagnostic::{Findings, Fix, Severity};
use crate::document::value::Value;
use crate::text::Syntax;
use crate::text::placeholder::placeholder;

/// Whether this kind of document must have everything.
fn is_complete(connection: &Connection) -> bool {
    matches!(connection.mode, Mode::Create | Mode::Failover)
}

/// A required field is absent; for a block, each leaf that it would have to hold.
pub(super) fn block(connection: &Connection, kind: Kind, field: Field, found: &mut Findings) {
    if field == Field::Type {
        return;
    }
    for leaf in field.required_leaves(kind) {
        // The mechanism has conditions of its own.
        if leaf != Field::AuthenticationMechanism {
            absent(connection, leaf, found);
        }
    }
}

fn absent(connection: &Connection, leaf: Field, found: &mut Findings) {
    let node = connection.get(leaf);
    if !is_complete(connection) || !node.is_missing() || found.is_explained(leaf) {
        return;
    }
    report(connection, leaf, "is missing", &format!("missing `{}`", connection.own_key(leaf)), found);
}

/// A required string is there and empty.
pub(super) fn empty(connection: &Connection, field: Field, found: &mut Findings) {
    if !is_complete(connection) {
        return;
    }
    report(connection, field, "is empty", "empty", found);
}

fn report(connection: &Connection, field: Field, state: &str, label: &str, found: &mut Findings) {
    let node = connection.get(field);
    let message = format!("`{}` {state}", node.spelling());
    let fix = added(connection, field).filter(|_| node.is_missing());
    let finding =
        found.report(&MISSING_FIELD, message).at(node, label.to_owned()).help(hint(connection, field)).fix(fix);
    if field == Field::Name && connection.bare {
        finding.severity(Severity::Warning);
    }
}

/// A fix that adds a field with a placeholder, which is an unknown value. None where a placeholder is no string of the
/// syntax: Terraform takes `${…}` for an expression.
fn added(connection: &Connection, field: Field) -> Option<Fix> {
    let takes_text = field.row().shape == Shape::Text && connection.written().syntax != Syntax::Hcl;
    let kind = connection.kind.filter(|_| takes_text)?;
    // A manifest's `authentication` needs a reference to a Secret as well.
    let is_half = field == Field::AuthenticationMechanism && !connection.get(Field::Authentication).is_present();
    if is_half && connection.dialect() == Dialect::Kubernetes {
        return None;
    }
    let edits = connection.insert(field, &placeholder(kind.name(), field.key()))?;
    Some(Fix::unsafe_(format!("Add `{}` with a placeholder", connection.own_key(field)), edits))
}

/// Kafka's mechanism may be absent when a client certificate says who the client is (evidence.md SEC-003, SEC-005).
pub(super) fn mechanism(connection: &Connection, found: &mut Findings) {
    if connection.kind != Some(Kind::Kafka) || connection.get(Field::AuthenticationMechanism).is_present() {
        return;
    }
    let protocol = connection.get(Field::SecurityProtocol);
    let certificate = [Field::AuthenticationSslCertificate, Field::AuthenticationSslKey]
        .iter()
        .any(|&field| connection.get(field).is_present());
    if !(certificate && (protocol.says("SSL") || protocol.is_unknown())) {
        absent(connection, Field::AuthenticationMechanism, found);
    }
}

/// A failover connection says the region it fails over to (evidence.md FOV-003).
pub(super) fn region(connection: &Connection, found: &mut Findings) {
    let location = &Location { connection, pointer: "/region".to_owned() };
    match connection.root.get("region") {
        Some(Value::String(region)) if !region.is_empty() => {}
        None | Some(Value::String(_)) => {
            found
                .report(&MISSING_FIELD, "missing field `region`: a failover connection is in another region")
                .at(location, "missing `region`")
                .help("name one of the workspace's failover regions");
        }
        Some(_) => {
            found
                .report(&WRONG_TYPE, "`region` must be a string")
                .at(location, "not a string")
                .help("name a region in quotes");
        }
    }
}

/// What to do, in words and values that the dialect has.
fn hint(connection: &Connection, leaf: Field) -> Cow<'static, str> {
    let words = |words: &[&'static str]| {
        let words = words.iter().copied().filter(|word| connection.accepts(leaf, word)).collect::<Vec<_>>();
        match words.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::new(),
        }
    };
    match leaf {
        Field::Name if !connection.bare => format!("add `{}`", connection.spelling(leaf)).into(),
        Field::AuthenticationMechanism => {
            let all = ["PLAIN", "SCRAM-256", "SCRAM-512", "OAUTHBEARER", "AWS_MSK_IAM"];
            format!("choose {}", words(&all)).into()
        }
        Field::SecurityProtocol if !connection.accepts(leaf, "SASL_SSL") => {
            format!("choose {}", words(&["SSL", "PLAINTEXT"])).into()
        }
        Field::SecurityProtocol if !connection.expresses(Field::AuthenticationSslCertificate) => {
            format!("choose {}", words(&["SASL_SSL", "SASL_PLAINTEXT"])).into()
        }
        _ => Cow::Borrowed(plain_hint(leaf)),
    }
}

fn plain_hint(leaf: Field) -> &'static str {
    match leaf {
        Field::Name => "add a `name`, or give one to `atlas streams connections create`",
        Field::BootstrapServers => "list the brokers as one string: `\"host:port,host:port\"`",
        Field::SecurityProtocol => "choose SASL_SSL, SSL (with a client certificate) or SASL_PLAINTEXT",
        Field::ClusterName => "name an Atlas cluster as Atlas shows it",
        Field::Url => "set the https:// URL to call",
        Field::AwsRoleArn => "give the ARN of an IAM role that is registered under the project's cloud provider access",
        Field::AzureServicePrincipalId => {
            "give the id of an Azure service principal that the project's cloud provider access knows"
        }
        Field::AzureStorageAccountName => "name the Azure storage account",
        Field::GcpServiceAccountId => {
            "give the e-mail of the Google service account from the project's cloud provider access"
        }
        Field::Provider => "write CONFLUENT, the only provider",
        Field::SchemaRegistryUrls => "list the registry's addresses: `[\"https://…\"]`",
        Field::SchemaRegistryAuthenticationType => "choose USER_INFO or SASL_INHERIT",
        Field::DbRoleToExecuteRole => "name a database role",
        Field::DbRoleToExecuteType => "choose BUILT_IN or CUSTOM",
        _ => "add it",
    }
}
