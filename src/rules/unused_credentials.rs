//! Credentials that the chosen mechanism or protocol ignores.

use crate::atlas::fields::{Field, FieldSet};
use crate::atlas::pem::PemShape;
use crate::atlas::{Kind, Mode};
use crate::connection::{Connection, Node};
use crate::diagnostic::{Findings, Fix, Rule};
use crate::rules::kafka_auth::{Mechanism, Protocol};

pub(crate) static UNUSED_CREDENTIALS: Rule =
    Rule::warning("unused-credentials", "credentials that the chosen mechanism or protocol ignores")
        .on(&[Kind::Kafka, Kind::SchemaRegistry])
        .always_fixed();

/// Fields that some choices ignore, in the order of the table.
const CANDIDATES: FieldSet = FieldSet::of(&[
    Field::AuthenticationUsername,
    Field::AuthenticationPassword,
    Field::AuthenticationMethod,
    Field::AuthenticationTokenEndpointUrl,
    Field::AuthenticationClientId,
    Field::AuthenticationClientSecret,
    Field::AuthenticationScope,
    Field::AuthenticationSaslOauthbearerExtensions,
    Field::AuthenticationSslCertificate,
    Field::AuthenticationSslKey,
    Field::AuthenticationSslKeyPassword,
    Field::AuthenticationAws,
    Field::SecurityBrokerPublicCertificate,
    Field::SchemaRegistryAuthenticationUsername,
    Field::SchemaRegistryAuthenticationPassword,
]);

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    // Atlas chooses the content of a response.
    if connection.mode == Mode::Response {
        return;
    }
    for field in connection.present.and(CANDIDATES).iter() {
        let node = connection.get(field);
        let Some((chooser, why)) = reason(node) else { continue };
        let chooser = connection.get(chooser);
        let message = match (why, chooser.known_str()) {
            (Why::Choice, Some(word)) if !word.is_empty() => {
                format!("`{}` is ignored: `{}` is {}", node.spelling(), chooser.spelling(), chooser.quoted())
            }
            (Why::Unencrypted, _) => {
                format!("`{}` is ignored: the connection is not encrypted", node.spelling())
            }
            (Why::PlainKey, _) => {
                format!("`{}` is ignored: `{}` is not encrypted", node.spelling(), chooser.spelling())
            }
            _ => format!("`{}` is ignored: the client certificate authenticates the client", node.spelling()),
        };
        let label = if why == Why::Choice { "ignores it" } else { "because of this" };
        found
            .report(&UNUSED_CREDENTIALS, message)
            .at_key(node, "ignored")
            .and(chooser, label)
            .help(help(connection, field, why))
            .fix(Fix::unsafe_(format!("Delete `{}`", connection.own_key(field)), node.remove()));
    }
}

/// The help, with the choices that would use the field.
fn help(connection: &Connection, field: Field, why: Why) -> String {
    let (chooser, words): (Field, &[&str]) = match (why, field) {
        (Why::PlainKey, _) => return "delete it; only an encrypted key has a password".to_owned(),
        (Why::Certificate, _) => (Field::SecurityProtocol, &["SASL_SSL"]),
        (Why::Unencrypted, _) => (Field::SecurityProtocol, &["SASL_SSL", "SSL"]),
        (Why::Choice, Field::AuthenticationUsername | Field::AuthenticationPassword) => {
            (Field::AuthenticationMechanism, &["PLAIN", "SCRAM-256", "SCRAM-512"])
        }
        (Why::Choice, Field::AuthenticationAws) => (Field::AuthenticationMechanism, &["AWS_MSK_IAM"]),
        (
            Why::Choice,
            Field::AuthenticationSslCertificate | Field::AuthenticationSslKey | Field::AuthenticationSslKeyPassword,
        ) => (Field::SecurityProtocol, &["SSL"]),
        (Why::Choice, Field::SchemaRegistryAuthenticationUsername | Field::SchemaRegistryAuthenticationPassword) => {
            (Field::SchemaRegistryAuthenticationType, &["USER_INFO"])
        }
        (Why::Choice, _) => (Field::AuthenticationMechanism, &["OAUTHBEARER"]),
    };
    let words = words.iter().copied().filter(|word| connection.accepts(chooser, word)).collect::<Vec<_>>();
    match words.split_last() {
        None => "delete it".to_owned(),
        Some((last, [])) => format!("delete it; only {last} uses it"),
        Some((last, others)) => format!("delete it; only {} and {last} use it", others.join(", ")),
    }
}

