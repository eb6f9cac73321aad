//! The WebAssembly module of the npm package: takes texts and options, and returns findings, as JavaScript values.
//!
//! A text above the size limit stays in JavaScript; the module gets only its length in bytes. Returned offsets are
//! UTF-16 code units, the unit of JavaScript strings. An error is a sentence about the options.

#![allow(clippy::missing_errors_doc, reason = "JavaScript reads these comments, and its types have no errors")]
#![allow(clippy::needless_pass_by_value, reason = "values of JavaScript come by value")]

mod diagnostics;
pub mod options;

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use streamlint::{Applicability, Source, json_report};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use diagnostics::{Diagnostic, diagnostics};
use options::Settings;

/// Returns the findings in a text.
#[wasm_bindgen]
pub fn check(text: JsValue, options: JsValue) -> Result<JsValue, String> {
    let report = Settings::read(options)?.check(&text);
    to_js(&diagnostics(&report))
}

/// Returns the findings in texts that are linted together, as one list per text. Each text has its own options, in
/// addition to the `shared` ones.
#[wasm_bindgen(js_name = checkAll)]
pub fn check_all(texts: Vec<JsValue>, options: Vec<JsValue>, shared: JsValue) -> Result<JsValue, String> {
    let reports = texts.iter().zip(options).map(|(text, options)| Ok(Settings::read(options)?.check(text)));
    let mut reports = reports.collect::<Result<Vec<_>, String>>()?;
    Settings::read(shared)?.linter.across(&mut reports);
    to_js(&reports.iter().map(diagnostics).collect::<Vec<_>>())
}

#[derive(Serialize)]
struct Fixed<'r> {
    text: &'r str,
    applied: usize,
    remaining: Vec<Diagnostic<'r>>,
}

/// Returns the text with its fixes applied, the number of applied fixes, and the remaining findings.
#[wasm_bindgen]
pub fn fix(text: JsValue, options: JsValue, also_unsafe: bool) -> Result<JsValue, String> {
    let up_to = if also_unsafe { Applicability::Unsafe } else { Applicability::Safe };
    let settings = Settings::read(options)?;
    let mut report = settings.check(&text);
    let (fixed, applied) = report.fixed_and_counted(up_to);
    if applied > 0 {
        report = settings.linter.check(&Source::new(settings.filename, fixed));
    }
    to_js(&Fixed { text: report.source().text(), applied, remaining: diagnostics(&report) })
}

/// Returns the JSON report on a text, equal to the output of the command.
#[wasm_bindgen(js_name = reportJson)]
pub fn report_json(text: JsValue, options: JsValue) -> Result<String, String> {
    let settings = Settings::read(options)?;
    let mut reports = [settings.check(&text)];
    settings.linter.across(&mut reports);
    Ok(json_report(&reports))
}

/// Returns the known word that is most similar to a misspelled word.
#[wasm_bindgen]
pub fn nearest(wrong: &str, words: Vec<String>) -> Option<String> {
    streamlint::nearest(wrong, words.iter().map(String::as_str)).map(str::to_owned)
}

fn to_js(value: &impl Serialize) -> Result<JsValue, String> {
    let serializer = Serializer::new().serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(|error| error.to_string())
}
