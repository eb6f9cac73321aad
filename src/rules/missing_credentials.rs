//! What the chosen mechanism asks for and the definition does not give.

use std::borrow::Cow;

use crate::atlas::fields::Field;
use crate::atlas::{Kind, Mode};
use crate::connection::Connection;
use crate::diagnostic::{Findings, Rule};
use crate::rules::kafka_auth::{Mechanism, Protocol};

pub(crate) static MISSING_CREDENTIALS: Rule =
    Rule::error("missing-credentials", "credentials that the mechanism needs are missing")
        .on(&[Kind::Kafka, Kind::SchemaRegistry]);

const LOGIN: &[Field] = &[Field::AuthenticationUsername, Field::AuthenticationPassword];
const OAUTH: &[Field] = &[
    Field::AuthenticationMethod,
    Field::AuthenticationTokenEndpointUrl,
    Field::AuthenticationClientId,
    Field::AuthenticationClientSecret,
];
const ROLE: &[Field] = &[Field::AuthenticationAwsRoleArn];
const REGISTRY_LOGIN: &[Field] =
    &[Field::SchemaRegistryAuthenticationUsername, Field::SchemaRegistryAuthenticationPassword];

/// Source: evidence.md SEC-006, SEC-007, SEC-011, SRG-004.
pub(super) fn check(connection: &Connection, found: &mut Findings) {
    if matches!(connection.mode, Mode::Update | Mode::Response) {
        return;
    }
    let (chooser, needed) = match connection.kind {
        Some(Kind::Kafka) => (Field::AuthenticationMechanism, needed(connection)),
        Some(Kind::SchemaRegistry) if connection.get(Field::SchemaRegistryAuthenticationType).says("USER_INFO") => {
            (Field::SchemaRegistryAuthenticationType, REGISTRY_LOGIN)
        }
        _ => return,
    };
    let chooser = connection.get(chooser);
    for &field in needed {
        let node = connection.get(field);
        // An empty secret has a rule of its own.
        let is_absent = node.is_missing() || (node.is_empty() && !field.is_secret());
        if !is_absent || found.is_explained(field) {
            continue;
        }
        let word = chooser.quoted();
        let state = if node.is_missing() { "is missing" } else { "is empty" };
        found
            .report(&MISSING_CREDENTIALS, format!("`{}` {state}, and {word} needs it", node.spelling()))
            .at(
                node,
                if node.is_missing() {
                    format!("`{}` belongs here", connection.own_key(field))
                } else {
                    "empty".to_owned()
                },
            )
            .and(chooser, "requires it")
            .help(help(connection, field));
    }
}

fn needed(connection: &Connection) -> &'static [Field] {
    let certificate_may_do = match connection.protocol() {
        Some(Protocol::Ssl) => true,
        Some(_) => false,
        None => connection.get(Field::SecurityProtocol).is_unknown(),
    };
    match connection.mechanism() {
        Some(Mechanism::AwsMskIam) => ROLE,
        // With a client certificate under SSL nothing of SASL is used, so nothing of it is needed.
        _ if certificate_may_do && connection.has_client_certificate() => &[],
        Some(Mechanism::Plain | Mechanism::Scram) => LOGIN,
        Some(Mechanism::OAuthBearer) => OAUTH,
        Some(Mechanism::Empty) | None => &[],
    }
}

fn help(connection: &Connection, field: Field) -> Cow<'static, str> {
    let help = match field {
        Field::AuthenticationMethod => {
            return format!("add `{}` with the value OIDC, the only method", connection.own_key(field)).into();
        }
        Field::AuthenticationTokenEndpointUrl => "add the URL of your identity provider's token endpoint",
        Field::AuthenticationAwsRoleArn => "add the ARN of the IAM role that Atlas assumes, `arn:aws:iam::…:role/…`",
        _ if field.is_secret() => "add it through a variable or a secret store",
        _ => "add it",
    };
    Cow::Borrowed(help)
}
