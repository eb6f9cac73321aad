//! Pipelines of stream processors: the connections that their stages name, and what a stage can do with one.

use std::ops::Range;

use super::{Dialect, Found, Wanted};
use crate::connection::Mode;
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::kind::Kind;
use crate::read::{Flaw, json};
use crate::rules::pipelines::WRONG_STAGE_FOR_CONNECTION;
use crate::secret::quoted;
use crate::source::{Source, Span};
use crate::value::Value;

/// Names that need no connection: the service has them itself.
pub(crate) const BUILT_IN: &[&str] = &["__testLog", "__noopSink"];

/// A place of a pipeline that names a connection.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    /// The name, or what stands for it, as it is written.
    pub name: String,
    pub span: Span,
    pub stage: Stage,
}

/// What a stage wants of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Source,
    Emit {
        has_timeseries: bool,
    },
    Merge,
    /// A stage in the middle.
    Other,
    /// The registry of a stage, whatever the stage is.
    Registry,
    /// Where a processor puts what it cannot process.
    DeadLetters,
}

impl Stage {
    /// What is wrong with a connection of this type here, and what to do about it.
    pub fn objects_to(self, kind: Kind) -> Option<(String, &'static str)> {
        let no = |sentence: &str| Some(sentence.to_owned());
        let sentence = match (self, kind) {
            (Self::Registry, _) => return None,
            (_, Kind::SchemaRegistry) => {
                return Some((
                    "a schema registry is no connection of a stage".to_owned(),
                    "name the registry inside `schemaRegistry`, beside the connection that holds the data",
                ));
            }
            (Self::Source, Kind::Https | Kind::S3 | Kind::AWSLambda | Kind::GCPPubSub) => {
                return Some((
                    format!("`$source` cannot read from a connection of type {kind}"),
                    "read from Kafka, Cluster, Sample or AWSKinesisDataStreams",
                ));
            }
            (Self::Emit { has_timeseries: false }, Kind::Cluster) => {
                return Some((
                    "`$emit` writes into a cluster only as time series, and there is no `timeseries` in here"
                        .to_owned(),
                    "use `$merge`, or add `timeseries`",
                ));
            }
            (Self::Merge, Kind::Kafka) => no("`$merge` writes into a cluster, and this connection is Kafka"),
            (Self::Emit { .. } | Self::Merge, Kind::Sample) => no("a sample source can only be read"),
            _ => None,
        }?;
        let help = if kind == Kind::Kafka { "use `$emit`" } else { "write into Kafka, a cluster or another sink" };
        Some((sentence, help))
    }

    /// The finding about a connection of this type here, if it is wrong.
    pub fn flaw(self, span: Span, name: &str, kind: Kind) -> Option<Flaw> {
        let (sentence, help) = self.objects_to(kind)?;
        let label = format!("{} is of type {kind}", quoted(name));
        Some(Flaw::of(&WRONG_STAGE_FOR_CONNECTION, span, sentence, label).help(help))
    }
}

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
    let reading = json::read(&Source::new("pipeline.json", plain), json::Flavour::Strict);
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
        let end = crate::read::hcl::scan::template(bytes, start).filter(|&end| text.is_char_boundary(end));
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
pub(super) fn find(document: &Document, wanted: Wanted) -> Option<Found> {
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
    Some(Found {
        mode: wanted.mode.unwrap_or(Mode::Create),
        uses,
        recognised: true,
        ..Found::nothing(Dialect::Processor)
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

    #[test]
    fn stages_object_to_types() {
        let objects = |stage: Stage, kind| stage.objects_to(kind).is_some();
        for kind in [Kind::Https, Kind::S3, Kind::AWSLambda, Kind::GCPPubSub, Kind::SchemaRegistry] {
            assert!(objects(Stage::Source, kind), "{kind}");
        }
        for kind in [Kind::Kafka, Kind::Cluster, Kind::Sample, Kind::AWSKinesisDataStreams] {
            assert!(!objects(Stage::Source, kind), "{kind}");
        }
        assert!(objects(Stage::Emit { has_timeseries: false }, Kind::Cluster));
        assert!(!objects(Stage::Emit { has_timeseries: true }, Kind::Cluster));
        assert!(!objects(Stage::Emit { has_timeseries: false }, Kind::Kafka));
        assert!(objects(Stage::Merge, Kind::Kafka) && !objects(Stage::Merge, Kind::Cluster));
        assert!(!objects(Stage::Registry, Kind::SchemaRegistry) && objects(Stage::Other, Kind::SchemaRegistry));
    }
}
