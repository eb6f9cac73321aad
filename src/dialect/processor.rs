//! Stream processors: the connections that the stages of their pipelines use.

use std::ops::Range;

use super::{DetectOptions, DialectMatch};
use crate::atlas::Mode;
use crate::atlas::stages::{Stage, Use};
use crate::connection::Dialect;
use crate::document::value::Value;
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::parse::json;
use crate::text::{Source, Span};

/// The connections that the pipeline at `list` uses. `place` returns the span of a value.
pub(crate) fn uses(document: &Document, list: EntryId, place: impl Fn(EntryId) -> Option<Span>) -> Vec<Use> {
    let mut uses = Vec::new();
    uses_within(document, list, &place, &mut uses);
    uses
}

fn uses_within(document: &Document, list: EntryId, place: &dyn Fn(EntryId) -> Option<Span>, uses: &mut Vec<Use>) {
    if !document.entry(list).has(Entry::ARRAY) {
        return;
    }
    for stage in document.children(list) {
        for member in document.members(stage) {
            let has_timeseries = document.child(member, "timeseries").is_some();
            // The stage, and the field in it that may contain the connection's name.
            let (stage, inner) = match document.key(member) {
                "$source" => (Stage::Source, None),
                "$emit" => (Stage::Emit { has_timeseries }, None),
                "$merge" => (Stage::Merge, Some("into")),
                "$lookup" | "$cachedLookup" => (Stage::Lookup, Some("from")),
                "$vectorSearch" => (Stage::VectorSearch, Some("from")),
                "$https" => (Stage::Https, None),
                "$externalFunction" => (Stage::ExternalFunction, None),
                "$iceberg" => (Stage::Iceberg, None),
                "$tumblingWindow" | "$hoppingWindow" | "$sessionWindow" => {
                    if let Some(inner) = document.child(member, "pipeline") {
                        uses_within(document, inner, place, uses);
                    }
                    continue;
                }
                _ => continue,
            };
            let objects = [Some((member, stage)), inner.and_then(|key| Some((document.child(member, key)?, stage)))];
            let registry = document.child(member, "schemaRegistry").map(|registry| (registry, Stage::Registry));
            for (object, stage) in objects.into_iter().chain([registry]).flatten() {
                uses.extend(use_in(document, object, "connectionName", stage, place));
            }
        }
    }
}

/// The connection that a field of an object names.
pub(crate) fn use_in(
    document: &Document,
    object: EntryId,
    key: &str,
    stage: Stage,
    place: &dyn Fn(EntryId) -> Option<Span>,
) -> Option<Use> {
    let id = document.child(object, key)?;
    let name = match document.value(id) {
        Value::String(name) => name.to_owned(),
        // The name of another value, in HCL.
        _ if document.entry(id).has(Entry::UNKNOWN) => {
            let span = document.entry(id).span();
            let written = document.source.text().get(span.start..span.end).unwrap_or_default();
            if written.starts_with("\"${") { written.trim_matches('"').to_owned() } else { format!("${{{written}}}") }
        }
        _ => return None,
    };
    place(id).map(|span| Use { name, span, stage })
}

/// The same for a pipeline in JSON inside a string; `place` returns the span of a range of its bytes.
pub(crate) fn uses_in_text(text: &str, place: impl Fn(&Range<usize>) -> Option<Span>) -> Vec<Use> {
    let plain = without_quotes_in_templates(text);
    let reading = json::parse(&Source::new("pipeline.json", plain), json::Flavor::Strict);
    if !reading.flaws.is_empty() {
        return Vec::new();
    }
    let document = &reading.document;
    let mut uses = uses(document, ROOT, |id| {
        let span = document.entry(id).span();
        place(&(span.start..span.end))
    });
    // Names with a template are kept as written.
    for found in &mut uses {
        if let Some(at) = found.name.find("${").and_then(|_| document.source.text().find(&found.name))
            && let Some(written) = text.get(at..at + found.name.len())
        {
            written.clone_into(&mut found.name);
        }
    }
    uses
}

