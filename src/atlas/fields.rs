//! The one table of members: where each stands in the Admin API, which types have it, what its value is, and whether a
//! report may show it.
//!
//! Rules name members by [`Member`], never by a string, so that a dialect with its own names needs no change to a rule.
//! The published schemas say the same things to editors; a test compares the two.

use crate::atlas::field_keys::Word;
use crate::atlas::{Kind, Kinds};
use crate::text::pointer::parts;

/// What a member's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Object,
    /// An array of strings.
    List,
    /// An object with free names and string values.
    Map,
}

/// How much of a member's value a report may show. Everything that is not in this table is never shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// The value as it is.
    Whole,
    /// The scheme, host and port of a URL; paths carry webhook tokens, queries and userinfo carry credentials.
    Origin,
    /// Nothing, because nobody needs it (certificates) or because it often holds a secret.
    Nothing,
    /// Nothing: this is a secret, `writeOnly` in the API (evidence.md LIF-005).
    Secret,
    /// Members decide for themselves: this is an object, or a map judged by its keys.
    Inside,
}

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Row {
    /// JSON pointer inside a connection, in Admin API spelling.
    pub pointer: &'static str,
    /// The last part of the pointer.
    pub key: &'static str,
    pub parent: Option<Member>,
    /// The types that have this member.
    pub kinds: Kinds,
    /// The types that cannot do without it. For a leaf of an optional block: when the block is there.
    pub required: Kinds,
    pub shape: Shape,
    pub show: Show,
}

macro_rules! members {
    ($( [$parent:ident] { $( $member:ident $key:literal $pointer:literal $kinds:ident $required:ident $shape:ident $show:ident )* } )*) => {
        /// A member of a connection, at its one right place.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub(crate) enum Member { $($( $member, )*)* }

        impl Member {
            pub const ALL: &'static [Member] = &[ $($( Member::$member, )*)* ];

            /// The row of this member.
            #[inline(always)]
            pub const fn row(self) -> &'static Row {
                &ROWS[self as usize]
            }

        }

        static ROWS: &[Row] = &[ $($(
            Row {
                pointer: $pointer, key: $key, parent: members!(@parent $parent),
                kinds: $kinds, required: $required, shape: Shape::$shape, show: Show::$show,
            },
        )*)* ];
    };
    (@parent Root) => { None };
    (@parent $parent:ident) => { Some(Member::$parent) };
}

const ALL: Kinds = Kinds::ALL;
const NO: Kinds = Kinds::NONE;
const KAFKA: Kinds = Kinds::of(&[Kind::Kafka]);
const CLUSTER: Kinds = Kinds::of(&[Kind::Cluster]);
const HTTPS: Kinds = Kinds::of(&[Kind::Https]);
const S3: Kinds = Kinds::of(&[Kind::S3]);
const AWS: Kinds = Kinds::of(&[Kind::S3, Kind::AWSLambda, Kind::AWSKinesisDataStreams]);
const AZURE: Kinds = Kinds::of(&[Kind::AzureBlobStorage]);
const GCP: Kinds = Kinds::of(&[Kind::GCPPubSub]);
const REG: Kinds = Kinds::of(&[Kind::SchemaRegistry]);
/// Types with `networking` (evidence.md NET-001).
const NET: Kinds = Kinds::of(&[Kind::Kafka, Kind::S3, Kind::AWSKinesisDataStreams]);
/// Types with `publicPrivateNetworking` (evidence.md NET-001).
const PPN: Kinds = Kinds::of(&[Kind::AWSLambda, Kind::AzureBlobStorage, Kind::GCPPubSub]);

