//! The extra facts that OAUTHBEARER tells the broker.

use super::{Check, Findings, FixAvailability, Rule, unused_credentials};
use crate::connection::Connection;
use crate::diagnostic::Severity;
use crate::formats;
use crate::kind::{Kind, Kinds};
use crate::members::Member;

pub(crate) static MALFORMED_OAUTH_EXTENSIONS: Rule = Rule {
    name: "malformed-oauth-extensions",
    summary: "SASL extensions that are not `key=value` pairs with commas between",
    severity: Severity::Warning,
    kinds: Kinds::of(&[Kind::Kafka]),
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Connection(check),
};

/// Source: domain.md SEC-010.
fn check(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Member::SaslOauthbearerExtensions);
    let Some(text) = node.known_str().filter(|text| !text.is_empty()) else { return };
    if formats::is_oauth_extensions(text) || unused_credentials::is_unused(node) {
        return;
    }
    found
        .report(
            &MALFORMED_OAUTH_EXTENSIONS,
            format!("`{}` is not a list of key=value pairs with commas between", node.spelling()),
        )
        .at(node, "expected key=value,key=value")
        .help("write pairs like `logicalCluster=lkc-…,identityPoolId=pool-…`; a key is made of letters");
}
