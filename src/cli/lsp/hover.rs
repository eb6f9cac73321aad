//! What is shown of the place under the pointer: what the schema says of the field, and the page of what was found there.

use crate::{Part, Report};
use gen_lsp_types as lsp;
use pulldown_cmark::{Event, Parser, Tag};

use super::client::Client;
use super::schema::Schema;
use super::text::Text;

/// Most pages that are shown at once.
const MOST_PAGES: usize = 3;

/// About the place at a byte of the document.
pub(super) fn at(report: &Report, offset: usize, text: &Text, client: &Client) -> Option<lsp::Hover> {
    let place = report.place_at(offset).filter(|place| place.part != Part::Gap);
    let field = place.as_ref().and_then(|place| {
        let kind = report.summaries().get(place.connection)?.kind;
        let written = report.source().text().get(place.span.start..place.span.end)?;
        let word = (place.part == Part::Value).then(|| written.trim_matches('"'));
        Some(Schema::at(kind, place.pointer.as_ref()?)?.described(word))
    });
    let marks = report.diagnostics().iter().filter(|found| !found.labels.is_empty());
    let marks = marks.filter(|found| found.span().start <= offset && offset <= found.span().end);
    let mut parts = field.into_iter().filter(|field| !field.is_empty()).collect::<Vec<_>>();
    let mut rules = Vec::new();
    let mut span = place.filter(|_| !parts.is_empty()).map(|place| place.span);
    for found in marks {
        if rules.len() < MOST_PAGES && !rules.contains(&found.rule.name) {
            rules.push(found.rule.name);
            parts.push(found.rule.page().trim_end().to_owned());
            span = span.or(Some(found.span()));
        }
    }
    if parts.is_empty() {
        return None;
    }
    let contents = markup(parts.join("\n\n---\n\n"), client.markdown);
    Some(lsp::Hover { contents: contents.into(), range: span.map(|span| text.range(span)) })
}

/// What is written in Markdown, for who can show that, and as plain text for others.
pub(super) fn markup(value: String, markdown: bool) -> lsp::MarkupContent {
    if markdown {
        return lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value };
    }
    lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: plain(&value) }
}

/// The text of something in Markdown: paragraphs with a line between them, and items with a dash.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(part) | Event::Code(part) => text += &part,
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Rule => text += "\n",
            Event::Start(Tag::Item) => text += "\n- ",
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_)) if !text.ends_with("- ") => {
                text.truncate(text.trim_end().len());
                text += if text.is_empty() { "" } else { "\n\n" };
            }
            _ => {}
        }
    }
    text.trim_end().to_owned()
}
