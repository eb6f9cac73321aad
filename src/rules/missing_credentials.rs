//! What the chosen mechanism asks for and the definition does not give.

use crate::atlas::Mode;
use crate::atlas::fields::Member;
use crate::atlas::{Kind, Kinds};
use crate::connection::Connection;
use crate::diagnostic::{Findings, Rule};
use crate::rules::kafka_auth::{Mechanism, Protocol};

pub(crate) static MISSING_CREDENTIALS: Rule =
    Rule::error("missing-credentials", "what the chosen mechanism needs is absent")
        .on(Kinds::of(&[Kind::Kafka, Kind::SchemaRegistry]));

const LOGIN: &[Member] = &[Member::Username, Member::Password];
const OAUTH: &[Member] = &[Member::Method, Member::TokenEndpointUrl, Member::ClientId, Member::ClientSecret];
const ROLE: &[Member] = &[Member::AuthenticationAwsRoleArn];
const REGISTRY_LOGIN: &[Member] = &[Member::RegistryUsername, Member::RegistryPassword];

/// Source: evidence.md SEC-006, SEC-007, SEC-011, SRG-004.
pub(super) fn check(connection: &Connection, found: &mut Findings) {
    if matches!(connection.mode, Mode::Update | Mode::Response) {
        return;
    }
    let (chooser, needed) = match connection.kind {
        Some(Kind::Kafka) => (Member::Mechanism, needed(connection)),
        Some(Kind::SchemaRegistry) if connection.get(Member::RegistryAuthType).says("USER_INFO") => {
            (Member::RegistryAuthType, REGISTRY_LOGIN)
        }
        _ => return,
    };
    let chooser = connection.get(chooser);
    for &member in needed {
        let node = connection.get(member);
        // An empty secret has a rule of its own.
        let is_absent = node.is_missing() || (node.is_empty() && !member.is_secret());
        if !is_absent || found.is_explained(member) {
            continue;
        }
        let word = chooser.quoted();
        let state = if node.is_missing() { "is missing" } else { "is empty" };
        found
            .report(&MISSING_CREDENTIALS, format!("`{}` {state}, and {word} needs it", node.spelling()))
            .at(
                node,
                if node.is_missing() { format!("`{}` belongs in here", member.key()) } else { "empty".to_owned() },
            )
            .and(chooser, "asks for it")
            .help(help(member));
    }
}

fn needed(connection: &Connection) -> &'static [Member] {
    let certificate_may_do = match connection.protocol() {
        Some(Protocol::Ssl) => true,
        Some(_) => false,
        None => connection.get(Member::Protocol).is_unknown(),
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

fn help(member: Member) -> &'static str {
    match member {
        Member::Method => "add `\"method\": \"OIDC\"`, the only method there is",
        Member::TokenEndpointUrl => "add the URL at which your identity provider hands out tokens",
        Member::AuthenticationAwsRoleArn => "add the ARN of the IAM role that Atlas assumes, `arn:aws:iam::…:role/…`",
        _ if member.is_secret() => "add it through a variable or a secret store, so that it does not stand in the file",
        _ => "add it",
    }
}
