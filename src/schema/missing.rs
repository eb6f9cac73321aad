//! Required fields that are absent or empty.

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

/// Whether documents of this mode require all fields.
fn is_complete(connection: &Connection) -> bool {
    matches!(connection.mode, Mode::Create | Mode::Failover)
}

/// Reports an absent required field; for a block, each leaf that it requires.
pub(super) fn block(connection: &Connection, kind: Kind, field: Field, found: &mut Findings) {
    if field == Field::Type {
        return;
    }
    for leaf in field.required_leaves(kind) {
        // The mechanism has its own conditions.
        if leaf != Field::AuthenticationMechanism {
            absent(connection, leaf, found);
        }
    }
}

fn absent(connection: &Connection, leaf: Field, found: &mut Findings) {
    let node = connection.get(leaf);
    let has_default = leaf == Field::Provider && connection.definition.is_tool_call;
    if !is_complete(connection) || !node.is_missing() || found.is_explained(leaf) || has_default {
        return;
    }
    let message = format!("missing field `{}`", node.spelling());
    report(connection, leaf, message, format!("missing `{}`", connection.own_key(leaf)), found);
}

/// Reports a required string that is empty.
pub(super) fn empty(connection: &Connection, field: Field, found: &mut Findings) {
    if !is_complete(connection) {
        return;
    }
    let message = format!("`{}` is empty", connection.get(field).spelling());
    report(connection, field, message, "empty".to_owned(), found);
}

fn report(connection: &Connection, field: Field, message: String, label: String, found: &mut Findings) {
    let node = connection.get(field);
    let fix = added(connection, field).filter(|_| node.is_missing());
    let finding = found.report(&MISSING_FIELD, message).at(node, label).help(hint(connection, field)).fix(fix);
    if field == Field::Name && connection.bare {
        finding.severity(Severity::Warning);
    }
}

/// A fix that adds a field with a placeholder, which is an unknown value. `None` if a placeholder is not a string of
/// the syntax or of the dialect: Terraform takes `${…}` for an expression, and manifests refer to a Secret.
pub(crate) fn added(connection: &Connection, field: Field) -> Option<Fix> {
    let is_reference = field.is_secret() && matches!(connection.dialect(), Dialect::Kubernetes | Dialect::Crossplane);
    let takes_text = field.row().shape == Shape::Text && connection.written().syntax != Syntax::Hcl && !is_reference;
    let kind = connection.kind.filter(|_| takes_text)?;
    // A manifest's `authentication` requires a reference to a Secret as well.
    let is_half = field == Field::AuthenticationMechanism && !connection.get(Field::Authentication).is_present();
    if is_half && connection.dialect() == Dialect::Kubernetes {
        return None;
    }
    let edits = connection.insert(field, &placeholder(kind.name(), field.key()))?;
    Some(Fix::unsafe_(format!("Add `{}` with a placeholder", connection.own_key(field)), edits))
}

/// Kafka's mechanism is optional if a client certificate authenticates the client (evidence.md SEC-003, SEC-005).
pub(super) fn mechanism(connection: &Connection, found: &mut Findings) {
    if connection.kind != Some(Kind::Kafka) || connection.get(Field::AuthenticationMechanism).is_present() {
        return;
    }
    let protocol = connection.get(Field::SecurityProtocol);
    let certificate = [Field::AuthenticationSslCertificate, Field::AuthenticationSslKey]
        .iter()
        .any(|&field| connection.get(field).is_present());
    if !(certificate && (protocol.equals("SSL") || protocol.is_unknown())) {
        absent(connection, Field::AuthenticationMechanism, found);
    }
}

/// A failover connection requires its region (evidence.md FOV-003).
pub(super) fn region(connection: &Connection, found: &mut Findings) {
    let location = &Location { connection, pointer: "/region".to_owned() };
    match connection.root.get("region") {
        Some(Value::String(region)) if !region.is_empty() => {}
        None | Some(Value::String(_)) => {
            found
                .report(&MISSING_FIELD, "missing field `region`, which a failover connection requires")
                .at(location, "missing `region`")
                .help("add one of the workspace's failover regions");
        }
        Some(_) => {
            found
                .report(&WRONG_TYPE, "expected a string for `region`")
                .at(location, "expected a string")
                .help("write the region as one string in quotes");
        }
    }
}

/// The help, with the fields and values of the dialect.
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
            format!("use {}", words(&all)).into()
        }
        Field::SecurityProtocol if !connection.accepts(leaf, "SASL_SSL") => {
            format!("use {}", words(&["SSL", "PLAINTEXT"])).into()
        }
        Field::SecurityProtocol if !connection.expresses(Field::AuthenticationSslCertificate) => {
            format!("use {}", words(&["SASL_SSL", "SASL_PLAINTEXT"])).into()
        }
        _ => Cow::Borrowed(plain_hint(leaf)),
    }
}

fn plain_hint(leaf: Field) -> &'static str {
    match leaf {
        Field::Name => "add `name`, or pass the name to `atlas streams connections create`",
        Field::BootstrapServers => "add the brokers as one string: `\"host:port,host:port\"`",
        Field::SecurityProtocol => "use SASL_SSL, SSL (with a client certificate) or SASL_PLAINTEXT",
        Field::ClusterName => "add the cluster name that `atlas clusters list` shows",
        Field::Url => "add the https:// URL to call",
        Field::AwsRoleArn => "add the ARN of an IAM role from the project's cloud provider access",
        Field::AzureServicePrincipalId => {
            "add the id of an Azure service principal from the project's cloud provider access"
        }
        Field::AzureStorageAccountName => "add the name of the Azure storage account",
        Field::GcpServiceAccountId => {
            "add the email of the Google service account from the project's cloud provider access"
        }
        Field::Provider => "use CONFLUENT, the only provider",
        Field::SchemaRegistryUrls => "add the URL of the registry: `[\"https://…\"]`",
        Field::SchemaRegistryAuthenticationType => "use USER_INFO or SASL_INHERIT",
        Field::DbRoleToExecuteRole => "add the name of a database role",
        Field::DbRoleToExecuteType => "use BUILT_IN or CUSTOM",
        _ => "add it",
    }
}
