//! Documents that hold connections without being one, and things that stand where a connection is expected.

use crate::diagnostic::Findings;
use crate::diagnostic::rules::NOT_A_CONNECTION;
use crate::diagnostic::rules::WRONG_TYPE;
use crate::dialect::DialectMatch;
use crate::document::Document;
use crate::document::value::Value;
use crate::text::Span;

pub(crate) fn check(document: &Document, found: &DialectMatch, findings: &mut Findings) {
    if let Some((what, entry)) = found.wrapper {
        let span = document.entry(entry).span();
        let findings = findings
            .report(&NOT_A_CONNECTION, format!("{what}, not the body of a request"))
            .mark(Span::new(span.start, span.end.min(span.start + 1)), "");
        findings.help(match what {
            "this is an empty array" => "write a connection as a JSON object",
            _ => "its connections are checked all the same; the API takes one of them at a time",
        });
    }
    for &entry in &found.non_objects {
        let what = match document.value(entry) {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => continue,
        };
        findings
            .report(&WRONG_TYPE, format!("a connection is an object, and this is {what}"))
            .mark(document.entry(entry).span(), "expected an object")
            .help("write `{ \"name\": …, \"type\": … }`");
    }
}
