//! Stream processors: the connections that the stages of their pipelines name.

use std::ops::Range;

use super::{DetectOptions, DialectMatch};
use crate::atlas::Mode;
use crate::atlas::stages::{Stage, Use};
use crate::connection::Dialect;
use crate::document::value::Value;
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::parse::json;
use crate::text::{Source, Span};

/// Stages that name a connection, and where in them: directly, or in one of these members.
const STAGES: &[(&str, &[&str])] = &[
    ("$source", &[]),
    ("$emit", &[]),
    ("$merge", &["into"]),
    ("$lookup", &["from"]),
    ("$cachedLookup", &["from"]),
    ("$https", &[]),
    ("$externalFunction", &[]),
];

/// The connections that the pipeline at `list` names. `place` says where a value stands.
pub(crate) fn uses(document: &Document, list: EntryId, place: impl Fn(EntryId) -> Option<Span>) -> Vec<Use> {
    let mut uses = Vec::new();
    if !document.entry(list).has(Entry::ARRAY) {
        return uses;
    }
    for stage in document.children(list) {
        for member in document.members(stage) {
            let key = document.key(member);
            let Some((_, inside)) = STAGES.iter().find(|(name, _)| *name == key) else { continue };
            let stage = match key {
                "$source" => Stage::Source,
                "$emit" => Stage::Emit { has_timeseries: document.child(member, "timeseries").is_some() },
                "$merge" => Stage::Merge,
                _ => Stage::Other,
            };
            let mut take = |object: EntryId, stage: Stage| {
                let Some(id) = document.child(object, "connectionName") else { return };
                let entry = document.entry(id);
                let name = match document.value(id) {
                    Value::String(name) => name.to_owned(),
                    // The name of another value, in HCL.
                    _ if entry.has(Entry::UNKNOWN) => {
                        let span = entry.span();
                        let written = document.source.text().get(span.start..span.end).unwrap_or_default();
                        if written.starts_with("\"${") {
                            written.trim_matches('"').to_owned()
                        } else {
                            format!("${{{written}}}")
                        }
                    }
                    _ => return,
                };
                uses.extend(place(id).map(|span| Use { name, span, stage }));
            };
            take(member, stage);
            for inner in inside.iter().filter_map(|key| document.child(member, key)) {
                take(inner, stage);
            }
            if let Some(registry) = document.child(member, "schemaRegistry") {
                take(registry, Stage::Registry);
            }
        }
    }
    uses
}

/// The same for a pipeline that is written as JSON inside a string; `place` says where a range of its bytes stands.
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
    // Names that hold a template say it as it is written.
    for found in &mut uses {
        if let Some(at) = found.name.find("${").and_then(|_| document.source.text().find(&found.name))
            && let Some(written) = text.get(at..at + found.name.len())
        {
            written.clone_into(&mut found.name);
        }
    }
    uses
}

/// Quotes inside of templates would end the strings that hold them.
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

/// The document of a stream processor: `{"name": …, "pipeline": [{"$source": …}, …]}`.
pub(super) fn find(document: &Document, wanted: DetectOptions) -> Option<DialectMatch> {
    let list = document.child(ROOT, "pipeline").filter(|&list| document.entry(list).has(Entry::ARRAY))?;
    let is_stage = |id: EntryId| document.members(id).any(|member| document.key(member).starts_with('$'));
    let is_pipeline = document.children(list).all(is_stage) && document.children(list).next().is_some();
    let says_type = document.child(ROOT, "type").is_some();
    if wanted.dialect != Some(Dialect::Processor) && (!is_pipeline || says_type) {
        return None;
    }
    let mut uses = uses(document, list, |id| Some(document.entry(id).span()));
    let dead_letters = document.resolve(ROOT, "/options/dlq/connectionName");
    if let (id, true) = dead_letters
        && let Value::String(name) = document.value(id)
    {
        let span = document.entry(id).span();
        uses.push(Use { name: name.to_owned(), span, stage: Stage::DeadLetters });
    }
    Some(DialectMatch {
        mode: wanted.mode.unwrap_or(Mode::Create),
        uses,
        recognized: true,
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
            {"$merge": {"into": {"connectionName": "e"}}}
        ]"#;
        let expected = [
            ("a", Stage::Source),
            ("b", Stage::Registry),
            ("c", Stage::Other),
            ("${t.n[\"k\"].connection_name}", Stage::Other),
            ("d", Stage::Emit { has_timeseries: true }),
            ("e", Stage::Merge),
        ];
        let found = names(text);
        assert_eq!(found.iter().map(|(name, stage, _)| (name.as_str(), *stage)).collect::<Vec<_>>(), expected);
        assert!(found.iter().all(|(name, _, written)| *written == format!("\"{name}\"")), "{found:?}");
        assert!(names("no pipeline").is_empty() && names("{}").is_empty() && names("[1, {\"$source\": 2}]").is_empty());
    }
}
