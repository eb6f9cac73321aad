//! The fields of a connection and their keys: the position of each field in the Admin API, the types that have it, the
//! kind of its value, and whether a report may show it. `build/fields.rs` derives the tables from `schemas/`.
//!
//! Rules name fields by [`Field`], never by a string, so that a dialect with its own names needs no change to a rule.
//! A field is named by its pointer: `/authentication/mechanism` is [`Field::AuthenticationMechanism`].

use crate::atlas::bit_set::{BitSet, words_for};
use crate::atlas::{Kind, Kinds};
use crate::text::pointer::parts;

include!(concat!(env!("OUT_DIR"), "/fields.rs"));

/// The kind of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Object,
    /// An array of strings.
    List,
    /// An object with free names and string values.
    Map,
}

/// The visible part of a field's value in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// The whole value.
    Whole,
    /// The scheme, host and port of a URL; paths carry webhook tokens, queries and userinfo carry credentials.
    Origin,
    /// Nothing: the value does not help in a report (certificates), often contains a secret, or its schema has no
    /// annotation.
    Nothing,
    /// Nothing: this is a secret, `writeOnly` in the API (evidence.md LIF-005).
    Secret,
    /// Nothing by itself: this is an object, or a map, whose fields have their own entries.
    Inside,
}

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Row {
    /// JSON pointer inside a connection, in Admin API spelling.
    pub pointer: &'static str,
    /// The last part of the pointer.
    pub key: FieldKey,
    pub parent: Option<Field>,
    /// The types that have this field.
    pub kinds: Kinds,
    /// The types that require it. A leaf of an optional block is required only if the block is present.
    pub required: Kinds,
    pub shape: Shape,
    pub show: Show,
    /// The characters that its values may have in addition to letters, digits, `.`, `-` and `_`.
    pub marks: &'static str,
}

/// Fields that only responses of the API have, at any depth (evidence.md GEN-007).
pub(crate) const RESPONSE_ONLY: &[&str] = &["id", "_id", "links", "state", "region"];

impl Field {
    pub const ALL: &'static [Self] = FIELDS;
    pub const COUNT: usize = FIELDS.len();

    /// The row of this field.
    #[inline(always)]
    pub const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    pub const fn pointer(self) -> &'static str {
        self.row().pointer
    }

    /// The name in the API.
    pub const fn key(self) -> &'static str {
        self.row().key.text()
    }

    pub const fn parent(self) -> Option<Self> {
        self.row().parent
    }

    /// The field of this name inside `parent`, or at the root of a connection.
    pub fn child(parent: Option<Self>, key: &str) -> Option<Self> {
        Self::with_key(parent, FieldKey::of(key.as_bytes()))
    }

    /// Like `child`, for a key that has been looked up.
    #[inline(always)]
    pub fn with_key(parent: Option<Self>, key: FieldKey) -> Option<Self> {
        key.fields().iter().copied().find(|field| field.parent() == parent)
    }

    pub const fn is_secret(self) -> bool {
        matches!(self.row().show, Show::Secret)
    }

    /// The field that a JSON pointer names.
    pub fn at(pointer: &str) -> Option<Self> {
        parts(pointer).try_fold(None, |parent, key| Self::child(parent, key).map(Some))?
    }

    /// All fields with this name, in table order.
    pub fn named(key: &str) -> impl Iterator<Item = Self> + Clone + use<> {
        FieldKey::of(key.as_bytes()).fields().iter().copied()
    }

    pub fn children(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |field| field.parent() == Some(self))
    }

    /// The leaves below this field that `kind` requires if this field is required; for a leaf, the field itself.
    pub fn required_leaves(self, kind: Kind) -> Vec<Self> {
        if self.row().shape != Shape::Object {
            return vec![self];
        }
        let mut leaves = Vec::new();
        for child in self.children().filter(|child| child.row().required.contains(kind)) {
            leaves.append(&mut child.required_leaves(kind));
        }
        leaves
    }
}

/// A key that a schema names, or any other key, as a small number. A parser looks each key up once, and the code above
/// it compares numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FieldKey(u16);

impl FieldKey {
    /// A key that no schema names.
    pub const NONE: Self = Self(0);
    /// The key `type`, of a connection or of an object inside one.
    pub const TYPE: Self = Self::of(b"type");

    pub const fn of(key: &[u8]) -> Self {
        Self(number_of(key))
    }

    /// The text of the key; `None` for a key that no schema names.
    pub const fn text(self) -> &'static str {
        KEYS[self.0 as usize].0
    }

    /// All fields with this key, in table order.
    pub const fn fields(self) -> &'static [Field] {
        KEYS[self.0 as usize].1
    }
}

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FieldSet(BitSet<{ words_for(Field::COUNT) }>);

impl FieldSet {
    /// The secret fields.
    pub const SECRETS: Self = {
        let mut set = Self(BitSet::EMPTY);
        let mut at = 0;
        while at < FIELDS.len() {
            if FIELDS[at].is_secret() {
                set.add(FIELDS[at]);
            }
            at += 1;
        }
        set
    };

    pub const fn of(fields: &[Field]) -> Self {
        let mut set = Self(BitSet::EMPTY);
        let mut at = 0;
        while at < fields.len() {
            set.add(fields[at]);
            at += 1;
        }
        set
    }

    pub const fn add(&mut self, field: Field) {
        self.0.insert(field as usize);
    }

    pub const fn contains(self, field: Field) -> bool {
        self.0.contains(field as usize)
    }

    #[inline]
    pub fn and(self, other: Self) -> Self {
        Self(self.0.and(other.0))
    }

    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The fields, in table order.
    pub fn iter(self) -> impl Iterator<Item = Field> + use<> {
        self.0.iter().map(|at| Field::ALL[at])
    }
}

