//! Conversion of connections to another dialect: the same definitions with the names, the shape and the variables of
//! the target, and a warning for each thing that the target does not support.

mod comments;
pub(crate) mod hcl;
mod json;
mod tree;
mod yaml;

use std::fmt;

use crate::atlas::fields::{Field, RESPONSE_ONLY, Shape};
use crate::atlas::secret::{Keys, is_known_word, quoted_name, shown_path, shown_pointer};
use crate::atlas::{Kind, Mode};
use crate::connection::Dialect;
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect;
use crate::linter::{Linter, Report};
use crate::text::pointer::escape;
use crate::text::{Source, Span};
use tree::{Connection, Member, Tree, Variable};

/// Connections in another dialect. `Debug` shows no text: it may hold secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct Conversion {
    /// The definitions, including the secrets of the source.
    pub text: String,
    /// The parts that the target does not support, in the order of the source. No warning contains a secret.
    pub warnings: Vec<ConversionWarning>,
}

impl fmt::Debug for Conversion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.text.len();
        out.debug_struct("Conversion").field("bytes", &bytes).field("warnings", &self.warnings).finish()
    }
}

/// Something that the target of a conversion does not support.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConversionWarning {
    /// The field in the Admin API, as a JSON pointer; empty for the whole connection.
    pub pointer: String,
    /// Its position in the source, in bytes.
    pub span: Span,
    /// One sentence in lower case, without a full stop.
    pub message: String,
}

/// The reason why a text cannot be converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversionError(String);

impl fmt::Display for ConversionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for ConversionError {}

/// The dialects that connections can be converted to.
pub(crate) const TARGETS: &[Dialect] =
    &[Dialect::AdminApi, Dialect::Terraform, Dialect::Kubernetes, Dialect::CloudFormation];

impl Report {
    /// The connections in another dialect: `AdminApi`, `Terraform`, `Kubernetes` or `CloudFormation`. Unknown values become
    /// variables of the target.
    ///
    /// # Errors
    ///
    /// For any other target, for a text with syntax errors or without a connection, and if the target supports none of
    /// the connections.
    ///
    /// ```
    /// use streamlint::{Dialect, Source};
    ///
    /// let text = r#"{ "name": "hook", "type": "Https", "url": "https://hooks.example.com" }"#;
    /// let conversion = streamlint::check(&Source::new("hook.json", text)).convert(Dialect::Terraform).unwrap();
    /// assert!(conversion.text.contains("\n  connection_name = \"hook\"\n"));
    /// assert!(conversion.warnings.is_empty());
    /// ```
    pub fn convert(&self, to: Dialect) -> Result<Conversion, ConversionError> {
        let fail = |reason: &str| Err(ConversionError(reason.to_owned()));
        if !TARGETS.contains(&to) {
            return fail("connections can be converted to admin-api, terraform, kubernetes and cloudformation");
        }
        if self.has_syntax_errors() {
            return fail("the text has syntax errors; fix them first");
        }
        let mut writer = Writer { to, warnings: Vec::new() };
        let mut connections = Vec::new();
        for (report, shift) in self.texts() {
            let mut found = tree::connections(report);
            for connection in &mut found {
                connection.shift(shift);
            }
            connections.append(&mut found);
        }
        if connections.is_empty() {
            return fail("no connection found");
        }
        if self.mode() == Mode::Error {
            return fail("this is an error of the API");
        }
        let is_array = connections.len() > 1;
        connections.retain_mut(|connection| writer.fit(connection));
        if connections.is_empty() {
            let reason = writer.warnings.into_iter().next().map(|warning| warning.message).unwrap_or_default();
            return Err(ConversionError(reason));
        }
        tree::name_variables(&mut connections);
        let text = match to {
            Dialect::Terraform => hcl::resources(&connections),
            Dialect::Kubernetes => yaml::manifests(&connections),
            Dialect::CloudFormation => yaml::template(&connections),
            _ => json::bodies(&connections, is_array),
        };
        writer.warnings.append(&mut self.new_findings(&text, to, &connections));
        writer.warnings.sort_by_key(|warning| (warning.span.start, warning.span.end));
        writer.warnings.dedup();
        Ok(Conversion { text, warnings: writer.warnings })
    }

