//! The outline of a document: its connections.

use serde_json::{Value, json};

use super::client::Client;
use super::text::Text;
use crate::{Kind, Report, Span};

/// The kind `Object` of symbols.
const OBJECT: u32 = 19;

/// One symbol for each connection.
pub(super) fn all(report: &Report, uri: &str, text: &Text, client: &Client) -> Vec<Value> {
    let symbols = report.summaries().iter().enumerate().filter_map(|(index, summary)| {
        let whole = report.span_of(index, "")?;
        let inside =
            |pointer| report.span_of(index, pointer).filter(|span| whole.start <= span.start && span.end <= whole.end);
        let selection = inside("/name").or_else(|| inside("/type")).unwrap_or(Span::at(whole.start));
        let kind = summary.kind.map(Kind::name);
        let name = summary.name.as_deref().filter(|name| !name.trim().is_empty());
        let mut symbol = json!({ "name": name.or(kind).unwrap_or("connection"), "kind": OBJECT });
        if client.symbol_tree {
            symbol["range"] = json!(text.range(whole));
            symbol["selectionRange"] = json!(text.range(selection));
        } else {
            symbol["location"] = json!({ "uri": uri, "range": text.range(whole) });
        }
        if let Some(kind) = kind {
            symbol[if client.symbol_tree { "detail" } else { "containerName" }] = json!(kind);
        }
        Some(symbol)
    });
    symbols.collect()
}
