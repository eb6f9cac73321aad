//! The SASL extensions of OAUTHBEARER.

use super::unused_credentials;
use crate::atlas::fields::Field;
use crate::atlas::{Kind, formats};
use crate::connection::Connection;
use crate::diagnostic::{Findings, Rule};

pub(crate) static MALFORMED_OAUTH_EXTENSIONS: Rule =
    Rule::warning("malformed-oauth-extensions", "SASL extensions that are not comma-separated `key=value` pairs")
        .on(&[Kind::Kafka]);

/// Source: evidence.md SEC-010.
pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Field::AuthenticationSaslOauthbearerExtensions);
    let Some(text) = node.known_str().filter(|text| !text.is_empty()) else { return };
    if formats::is_oauth_extensions(text) || unused_credentials::is_unused(node) {
        return;
    }
    let message = format!("`{}` is not a list of comma-separated key=value pairs", node.spelling());
    found
        .report(&MALFORMED_OAUTH_EXTENSIONS, message)
        .at(node, "expected key=value,key=value")
        .help("write pairs like `logicalCluster=lkc-…,identityPoolId=pool-…`; use only letters in keys");
}
