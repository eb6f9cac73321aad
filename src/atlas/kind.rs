//! The connection types, their near spellings, and sets of them. The types themselves come from `schemas/`.

use crate::atlas::bit_set::{BitSet, words_for};
use crate::text::impl_names;

include!(concat!(env!("OUT_DIR"), "/kinds.rs"));

impl Kind {
    /// The type with exactly this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether a word is the name of the type, apart from case and separators between words.
    #[cfg(feature = "cli")]
    pub(crate) fn is_written_as(self, word: &str) -> bool {
        fold(self.name()) == fold(word)
    }

    /// The type that a misspelled name most likely means.
    pub fn nearest(word: &str) -> Option<Self> {
        Self::near(word).map(|(kind, _)| kind)
    }

    /// The type that a misspelled name means, and whether only case and spacing differ (so that correcting it cannot
    /// change the meaning).
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

    /// Whether a text is the name of a type or a common word for one, in any case and with any separators.
    pub(crate) fn is_spelling(text: &str) -> bool {
        let folded = fold(text);
        Self::ALL.iter().any(|kind| fold(kind.name()) == folded) || ALIASES.iter().any(|(alias, _)| *alias == folded)
    }
}

impl_names!(Kind, "connection type");

/// Names in use that edit distance does not reach (evidence.md GEN-001), folded.
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

/// Converts a text to lowercase without separators between words.
fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}

/// A set of connection types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(BitSet<{ words_for(Kind::ALL.len()) }>);

impl Kinds {
    /// Every type.
    pub const ALL: Self = Self::of(Kind::ALL);
    /// No type.
    pub const NONE: Self = Self(BitSet::EMPTY);

    /// The set of the given types.
    pub const fn of(kinds: &[Kind]) -> Self {
        let mut set = BitSet::EMPTY;
        let mut at = 0;
        while at < kinds.len() {
            set.insert(kinds[at] as usize);
            at += 1;
        }
        Self(set)
    }

    /// The types that are in either set.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }

    /// Whether the type is in the set.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0.contains(kind as usize)
    }

    /// Whether no type is in the set.
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The types of the set, in the order of [`Kind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(move |kind| self.contains(*kind))
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<K: IntoIterator<Item = Kind>>(kinds: K) -> Self {
        let mut set = BitSet::EMPTY;
        for kind in kinds {
            set.insert(kind as usize);
        }
        Self(set)
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
