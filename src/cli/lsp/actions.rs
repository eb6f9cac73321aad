//! What can be done about a finding: mend it, mend all, ignore it, read why.

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

/// The kind of the action that mends everything that can be mended safely; editors run it on saving.
pub(super) const FIX_ALL: &str = "source.fixAll.streamlint";

/// The reason of an ignore, where the client can have it filled in at once.
const REASON: &str = "${1:why}";

/// What a client asks for. Its diagnostics are taken as they come: those of other servers may be of any shape.
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

/// What one request for actions is about.
pub(super) struct Asked<'r> {
    pub report: &'r Report,
    pub document: &'r Document,
    pub client: &'r Client,
    pub params: &'r Params,
}

impl Asked<'_> {
    /// All actions that were asked for, those that are meant most likely first.
    pub fn actions(&self) -> Vec<lsp::CodeActionResponse> {
        // A client that knows no actions is given commands, and this server edits nothing by itself.
        if !self.client.actions {
            let explained = |found: &Diagnostic| lsp::CodeActionResponse::from(explanation(found));
            return self.each_rule().into_iter().map(explained).collect();
        }
        let mut actions = Vec::new();
        if self.wants("quickfix") {
            let found = self.found();
            actions.extend(found.iter().filter_map(|found| self.fix(found)));
            actions.extend(found.iter().filter_map(|found| self.ignore(found)));
            actions.extend(self.each_rule().into_iter().map(|found| self.explain(found)));
        }
        if self.wants(FIX_ALL) {
            actions.extend(self.fix_all());
        }
        actions.into_iter().map(Into::into).collect()
    }

    /// Whether actions of this kind were asked for: asking for `source` asks for `source.fixAll` as well.
    fn wants(&self, kind: &str) -> bool {
        let covers = |wanted: &String| {
            let rest = kind.strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || wanted.is_empty())
        };
        self.params.context.only.as_ref().is_none_or(|only| only.iter().any(covers))
    }

    /// The first finding of each rule, those that matter most in front.
    fn each_rule(&self) -> Vec<&Diagnostic> {
        let mut first = Vec::<&Diagnostic>::new();
        for found in self.found() {
            if first.iter().all(|other| other.rule.name != found.rule.name) {
                first.push(found);
            }
        }
        first
    }

    /// The findings that the client names or that its range touches, those that matter most in front.
    fn found(&self) -> Vec<&Diagnostic> {
        let text = self.document.text();
        let (start, end) = (text.offset(self.params.range.start).0, text.offset(self.params.range.end).0);
        let named = self.params.context.diagnostics.iter().filter_map(|named| named.get("data"));
        let named = named.collect::<Vec<_>>();
        let is_meant = |found: &&Diagnostic| {
            let touches = found.span().start <= end && start <= found.span().end;
            touches || named.contains(&&diagnostics::data(found))
        };
        let mut found = self.report.diagnostics().iter().filter(is_meant).collect::<Vec<_>>();
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

    fn ignore(&self, found: &Diagnostic) -> Option<lsp::CodeAction> {
        let title = format!("Ignore `{}` here", found.rule.name);
        let edit = if self.client.snippet_edits {
            self.snippet(&self.report.ignoring(found, REASON)?)
        } else {
            self.edit(&self.report.ignoring(found, "")?)
        };
        Some(lsp::CodeAction { edit: Some(edit), ..self.action(title, Some(found)) })
    }

    fn explain(&self, found: &Diagnostic) -> lsp::CodeAction {
        let command = explanation(found);
        lsp::CodeAction { command: Some(command.clone()), ..self.action(command.title, Some(found)) }
    }

    fn fix_all(&self) -> Option<lsp::CodeAction> {
        let edits = self.report.fixes(Applicability::Safe);
        let title = "Fix all that streamlint can mend safely".to_owned();
        let kind = Some(lsp::CodeActionKind::new(FIX_ALL));
        (!edits.is_empty()).then(|| lsp::CodeAction { kind, edit: Some(self.edit(&edits)), ..self.action(title, None) })
    }

    fn action(&self, title: String, about: Option<&Diagnostic>) -> lsp::CodeAction {
        let Document { uri, .. } = self.document;
        let one = |found| diagnostics::one(found, uri, self.document.text(), self.client);
        lsp::CodeAction {
            title,
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: about.map(|found| vec![one(found)]),
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
fn explanation(found: &Diagnostic) -> lsp::Command {
    let arguments = Some(vec![json!(found.rule.name)]);
    let title = format!("Explain `{}`", found.rule.name);
    lsp::Command { title, tooltip: None, command: EXPLAIN.to_owned(), arguments }
}

fn text_edit(edit: &Edit, text: &Text) -> lsp::TextEdit {
    lsp::TextEdit { range: text.range(edit.span), new_text: edit.text.to_string() }
}