    /// Findings that are in the result of a conversion and not in this text.
    fn new_findings(&self, text: &str, to: Dialect, connections: &[Connection]) -> Vec<ConversionWarning> {
        let name = match to {
            Dialect::Terraform => "result.tf",
            Dialect::Kubernetes | Dialect::CloudFormation => "result.yaml",
            _ => "result.json",
        };
        let result = Linter::default().check(&Source::new(name, text));
        // A key that the source shows only in part may be more certain in the result.
        let pointer = |found: &Diagnostic| shown_pointer(&found.pointer, Keys::MayBeJoined).into_owned();
        let is_known = |found: &Diagnostic| {
            let is_same = |known: &Diagnostic| known.rule == found.rule && pointer(known) == pointer(found);
            found.severity == Severity::Info || self.diagnostics().iter().any(is_same)
        };
        let warning = |found: &Diagnostic| {
            let field = shown_path(&found.pointer, Keys::MayBeJoined);
            let place = if field.is_empty() { String::new() } else { format!(" at `{field}`") };
            ConversionWarning {
                pointer: pointer(found),
                span: found.connection.and_then(|at| connections.get(at)).map_or_else(Span::default, |it| it.span),
                message: format!("the result has a new finding: {}{place}", found.rule.name),
            }
        };
        result.diagnostics().iter().filter(|found| !is_known(found)).map(warning).collect()
    }

    /// The parts of this text, with the number of bytes before each; otherwise the text itself.
    fn texts(&self) -> Vec<(&Self, usize)> {
        if self.parts().is_empty() {
            return vec![(self, 0)];
        }
        self.parts().iter().map(|part| (&part.report, part.span.start)).collect()
    }

    fn has_syntax_errors(&self) -> bool {
        self.texts().iter().any(|(report, _)| report.document().damaged)
    }
}

/// The values that a field of the target has for those of the API.
const OTHER_WORDS: &[(Field, &str, &str)] = &[
    // The operator's words leave out SASL, which follows from a mechanism (evidence.md AKO-002).
    (Field::SecurityProtocol, "SASL_SSL", "SSL"),
    (Field::SecurityProtocol, "SASL_PLAINTEXT", "PLAINTEXT"),
];

/// Fields that the operator takes from a Secret.
const IN_SECRETS: &[Field] =
    &[Field::AuthenticationUsername, Field::AuthenticationPassword, Field::SecurityBrokerPublicCertificate];

/// Removes what the target does not support.
struct Writer {
    to: Dialect,
    warnings: Vec<ConversionWarning>,
}

impl Writer {
    /// Whether the target supports a connection. Unsupported parts are removed.
    fn fit(&mut self, connection: &mut Connection) -> bool {
        let spelling = dialect::spelling(self.to);
        let word = connection.kind.map(Kind::name);
        let is_known = word.is_some_and(|word| spelling.accepts(Field::Type, word));
        if !is_known && self.to != Dialect::AdminApi && self.to != Dialect::Terraform {
            let kind = word.map_or("connections of an unknown type".to_owned(), |kind| format!("{kind} connections"));
            self.warn(connection.span, "", format!("{} does not support {kind}", title(self.to)));
            return false;
        }
        let has_address = connection.project.is_some() || connection.workspace.is_some();
        if has_address && matches!(self.to, Dialect::AdminApi | Dialect::Kubernetes) {
            let message = match self.to {
                Dialect::AdminApi => "the project and the workspace are left out: the API has them in the path",
                _ => "the project and the workspace are left out: an AtlasStreamInstance lists the connection",
            };
            self.warn(connection.span, "", message.to_owned());
        }
        if connection.is_change && self.to != Dialect::AdminApi {
            let message = "this changes a connection, so fields may be missing in the result";
            self.warn(connection.span, "", message.to_owned());
        }
        if self.to != Dialect::AdminApi {
            connection.take_remarks();
        } else if connection.has_comments() {
            self.warn(connection.span, "", "the comments are left out: JSON has none".to_owned());
        }
        self.words(connection);
        let kind = connection.kind;
        self.object(&mut connection.members, kind, None, "");
        true
    }

    /// Replaces words of one dialect with those of the other.
    fn words(&self, connection: &mut Connection) {
        let has_mechanism = connection.text("/authentication/mechanism").is_some_and(|mechanism| !mechanism.is_empty());
        let is_from_kubernetes = connection.dialect == Dialect::Kubernetes;
        for (field, of_api, of_operator) in OTHER_WORDS {
            let (from, into) = if self.to == Dialect::Kubernetes {
                (of_api, of_operator)
            } else if is_from_kubernetes && has_mechanism {
                (of_operator, of_api)
            } else {
                continue;
            };
            if is_from_kubernetes && self.to == Dialect::Kubernetes {
                continue;
            }
            if connection.text(field.pointer()) == Some(from) {
                connection.set(field.pointer(), into);
                break;
            }
        }
    }

