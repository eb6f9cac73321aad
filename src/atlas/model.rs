//! Connections as Rust values, for programs that make, read or send definitions.
//!
//! The same types serve both directions: the body of a request, and what the API answers (then with `id`, `links`,
//! `state` and `region`, and without the secrets). What a connection cannot do without is a plain field, everything else
//! an [`Option`] or a collection that may be empty. Members that are not known here are passed over.
//!
//! ```
//! use streamlint::model::{Connection, Https};
//!
//! // More fields may come, so a connection starts from its default.
//! let mut https = Https::default();
//! https.name = Some("alerts".to_owned());
//! https.url = "https://hooks.example.com/services/T0".into();
//! https.headers.insert("Authorization".to_owned(), "Bearer 0a1b2c".into());
//! let hook = Connection::from(https);
//! // Neither the log nor a file of yours gets the secret …
//! assert!(!format!("{hook:?}").contains("0a1b2c"));
//! assert!(serde_json::to_value(&hook)?.get("headers").is_none());
//! // … but the request does.
//! assert_eq!(hook.to_json_with_secrets()["headers"]["Authorization"], "Bearer 0a1b2c");
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Design
//! A [`Secret`] has no `Serialize`, so the fields that hold one can only be left out: forgetting to hide a secret does not
//! compile. [`Connection::to_json_with_secrets`] is the one place that writes them. `Debug` shows neither secrets nor what
//! may hold one by accident: the path and query of a URL, and the values of Kafka settings that the service does not know.
//!
//! Reading by `serde_json` says what is wrong in serde's words, which may quote the text. To read what people wrote, use
//! [`check`](crate::check) and [`Report::connections`](crate::Report::connections).

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::atlas::Kind;
use crate::atlas::fields::CONFIG_KEYS;
use crate::atlas::secret::{MASK, shown_of_url};

/// A password, key or token: shown by nothing, and given out by [`Secret::expose`] only.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Secret({MASK})")
    }
}

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // serde's own message would quote a number that stands in the secret's place.
        let text = String::deserialize(deserializer);
        text.map(Self).map_err(|_| serde::de::Error::custom("a secret must be a string"))
    }
}

/// Texts that may be sent and stored, but that `Debug` does not show as they are.
macro_rules! texts {
    ($( $(#[$doc:meta])* $name:ident )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )* };
}

texts! {
    /// A URL as it is written. `Debug` shows scheme, host and port: paths carry webhook tokens, queries and user
    /// information carry credentials.
    Url
    /// A certificate, or a text that may well hold a token. `Debug` shows that it is there.
    Unshown
}

impl fmt::Debug for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut shown, mut end) = (String::new(), 0);
        for part in shown_of_url(&self.0).into_iter().chain(std::iter::once(self.0.len()..self.0.len())) {
            if part.start > end {
                shown.push_str(MASK);
            }
            shown.push_str(&self.0[part.clone()]);
            end = part.end;
        }
        write!(out, "Url({shown})")
    }
}

impl fmt::Debug for Unshown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Unshown({MASK})")
    }
}

/// Settings for the Kafka client: a map of strings, used as one. `Debug` shows the values of settings that stream
/// processing knows; others are ignored by the service and have been seen to hold passwords.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Config(BTreeMap<String, String>);

impl fmt::Debug for Config {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |key: &str| CONFIG_KEYS.contains(&key);
        let entries = self.iter().map(|(key, value)| (key, if shown(key) { value } else { MASK }));
        out.debug_map().entries(entries).finish()
    }
}

