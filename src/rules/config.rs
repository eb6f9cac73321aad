//! Kafka client settings in `config`: the supported ones, and their values.

use crate::atlas::Kind;
use crate::atlas::fields::{CONFIG_KEYS, Field, REMARKS};
use crate::atlas::secret::{is_secret_config_key, shown_key};
use crate::connection::{Connection, Item};
use crate::diagnostic::{Findings, Rule};
use crate::text::suggest::nearest;

pub(crate) static IGNORED_CONFIG_KEY: Rule =
    Rule::warning("ignored-config-key", "a Kafka client setting that stream processing ignores").on(&[Kind::Kafka]);

pub(crate) static UNKNOWN_CONFIG_VALUE: Rule =
    Rule::warning("unknown-config-value", "a Kafka client setting with an unknown value").on(&[Kind::Kafka]);

/// Settings of other Kafka clients that have their own fields here, by the end of their name: the Java client and
/// librdkafka have different prefixes. Source: evidence.md CFG-002; the configuration references of both clients.
const MOVED: &[(&str, Field)] = &[
    ("bootstrap.servers", Field::BootstrapServers),
    ("metadata.broker.list", Field::BootstrapServers),
    ("security.protocol", Field::SecurityProtocol),
    ("sasl.mechanism", Field::AuthenticationMechanism),
    ("sasl.mechanisms", Field::AuthenticationMechanism),
    ("sasl.username", Field::AuthenticationUsername),
    ("sasl.password", Field::AuthenticationPassword),
    ("sasl.jaas.config", Field::Authentication),
    ("sasl.oauthbearer.method", Field::AuthenticationMethod),
    ("sasl.oauthbearer.token.endpoint.url", Field::AuthenticationTokenEndpointUrl),
    ("sasl.oauthbearer.client.id", Field::AuthenticationClientId),
    ("sasl.oauthbearer.client.credentials.client.id", Field::AuthenticationClientId),
    ("sasl.oauthbearer.client.secret", Field::AuthenticationClientSecret),
    ("sasl.oauthbearer.client.credentials.client.secret", Field::AuthenticationClientSecret),
    ("sasl.oauthbearer.scope", Field::AuthenticationScope),
    ("sasl.oauthbearer.extensions", Field::AuthenticationSaslOauthbearerExtensions),
    ("ssl.ca.location", Field::SecurityBrokerPublicCertificate),
    ("ssl.ca.pem", Field::SecurityBrokerPublicCertificate),
    ("ssl.truststore.certificates", Field::SecurityBrokerPublicCertificate),
    ("ssl.truststore.location", Field::SecurityBrokerPublicCertificate),
    ("ssl.certificate.location", Field::AuthenticationSslCertificate),
    ("ssl.certificate.pem", Field::AuthenticationSslCertificate),
    ("ssl.keystore.certificate.chain", Field::AuthenticationSslCertificate),
    ("ssl.keystore.location", Field::AuthenticationSslCertificate),
    ("ssl.key.location", Field::AuthenticationSslKey),
    ("ssl.key.pem", Field::AuthenticationSslKey),
    ("ssl.keystore.key", Field::AuthenticationSslKey),
    ("ssl.key.password", Field::AuthenticationSslKeyPassword),
];

/// Whether `secret-in-config` reports this setting: a secret, or a placeholder for one.
pub(super) fn holds_a_secret(item: &Item) -> bool {
    !CONFIG_KEYS.contains(&item.key) && is_secret_config_key(item.key) && item.is_written(true)
}

/// Removes the separators between the words of a setting: `autoOffsetReset` and `auto_offset_reset` are
/// `auto.offset.reset`.
fn fold(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '.' | '_' | '-')).flat_map(char::to_lowercase).collect()
}

