//! Completions at the cursor, in the protocol's format.

use crate::{Completion, Completions, Span};
use gen_lsp_types as lsp;

use super::client::Client;
use super::hover::markup;
use super::text::Text;

pub(super) fn list(completions: &Completions, text: &Text, client: &Client) -> lsp::CompletionList {
    let items = completions.items.iter().enumerate();
    let items = items.map(|(index, completion)| item(index, completion, completions, text, client)).collect();
    lsp::CompletionList { is_incomplete: false, items, ..lsp::CompletionList::default() }
}

fn item(
    index: usize,
    completion: &Completion,
    completions: &Completions,
    text: &Text,
    client: &Client,
) -> lsp::CompletionItem {
    let Completion { label, is_field, is_required, written, insert, description, .. } = completion;
    let edit = lsp::TextEdit { range: text.range(completions.span), new_text: insert.clone() };
    let comma = completions
        .comma_at
        .map(|at| vec![lsp::TextEdit { range: text.range(Span::at(at)), new_text: ",".to_owned() }]);
    let kind = if *is_field { lsp::CompletionItemKind::Property } else { lsp::CompletionItemKind::EnumMember };
    lsp::CompletionItem {
        label: label.clone(),
        kind: Some(kind),
        detail: is_required.then(|| "required".to_owned()),
        documentation: (!description.is_empty()).then(|| markup(description.clone(), client.markdown).into()),
        sort_text: Some(format!("{index:03}")),
        // Clients compare it with the text in the range, which includes the quotes.
        filter_text: completions.is_quoted.then(|| written.clone()),
        insert_text_format: (*is_field && client.snippets).then_some(lsp::InsertTextFormat::Snippet),
        text_edit: Some(edit.into()),
        additional_text_edits: comma,
        ..lsp::CompletionItem::default()
    }
}