/// A set of keys that schemas name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FieldKeySet(BitSet<{ words_for(KEYS.len()) }>);

impl FieldKeySet {
    pub const fn add(&mut self, key: FieldKey) {
        self.0.insert(key.0 as usize);
    }

    pub const fn contains(&self, key: FieldKey) -> bool {
        self.0.contains(key.0 as usize)
    }
}

impl Kinds {
    /// The types with a choice of network access.
    pub const NETWORKED: Self =
        Field::NetworkingAccessType.row().kinds.or(Field::PublicPrivateNetworkingAccessType.row().kinds);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_pointer_and_its_key() {
        for (at, &field) in Field::ALL.iter().enumerate() {
            assert_eq!(field as usize, at);
            assert_eq!(Field::at(field.pointer()), Some(field), "{}", field.pointer());
            let parent = field.parent().map_or("", Field::pointer);
            assert_eq!(field.pointer(), format!("{parent}/{}", field.key()));
            let with_its_key = Field::ALL.iter().copied().filter(|other| other.key() == field.key());
            assert!(Field::named(field.key()).eq(with_its_key), "{}", field.key());
        }
        assert_eq!(Field::at(""), None);
        assert_eq!(Field::at("/config/acks"), None);
    }

    #[test]
    fn rows_agree_with_the_schemas() {
        let aws = [Kind::S3, Kind::AWSLambda, Kind::AWSKinesisDataStreams];
        let table = [
            (Field::Name, Kind::ALL, Kind::ALL, Shape::Text, Show::Whole),
            (Field::Type, Kind::ALL, Kind::ALL, Shape::Text, Show::Whole),
            (Field::Config, &[Kind::Kafka], &[], Shape::Map, Show::Inside),
            (Field::Aws, &aws, &aws, Shape::Object, Show::Inside),
            (Field::AwsTestBucket, &[Kind::S3], &[], Shape::Text, Show::Whole),
            (Field::ClusterGroupId, &[Kind::Cluster], &[], Shape::Text, Show::Whole),
            (Field::DbRoleToExecuteRole, &[Kind::Cluster], &[Kind::Cluster], Shape::Text, Show::Whole),
            (Field::Url, &[Kind::Https], &[Kind::Https], Shape::Text, Show::Origin),
            (Field::SchemaRegistryUrls, &[Kind::SchemaRegistry], &[Kind::SchemaRegistry], Shape::List, Show::Origin),
            (Field::SecurityBrokerPublicCertificate, &[Kind::Kafka], &[], Shape::Text, Show::Nothing),
            (Field::AuthenticationPassword, &[Kind::Kafka], &[], Shape::Text, Show::Secret),
        ];
        for (field, kinds, required, shape, show) in table {
            let row = field.row();
            assert_eq!((row.kinds, row.required), (Kinds::of(kinds), Kinds::of(required)), "{}", row.pointer);
            assert_eq!((row.shape, row.show), (shape, show), "{}", row.pointer);
        }
    }

    #[test]
    fn absent_blocks_require_their_leaves() {
        let leaves = |field: Field, kind| field.required_leaves(kind).iter().map(|m| m.pointer()).collect::<Vec<_>>();
        assert_eq!(leaves(Field::Security, Kind::Kafka), ["/security/protocol"]);
        assert_eq!(
            leaves(Field::Azure, Kind::AzureBlobStorage),
            ["/azure/servicePrincipalId", "/azure/storageAccountName"]
        );
        assert_eq!(leaves(Field::Url, Kind::Https), ["/url"]);
    }

    #[test]
    fn every_key_is_found_and_nothing_else() {
        for (number, (key, _)) in KEYS.iter().enumerate().skip(1) {
            assert_eq!(usize::from(FieldKey::of(key.as_bytes()).0), number, "{key}");
            assert_eq!(FieldKey::of(format!("{key}x").as_bytes()), FieldKey::NONE);
            assert_eq!(FieldKey::of(&key.as_bytes()[1..]), FieldKey::NONE, "{key}");
        }
        for key in ["", "x", "Name", "nam", "\u{1F600}"] {
            assert_eq!(FieldKey::of(key.as_bytes()), FieldKey::NONE, "{key:?}");
        }
        for key in CONFIG_KEYS.iter().chain(REMARKS) {
            assert!(FieldKey::of(key.as_bytes()).fields().is_empty(), "{key}");
        }
    }

    #[test]
    fn every_reader_looks_keys_up() {
        let texts = [
            ("a.json", r#"{"name": 1, "\u006eame": 2, "x": [{"type": 3}], "n\u0061me ": 4}"#),
            ("a.json", r#"{"name": 1 "type": {"access" 2}, x: 3, url: 4"#),
            #[cfg(feature = "dialects")]
            ("a.tf", "resource \"a\" \"b\" {\n  name = 1\n  access { type = 2 }\n  x = { \"role\" = 3 }\n}"),
            #[cfg(feature = "yaml")]
            ("a.yaml", "name: 1\n\"type\": 2\n'url': {x: 3, access: 4}\n"),
        ];
        for (name, text) in texts {
            let document = crate::parse::parse(&crate::Source::new(name, text), 1000).document;
            for id in 0..u32::try_from(document.table.entries.len()).unwrap() {
                let key = document.key(id);
                assert_eq!(document.entry(id).field_key(), FieldKey::of(key.as_bytes()), "{name}: {key}");
            }
            assert!(
                document.table.entries.iter().filter(|entry| entry.field_key() != FieldKey::NONE).count() > 2,
                "{name}"
            );
        }
    }
}
