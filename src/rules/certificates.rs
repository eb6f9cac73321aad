//! Certificates and keys: complete pairs, and the PEM format.

use super::unused_credentials;
use crate::atlas::fields::Field;
use crate::atlas::pem::PemShape;
use crate::atlas::{Kind, Mode};
use crate::connection::{Connection, Node};
use crate::diagnostic::{Edit, Findings, Fix, Rule};
use crate::text::{Span, Syntax};

pub(crate) static UNPAIRED_CLIENT_CERTIFICATE: Rule = Rule::error(
    "unpaired-client-certificate",
    "a client certificate without its key, or a key without its certificate or password",
)
.on(&[Kind::Kafka]);

pub(crate) static MALFORMED_CERTIFICATE: Rule =
    Rule::warning("malformed-certificate", "a certificate or key that is not PEM text")
        .on(&[Kind::Kafka])
        .sometimes_fixed();

/// Source: evidence.md SEC-017.
pub(super) fn check_pair(connection: &Connection, found: &mut Findings) {
    let (certificate, key) =
        (connection.get(Field::AuthenticationSslCertificate), connection.get(Field::AuthenticationSslKey));
    let password = connection.get(Field::AuthenticationSslKeyPassword);
    // In an update, Atlas may already have the other half. A response never contains the key.
    let is_whole = !matches!(connection.mode, Mode::Update | Mode::Response) && connection.kind.is_some();
    if !is_whole || unused_credentials::is_unused(certificate) || unused_credentials::is_unused(key) {
        return;
    }
    let mut absent = |node: Node, present: Node, what: &str| {
        if found.is_explained(node.field) {
            return;
        }
        let message = format!("`{}` is set without its {what}, `{}`", present.spelling(), node.spelling());
        found
            .report(&UNPAIRED_CLIENT_CERTIFICATE, message)
            .at(node, format!("missing `{}`", connection.own_key(node.field)))
            .and_key(present, "requires it")
            .help(format!("add `{}`", node.spelling()));
    };
    if certificate.is_given() && !certificate.may_be_null() && key.is_missing() {
        absent(key, certificate, "private key");
    }
    if key.is_given() && !key.may_be_null() && (certificate.is_missing() || certificate.is_empty()) {
        absent(certificate, key, "certificate");
    }
    if key.pem() == Some(PemShape::EncryptedKey) && password.is_missing() {
        absent(password, key, "password");
    }
}

/// Source: evidence.md SEC-015, SEC-016.
pub(super) fn check_pem(connection: &Connection, found: &mut Findings) {
    for field in
        [Field::SecurityBrokerPublicCertificate, Field::AuthenticationSslCertificate, Field::AuthenticationSslKey]
    {
        let node = connection.get(field);
        let Some(look) = node.pem().filter(|_| node.is_given() && !unused_credentials::is_unused(node)) else {
            continue;
        };
        let is_key_field = field == Field::AuthenticationSslKey;
        let expected = if is_key_field { "a private key" } else { "a certificate" };
        let use_pem = || format!("use {expected} in PEM format");
        let (flaw, help) = match look {
            PemShape::Certificate if !is_key_field => continue,
            PemShape::Key | PemShape::EncryptedKey if is_key_field => continue,
            PemShape::Certificate => ("is a certificate, not a private key", use_pem()),
            PemShape::Key | PemShape::EncryptedKey => ("is a private key, not a certificate", use_pem()),
            PemShape::Escaped => ("has line breaks that are escaped twice", line_breaks(connection).to_owned()),
            PemShape::Folded => ("has lost its line breaks", line_breaks(connection).to_owned()),
            PemShape::Path => (
                "is a file path, not the text of the file",
                "use the text of the file; Atlas cannot read your files".to_owned(),
            ),
            PemShape::Cut => ("is cut off", "copy the whole block, from the BEGIN line to the END line".to_owned()),
            PemShape::Other => ("is not PEM text", use_pem() + ", with its BEGIN and END lines"),
        };
        let edits = if look == PemShape::Escaped { unescaping(node) } else { Vec::new() };
        found
            .report(&MALFORMED_CERTIFICATE, format!("`{}` {flaw}", node.spelling()))
            .at_key(node, format!("expects {expected}"))
            .help(help)
            .fix((!edits.is_empty()).then(|| Fix::unsafe_("Unescape the line breaks", edits)));
    }
}

/// The line breaks in the syntax of the text.
fn line_breaks(connection: &Connection) -> &'static str {
    match connection.written().syntax {
        Syntax::Json | Syntax::Jsonc => "write each line break of the PEM file as `\\n`, with one backslash",
        Syntax::Yaml => "write `|`, and the lines of the PEM file below it",
        Syntax::Hcl => "write the lines of the PEM file in a heredoc",
    }
}

/// Removes one backslash from every `\\n` and `\\r` of the source. The edits contain no part of the value itself.
fn unescaping(node: Node) -> Vec<Edit> {
    let text = node.connection.document.source.text();
    let Some(value) = node.value().and_then(crate::document::value::Value::as_str) else { return Vec::new() };
    let breaks = value.match_indices('\\').filter(|(at, _)| value[at + 1..].starts_with(['n', 'r']));
    let edits = breaks.map(|(at, _)| {
        let span = node.span_within(&(at..at + 1));
        // A syntax without escapes has no backslash to remove.
        (text.get(span.start..span.end) == Some("\\\\")).then(|| Edit::new(Span::new(span.start, span.start + 1), ""))
    });
    edits.collect::<Option<Vec<_>>>().unwrap_or_default()
}
