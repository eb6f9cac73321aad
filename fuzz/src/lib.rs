//! Inputs and oracles that the fuzz targets share.

use hcl_edit::parser::parse_body;
use libyaml_safer::{EventData, Parser};
use serde::Deserialize;
use serde::de::IgnoredAny;
use streamlint::{Report, Source, Syntax};

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

/// Returns the file that an input describes, or `None` where its text is not UTF-8.
pub fn source(input: &[u8]) -> Option<Source> {
    let (&first, text) = input.split_first()?;
    let name = NAMES[usize::from(first) % NAMES.len()];
    Some(Source::new(name, std::str::from_utf8(text).ok()?))
}

/// Whether a parser of somebody else accepts the text; `None` where there is none for the syntax.
pub fn is_accepted(syntax: Syntax, text: &str) -> Option<bool> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match syntax {
        Syntax::Json => {
            let mut json = serde_json::Deserializer::from_str(text);
            Some(IgnoredAny::deserialize(&mut json).and_then(|_| json.end()).is_ok())
        }
        Syntax::Yaml => Some(is_yaml(text)),
        Syntax::Hcl => Some(parse_body(text).is_ok()),
        _ => None,
    }
}

fn is_yaml(text: &str) -> bool {
    let mut bytes = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut bytes);
    loop {
        match parser.parse() {
            Ok(event) if matches!(event.data, EventData::StreamEnd) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// The number of syntax errors in a report.
pub fn syntax_errors(report: &Report) -> usize {
    report.diagnostics().iter().filter(|found| found.rule.name == "syntax-error").count()
}
