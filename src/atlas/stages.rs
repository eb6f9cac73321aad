//! Pipelines of stream processors: the connections that their stages name, and what a stage can do with one.

use crate::atlas::Kind;
use crate::text::Span;

/// Names that need no connection: the service has them itself.
pub(crate) const BUILT_IN: &[&str] = &["__testLog", "__noopSink"];

/// A place of a pipeline that names a connection.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    /// The name or the reference to it, as it is written.
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
    /// Whether a connection of any type is accepted when the file of a processor is checked.
    pub fn takes_anything(self) -> bool {
        self == Self::DeadLetters
    }

    /// What is wrong with a connection of this type here, and what to do about it.
    pub fn objects_to(self, kind: Kind) -> Option<(String, &'static str)> {
        let (message, help) = match (self, kind) {
            (Self::Registry, _) => return None,
            (_, Kind::SchemaRegistry) => (
                "a schema registry is no connection of a stage",
                "name the registry inside `schemaRegistry`, beside the connection that holds the data",
            ),
            (Self::Source, Kind::Https | Kind::S3 | Kind::AWSLambda | Kind::GCPPubSub) => {
                let message = format!("`$source` cannot read from a connection of type {kind}");
                return Some((message, "read from Kafka, Cluster, Sample or AWSKinesisDataStreams"));
            }
            (Self::Emit { has_timeseries: false }, Kind::Cluster) => (
                "`$emit` writes into a cluster only as time series, and there is no `timeseries` in here",
                "use `$merge`, or add `timeseries`",
            ),
            (Self::Merge, Kind::Kafka) => {
                ("`$merge` writes into a cluster, and this connection is Kafka", "use `$emit`")
            }
            (Self::Emit { .. } | Self::Merge, Kind::Sample) => {
                ("a sample source can only be read", "write into Kafka, a cluster or another sink")
            }
            _ => return None,
        };
        Some((message.to_owned(), help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