    fn object(&mut self, members: &mut Vec<Member>, kind: Option<Kind>, parent: Option<Field>, at: &str) {
        // In other dialects, a null is the same as no field.
        if self.to != Dialect::AdminApi {
            members.retain(|member| !matches!(&member.value, Tree::Word(word) if word == "null"));
        }
        members.retain_mut(|member| {
            let pointer = format!("{at}/{}", escape(&member.key));
            let Some(field) = Field::child(parent, &member.key) else {
                return self.keeps_unknown(member, &pointer);
            };
            let is_expressed = self.expresses(field);
            let shown = shown_path(&pointer, Keys::MayBeJoined);
            if !is_expressed {
                self.warn(
                    member.span,
                    &pointer,
                    format!("`{shown}` is left out: {} has no such field", title(self.to)),
                );
                return false;
            }
            if self.to == Dialect::Kubernetes && IN_SECRETS.contains(&field) {
                let message = format!("`{shown}` is left out: it belongs in the Secret that the manifest names");
                self.warn(member.span, &pointer, message);
                return true;
            }
            if let Some(word) = member.value.text()
                && kind.is_some()
                && !dialect::spelling(self.to).accepts(field, word)
                && is_of_api(field, word)
            {
                let message = format!("`{shown}` is left out: {} does not support its value", title(self.to));
                self.warn(member.span, &pointer, message);
                return false;
            }
            if let Tree::Object(members) = &mut member.value
                && field.row().shape == Shape::Object
            {
                let had_members = !members.is_empty();
                self.object(members, kind, Some(field), &pointer);
                return !had_members || !members.is_empty();
            }
            true
        });
    }

    /// Whether an unknown field is kept: a body of the API may have any, and is reported on its own.
    fn keeps_unknown(&mut self, member: &Member, pointer: &str) -> bool {
        let shown = shown_path(pointer, Keys::MayBeJoined);
        let is_of_response = RESPONSE_ONLY.contains(&member.key.as_str());
        if self.to == Dialect::AdminApi && !is_of_response {
            return true;
        }
        let reason = if is_of_response { "only responses have it" } else { "the API has no such field" };
        self.warn(member.span, pointer, format!("`{shown}` is left out: {reason}"));
        false
    }

    fn expresses(&self, field: Field) -> bool {
        dialect::spelling(self.to).path_of(field).is_some()
            && !(self.to == Dialect::Terraform && dialect::terraform::lacks(field))
    }

    fn warn(&mut self, span: Span, pointer: &str, message: String) {
        let pointer = shown_pointer(pointer, Keys::MayBeJoined).into_owned();
        self.warnings.push(ConversionWarning { pointer, span, message });
    }
}

/// Whether a word is one that the API lists for a field: a typo is kept.
fn is_of_api(field: Field, word: &str) -> bool {
    field == Field::Type || is_known_word(word)
}

/// The name of a target in sentences.
const fn title(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Terraform => "Terraform",
        Dialect::Kubernetes => "the Kubernetes operator",
        Dialect::CloudFormation => "CloudFormation",
        _ => "the Admin API",
    }
}

/// A name that is not in `names` yet, with a number if necessary.
fn unique(names: &mut Vec<String>, name: &str) -> String {
    let mut unique = name.to_owned();
    let mut number = 2;
    while names.contains(&unique) {
        unique = format!("{name}{number}");
        number += 1;
    }
    names.push(unique.clone());
    unique
}

impl Connection {
    /// The base of a resource's name: the connection's name, or its type if the name is unknown.
    fn label(&self) -> String {
        let name = self.text("/name").filter(|name| quoted_name(name).is_some());
        name.map_or_else(|| self.kind.map_or("connection", Kind::name).to_owned(), str::to_owned)
    }

    /// A variable for a part of the path.
    fn address<'a>(given: Option<&'a Tree>, default: &'a Tree) -> &'a Tree {
        given.unwrap_or(default)
    }
}

/// The variables of some connections: each once, in order.
fn variables<'a>(values: impl IntoIterator<Item = &'a Tree>) -> Vec<Variable> {
    let mut variables = Vec::<Variable>::new();
    for value in values {
        value.for_each_variable(&mut |variable| match variables.iter_mut().find(|known| known.name == variable.name) {
            Some(known) => known.is_secret |= variable.is_secret,
            None => variables.push(variable.clone()),
        });
    }
    variables
}
