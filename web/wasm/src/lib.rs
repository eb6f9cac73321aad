//! The WebAssembly module of the page: the functions of the npm package, and additional ones.
//!
//! The published module has a size budget, so the functions that only the page needs are here: the mask for share links
//! and dots, copies in other dialects, hovers and completions in all syntaxes. Offsets are UTF-16 code units.

#![allow(clippy::missing_errors_doc, reason = "JavaScript reads these comments, and its types have no errors")]

use streamlint::{Dialect, Source, Utf16Cursor};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

// Included as source: a crate that is a library and a module at once gets no cross-crate optimization.
#[path = "../../../pkg/src/lib.rs"]
mod package;

use package::options::Settings;
use serde::Serialize;

/// Returns the text with `***` in place of everything that a report may not show.
#[wasm_bindgen]
pub fn mask(text: &JsValue, options: JsValue) -> Result<String, String> {
    Ok(Settings::read(options)?.check(text).masked_text())
}

/// Returns the connections of a text in Admin API shape, as a JSON array; unknown values are kept as written.
#[wasm_bindgen]
pub fn values(text: &JsValue, options: JsValue) -> Result<String, String> {
    let values = Settings::read(options)?.check(text).values();
    serde_json::to_string(&values).map_err(|error| error.to_string())
}

/// Returns the connections of a text in another dialect, followed by a warning for each thing that the dialect lacks.
#[wasm_bindgen]
pub fn convert(text: &JsValue, options: JsValue, to: &str) -> Result<Vec<String>, String> {
    let to = to.parse::<Dialect>().map_err(|error| error.to_string())?;
    let conversion = Settings::read(options)?.check(text).convert(to).map_err(|error| error.to_string())?;
    let warnings = conversion.warnings.into_iter().map(|warning| warning.message);
    Ok(std::iter::once(conversion.text).chain(warnings).collect())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Secrets {
    /// Whether the text has a syntax error, so that the ranges cover more than the known secrets.
    is_damaged: bool,
    /// The start and the end of each range, in one list.
    offsets: Vec<usize>,
}

/// Returns the ranges of the text that may be secret, in order.
#[wasm_bindgen]
pub fn secrets(text: &JsValue, options: JsValue) -> Result<JsValue, String> {
    let report = Settings::read(options)?.check(text);
    let mut cursor = Utf16Cursor::new(report.source().text());
    let offsets = report.secrets().into_iter().flat_map(|span| [span.start, span.end]);
    let offsets = offsets.map(|byte| cursor.offset(byte)).collect();
    let is_damaged = report.diagnostics().iter().any(|found| found.rule.name == "syntax-error");
    serde_wasm_bindgen::to_value(&Secrets { is_damaged, offsets }).map_err(|error| error.to_string())
}

/// Converts an offset in UTF-16 code units to a byte.
fn byte_at(text: &str, offset: usize) -> usize {
    let mut units = 0;
    let mut chars = text.char_indices();
    let end = chars.find(|(_, char)| {
        let is_there = units >= offset;
        units += char.len_utf16();
        is_there
    });
    end.map_or(text.len(), |(byte, _)| byte)
}

#[derive(Serialize)]
struct Description {
    from: usize,
    to: usize,
    /// In Markdown.
    text: String,
}

/// Returns the description of the field or value at an offset.
#[wasm_bindgen]
pub fn describe(text: &JsValue, options: JsValue, offset: usize) -> Result<JsValue, String> {
    let report = Settings::read(options)?.check(text);
    let written = report.source().text();
    let described = report.place_at(byte_at(written, offset)).and_then(|place| {
        let mut cursor = Utf16Cursor::new(written);
        let (from, to) = (cursor.offset(place.span.start), cursor.offset(place.span.end));
        Some(Description { from, to, text: report.description_of(&place)? })
    });
    serde_wasm_bindgen::to_value(&described).map_err(|error| error.to_string())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Completions {
    from: usize,
    to: usize,
    /// The offset of a missing comma.
    comma_at: Option<usize>,
    items: Vec<Completion>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Completion {
    label: String,
    /// The inserted text, with `$1` at the new position of the cursor.
    insert: String,
    description: String,
    is_field: bool,
    is_required: bool,
}

/// Returns the fields and values that can be written at an offset.
#[wasm_bindgen]
pub fn completions(text: String, options: JsValue, offset: usize) -> Result<JsValue, String> {
    let Settings { linter, filename } = Settings::read(options)?;
    let source = Source::new(filename, text);
    let found = linter.completions(&source, byte_at(source.text(), offset), true).map(|found| {
        let mut cursor = Utf16Cursor::new(source.text());
        let items = found.items.into_iter().map(|item| Completion {
            // Compared with the text in the range, quotes included.
            label: if found.is_quoted { item.written } else { item.label },
            insert: item.insert,
            description: item.description,
            is_field: item.is_field,
            is_required: item.is_required,
        });
        Completions {
            comma_at: found.comma_at.map(|byte| cursor.offset(byte)),
            from: cursor.offset(found.span.start),
            to: cursor.offset(found.span.end),
            items: items.collect(),
        }
    });
    serde_wasm_bindgen::to_value(&found).map_err(|error| error.to_string())
}
