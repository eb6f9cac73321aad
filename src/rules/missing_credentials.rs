//! Missing credentials that the mechanism requires.

use std::borrow::Cow;

use crate::atlas::fields::Field;
use crate::atlas::{Kind, Mode};
use crate::connection::Connection;
use crate::diagnostic::{Findings, Rule};
use crate::rules::kafka_auth::{Mechanism, Protocol};
use crate::schema::missing::added;

pub(crate) static MISSING_CREDENTIALS: Rule =
    Rule::error("missing-credentials", "missing credentials that the mechanism requires")
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
        Some(Kind::SchemaRegistry) if connection.get(Field::SchemaRegistryAuthenticationType).equals("USER_INFO") => {
            (Field::SchemaRegistryAuthenticationType, REGISTRY_LOGIN)
        }
        _ => return,
    };
    let chooser = connection.get(chooser);
    for &field in needed {
        let node = connection.get(field);
        // An empty secret has its own rule.
        let is_absent = node.is_missing() || (node.is_empty() && !field.is_secret());
        if !is_absent || found.is_explained(field) {
            continue;
        }
        let word = chooser.quoted();
        let (message, label) = if node.is_missing() {
            let message = format!("missing field `{}`, which {word} requires", node.spelling());
            (message, format!("missing `{}`", connection.own_key(field)))
        } else {
            (format!("`{}` is empty, but {word} requires it", node.spelling()), "empty".to_owned())
        };
        found
            .report(&MISSING_CREDENTIALS, message)
            .at(node, label)
            .and(chooser, "requires it")
            .help(help(connection, field))
            // The method has only one value, which the help names.
            .fix(added(connection, field).filter(|_| node.is_missing() && field != Field::AuthenticationMethod));
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
        // With a client certificate, SSL uses no SASL credentials.
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
        _ if field.is_secret() => "add it from a variable or a secret store",
        _ => return format!("add `{}`", connection.spelling(field)).into(),
    };
    Cow::Borrowed(help)
}
