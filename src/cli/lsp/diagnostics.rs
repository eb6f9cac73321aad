//! Diagnostics in the protocol's format.

use crate::settings::SettingsError;
use crate::{Diagnostic, Report, Span};
use gen_lsp_types as lsp;
use serde_json::{Value, json};

use super::client::Client;
use super::text::Text;

/// The source of diagnostics, as editors show it.
pub(super) const SOURCE: &str = "streamlint";

/// The maximum number of diagnostics of one document. Editors slow down with more.
const MAX_DIAGNOSTICS: usize = 1000;

/// The diagnostics of a document.
pub(super) fn all(report: &Report, uri: &str, text: &Text, client: &Client) -> Vec<lsp::Diagnostic> {
    report.diagnostics().iter().take(MAX_DIAGNOSTICS).map(|found| one(found, uri, text, client)).collect()
}

pub(super) fn one(found: &Diagnostic, uri: &str, text: &Text, client: &Client) -> lsp::Diagnostic {
    let mut message = [Some(&found.message), found.help.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>();
    let others = found.labels.iter().skip(1);
    let related = client.related_information.then(|| {
        let location = |span| lsp::Location { uri: lsp::Uri(uri.to_owned()), range: text.range(span) };
        let related = others.clone().map(|label| {
            let message = if label.message.is_empty() { &found.message } else { &label.message };
            lsp::DiagnosticRelatedInformation { location: location(label.span), message: message.to_string() }
        });
        related.collect::<Vec<_>>()
    });
    if related.is_none() {
        let line = |label: &crate::Label| {
            let line = text.position(label.span.start).line + 1;
            (!label.message.is_empty()).then(|| format!("line {line}: {}", label.message).into())
        };
        message.extend(others.filter_map(line));
    }
    lsp::Diagnostic {
        range: text.range(found.span()),
        severity: Some(found.severity.terms().lsp.into()),
        code: Some(lsp::Code::String(found.rule.name.to_owned())),
        code_description: Some(lsp::CodeDescription { href: lsp::Uri(found.url()) }),
        source: Some(SOURCE.to_owned()),
        message: lsp::Message::String(message.join("\n")),
        tags: tag(found.rule.name).filter(|_| client.tags).map(|tag| vec![tag]),
        related_information: related.filter(|related| !related.is_empty()),
        data: Some(data(found)),
    }
}

/// An error in a `streamlint.toml`.
pub(super) fn of_settings(mistake: &SettingsError, text: &Text) -> lsp::Diagnostic {
    let message = [Some(&mistake.message), mistake.help.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>();
    lsp::Diagnostic {
        range: text.range(Span::new(mistake.span.start, mistake.span.end)),
        severity: Some(lsp::DiagnosticSeverity::Error),
        source: Some(SOURCE.to_owned()),
        message: lsp::Message::String(message.join("\n")),
        ..lsp::Diagnostic::default()
    }
}

/// Identifies a finding in its document. The client sends it back when it requests code actions.
pub(super) fn data(found: &Diagnostic) -> Value {
    json!({ "rule": found.rule.name, "connection": found.connection, "pointer": found.pointer })
}

/// The tag that makes editors fade out or strike through the text.
fn tag(rule: &str) -> Option<lsp::DiagnosticTag> {
    match rule {
        "unused-credentials" | "unused-ignore" | "unused-network-field" => Some(lsp::DiagnosticTag::Unnecessary),
        "deprecated-attribute" => Some(lsp::DiagnosticTag::Deprecated),
        _ => None,
    }
}