/// The reason why a field is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// A different value was chosen.
    Choice,
    Certificate,
    Unencrypted,
    PlainKey,
}

/// Whether a field is ignored. Rules about values skip such a field: it should be deleted, not corrected.
pub(super) fn is_unused(node: Node) -> bool {
    node.connection.mode != Mode::Response && reason(node).is_some()
}

/// The field whose value makes this one irrelevant, and the reason. Source: evidence.md SEC-004, SEC-008, SEC-011,
/// SEC-014, SRG-004.
fn reason(node: Node) -> Option<(Field, Why)> {
    let connection = node.connection;
    // A value of the wrong type has been reported, and an empty string does no harm.
    let is_checked = if node.field == Field::AuthenticationAws {
        let role = connection.get(Field::AuthenticationAwsRoleArn);
        role.is_given() && !role.may_be_null()
    } else {
        node.text().is_some_and(|text| !text.is_empty()) && !node.may_be_null()
    };
    let is_foreign = connection.kind.is_some_and(|kind| !node.field.row().kinds.contains(kind));
    if !is_checked || is_foreign {
        return None;
    }
    match node.field {
        Field::SchemaRegistryAuthenticationUsername | Field::SchemaRegistryAuthenticationPassword => connection
            .get(Field::SchemaRegistryAuthenticationType)
            .equals("SASL_INHERIT")
            .then_some((Field::SchemaRegistryAuthenticationType, Why::Choice)),
        Field::SecurityBrokerPublicCertificate => connection
            .protocol()
            .is_some_and(Protocol::is_unencrypted)
            .then_some((Field::SecurityProtocol, Why::Unencrypted)),
        Field::AuthenticationSslCertificate | Field::AuthenticationSslKey | Field::AuthenticationSslKeyPassword => {
            match connection.protocol()? {
                Protocol::Ssl => (node.field == Field::AuthenticationSslKeyPassword
                    && connection.get(Field::AuthenticationSslKey).pem() == Some(PemShape::Key))
                .then_some((Field::AuthenticationSslKey, Why::PlainKey)),
                // An empty mechanism requires the certificate, so the protocol is the mistake.
                _ if connection.mechanism() == Some(Mechanism::Empty) => None,
                _ => Some((Field::SecurityProtocol, Why::Choice)),
            }
        }
        field => {
            let mechanism = connection.get(Field::AuthenticationMechanism);
            let is_mutual_tls = connection.is_mutual_tls();
            if is_mutual_tls && connection.get(Field::AuthenticationSslCertificate).may_be_null() {
                return None;
            }
            if is_mutual_tls && (mechanism.is_missing() || connection.mechanism().is_some()) {
                return Some((Field::AuthenticationSslCertificate, Why::Certificate));
            }
            let is_used = match connection.mechanism()? {
                Mechanism::Plain | Mechanism::Scram => {
                    matches!(field, Field::AuthenticationUsername | Field::AuthenticationPassword)
                }
                Mechanism::AwsMskIam => field == Field::AuthenticationAws,
                Mechanism::OAuthBearer => !matches!(
                    field,
                    Field::AuthenticationUsername | Field::AuthenticationPassword | Field::AuthenticationAws
                ),
                // Without its certificate, the empty mechanism itself is the mistake.
                Mechanism::Empty => true,
            };
            (!is_used).then_some((Field::AuthenticationMechanism, Why::Choice))
        }
    }
}
