//! Code actions: fix a finding, apply all safe fixes, ignore a finding, explain its rule.

use std::collections::HashMap;

use crate::{Applicability, Diagnostic, Edit, Report};
use gen_lsp_types as lsp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::diagnostics;
use super::documents::Document;
use super::text::Text;

/// The command that shows a rule's page.
pub(super) const EXPLAIN: &str = "streamlint.explain";

/// The kind of the action that applies all safe fixes. Editors run it when they save.
pub(super) const FIX_ALL: &str = "source.fixAll.streamlint";

/// The reason in an ignore comment, as a placeholder of a snippet.
const REASON_PLACEHOLDER: &str = "${1:why}";

/// The parameters of a request. Its diagnostics may be those of other servers, so they may have any shape.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Params {
    pub text_document: lsp::TextDocumentIdentifier,
    range: lsp::Range,
    context: Context,
}

#[derive(Debug, Deserialize)]
struct Context {
    #[serde(default)]
    diagnostics: Vec<Value>,
    only: Option<Vec<String>>,
}

/// A request for code actions.
pub(super) struct CodeActions<'r> {
    pub report: &'r Report,
    pub document: &'r Document,
    pub client: &'r Client,
    pub params: &'r Params,
}

impl CodeActions<'_> {
    /// All requested actions, the most useful first.
    pub fn all(&self) -> Vec<lsp::CodeActionResponse> {
        // A client without support for actions gets commands. Only the explanation is one, as no command edits a document.
        if !self.client.code_actions {
            let command = |found: &Diagnostic| lsp::CodeActionResponse::from(explain_command(found));
            return self.first_of_each_rule().into_iter().map(command).collect();
        }
        let mut actions = Vec::new();
        if self.wants("quickfix") {
            let found = self.found();
            actions.extend(found.iter().filter_map(|found| self.fix(found)));
            for one in &found {
                // If a rule has several findings, each title names its field.
                let is_only = found.iter().filter(|other| other.rule == one.rule).count() == 1;
                let about = if is_only { String::new() } else { format!(": {}", one.message) };
                actions.extend(self.ignore(one, &about));
            }
            actions.extend(self.first_of_each_rule().into_iter().map(|found| self.explain(found)));
        }
        if self.wants(FIX_ALL) {
            actions.extend(self.fix_all());
        }
        actions.into_iter().map(Into::into).collect()
    }

    /// Whether the client requests actions of this kind. `source` includes `source.fixAll`.
    fn wants(&self, kind: &str) -> bool {
        let covers = |requested: &String| {
            let rest = kind.strip_prefix(requested.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || requested.is_empty())
        };
        self.params.context.only.as_ref().is_none_or(|only| only.iter().any(covers))
    }

    /// The first finding of each rule, the most severe first.
    fn first_of_each_rule(&self) -> Vec<&Diagnostic> {
        let mut first = Vec::<&Diagnostic>::new();
        for found in self.found() {
            if first.iter().all(|other| other.rule.name != found.rule.name) {
                first.push(found);
            }
        }
        first
    }

    /// The findings that the client names or that touch its range, the most severe first.
    fn found(&self) -> Vec<&Diagnostic> {
        let text = self.document.text();
        let (start, end) = (text.byte(self.params.range.start), text.byte(self.params.range.end));
        let named = self.params.context.diagnostics.iter().filter_map(|named| named.get("data"));
        let named = named.collect::<Vec<_>>();
        let is_requested = |found: &&Diagnostic| {
            let touches = found.span().start <= end && start <= found.span().end;
            touches || named.contains(&&diagnostics::data(found))
        };
        let mut found = self.report.diagnostics().iter().filter(is_requested).collect::<Vec<_>>();
        found.sort_by_key(|found| std::cmp::Reverse(found.severity));
        found
    }

    fn fix(&self, found: &Diagnostic) -> Option<lsp::CodeAction> {
        let fix = found.fix.as_ref()?;
        let is_safe = fix.applicability == Applicability::Safe;
        let title = if is_safe { fix.title.to_string() } else { format!("{} (a guess)", fix.title) };
        let edit = self.edit(&fix.edits);
        Some(lsp::CodeAction {
            is_preferred: is_safe.then_some(true),
            edit: Some(edit),
            ..self.action(title, Some(found))
        })
    }

    fn ignore(&self, found: &Diagnostic, about: &str) -> Option<lsp::CodeAction> {
        let title = format!("Ignore `{}` here{about}", found.rule.name);
        let edit = if self.client.snippet_edits {
            self.snippet(&self.report.ignoring(found, REASON_PLACEHOLDER)?)
        } else {
            self.edit(&self.report.ignoring(found, "")?)
        };
        Some(lsp::CodeAction { edit: Some(edit), ..self.action(title, Some(found)) })
    }

    fn explain(&self, found: &Diagnostic) -> lsp::CodeAction {
        let command = explain_command(found);
        lsp::CodeAction { command: Some(command.clone()), ..self.action(command.title, Some(found)) }
    }

    fn fix_all(&self) -> Option<lsp::CodeAction> {
        let edits = self.report.fixes(Applicability::Safe);
        let title = "Apply all safe fixes of streamlint".to_owned();
        let kind = Some(lsp::CodeActionKind::new(FIX_ALL));
        (!edits.is_empty()).then(|| lsp::CodeAction { kind, edit: Some(self.edit(&edits)), ..self.action(title, None) })
    }

    fn action(&self, title: String, about: Option<&Diagnostic>) -> lsp::CodeAction {
        let Document { uri, .. } = self.document;
        let diagnostic = |found| diagnostics::one(found, uri, self.document.text(), self.client);
        lsp::CodeAction {
            title,
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: about.map(|found| vec![diagnostic(found)]),
            ..lsp::CodeAction::default()
        }
    }

    fn edit(&self, edits: &[Edit]) -> lsp::WorkspaceEdit {
        let edits = edits.iter().map(|edit| text_edit(edit, self.document.text()));
        if self.client.versioned_edits {
            return self.versioned(edits.map(Into::into).collect());
        }
        let changes = HashMap::from([(lsp::Uri(self.document.uri.clone()), edits.collect())]);
        lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() }
    }

    fn snippet(&self, edits: &[Edit]) -> lsp::WorkspaceEdit {
        let snippets = edits.iter().map(|edit| lsp::SnippetTextEdit {
            range: self.document.text().range(edit.span),
            snippet: lsp::StringValue { value: edit.text.to_string() },
            annotation_id: None,
        });
        self.versioned(snippets.map(Into::into).collect())
    }

    fn versioned(&self, edits: Vec<lsp::Edit>) -> lsp::WorkspaceEdit {
        let text_document = lsp::OptionalVersionedTextDocumentIdentifier {
            version: Some(self.document.version),
            text_document_identifier: lsp::TextDocumentIdentifier { uri: lsp::Uri(self.document.uri.clone()) },
        };
        let change = lsp::TextDocumentEdit { text_document, edits };
        lsp::WorkspaceEdit { document_changes: Some(vec![change.into()]), ..lsp::WorkspaceEdit::default() }
    }
}

/// The command that shows the page of a finding's rule.
fn explain_command(found: &Diagnostic) -> lsp::Command {
    let arguments = Some(vec![json!(found.rule.name)]);
    let title = format!("Explain `{}`", found.rule.name);
    lsp::Command { title, tooltip: None, command: EXPLAIN.to_owned(), arguments }
}

fn text_edit(edit: &Edit, text: &Text) -> lsp::TextEdit {
    lsp::TextEdit { range: text.range(edit.span), new_text: edit.text.to_string() }
}