/// Quotes inside of templates would end the strings around them.
fn without_quotes_in_templates(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(start) = text[at..].find("${").map(|start| at + start) {
        let end = crate::parse::hcl::scan::template(bytes, start).filter(|&end| text.is_char_boundary(end));
        let end = end.unwrap_or(start + 2);
        plain.push_str(&text[at..start]);
        plain.extend(text[start..end].chars().map(|c| match c {
            '"' | '\\' => '\'',
            control if control.is_ascii_control() => ' ',
            other => other,
        }));
        at = end;
    }
    plain.push_str(&text[at..]);
    plain
}

/// Whether every element of an array is a stage of a pipeline.
fn is_pipeline(document: &Document, list: EntryId) -> bool {
    let is_stage = |id: EntryId| document.members(id).any(|member| document.key(member).starts_with('$'));
    document.entry(list).has(Entry::ARRAY)
        && document.children(list).next().is_some()
        && document.children(list).all(is_stage)
}

/// Whether a document consists of a pipeline: `[{"$source": …}, …]`.
pub(super) fn is_bare_pipeline(document: &Document) -> bool {
    !document.is_stream && is_pipeline(document, ROOT)
}

/// The document of a stream processor, `{"name": …, "pipeline": [{"$source": …}, …]}`, or its pipeline alone.
pub(super) fn find(document: &Document, options: DetectOptions) -> Option<DialectMatch> {
    let place = |id| Some(document.entry(id).span());
    let is_bare = is_bare_pipeline(document);
    let list = if is_bare { ROOT } else { document.child(ROOT, "pipeline")? };
    let says_type = document.child(ROOT, "type").is_some();
    let is_array = document.entry(list).has(Entry::ARRAY);
    if !is_array || options.dialect != Some(Dialect::Processor) && (!is_pipeline(document, list) || says_type) {
        return None;
    }
    let mut uses = uses(document, list, place);
    if let (dlq, true) = document.resolve(ROOT, "/options/dlq") {
        uses.extend(use_in(document, dlq, "connectionName", Stage::DeadLetters, &place));
    }
    Some(DialectMatch {
        mode: options.mode.unwrap_or(Mode::Create),
        // Pipelines occur in other programs, too.
        recognized: !is_bare || !uses.is_empty(),
        uses,
        processors: 1,
        ..DialectMatch::nothing(Dialect::Processor)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, Stage, String)> {
        let place = |range: &Range<usize>| Some(Span::new(range.start, range.end));
        let found = uses_in_text(text, place);
        found.into_iter().map(|it| (it.name, it.stage, text[it.span.start..it.span.end].to_owned())).collect()
    }

    #[test]
    fn stages_name_connections() {
        let text = r#"[
            {"$source": {"connectionName": "a", "schemaRegistry": {"connectionName": "b"}}},
            {"$addFields": {"connectionName": "x"}},
            {"$lookup": {"from": {"connectionName": "c"}}},
            {"$https": {"connectionName": "${t.n["k"].connection_name}"}},
            {"$emit": {"connectionName": "d", "timeseries": {}}},
            {"$tumblingWindow": {"pipeline": [{"$hoppingWindow": {"pipeline": [
                {"$externalFunction": {"connectionName": "f"}}]}}]}},
            {"$vectorSearch": {"from": {"connectionName": "v"}}},
            {"$iceberg": {"connectionName": "i"}},
            {"$merge": {"into": {"connectionName": "e"}}}
        ]"#;
        let expected = [
            ("a", Stage::Source),
            ("b", Stage::Registry),
            ("c", Stage::Lookup),
            ("${t.n[\"k\"].connection_name}", Stage::Https),
            ("d", Stage::Emit { has_timeseries: true }),
            ("f", Stage::ExternalFunction),
            ("v", Stage::VectorSearch),
            ("i", Stage::Iceberg),
            ("e", Stage::Merge),
        ];
        let found = names(text);
        assert_eq!(found.iter().map(|(name, stage, _)| (name.as_str(), *stage)).collect::<Vec<_>>(), expected);
        assert!(found.iter().all(|(name, _, written)| *written == format!("\"{name}\"")), "{found:?}");
        assert!(names("no pipeline").is_empty() && names("{}").is_empty() && names("[1, {\"$source\": 2}]").is_empty());
    }
}
