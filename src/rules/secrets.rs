//! Secrets in the file: hardcoded, empty, or in a response.

use crate::atlas::Mode;
use crate::atlas::fields::{Field, FieldSet};
use crate::atlas::pem::PemShape;
use crate::atlas::secret::{header_state, is_secret_header};
use crate::connection::{Connection, Dialect};
use crate::diagnostic::rules::EMPTY_SECRET;
use crate::diagnostic::{Findings, Rule};
use crate::document::value::Value;
use crate::text::placeholder::ValueState;

pub(crate) static HARDCODED_SECRET: Rule = Rule::warning("hardcoded-secret", "a hardcoded secret");

pub(crate) static SECRET_IN_RESPONSE: Rule = Rule::error("secret-in-response", "a secret in an API response");

/// The secret fields that are present.
fn secrets(connection: &Connection) -> impl Iterator<Item = Field> + use<> {
    connection.present.and(FieldSet::SECRETS).iter()
}

/// The notation of a template for a secret:
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>.
const CLOUDFORMATION_SECRET: &str = "{{resolve:secretsmanager:NAME:SecretString:KEY}}";

/// A secret is reported everywhere, even in a field of a different type.
pub(super) fn hardcoded(connection: &Connection, found: &mut Findings) {
    // In a plan, every value is literal.
    if connection.mode == Mode::Response || connection.dialect() == Dialect::TerraformPlan {
        return;
    }
    let dialect = connection.dialect();
    for field in secrets(connection) {
        let node = connection.get(field);
        // A path, or a certificate in place of the key, is a mistake but not a secret.
        let is_public =
            field == Field::AuthenticationSslKey && matches!(node.pem(), Some(PemShape::Path | PemShape::Certificate));
        if node.is_literal() && !is_public {
            let variable = variable(field);
            let help = match dialect {
                Dialect::Terraform => format!("use a sensitive variable, like `var.{}`", variable.to_ascii_lowercase()),
                Dialect::CloudFormation => format!("use a reference to a secret store, like `{CLOUDFORMATION_SECRET}`"),
                _ => format!("use a reference that your tooling fills in, like `${{{variable}}}`"),
            };
            let message = format!("`{}` is hardcoded", node.spelling());
            found.report(&HARDCODED_SECRET, message).at(node, "secret in plain text").help(help);
        }
    }
    let headers = connection.get(Field::Headers);
    for item in headers.map() {
        if is_credential(item.key, item.value) && !item.is_damaged() && !connection.is_declared_placeholder(item.entry)
        {
            let message = format!("a header in `{}` contains a hardcoded credential", headers.spelling());
            // Only `Authorization` has a scheme before the credential.
            let is_bearer = item.key.to_ascii_lowercase().ends_with("authorization");
            let (scheme, name) = if is_bearer { ("Bearer ", "API_TOKEN") } else { ("", "API_KEY") };
            let help = match dialect {
                Dialect::Terraform => {
                    let variable = name.to_ascii_lowercase();
                    let value =
                        if is_bearer { format!("Bearer ${{var.{variable}}}") } else { format!("var.{variable}") };
                    format!("use a sensitive variable, like `{value}`")
                }
                Dialect::CloudFormation => {
                    format!("use a reference to a secret store, like `{scheme}{CLOUDFORMATION_SECRET}`")
                }
                _ => format!("use a reference that your tooling fills in, like `{scheme}${{{name}}}`"),
            };
            found.report(&HARDCODED_SECRET, message).at(&item, "secret in plain text").help(help);
        }
    }
}

/// Whether a header contains a literal credential.
fn is_credential(name: &str, value: Value) -> bool {
    is_secret_header(name)
        && value.as_str().is_some_and(|text| !text.is_empty() && header_state(name, text) == ValueState::Known)
}

/// The usual name of a variable for the field.
fn variable(field: Field) -> &'static str {
    match field {
        Field::AuthenticationClientSecret => "OAUTH_CLIENT_SECRET",
        Field::AuthenticationSslKey => "KAFKA_CLIENT_KEY",
        Field::AuthenticationSslKeyPassword => "KAFKA_CLIENT_KEY_PASSWORD",
        Field::SchemaRegistryAuthenticationPassword => "SCHEMA_REGISTRY_PASSWORD",
        _ => "KAFKA_PASSWORD",
    }
}

pub(super) fn in_response(connection: &Connection, found: &mut Findings) {
    if connection.mode != Mode::Response {
        return;
    }
    for node in secrets(connection).map(|field| connection.get(field)).filter(|node| node.is_literal()) {
        let message = format!("`{}` is in a response, but Atlas never returns it", node.spelling());
        found
            .report(&SECRET_IN_RESPONSE, message)
            .at(node, "never returned")
            .help("remove secrets from saved responses; lint a request body with `--mode create`");
    }
}

pub(super) fn empty(connection: &Connection, found: &mut Findings) {
    if connection.mode == Mode::Response {
        return;
    }
    let has = |field: &Field| connection.has_field(*field);
    for node in secrets(connection).filter(has).map(|field| connection.get(field)).filter(|node| node.is_empty()) {
        found
            .report(&EMPTY_SECRET, format!("`{}` is empty", node.spelling()))
            .at(node, "empty")
            .help("set the secret, or a reference to it; exports of existing connections leave it empty");
    }
}
