//! The outline of a document: its connections.

use crate::{Kind, Report, Span};
use gen_lsp_types as lsp;

use super::client::Client;
use super::text::Text;

/// One symbol for each connection.
pub(super) fn all(report: &Report, uri: &str, text: &Text, client: &Client) -> lsp::DocumentSymbolResponse {
    let found = report.summaries().iter().enumerate().filter_map(|(index, summary)| {
        let whole = report.span_of(index, "")?;
        let own =
            |pointer| report.span_of(index, pointer).filter(|own| whole.start <= own.start && own.end <= whole.end);
        let selection = own("/name").or_else(|| own("/type")).unwrap_or(Span::at(whole.start));
        let kind = summary.kind.map(Kind::name);
        let name = summary.name.as_deref().filter(|name| !name.trim().is_empty());
        let name = name.or(kind).unwrap_or("connection").to_owned();
        Some((name, kind, whole, selection))
    });
    if client.symbol_tree {
        let symbols = found.map(|(name, kind, whole, selection)| {
            #[allow(deprecated, reason = "the type has the field, and serde needs no value for it")]
            lsp::DocumentSymbol {
                name,
                detail: kind.map(str::to_owned),
                kind: lsp::SymbolKind::Object,
                tags: None,
                deprecated: None,
                range: text.range(whole),
                selection_range: text.range(selection),
                children: None,
            }
        });
        return symbols.collect::<Vec<_>>().into();
    }
    let symbols = found.map(|(name, kind, whole, _)| {
        let location = lsp::Location { uri: lsp::Uri(uri.to_owned()), range: text.range(whole) };
        let base_symbol_information = lsp::BaseSymbolInformation {
            name,
            kind: lsp::SymbolKind::Object,
            tags: None,
            container_name: kind.map(str::to_owned),
        };
        #[allow(deprecated, reason = "as above")]
        lsp::SymbolInformation { deprecated: None, location, base_symbol_information }
    });
    symbols.collect::<Vec<_>>().into()
}