// Source: the matrix of evidence.md API-002. Columns: variant, key, pointer, types, required by, shape, what may be shown.
members! {
    [Root] {
        Name "name" "/name" ALL ALL Text Whole
        Type "type" "/type" ALL ALL Text Whole
        BootstrapServers "bootstrapServers" "/bootstrapServers" KAFKA KAFKA Text Whole
        Authentication "authentication" "/authentication" KAFKA KAFKA Object Inside
        Security "security" "/security" KAFKA KAFKA Object Inside
        Config "config" "/config" KAFKA NO Map Inside
        Networking "networking" "/networking" NET NO Object Inside
        PublicPrivateNetworking "publicPrivateNetworking" "/publicPrivateNetworking" PPN NO Object Inside
        ClusterName "clusterName" "/clusterName" CLUSTER CLUSTER Text Whole
        ClusterGroupId "clusterGroupId" "/clusterGroupId" CLUSTER NO Text Whole
        DbRoleToExecute "dbRoleToExecute" "/dbRoleToExecute" CLUSTER NO Object Inside
        Url "url" "/url" HTTPS HTTPS Text Origin
        Headers "headers" "/headers" HTTPS NO Map Inside
        Aws "aws" "/aws" AWS AWS Object Inside
        Azure "azure" "/azure" AZURE AZURE Object Inside
        Gcp "gcp" "/gcp" GCP GCP Object Inside
        Provider "provider" "/provider" REG REG Text Whole
        SchemaRegistryUrls "schemaRegistryUrls" "/schemaRegistryUrls" REG REG List Origin
        SchemaRegistryAuthentication "schemaRegistryAuthentication" "/schemaRegistryAuthentication" REG REG Object Inside
    }
    [Authentication] {
        Mechanism "mechanism" "/authentication/mechanism" KAFKA KAFKA Text Whole
        Username "username" "/authentication/username" KAFKA NO Text Whole
        Password "password" "/authentication/password" KAFKA NO Text Secret
        Method "method" "/authentication/method" KAFKA NO Text Whole
        TokenEndpointUrl "tokenEndpointUrl" "/authentication/tokenEndpointUrl" KAFKA NO Text Origin
        ClientId "clientId" "/authentication/clientId" KAFKA NO Text Whole
        ClientSecret "clientSecret" "/authentication/clientSecret" KAFKA NO Text Secret
        Scope "scope" "/authentication/scope" KAFKA NO Text Whole
        SaslOauthbearerExtensions "saslOauthbearerExtensions" "/authentication/saslOauthbearerExtensions" KAFKA NO Text Nothing
        SslCertificate "sslCertificate" "/authentication/sslCertificate" KAFKA NO Text Nothing
        SslKey "sslKey" "/authentication/sslKey" KAFKA NO Text Secret
        SslKeyPassword "sslKeyPassword" "/authentication/sslKeyPassword" KAFKA NO Text Secret
        AuthenticationAws "aws" "/authentication/aws" KAFKA NO Object Inside
    }
    [AuthenticationAws] {
        AuthenticationAwsRoleArn "roleArn" "/authentication/aws/roleArn" KAFKA NO Text Whole
    }
    [Security] {
        Protocol "protocol" "/security/protocol" KAFKA KAFKA Text Whole
        BrokerPublicCertificate "brokerPublicCertificate" "/security/brokerPublicCertificate" KAFKA NO Text Nothing
    }
    [Networking] {
        Access "access" "/networking/access" NET NO Object Inside
    }
    [Access] {
        AccessType "type" "/networking/access/type" NET NO Text Whole
        AccessConnectionId "connectionId" "/networking/access/connectionId" NET NO Text Whole
        AccessName "name" "/networking/access/name" NET NO Text Whole
        AccessTgwRouteId "tgwRouteId" "/networking/access/tgwRouteId" NET NO Text Whole
    }
    [PublicPrivateNetworking] {
        PrivateAccess "access" "/publicPrivateNetworking/access" PPN NO Object Inside
    }
    [PrivateAccess] {
        PrivateAccessType "type" "/publicPrivateNetworking/access/type" PPN NO Text Whole
        PrivateAccessConnectionId "connectionId" "/publicPrivateNetworking/access/connectionId" PPN NO Text Whole
    }
    [DbRoleToExecute] {
        Role "role" "/dbRoleToExecute/role" CLUSTER CLUSTER Text Whole
        RoleType "type" "/dbRoleToExecute/type" CLUSTER CLUSTER Text Whole
    }
    [Aws] {
        RoleArn "roleArn" "/aws/roleArn" AWS AWS Text Whole
        TestBucket "testBucket" "/aws/testBucket" S3 NO Text Whole
    }
    [Azure] {
        ServicePrincipalId "servicePrincipalId" "/azure/servicePrincipalId" AZURE AZURE Text Whole
        StorageAccountName "storageAccountName" "/azure/storageAccountName" AZURE AZURE Text Whole
        AzureRegion "region" "/azure/region" AZURE NO Text Whole
    }
    [Gcp] {
        ServiceAccountId "serviceAccountId" "/gcp/serviceAccountId" GCP GCP Text Whole
    }
    [SchemaRegistryAuthentication] {
        RegistryAuthType "type" "/schemaRegistryAuthentication/type" REG REG Text Whole
        RegistryUsername "username" "/schemaRegistryAuthentication/username" REG NO Text Whole
        RegistryPassword "password" "/schemaRegistryAuthentication/password" REG NO Text Secret
    }
}

/// A set of members.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Members(u64);

const _: () = assert!(Member::COUNT <= 64, "a set of members is one number");

impl Members {
    pub const fn of(members: &[Member]) -> Self {
        let mut set = 0;
        let mut at = 0;
        while at < members.len() {
            set |= 1 << members[at] as u8;
            at += 1;
        }
        Self(set)
    }

    pub const fn add(&mut self, member: Member) {
        self.0 |= 1 << member as u8;
    }

    #[inline(always)]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Member> + use<> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let member = *Member::ALL.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(member)
        })
    }
}

/// Members that only an answer of the API has, at any depth (evidence.md GEN-007).
pub(crate) const RESPONSE_ONLY: &[&str] = &["id", "_id", "links", "state", "region"];

/// Members that are a remark for people or editors and never judged, at any level.
pub(crate) const REMARKS: &[&str] = &["$schema", "$comment", "//"];

impl Member {
    pub const COUNT: usize = Self::ALL.len();

