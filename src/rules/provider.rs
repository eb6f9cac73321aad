//! Providers of managed brokers, recognized by the domains of their hosts: Amazon MSK, Azure Event Hubs and Confluent
//! Cloud.

use crate::connection::Connection;
use crate::rules::kafka_auth::{Mechanism, Protocol};
use crate::text::ends_with_ignore_case;

/// A provider of managed brokers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provider {
    Msk,
    EventHubs,
    Confluent,
}

impl Provider {
    /// The provider of a host, by its domain.
    pub fn of(host: &str) -> Option<Self> {
        if is_msk_host(host) {
            Some(Self::Msk)
        } else if ends_with_ignore_case(host, ".servicebus.windows.net") {
            Some(Self::EventHubs)
        } else {
            ends_with_ignore_case(host, ".confluent.cloud").then_some(Self::Confluent)
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Msk => "Amazon MSK",
            Self::EventHubs => "Event Hubs",
            Self::Confluent => "Confluent Cloud",
        }
    }

    /// The supported mechanisms, the usual one first. Source: evidence.md KAF-010.
    pub const fn mechanisms(self) -> &'static [&'static str] {
        match self {
            Self::Msk => &["SCRAM-512", "AWS_MSK_IAM"],
            Self::EventHubs | Self::Confluent => &["PLAIN", "OAUTHBEARER"],
        }
    }

    /// The port for this connection, as a phrase.
    pub fn port(self, connection: &Connection) -> &'static str {
        match (self, required_listener(connection)) {
            (Self::Msk, Some(listener)) => listener.port(),
            (Self::Msk, None) => Listener::Scram.port(),
            (Self::EventHubs, _) => "on port 9093",
            (Self::Confluent, _) => "on port 9092",
        }
    }
}

/// The authentication behind a port of Amazon MSK. The public listeners have the same ports plus 100, without one for
/// plain text; those for IPv6 have 20000 and the last two digits. Source: evidence.md KAF-008.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listener {
    Unauthenticated,
    ClientCertificate,
    Scram,
    Iam,
}

impl Listener {
    pub const fn of_msk(port: u64) -> Option<Self> {
        match port {
            9092 | 20092 => Some(Self::Unauthenticated),
            9094 | 9194 | 20094 => Some(Self::ClientCertificate),
            9096 | 9196 | 20096 => Some(Self::Scram),
            9098 | 9198 | 20098 => Some(Self::Iam),
            _ => None,
        }
    }

    pub const fn serves(self) -> &'static str {
        match self {
            Self::Unauthenticated => "serves unauthenticated clients",
            Self::ClientCertificate => "expects client certificates",
            Self::Scram => "serves SCRAM",
            Self::Iam => "serves IAM",
        }
    }

    const fn port(self) -> &'static str {
        match self {
            Self::Unauthenticated => "on port 9092",
            Self::ClientCertificate => "on port 9094, or 9194 for public access",
            Self::Scram => "on port 9096, or 9196 for public access",
            Self::Iam => "on port 9098, or 9198 for public access",
        }
    }
}

/// The listener of Amazon MSK that the connection requires.
pub(super) fn required_listener(connection: &Connection) -> Option<Listener> {
    if connection.is_mutual_tls() {
        return Some(Listener::ClientCertificate);
    }
    match (connection.mechanism(), connection.protocol()) {
        (Some(Mechanism::Scram), _) => Some(Listener::Scram),
        (Some(Mechanism::AwsMskIam), _) => Some(Listener::Iam),
        (Some(Mechanism::Empty), Some(Protocol::Ssl)) => Some(Listener::ClientCertificate),
        _ => None,
    }
}

/// `b-1.name.abc123.c2.kafka.us-east-1.amazonaws.com` and the serverless `boot-….kafka-serverless.…`.
fn is_msk_host(host: &str) -> bool {
    let is_of_amazon = [".amazonaws.com", ".amazonaws.com.cn"].iter().any(|end| ends_with_ignore_case(host, end));
    let is_of_kafka = |label: &str| ["kafka", "kafka-serverless"].iter().any(|word| label.eq_ignore_ascii_case(word));
    is_of_amazon && host.split('.').any(is_of_kafka)
}
