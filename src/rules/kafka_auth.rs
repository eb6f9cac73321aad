//! The authentication, encryption and network access of a Kafka connection, as enums that several rules compare. A
//! value is `None` if it is absent, templated or unknown, so that no comparison with it reports anything.

use crate::atlas::fields::Field;
use crate::connection::{Connection, Node};

/// The authentication of the client, by `authentication.mechanism`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mechanism {
    Plain,
    Scram,
    OAuthBearer,
    AwsMskIam,
    /// The empty string: no SASL, only the client certificate (evidence.md SEC-005).
    Empty,
}

/// `security.protocol`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    SaslPlaintext,
    SaslSsl,
    Ssl,
    /// The old name of `SASL_PLAINTEXT` (evidence.md SEC-001).
    Plaintext,
}

/// `networking.access.type` or `publicPrivateNetworking.access.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Public,
    Vpc,
    PrivateLink,
    TransitGateway,
}

impl Access {
    /// The value of a type field; an absent one means PUBLIC (evidence.md NET-002).
    pub fn of(node: Node) -> Option<Self> {
        match node.known_str() {
            Some("PUBLIC") => Some(Self::Public),
            Some("VPC") => Some(Self::Vpc),
            Some("PRIVATE_LINK") => Some(Self::PrivateLink),
            Some("TRANSIT_GATEWAY") => Some(Self::TransitGateway),
            _ => (node.is_missing() && !node.may_be_misspelled()).then_some(Self::Public),
        }
    }

    /// Whether it is a network of the user's own, which requires encryption (evidence.md SEC-012).
    pub const fn is_private(self) -> bool {
        matches!(self, Self::Vpc | Self::PrivateLink)
    }
}

impl Protocol {
    fn of(node: Node) -> Option<Self> {
        match node.known_str()? {
            "SASL_PLAINTEXT" => Some(Self::SaslPlaintext),
            "SASL_SSL" => Some(Self::SaslSsl),
            "SSL" => Some(Self::Ssl),
            "PLAINTEXT" => Some(Self::Plaintext),
            _ => None,
        }
    }

    /// Whether the traffic is not encrypted.
    pub const fn is_unencrypted(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::Plaintext)
    }
}

impl Mechanism {
    fn of(node: Node) -> Option<Self> {
        match node.known_str()? {
            "PLAIN" => Some(Self::Plain),
            "SCRAM-256" | "SCRAM-512" => Some(Self::Scram),
            "OAUTHBEARER" => Some(Self::OAuthBearer),
            "AWS_MSK_IAM" => Some(Self::AwsMskIam),
            "" => Some(Self::Empty),
            _ => None,
        }
    }
}

impl Connection<'_> {
    pub fn mechanism(&self) -> Option<Mechanism> {
        Mechanism::of(self.get(Field::AuthenticationMechanism))
    }

    pub fn protocol(&self) -> Option<Protocol> {
        Protocol::of(self.get(Field::SecurityProtocol))
    }

    /// The network access of the brokers.
    pub fn access(&self) -> Option<Access> {
        Access::of(self.get(Field::NetworkingAccessType))
    }

    /// Whether there is a client certificate, literal or templated.
    pub fn has_client_certificate(&self) -> bool {
        self.get(Field::AuthenticationSslCertificate).is_given()
    }

    /// Whether the client certificate authenticates the client, so that no SASL field is used.
    pub fn is_mutual_tls(&self) -> bool {
        self.protocol() == Some(Protocol::Ssl)
            && self.has_client_certificate()
            && self.mechanism() != Some(Mechanism::AwsMskIam)
    }

    /// Whether mechanism and protocol, both known, exclude each other (evidence.md SEC-005, SEC-011).
    pub fn mechanism_clashes(&self) -> bool {
        matches!(
            (self.mechanism(), self.protocol()),
            (Some(Mechanism::AwsMskIam), Some(Protocol::SaslPlaintext | Protocol::Ssl | Protocol::Plaintext))
                | (Some(Mechanism::Empty), Some(Protocol::SaslPlaintext | Protocol::SaslSsl | Protocol::Plaintext))
        )
    }
}

impl Node<'_> {
    /// Whether it is present, and not an empty string.
    pub fn is_given(self) -> bool {
        self.is_present() && !self.is_empty()
    }
}
