//! Reviewdog's diagnostics, as one JSON document.
//! <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>

use std::io;

use serde::Serialize;

use super::{Layout, Positions, Style, has_findings, seen, with_help, write_pretty};
use crate::atlas::secret::is_harmless;
use crate::diagnostic::Edit;
use crate::linter::Report;
use crate::text::Span;

const HEAD: &str = concat!(
    "{\n  \"source\": { \"name\": \"streamlint\", \"url\": \"",
    env!("CARGO_PKG_REPOSITORY"),
    "\" },\n  \"diagnostics\": ["
);

pub(super) const LAYOUT: Layout = Layout {
    name: "rdjson",
    head: HEAD,
    separator: ",",
    lists: has_findings,
    write,
    tail: |_, is_empty| tail(is_empty),
};

#[derive(Serialize)]
struct Diagnostic<'r> {
    message: String,
    location: Location<'r>,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

/// The end is the position after the range.
#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    /// One-based, in bytes of UTF-8.
    column: usize,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

/// The diagnostics of one file.
fn write(report: &Report, _: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let positions = Positions::of(report);
    let range = |span: Span| Range {
        start: Position::from(positions.in_bytes(span.start)),
        end: Position::from(positions.in_bytes(span.end)),
    };
    for (at, found) in report.diagnostics().iter().enumerate() {
        let diagnostic = Diagnostic {
            message: seen(&with_help(found)).into_owned(),
            location: Location {
                path: report.source().name(),
                // A finding about the request has no position in the text.
                range: found.labels.first().map(|label| range(label.span)),
            },
            severity: found.severity.terms().rdjson,
            code: Code { value: found.rule.name, url: found.url() },
            suggestions: found
                .shown_fix()
                .into_iter()
                .filter_map(|fix| whole(report.source().text(), &fix.edits))
                .map(|(span, text)| Suggestion { range: range(span), text })
                .collect(),
        };
        write!(out, "{}\n    ", if at == 0 { "" } else { "," })?;
        write_pretty(&diagnostic, "    ", out)?;
    }
    Ok(())
}

fn tail(is_empty: bool) -> String {
    if is_empty { "]\n}\n" } else { "\n  ]\n}\n" }.to_owned()
}

impl From<(usize, usize)> for Position {
    fn from((line, column): (usize, usize)) -> Self {
        Self { line, column }
    }
}

/// Combines the edits of a fix into one replacement, because reviewdog offers each suggestion separately. `None` if the
/// text between them may contain a secret.
fn whole(text: &str, edits: &[Edit]) -> Option<(Span, String)> {
    let (first, last) = (edits.first()?, edits.last()?);
    let (mut replacement, mut at) = (String::new(), first.span.start);
    for edit in edits {
        let between = text.get(at..edit.span.start)?;
        if !is_harmless(between) {
            return None;
        }
        replacement.extend([between, &edit.text]);
        at = edit.span.end;
    }
    Some((Span::new(first.span.start, last.span.end), replacement))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Format, Source, check};

    fn diagnostics(text: &str) -> Vec<Value> {
        let text = check(&Source::new("a.json", text)).render(Format::Rdjson);
        let result: Value = serde_json::from_str(&text).unwrap();
        result["diagnostics"].as_array().unwrap().clone()
    }

    #[test]
    fn columns_count_bytes_from_one() {
        let found = diagnostics("{ \"name\": \"é😀\", \"type\": \"sample\" }");
        let found = found.iter().find(|found| found["code"]["value"] == "unknown-type").unwrap();
        // `é` has two bytes, and the emoji four.
        let range = json!({ "start": { "line": 1, "column": 29 }, "end": { "line": 1, "column": 37 } });
        assert_eq!(found["location"], json!({ "path": "a.json", "range": range }));
        assert_eq!(found["suggestions"], json!([{ "range": range, "text": "\"Sample\"" }]));
        assert_eq!(found["severity"], "ERROR");
        // A byte order mark belongs to the first line.
        let found = diagnostics("\u{FEFF}{ \"type\": \"sample\",\r\n \"name\": \"sample_stream_solar\" }");
        assert_eq!(found[0]["location"]["range"]["start"], json!({ "line": 1, "column": 14 }));
    }

    #[test]
    fn a_suggestion_repeats_no_secret() {
        for found in diagnostics(
            r#"{ "name": "k", "type": "Kafka", "bootstrapServers": "b.example.com:9092", "mechanism": "PLAIN",
                "password": "hunter2", "username": "hunter2", "security": { "protocol": "sasl_ssl" } }"#,
        ) {
            assert!(!found.to_string().contains("hunter2"), "{found}");
        }
    }
}
