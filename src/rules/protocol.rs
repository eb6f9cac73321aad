//! Conflicts of `security.protocol` with the mechanism, the certificate and the network.

use crate::atlas::fields::Field;
use crate::atlas::{Kind, Mode};
use crate::connection::{Connection, Node};
use crate::diagnostic::{Findings, Fix, Rule, Severity};
use crate::rules::kafka_auth::{Access, Mechanism, Protocol};

pub(crate) static MECHANISM_PROTOCOL_MISMATCH: Rule =
    Rule::error("mechanism-protocol-mismatch", "a mechanism that the protocol does not support")
        .on(&[Kind::Kafka])
        .sometimes_fixed();

pub(crate) static LEGACY_PROTOCOL: Rule =
    Rule::warning("legacy-protocol", "the protocol `PLAINTEXT`, which is no longer documented")
        .on(&[Kind::Kafka])
        .sometimes_fixed();

pub(crate) static SSL_WITHOUT_CLIENT_CERTIFICATE: Rule =
    Rule::warning("ssl-without-client-certificate", "the protocol `SSL` without a client certificate")
        .on(&[Kind::Kafka])
        .sometimes_fixed();

pub(crate) static UNENCRYPTED_CREDENTIALS: Rule =
    Rule::warning("unencrypted-credentials", "a password or token that is sent unencrypted")
        .on(&[Kind::Kafka])
        .always_fixed();

pub(crate) static PLAINTEXT_ON_PRIVATE_NETWORK: Rule =
    Rule::error("plaintext-on-private-network", "an unencrypted protocol on a network that requires TLS")
        .on(&[Kind::Kafka]);

fn mechanism_and_protocol<'c>(connection: &'c Connection<'c>) -> (Node<'c>, Node<'c>) {
    (connection.get(Field::AuthenticationMechanism), connection.get(Field::SecurityProtocol))
}

fn choose(protocol: Node, word: &str) -> Fix {
    Fix::unsafe_(format!("Use {word}"), protocol.replace_with(word))
}

pub(super) fn check_mechanism(connection: &Connection, found: &mut Findings) {
    if !connection.mechanism_clashes() {
        return;
    }
    let (mechanism, protocol) = mechanism_and_protocol(connection);
    let word = protocol.quoted();
    if connection.mechanism() == Some(Mechanism::AwsMskIam) {
        let message = format!("AWS_MSK_IAM requires SASL_SSL, but `{}` is {word}", protocol.spelling());
        // Over SASL_SSL the certificate would be ignored.
        let certificates = [Field::AuthenticationSslCertificate, Field::AuthenticationSslKey];
        let has_some = certificates.iter().any(|field| connection.get(*field).is_present());
        let help =
            if has_some { "use SASL_SSL, and delete the client certificate and its key" } else { "use SASL_SSL" };
        found
            .report(&MECHANISM_PROTOCOL_MISMATCH, message)
            .at(protocol, "does not support AWS_MSK_IAM")
            .and(mechanism, "requires SASL_SSL")
            .help(help)
            .fix((!has_some).then(|| choose(protocol, "SASL_SSL")));
        return;
    }
    let has_certificate = connection.has_client_certificate();
    // An official page recommends this (evidence.md SEC-019).
    let is_documented = connection.protocol() == Some(Protocol::SaslSsl)
        && has_certificate
        && connection.get(Field::AuthenticationSslKey).is_given();
    let help = if has_certificate { "use the protocol SSL" } else { "set the mechanism that the brokers require" };
    let message = format!("`{}` is empty, but {word} requires a mechanism", mechanism.spelling());
    found
        .report(&MECHANISM_PROTOCOL_MISMATCH, message)
        .at(mechanism, "empty")
        .and(protocol, "requires a mechanism")
        .severity(if is_documented { Severity::Warning } else { Severity::Error })
        .help(help)
        .fix(has_certificate.then(|| choose(protocol, "SSL")));
}

/// Whether the network requires encryption.
fn private_network(connection: &Connection) -> bool {
    connection.access().is_some_and(Access::is_private)
}

/// Whether an earlier rule has already recommended SASL_SSL.
fn is_explained(connection: &Connection) -> bool {
    connection.mechanism() == Some(Mechanism::AwsMskIam) && connection.mechanism_clashes()
}

/// Whether the dialect supports the current values of the API (the operator does not: evidence.md AKO-002).
fn has_other_words(connection: &Connection) -> bool {
    connection.accepts(Field::SecurityProtocol, "SASL_SSL")
}