pub(super) fn check_keys(connection: &Connection, found: &mut Findings) {
    for item in connection.get(Field::Config).map() {
        let key = item.key;
        let is_member = Field::named(key).next().is_some();
        if CONFIG_KEYS.contains(&key) || REMARKS.contains(&key) || is_member || holds_a_secret(&item) {
            continue;
        }
        let folded = fold(key);
        let moved = MOVED.iter().find(|(name, _)| fold(name) == folded).map(|&(name, field)| (name, field));
        let same = CONFIG_KEYS.iter().copied().find(|known| fold(known) == folded);
        let help = match (moved, same.or_else(|| nearest(key, CONFIG_KEYS.iter().copied()))) {
            (Some((_, field)), _) if !connection.expresses(field) => "delete it".to_owned(),
            // For a different spelling of the setting, the Kafka name shows that it is the same.
            (Some((name, field)), _) if !key.eq_ignore_ascii_case(name) => {
                format!("delete it, and set `{}`; it replaces `{name}` of Kafka clients", connection.spelling(field))
            }
            (Some((_, field)), _) => format!("delete it, and set `{}`", connection.spelling(field)),
            (None, Some(word)) => format!("did you mean `{word}`?"),
            (None, None) => {
                "delete it; `streamlint explain ignored-config-key` lists the supported settings".to_owned()
            }
        };
        let shown = shown_key(key, connection.document.keys());
        let message = format!("stream processing ignores `{shown}` in `{}`", connection.spelling(Field::Config));
        found.report(&IGNORED_CONFIG_KEY, message).at_key(&item, "ignored").help(help);
    }
}

/// The allowed values of a setting.
#[derive(Debug, Clone, Copy)]
enum Values {
    Words(&'static [&'static str]),
    Boolean,
    /// A number that is at least this one.
    From(i64),
    /// A number of milliseconds, which may have a fraction in librdkafka.
    Decimal,
}

/// Settings with restricted values. Source: evidence.md CFG-003, CFG-004; Kafka's configuration reference.
const VALUES: &[(&str, Values)] = &[
    ("acks", Values::Words(&["all", "-1", "0", "1"])),
    ("allow.auto.create.topics", Values::Boolean),
    ("auto.offset.reset", Values::Words(&["earliest", "latest"])),
    ("batch.size", Values::From(0)),
    ("compression.type", Values::Words(&["none", "gzip", "snappy", "lz4", "zstd"])),
    ("connections.max.idle.ms", Values::From(-1)),
    ("delivery.timeout.ms", Values::From(0)),
    ("enable.idempotence", Values::Boolean),
    ("fetch.max.bytes", Values::From(0)),
    ("fetch.min.bytes", Values::From(0)),
    ("heartbeat.interval.ms", Values::From(0)),
    ("isolation.level", Values::Words(&["read_committed", "read_uncommitted"])),
    ("linger.ms", Values::Decimal),
    ("max.in.flight.requests.per.connection", Values::From(1)),
    ("max.partition.fetch.bytes", Values::From(0)),
    ("max.poll.interval.ms", Values::From(1)),
    ("message.max.bytes", Values::From(0)),
    ("queue.buffering.max.messages", Values::From(0)),
    ("request.timeout.ms", Values::From(0)),
    ("retries", Values::From(0)),
    ("session.timeout.ms", Values::From(0)),
];

impl Values {
    fn allow(self, text: &str) -> bool {
        match self {
            Self::Words(words) => words.contains(&text),
            Self::Boolean => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
            Self::From(least) => text.parse::<i64>().is_ok_and(|number| number >= least),
            Self::Decimal => {
                let digits = text.bytes().filter(u8::is_ascii_digit).count();
                digits > 0 && (digits == text.len() || (digits + 1 == text.len() && text.contains('.')))
            }
        }
    }

    fn help(self, wrong: &str) -> String {
        match self {
            Self::Words(words) => match nearest(wrong, words.iter().copied()) {
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("use one of {}", words.join(", ")),
            },
            Self::Boolean => "write `\"true\"` or `\"false\"`".to_owned(),
            Self::From(least) => format!("write an integer of at least {least}"),
            Self::Decimal => "write a number in digits".to_owned(),
        }
    }
}

pub(super) fn check_values(connection: &Connection, found: &mut Findings) {
    for item in connection.get(Field::Config).map() {
        let Some((key, values)) = VALUES.iter().find(|(key, _)| *key == item.key) else { continue };
        let Some(text) = item.known_str(false).filter(|text| !values.allow(text)) else { continue };
        let message = match text {
            "" => format!("`{key}` in `{}` is empty", connection.spelling(Field::Config)),
            _ => format!("{} is not a valid `{key}`", item.quoted()),
        };
        found.report(&UNKNOWN_CONFIG_VALUE, message).at(&item, "unknown value").help(values.help(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_checked_setting_is_supported() {
        assert!(VALUES.iter().all(|(key, _)| CONFIG_KEYS.contains(key)));
        assert!(VALUES.is_sorted_by_key(|(key, _)| *key));
        assert!(MOVED.iter().all(|(key, _)| !CONFIG_KEYS.contains(key)));
    }
}
