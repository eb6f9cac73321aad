//! The hover text: the description of a field from its schema, and the findings there, with links to their rules' pages.

use crate::output::markdown::prose;
use crate::{Diagnostic, Report};
use gen_lsp_types as lsp;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::client::Client;
use super::text::Text;

/// The maximum number of findings in one hover text.
const MAX_FINDINGS: usize = 5;

/// The hover text at a byte of the document.
pub(super) fn at(report: &Report, byte: usize, text: &Text, client: &Client) -> Option<lsp::Hover> {
    let place = report.place_at(byte);
    let field = place.as_ref().and_then(|place| report.description_of(place));
    let findings = report.diagnostics().iter().filter(|found| !found.labels.is_empty());
    let findings = findings.filter(|found| found.span().start <= byte && byte <= found.span().end);
    let mut parts = Vec::from_iter(field);
    let mut shown = 0;
    let mut span = place.filter(|_| !parts.is_empty()).map(|place| place.span);
    for found in findings {
        if shown < MAX_FINDINGS {
            shown += 1;
            parts.push(finding(found));
            span = span.or(Some(found.span()));
        }
    }
    if parts.is_empty() {
        return None;
    }
    let contents = markup(parts.join("\n\n---\n\n"), client.markdown);
    Some(lsp::Hover { contents: contents.into(), range: span.map(|span| text.range(span)) })
}

/// A finding in Markdown. The page of its rule is behind a link.
fn finding(found: &Diagnostic) -> String {
    let help = found.help.as_deref().map(|help| format!("\n\n{}", prose(help))).unwrap_or_default();
    let (severity, rule) = (found.severity, found.rule.name);
    format!("**{severity}**: {}{help}\n\n[{rule}]({})", prose(&found.message), found.url())
}

/// Markdown, or its plain text for clients that do not support Markdown.
pub(super) fn markup(value: String, markdown: bool) -> lsp::MarkupContent {
    if markdown {
        return lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value };
    }
    lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: plain(&value) }
}

/// The plain text of Markdown: paragraphs with an empty line between them, and list items with a dash.
fn plain(markdown: &str) -> String {
    let (mut text, mut address) = (String::new(), None);
    for event in Parser::new(markdown) {
        match event {
            Event::Text(part) | Event::Code(part) => text += &part,
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Rule => text += "\n",
            Event::Start(Tag::Link { dest_url, .. }) => address = Some(dest_url),
            Event::End(TagEnd::Link) => text.extend(address.take().map(|address| format!(": {address}"))),
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