pub(super) fn check_legacy(connection: &Connection, found: &mut Findings) {
    if connection.protocol() != Some(Protocol::Plaintext) || private_network(connection) || is_explained(connection) {
        return;
    }
    let protocol = connection.get(Field::SecurityProtocol);
    // With these mechanisms, SASL_PLAINTEXT would send credentials unencrypted.
    let is_readable = matches!(connection.mechanism(), Some(Mechanism::Plain | Mechanism::OAuthBearer));
    let (severity, help) = if !has_other_words(connection) {
        (Severity::Info, "keep it; this resource has no newer value")
    } else if is_readable {
        (Severity::Warning, "use SASL_SSL")
    } else {
        (Severity::Warning, "use SASL_SSL if the brokers support it, otherwise SASL_PLAINTEXT")
    };
    let fix = (has_other_words(connection) && !is_readable).then(|| choose(protocol, "SASL_PLAINTEXT"));
    found
        .report(
            &LEGACY_PROTOCOL,
            format!("`{}` is PLAINTEXT, a deprecated value for SASL_PLAINTEXT", protocol.spelling()),
        )
        .at(protocol, "no longer documented")
        .severity(severity)
        .help(help)
        .fix(fix);
}

pub(super) fn check_ssl(connection: &Connection, found: &mut Findings) {
    let has_some = connection.has_client_certificate() || connection.get(Field::AuthenticationSslKey).is_present();
    let (mechanism, protocol) = mechanism_and_protocol(connection);
    if connection.protocol() != Some(Protocol::Ssl) || has_some {
        return;
    }
    let is_sasl = match connection.mechanism() {
        // For AWS_MSK_IAM, another rule recommends SASL_SSL.
        None | Some(Mechanism::AwsMskIam) => return,
        // Atlas may already have the certificate, or never returns it.
        Some(Mechanism::Empty) if matches!(connection.mode, Mode::Update | Mode::Response) => return,
        Some(Mechanism::Empty) => false,
        Some(_) => true,
    };
    // In the operator, SSL also means SASL_SSL: its own samples use it with a login (evidence.md AKO-002).
    if is_sasl && !has_other_words(connection) {
        return;
    }
    // A misplaced or misspelled certificate has its own finding.
    if found.is_explained(Field::AuthenticationSslCertificate) {
        return;
    }
    let certificate = connection.spelling(Field::AuthenticationSslCertificate);
    let key = connection.spelling(Field::AuthenticationSslKey);
    let message = format!("`{}` is SSL, but there is no client certificate", protocol.spelling());
    let can_give = connection.expresses(Field::AuthenticationSslCertificate);
    let help = if !has_other_words(connection) {
        "create this connection with the Admin API, which has SASL_SSL and client certificates".to_owned()
    } else if !can_give {
        format!("use SASL_SSL{}", if is_sasl { "" } else { ", and set a mechanism" })
    } else if is_sasl {
        format!("use SASL_SSL, or add `{certificate}` and `{key}`")
    } else {
        format!("add `{certificate}` and `{key}`, or use SASL_SSL and set a mechanism")
    };
    let label = if is_sasl { "requires SASL_SSL" } else { "no mechanism either" };
    found
        .report(&SSL_WITHOUT_CLIENT_CERTIFICATE, message)
        .at(protocol, "requires a client certificate")
        .and(mechanism, label)
        .severity(if has_other_words(connection) { Severity::Warning } else { Severity::Info })
        .help(help)
        .fix((is_sasl && has_other_words(connection)).then(|| choose(protocol, "SASL_SSL")));
}

pub(super) fn check_unencrypted(connection: &Connection, found: &mut Findings) {
    let travels_in_clear = connection.protocol() == Some(Protocol::SaslPlaintext)
        && matches!(connection.mechanism(), Some(Mechanism::Plain | Mechanism::OAuthBearer))
        && !private_network(connection);
    if !travels_in_clear {
        return;
    }
    let (mechanism, protocol) = mechanism_and_protocol(connection);
    let (what, label) = match connection.mechanism() {
        Some(Mechanism::Plain) => ("PLAIN sends the password", "sends the password"),
        _ => ("OAUTHBEARER sends the token", "sends a bearer token"),
    };
    let message = format!("`{}` is SASL_PLAINTEXT, so {what} unencrypted", protocol.spelling());
    found
        .report(&UNENCRYPTED_CREDENTIALS, message)
        .at(protocol, "does not encrypt")
        .and(mechanism, label)
        .help("use SASL_SSL")
        .fix(choose(protocol, "SASL_SSL"));
}

pub(super) fn check_private(connection: &Connection, found: &mut Findings) {
    let unencrypted = connection.protocol().is_some_and(Protocol::is_unencrypted);
    if !unencrypted || !private_network(connection) || is_explained(connection) {
        return;
    }
    let (protocol, access) = (connection.get(Field::SecurityProtocol), connection.get(Field::NetworkingAccessType));
    let message = format!(
        "`{}` is {}, but {} allows only encrypted protocols",
        protocol.spelling(),
        protocol.quoted(),
        access.quoted()
    );
    found
        .report(&PLAINTEXT_ON_PRIVATE_NETWORK, message)
        .at(protocol, "does not encrypt")
        .and(access, "requires encryption")
        .help(match (has_other_words(connection), connection.expresses(Field::AuthenticationSslCertificate)) {
            (true, true) => "use SASL_SSL, or SSL with a client certificate",
            (true, false) => "use SASL_SSL",
            (false, _) => "use SSL",
        });
}
