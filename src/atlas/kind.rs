//! The ten connection types, and sets of them.

use crate::text::impl_names;

/// A connection type, as the `type` member names it.
///
/// Source: evidence.md GEN-001. The official OpenAPI schema forgets `S3` in its enum; the service has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's own words for what they connect to")]
pub enum Kind {
    Kafka,
    Cluster,
    Sample,
    Https,
    S3,
    AWSLambda,
    AWSKinesisDataStreams,
    AzureBlobStorage,
    GCPPubSub,
    SchemaRegistry,
}

impl Kind {
    /// All of them, in the order in which messages list them.
    pub const ALL: &'static [Self] = &[
        Self::Kafka,
        Self::Cluster,
        Self::Sample,
        Self::Https,
        Self::S3,
        Self::AWSLambda,
        Self::AWSKinesisDataStreams,
        Self::AzureBlobStorage,
        Self::GCPPubSub,
        Self::SchemaRegistry,
    ];

    /// The exact, case-sensitive word of the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kafka => "Kafka",
            Self::Cluster => "Cluster",
            Self::Sample => "Sample",
            Self::Https => "Https",
            Self::S3 => "S3",
            Self::AWSLambda => "AWSLambda",
            Self::AWSKinesisDataStreams => "AWSKinesisDataStreams",
            Self::AzureBlobStorage => "AzureBlobStorage",
            Self::GCPPubSub => "GCPPubSub",
            Self::SchemaRegistry => "SchemaRegistry",
        }
    }

    /// The type with exactly this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The type that a near spelling most likely means.
    pub fn nearest(word: &str) -> Option<Self> {
        Self::near(word).map(|(kind, _)| kind)
    }

    /// The type that a near spelling means, and whether only case and spacing differ (so that writing the right word
    /// cannot change the meaning).
    pub(crate) fn near(word: &str) -> Option<(Self, bool)> {
        let folded = fold(word);
        if let Some(kind) = Self::ALL.iter().copied().find(|kind| fold(kind.name()) == folded) {
            return Some((kind, true));
        }
        if let Some((_, kind)) = ALIASES.iter().find(|(alias, _)| *alias == folded) {
            return Some((*kind, false));
        }
        let names = Self::ALL.iter().map(|kind| fold(kind.name())).collect::<Vec<_>>();
        let nearest = crate::text::suggest::nearest(&folded, names.iter().map(String::as_str))?;
        let at = names.iter().position(|name| name == nearest)?;
        Some((Self::ALL[at], false))
    }
}

impl_names!(Kind, "connection type");

/// Words seen in the wild that edit distance does not reach (evidence.md GEN-001), folded.
const ALIASES: &[(&str, Kind)] = &[
    ("atlas", Kind::Cluster),
    ("atlascluster", Kind::Cluster),
    ("mongodb", Kind::Cluster),
    ("http", Kind::Https),
    ("lambda", Kind::AWSLambda),
    ("kinesis", Kind::AWSKinesisDataStreams),
    ("awskinesis", Kind::AWSKinesisDataStreams),
    ("kinesisdatastreams", Kind::AWSKinesisDataStreams),
    ("awss3", Kind::S3),
    ("azureblob", Kind::AzureBlobStorage),
    ("blobstorage", Kind::AzureBlobStorage),
    ("pubsub", Kind::GCPPubSub),
    ("googlepubsub", Kind::GCPPubSub),
    ("confluentschemaregistry", Kind::SchemaRegistry),
];

/// Lower case without what people put between words.
fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}

/// A set of connection types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u16);

impl Kinds {
    /// Every type.
    pub const ALL: Self = Self::of(Kind::ALL);
    /// No type.
    pub const NONE: Self = Self(0);
    /// The types with a choice of network, in `networking` or `publicPrivateNetworking` (domain.md NET-001).
    pub const NETWORKED: Self = Self::of(&[
        Kind::Kafka,
        Kind::S3,
        Kind::AWSLambda,
        Kind::AWSKinesisDataStreams,
        Kind::AzureBlobStorage,
        Kind::GCPPubSub,
    ]);

    /// The set of the given types.
    pub const fn of(kinds: &[Kind]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < kinds.len() {
            bits |= 1 << kinds[at] as u16;
            at += 1;
        }
        Self(bits)
    }

    /// Whether the type is in the set.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// Whether no type is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The types of the set, in the order of [`Kind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(move |kind| self.contains(*kind))
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<K: IntoIterator<Item = Kind>>(kinds: K) -> Self {
        Self(kinds.into_iter().fold(0, |bits, kind| bits | 1 << kind as u16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_spellings_find_their_type() {
        assert_eq!(Kind::near("kafka"), Some((Kind::Kafka, true)));
        assert_eq!(Kind::near("HTTPS"), Some((Kind::Https, true)));
        assert_eq!(Kind::near("AWS Lambda"), Some((Kind::AWSLambda, true)));
        assert_eq!(Kind::near("AWSKinesisDataStream"), Some((Kind::AWSKinesisDataStreams, false)));
        assert_eq!(Kind::near("atlas"), Some((Kind::Cluster, false)));
        assert_eq!(Kind::near("RabbitMQ"), None);
        assert_eq!(Kind::near(""), None);
        assert_eq!(Kind::near("S"), None);
        assert_eq!(Kind::near("module"), None);
        assert_eq!(Kind::near("string"), None);
    }
}
