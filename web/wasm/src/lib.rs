//! The module of the page: the functions of the npm package, and those for which the package has no room.
//!
//! The published module has a budget, so that programs that only check stay small. What the page does beyond checking (the
//! mask behind share links and dots) is here. Offsets are UTF-16 code units.

#![allow(clippy::missing_errors_doc, reason = "JavaScript reads these comments, and its types have no errors")]

use streamlint::Utf16Cursor;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

// The sources themselves: a crate that is a library and a module at once is linked without optimization across crates.
#[path = "../../../pkg/src/lib.rs"]
mod package;

use package::options::Settings;

/// Returns the text with `***` for everything that a report may not show.
#[wasm_bindgen]
pub fn mask(text: JsValue, options: JsValue) -> Result<String, String> {
    Ok(Settings::read(options)?.check(text)?.masked_text())
}

/// Returns the ranges of the text that may be secret, in order: the start and the end of each, one behind the other.
#[wasm_bindgen]
pub fn secrets(text: JsValue, options: JsValue) -> Result<Vec<u32>, String> {
    let report = Settings::read(options)?.check(text)?;
    let mut cursor = Utf16Cursor::new(report.source().text());
    let mut offset = |byte| u32::try_from(cursor.offset(byte)).unwrap_or(u32::MAX);
    Ok(report.secrets().into_iter().flat_map(|span| [offset(span.start), offset(span.end)]).collect())
}
