//! Pipelines of stream processors: the connections that their stages use, and the types that each stage supports.

use crate::atlas::Kind;
use crate::text::Span;

/// Names that need no connection: Atlas provides them itself.
const BUILT_IN: &[&str] = &["__testLog", "__noopSink"];

/// The sample sources, the documented one first. Source: evidence.md SMP-001.
pub(crate) const SAMPLES: &[&str] =
    &["sample_stream_solar", "samplestock", "sampleweather", "sampleiot", "samplelog", "samplecommerce"];

/// Whether a connection of this name may exist without a definition: a workspace can be created with samples
/// (evidence.md STG-003).
pub(crate) fn needs_no_definition(name: &str) -> bool {
    BUILT_IN.contains(&name) || SAMPLES.contains(&name)
}

/// A position in a pipeline that names a connection.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    /// The name, or the reference to it, as written.
    pub name: String,
    pub span: Span,
    pub stage: Stage,
}

/// A stage, or another part of a processor, that names a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Source,
    Emit {
        has_timeseries: bool,
    },
    Merge,
    Https,
    ExternalFunction,
    /// `$lookup` and `$cachedLookup`.
    Lookup,
    Iceberg,
    VectorSearch,
    /// The schema registry of a stage, whatever the stage is.
    Registry,
    /// The dead letter queue of a processor.
    DeadLetters,
}

/// Why a stage cannot use a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Objection {
    pub message: String,
    pub help: String,
    /// Whether the documentation excludes the combination; otherwise it only does not mention it.
    pub is_documented: bool,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::Source => "$source",
            Self::Emit { .. } => "$emit",
            Self::Merge => "$merge",
            Self::Https => "$https",
            Self::ExternalFunction => "$externalFunction",
            Self::Lookup => "$lookup",
            Self::Iceberg => "$iceberg",
            Self::VectorSearch => "$vectorSearch",
            Self::Registry => "schemaRegistry",
            Self::DeadLetters => "dlq",
        }
    }

    /// The types that the stage supports. Source: evidence.md STG-001.
    const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Source => &[Kind::Kafka, Kind::Cluster, Kind::Sample, Kind::AWSKinesisDataStreams],
            // A cluster only with `timeseries`.
            Self::Emit { .. } => &[
                Kind::Kafka,
                Kind::Cluster,
                Kind::S3,
                Kind::AWSKinesisDataStreams,
                Kind::AzureBlobStorage,
                Kind::GCPPubSub,
            ],
            Self::Merge | Self::Lookup | Self::VectorSearch | Self::DeadLetters => &[Kind::Cluster],
            Self::Https => &[Kind::Https],
            Self::ExternalFunction => &[Kind::AWSLambda],
            Self::Iceberg => &[Kind::S3, Kind::AzureBlobStorage],
            Self::Registry => &[Kind::SchemaRegistry],
        }
    }

    /// The problem with using a connection of this type here, and the help.
    pub fn objects_to(self, kind: Kind) -> Option<Objection> {
        let name = self.name();
        let works = self.kinds().contains(&kind);
        let (message, help) = match (self, kind) {
            (Self::Emit { has_timeseries: false }, Kind::Cluster) => (
                "`$emit` needs `timeseries` to write into a cluster".to_owned(),
                "use `$merge`, or add `timeseries`".to_owned(),
            ),
            _ if works => return None,
            (_, Kind::SchemaRegistry) => (
                format!("`{name}` cannot use a connection of type SchemaRegistry"),
                "name the registry inside `schemaRegistry`, beside the connection that holds the data".to_owned(),
            ),
            _ => {
                let kinds = self.kinds().iter().map(|kind| kind.name()).collect::<Vec<_>>();
                let kinds = match kinds.split_last() {
                    Some((last, [])) => (*last).to_owned(),
                    Some((last, others)) => format!("{} or {last}", others.join(", ")),
                    None => String::new(),
                };
                let is_sink = matches!(self, Self::Merge | Self::Emit { .. });
                let other = match kind {
                    Kind::Https if is_sink => Some("$https"),
                    Kind::AWSLambda if is_sink => Some("$externalFunction"),
                    _ if self == Self::Merge && Self::Emit { has_timeseries: true }.kinds().contains(&kind) => {
                        Some("$emit")
                    }
                    _ => None,
                };
                let help = match other {
                    Some(stage) => format!("use `{stage}`, or a connection of type {kinds}"),
                    None => format!("use a connection of type {kinds}"),
                };
                (format!("`{name}` cannot use a connection of type {kind}"), help)
            }
        };
        let is_documented = !matches!((self, kind), (Self::Emit { .. }, Kind::Https));
        Some(Objection { message, help, is_documented })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of evidence.md STG-001.
    #[test]
    fn stages_work_with_the_types_of_the_table() {
        let page = include_str!("../../docs/evidence.md");
        let (_, table) = page.split_once("| stage or field |").unwrap_or_default();
        let mut lines = table.lines();
        let cells =
            |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        let kinds = lines.next().map(cells).unwrap_or_default();
        let kinds = kinds.iter().map(|name| Kind::from_name(name)).collect::<Vec<_>>();
        assert!(kinds.iter().all(Option::is_some) && kinds.len() == Kind::ALL.len());
        let mut rows = 0;
        for line in lines.skip(1).take_while(|line| line.starts_with('|')) {
            let cells = cells(line);
            let stages: &[Stage] = match cells[0].split('`').nth(1).unwrap_or_default() {
                "$source" => &[Stage::Source],
                "$emit" => &[Stage::Emit { has_timeseries: true }],
                "$merge" => &[Stage::Merge],
                "$https" => &[Stage::Https],
                "$externalFunction" => &[Stage::ExternalFunction],
                "$lookup" => &[Stage::Lookup],
                "$iceberg" => &[Stage::Iceberg],
                "$vectorSearch.from.connectionName" => &[Stage::VectorSearch],
                "dlq.connectionName" => &[Stage::DeadLetters],
                "schemaRegistry.connectionName" => &[Stage::Registry],
                other => panic!("a stage without a test: {other}"),
            };
            rows += 1;
            for (kind, cell) in kinds.iter().zip(&cells[1..]) {
                let Some(kind) = *kind else { continue };
                let objection = stages[0].objects_to(kind);
                let word = objection.as_ref().map_or("Y", |it| if it.is_documented { "E" } else { "W" });
                assert_eq!(word, &cell[..1], "{} and {kind}: {objection:?}", cells[0]);
            }
        }
        assert_eq!(rows, 10);
    }

    #[test]
    fn a_cluster_needs_timeseries_to_be_emitted_to() {
        assert!(Stage::Emit { has_timeseries: false }.objects_to(Kind::Cluster).is_some());
        assert!(Stage::Emit { has_timeseries: true }.objects_to(Kind::Cluster).is_none());
    }
}
