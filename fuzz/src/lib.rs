//! The fuzz targets, with their shared inputs and oracles. `tests/mutations.rs` also runs them, without a fuzzer.

#![allow(clippy::missing_panics_doc, reason = "a target reports what it finds by a panic")]

mod check;
mod fix;
mod mask;
mod parse;
mod render;

use hcl_edit::parser::parse_body;
use serde::Deserialize;
use serde::de::IgnoredAny;
use streamlint::{Report, Source, Syntax};

pub use check::check;
pub use fix::fix;
pub use mask::mask;
pub use parse::parse;
pub use render::render;

/// One file name for each syntax. The first byte of an input selects one, and the rest is the text.
pub const NAMES: [&str; 7] = [
    "connections.json",
    "connections.jsonc",
    "connections.yaml",
    "main.tf",
    "main.tf.json",
    "terraform.tfvars",
    "requests.http",
];

/// Returns the file that an input describes, or `None` if its text is not UTF-8.
pub fn source(input: &[u8]) -> Option<Source> {
    let (&first, text) = input.split_first()?;
    let name = NAMES[usize::from(first) % NAMES.len()];
    Some(Source::new(name, std::str::from_utf8(text).ok()?))
}

/// Whether a third-party parser accepts the text; `None` if there is none for the syntax.
pub fn is_accepted(syntax: Syntax, text: &str) -> Option<bool> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match syntax {
        Syntax::Json => {
            let mut json = serde_json::Deserializer::from_str(text);
            Some(IgnoredAny::deserialize(&mut json).and_then(|_| json.end()).is_ok())
        }
        Syntax::Yaml => {
            let mut documents = serde_yaml_ng::Deserializer::from_str(text);
            Some(documents.all(|document| IgnoredAny::deserialize(document).is_ok()))
        }
        Syntax::Hcl => Some(parse_body(text).is_ok()),
        _ => None,
    }
}

/// Returns the number of syntax errors in a report.
pub fn syntax_errors(report: &Report) -> usize {
    report.diagnostics().iter().filter(|found| found.rule.name == "syntax-error").count()
}