    pub const fn pointer(self) -> &'static str {
        self.row().pointer
    }

    /// The API's own word.
    pub const fn key(self) -> &'static str {
        self.row().key
    }

    /// The word that its key is.
    pub fn word(self) -> Word {
        Word::of(self.key())
    }

    pub const fn parent(self) -> Option<Self> {
        self.row().parent
    }

    /// The member of this name inside `parent`, or at the root of a connection.
    pub fn child(parent: Option<Self>, key: &str) -> Option<Self> {
        Self::called(parent, Word::of(key))
    }

    /// The same by the word that the name is.
    #[inline(always)]
    pub fn called(parent: Option<Self>, word: Word) -> Option<Self> {
        word.members().find(|member| member.parent() == parent)
    }

    pub const fn is_secret(self) -> bool {
        matches!(self.row().show, Show::Secret)
    }

    /// The member that a JSON pointer names.
    pub fn at(pointer: &str) -> Option<Self> {
        parts(pointer).try_fold(None, |parent, key| Self::child(parent, key).map(Some))?
    }

    /// All members with this last word, in table order.
    pub fn named(key: &str) -> impl Iterator<Item = Self> + Clone + use<> {
        Word::of(key).members()
    }

    pub fn children(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |member| member.parent() == Some(self))
    }

    /// The leaves below this member that `kind` requires once this member is required; the member itself for a leaf.
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

/// Kafka client settings that stream processing passes on; it ignores all others without a word (evidence.md CFG-002).
pub(crate) const CONFIG_KEYS: &[&str] = &[
    "acks",
    "allow.auto.create.topics",
    "auto.offset.reset",
    "batch.size",
    "client.dns.lookup",
    "client.id",
    "compression.type",
    "connections.max.idle.ms",
    "delivery.timeout.ms",
    "enable.idempotence",
    "fetch.max.bytes",
    "fetch.min.bytes",
    "group.id",
    "heartbeat.interval.ms",
    "isolation.level",
    "linger.ms",
    "max.in.flight.requests.per.connection",
    "max.partition.fetch.bytes",
    "max.poll.interval.ms",
    "message.max.bytes",
    "queue.buffering.max.messages",
    "request.timeout.ms",
    "retries",
    "session.timeout.ms",
    "transactional.id",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_reached_by_its_pointer() {
        for &member in Member::ALL {
            assert_eq!(Member::at(member.pointer()), Some(member), "{}", member.pointer());
            let parent = member.parent().map_or("", Member::pointer);
            assert_eq!(member.pointer(), format!("{parent}/{}", member.key()));
        }
        assert_eq!(Member::at(""), None);
        assert_eq!(Member::at("/config/acks"), None);
    }

    /// The members that a schema has and those that it asks for, as pointers.
    fn of_schema(schema: &serde_json::Value, at: &str, all: &mut Vec<String>, required: &mut Vec<String>) {
        let members = schema["properties"].as_object().into_iter().flatten();
        for (key, inner) in members.filter(|(key, _)| !REMARKS.contains(&key.as_str())) {
            let pointer = format!("{at}/{key}");
            if schema["required"].as_array().is_some_and(|names| names.iter().any(|name| name == key)) {
                required.push(pointer.clone());
            }
            all.push(pointer.clone());
            if pointer != Member::Config.pointer() {
                of_schema(inner, &pointer, all, required);
            }
        }
    }

    #[test]
    fn the_table_says_what_the_schemas_say() {
        for &kind in Kind::ALL {
            let schema = serde_json::from_str(crate::schema(kind)).unwrap();
            let (mut all, mut required) = (Vec::new(), Vec::new());
            of_schema(&schema, "", &mut all, &mut required);
            let pointers = |has: &dyn Fn(&Row) -> bool| {
                let members = Member::ALL.iter().filter(|member| has(member.row()));
                let mut pointers = members.map(|member| member.pointer().to_owned()).collect::<Vec<_>>();
                pointers.sort();
                pointers
            };
            if kind == Kind::Kafka {
                // A client certificate may stand for it, which no schema says.
                required.push(Member::Mechanism.pointer().to_owned());
            }
            all.sort();
            required.sort();
            assert_eq!(pointers(&|row| row.kinds.contains(kind)), all, "{kind}");
            assert_eq!(pointers(&|row| row.required.contains(kind)), required, "{kind}");
        }
    }

    #[test]
    fn absent_blocks_ask_for_their_leaves() {
        let leaves =
            |member: Member, kind| member.required_leaves(kind).iter().map(|m| m.pointer()).collect::<Vec<_>>();
        assert_eq!(leaves(Member::Security, Kind::Kafka), ["/security/protocol"]);
        assert_eq!(
            leaves(Member::Azure, Kind::AzureBlobStorage),
            ["/azure/servicePrincipalId", "/azure/storageAccountName"]
        );
        assert_eq!(leaves(Member::Url, Kind::Https), ["/url"]);
    }

    #[test]
    fn config_keys_are_sorted_and_distinct() {
        assert!(CONFIG_KEYS.is_sorted());
        assert!(CONFIG_KEYS.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