impl Deref for Config {
    type Target = BTreeMap<String, String>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Config {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Config {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(settings: I) -> Self {
        Self(settings.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

/// Enums over the API's words. The service learns new ones from time to time, so each can hold a word that is not listed:
/// an answer that has one can still be read, and a template's variable can stand in its place. The first is the default.
macro_rules! words {
    ($( $(#[$doc:meta])* $name:ident {
        $usual:ident $usual_word:literal, $usual_explained:literal;
        $( $variant:ident $word:literal, $explained:literal; )*
    } )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            #[doc = concat!("`\"", $usual_word, "\"`: ", $usual_explained)]
            #[default]
            $usual,
            $(
                #[doc = concat!("`\"", $word, "\"`: ", $explained)]
                $variant,
            )*
            /// A word that is none of the above, or a template's variable.
            Other(String),
        }

        impl $name {
            /// The word itself.
            pub fn as_str(&self) -> &str {
                match self {
                    Self::$usual => $usual_word,
                    $( Self::$variant => $word, )*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $usual_word => Self::$usual,
                    $( $word => Self::$variant, )*
                    _ => Self::Other(word),
                }
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                match word {
                    $name::Other(word) => word,
                    known => known.as_str().to_owned(),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }
    )* };
}

// Source: evidence.md SEC-001, SEC-005, SEC-007, NET-002, CLU-003, SRG-001, SRG-003 and API-003.
words! {
    /// How brokers are talked to.
    Protocol {
        SaslSsl "SASL_SSL", "SASL over TLS.";
        SaslPlaintext "SASL_PLAINTEXT", "SASL without encryption.";
        Ssl "SSL", "TLS with a client certificate.";
        Plaintext "PLAINTEXT", "the old name of `SASL_PLAINTEXT`, still accepted.";
    }

    /// How a Kafka client proves who it is.
    Mechanism {
        Plain "PLAIN", "user name and password as they are.";
        Scram256 "SCRAM-256", "a salted challenge with SHA-256.";
        Scram512 "SCRAM-512", "a salted challenge with SHA-512.";
        OAuthBearer "OAUTHBEARER", "a token from an identity provider.";
        AwsMskIam "AWS_MSK_IAM", "an AWS role, for Amazon MSK.";
        Empty "", "none: the client certificate says who it is.";
    }

    /// How the token for `OAUTHBEARER` is got.
    Method {
        Oidc "OIDC", "OpenID Connect client credentials.";
    }

    /// The network that a connection uses.
    AccessType {
        Public "PUBLIC", "the internet; what is used where nothing is said.";
        Vpc "VPC", "a peering of the project.";
        PrivateLink "PRIVATE_LINK", "a private endpoint of the project.";
        TransitGateway "TRANSIT_GATEWAY", "announced, and not offered yet.";
    }

    /// Where the role of a cluster connection is defined.
    RoleType {
        BuiltIn "BUILT_IN", "by Atlas.";
        Custom "CUSTOM", "by the project.";
    }

    /// Who runs the schema registry.
    Provider {
        Confluent "CONFLUENT", "Confluent Cloud, or a registry that speaks its API.";
    }

    /// How a schema registry is told who asks.
    RegistryAuthType {
        UserInfo "USER_INFO", "user name and password of its own.";
        SaslInherit "SASL_INHERIT", "those of the Kafka connection.";
    }

    /// How far Atlas has come with a connection.
    State {
        Pending "PENDING", "it is being set up.";
        Ready "READY", "it can be used.";
        Deleting "DELETING", "it is being removed.";
        Failed "FAILED", "it could not be set up.";
    }
}

/// The connection types, each with the fields that all of them have, and the enum over them.
macro_rules! connections {
    ($( $(#[$doc:meta])* $name:ident $word:literal $kind:ident { $( $(#[$attr:meta])* $field:ident: $type:ty, )* } )*) => {
        /// A connection of any type; in JSON `type` says which.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "few live at a time, and a box would stand in every pattern")]
        pub enum Connection {
            $(
                $(#[$doc])*
                #[serde(rename = $word)]
                $name($name),
            )*
        }

        impl Connection {
            /// Which connection type it is.
            pub const fn kind(&self) -> Kind {
                match self {
                    $( Self::$name(_) => Kind::$kind, )*
                }
            }

            /// The connection's name. The body of a request may do without, if whatever sends it adds one.
            pub fn name(&self) -> Option<&str> {
                match self {
                    $( Self::$name(connection) => connection.name.as_deref(), )*
                }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
            #[serde(rename_all = "camelCase")]
            #[non_exhaustive]
            pub struct $name {
                /// What stream processors call it.
                #[serde(skip_serializing_if = "Option::is_none")]
                pub name: Option<String>,
                $( $(#[$attr])* pub $field: $type, )*
                /// The region of a failover connection; in answers that of the workspace.
                #[serde(skip_serializing_if = "Option::is_none")]
                pub region: Option<String>,
                /// Answers only: the connection's id.
                #[serde(skip_serializing_if = "Option::is_none")]
                pub id: Option<String>,
                /// Answers only: the connection's id, as some of them spell it.
                #[serde(rename = "_id", skip_serializing_if = "Option::is_none")]
                pub underscore_id: Option<String>,
                /// Answers only: whether it can be used.
                #[serde(skip_serializing_if = "Option::is_none")]
                pub state: Option<State>,
                /// Answers only: addresses of related resources.
                #[serde(default, skip_serializing_if = "Vec::is_empty")]
                pub links: Vec<Link>,
            }

            impl From<$name> for Connection {
                fn from(connection: $name) -> Self {
                    Self::$name(connection)
                }
            }
        )*
    };
}

// Source: the matrix of evidence.md API-002; a test compares it with the table of members.
connections! {
    /// Apache Kafka, or what speaks its protocol.
    Kafka "Kafka" Kafka {
        /// `host:port`, with commas between several.
        bootstrap_servers: String,
        /// Who the client is.
        authentication: Authentication,
        /// How the brokers are talked to.
        security: Security,
        /// Settings for the Kafka client.
        #[serde(default, skip_serializing_if = "is_empty")]
        config: Config,
        /// The network it uses.
        #[serde(skip_serializing_if = "Option::is_none")]
        networking: Option<Networking>,
    }

    /// An Atlas cluster.
    Cluster "Cluster" Cluster {
        /// The cluster's name in Atlas.
        cluster_name: String,
        /// The project of the cluster, where it is another one: 24 hexadecimal digits.
        #[serde(skip_serializing_if = "Option::is_none")]
        cluster_group_id: Option<String>,
        /// The role that stream processors act in.
        #[serde(skip_serializing_if = "Option::is_none")]
        db_role_to_execute: Option<DbRoleToExecute>,
    }

    /// A source of sample documents.
    Sample "Sample" Sample {}

    /// An HTTP endpoint.
    Https "Https" Https {
        /// Where requests go.
        url: Url,
        /// Sent with each request. The values often are tokens, so all of them are taken for secrets.
        #[serde(default, skip_serializing)]
        headers: BTreeMap<String, Secret>,
    }

    /// Amazon S3.
    S3 "S3" S3 {
        /// The role that Atlas assumes.
        aws: Aws,
        /// The network it uses.
        #[serde(skip_serializing_if = "Option::is_none")]
        networking: Option<Networking>,
    }

    /// AWS Lambda.
    AwsLambda "AWSLambda" AWSLambda {
        /// The role that Atlas assumes.
        aws: Aws,
        /// The network it uses.
        #[serde(skip_serializing_if = "Option::is_none")]
        public_private_networking: Option<Networking>,
    }

    /// Amazon Kinesis Data Streams.
    AwsKinesisDataStreams "AWSKinesisDataStreams" AWSKinesisDataStreams {
        /// The role that Atlas assumes.
        aws: Aws,
        /// The network it uses.
        #[serde(skip_serializing_if = "Option::is_none")]
        networking: Option<Networking>,
    }

    /// Azure Blob Storage.
    AzureBlobStorage "AzureBlobStorage" AzureBlobStorage {
        /// The service principal and the storage account.
        azure: Azure,
        /// The network it uses.
        #[serde(skip_serializing_if = "Option::is_none")]
        public_private_networking: Option<Networking>,
    }

    /// Google Cloud Pub/Sub.
    GcpPubSub "GCPPubSub" GCPPubSub {
        /// The service account.
        gcp: Gcp,
        /// The network it uses.
        #[serde(skip_serializing_if = "Option::is_none")]
        public_private_networking: Option<Networking>,
    }

    /// A schema registry.
    SchemaRegistry "SchemaRegistry" SchemaRegistry {
        /// Who runs it.
        provider: Provider,
        /// Its addresses, one to ten.
        schema_registry_urls: Vec<Url>,
        /// How it is told who asks.
        schema_registry_authentication: RegistryAuthentication,
    }
}

fn is_empty(config: &Config) -> bool {
    config.0.is_empty()
}

/// The blocks inside a connection. Answers give each of them links of its own.
macro_rules! blocks {
    ($( $(#[$doc:meta])* $name:ident { $( $(#[$attr:meta])* $field:ident: $type:ty, )* } )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$attr])* pub $field: $type, )*
            /// Answers only: addresses of related resources.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub links: Vec<Link>,
        }
    )* };
}

blocks! {
    /// Who a Kafka client is.
    Authentication {
        /// May be absent when a client certificate says it.
        #[serde(skip_serializing_if = "Option::is_none")]
        mechanism: Option<Mechanism>,
        /// For PLAIN and SCRAM.
        #[serde(skip_serializing_if = "Option::is_none")]
        username: Option<String>,
        /// For PLAIN and SCRAM.
        #[serde(skip_serializing)]
        password: Option<Secret>,
        /// For OAUTHBEARER.
        #[serde(skip_serializing_if = "Option::is_none")]
        method: Option<Method>,
        /// For OAUTHBEARER: where tokens come from.
        #[serde(skip_serializing_if = "Option::is_none")]
        token_endpoint_url: Option<Url>,
        /// For OAUTHBEARER.
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
        /// For OAUTHBEARER.
        #[serde(skip_serializing)]
        client_secret: Option<Secret>,
        /// For OAUTHBEARER: what the token is asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        scope: Option<String>,
        /// For OAUTHBEARER: `key=value`, with commas between several.
        #[serde(skip_serializing_if = "Option::is_none")]
        sasl_oauthbearer_extensions: Option<Unshown>,
        /// For SSL: the client's certificate, in PEM.
        #[serde(skip_serializing_if = "Option::is_none")]
        ssl_certificate: Option<Unshown>,
        /// For SSL: the client's private key, in PEM.
        #[serde(skip_serializing)]
        ssl_key: Option<Secret>,
        /// For SSL: the password of an encrypted key.
        #[serde(skip_serializing)]
        ssl_key_password: Option<Secret>,
        /// For AWS_MSK_IAM.
        #[serde(skip_serializing_if = "Option::is_none")]
        aws: Option<AuthenticationAws>,
    }

    /// The role of a Kafka client on Amazon MSK.
    AuthenticationAws {
        /// The role that Atlas assumes.
        #[serde(skip_serializing_if = "Option::is_none")]
        role_arn: Option<String>,
    }

    /// How the brokers are talked to.
    Security {
        /// Encryption, and whether SASL is used.
        protocol: Protocol,
        /// The certificate of an authority that the brokers' own come from, in PEM.
        #[serde(skip_serializing_if = "Option::is_none")]
        broker_public_certificate: Option<Unshown>,
    }

    /// The network that a connection uses.
    Networking {
        /// Which one, and the way into it.
        #[serde(skip_serializing_if = "Option::is_none")]
        access: Option<Access>,
    }

    /// A network, and the way into it.
    Access {
        /// Which network.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        access_type: Option<AccessType>,
        /// For PRIVATE_LINK: the id of the private link connection, 24 hexadecimal digits.
        #[serde(skip_serializing_if = "Option::is_none")]
        connection_id: Option<String>,
        /// Reserved.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// For TRANSIT_GATEWAY: 24 hexadecimal digits.
        #[serde(skip_serializing_if = "Option::is_none")]
        tgw_route_id: Option<String>,
    }

    /// The role in which stream processors act on a cluster.
    DbRoleToExecute {
        /// Its name.
        role: String,
        /// Where it is defined.
        #[serde(rename = "type")]
        role_type: RoleType,
    }

    /// Access to AWS.
    Aws {
        /// The role that Atlas assumes.
        role_arn: String,
        /// For S3: a bucket to try the role on.
        #[serde(skip_serializing_if = "Option::is_none")]
        test_bucket: Option<String>,
    }

    /// Access to Azure.
    Azure {
        /// A UUID.
        service_principal_id: String,
        /// The storage account's name.
        storage_account_name: String,
        /// Deprecated.
        #[serde(skip_serializing_if = "Option::is_none")]
        region: Option<String>,
    }

    /// Access to Google Cloud.
    Gcp {
        /// The e-mail address of the service account.
        service_account_id: String,
    }

    /// How a schema registry is told who asks.
    RegistryAuthentication {
        /// Which way.
        #[serde(rename = "type")]
        auth_type: RegistryAuthType,
        /// For USER_INFO.
        #[serde(skip_serializing_if = "Option::is_none")]
        username: Option<String>,
        /// For USER_INFO.
        #[serde(skip_serializing)]
        password: Option<Secret>,
    }
}

/// The address of a related resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<Url>,
    /// What it is: `self`, `next` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rel: Option<String>,
}

impl Connection {
    /// The body of a request, secrets and all. `serde_json::to_value` gives the same without them.
    pub fn to_json_with_secrets(&self) -> Value {
        // No member is a map with keys other than strings, the one thing that JSON cannot write.
        let mut body = serde_json::to_value(self).unwrap_or_default();
        match self {
            Self::Kafka(Kafka { authentication, .. }) => {
                let members = [
                    ("password", &authentication.password),
                    ("clientSecret", &authentication.client_secret),
                    ("sslKey", &authentication.ssl_key),
                    ("sslKeyPassword", &authentication.ssl_key_password),
                ];
                for (member, secret) in members {
                    if let Some(secret) = secret {
                        body["authentication"][member] = secret.expose().into();
                    }
                }
            }
            Self::Https(Https { headers, .. }) => {
                for (header, secret) in headers {
                    body["headers"][header] = secret.expose().into();
                }
            }
            Self::SchemaRegistry(SchemaRegistry { schema_registry_authentication, .. }) => {
                if let Some(secret) = &schema_registry_authentication.password {
                    body["schemaRegistryAuthentication"]["password"] = secret.expose().into();
                }
            }
            Self::Cluster(_)
            | Self::Sample(_)
            | Self::S3(_)
            | Self::AwsLambda(_)
            | Self::AwsKinesisDataStreams(_)
            | Self::AzureBlobStorage(_)
            | Self::GcpPubSub(_) => {}
        }
        body
    }
}
