//! Brokers of services with known ports and mechanisms: Amazon MSK, Azure Event Hubs and Confluent Cloud.

use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::connection::{Broker, Connection, Port};
use crate::diagnostic::{Findings, Fix, Rule, Severity};
use crate::rules::brokers::{list, report};
use crate::rules::kafka_auth::Mechanism;
use crate::rules::provider::{Listener, Provider, required_listener};

pub(crate) static BROKER_PORT_MISMATCH: Rule =
    Rule::info("broker-port-mismatch", "a port of a managed broker that does not match the mechanism")
        .on(&[Kind::Kafka]);

pub(crate) static BROKER_MECHANISM_MISMATCH: Rule =
    Rule::warning("broker-mechanism-mismatch", "a mechanism that the managed broker does not support")
        .on(&[Kind::Kafka])
        .sometimes_fixed();

/// The user name of Event Hubs, with a connection string as the password.
const CONNECTION_STRING: &str = "$ConnectionString";

/// The brokers whose address can be checked, with their providers.
fn managed<'c>(connection: &'c Connection<'c>) -> impl Iterator<Item = (&'c Broker<'c>, Provider)> {
    let brokers = connection.brokers.iter().filter(|broker| broker.is_address());
    brokers.filter_map(|broker| Some((broker, Provider::of(broker.host)?)))
}

pub(super) fn check_port(connection: &Connection, found: &mut Findings) {
    let Some((node, text)) = list(connection) else { return };
    let required_listener = required_listener(connection);
    let mut parts = Vec::new();
    let mut provider = Provider::Msk;
    for (broker, of) in managed(connection) {
        let Port::Number(port) = broker.port else { continue };
        // A URL has its own finding.
        let is_web = text[broker.scheme.clone()].to_ascii_lowercase().starts_with("http");
        let label = match of {
            Provider::EventHubs if port != 9093 && !is_web => Some("Event Hubs uses port 9093"),
            Provider::Confluent if port == 443 && !is_web => Some("Confluent Cloud's REST endpoint"),
            Provider::Msk => {
                let listener = Listener::of_msk(port)
                    .filter(|served| required_listener.is_some() && Some(*served) != required_listener);
                listener.map(Listener::serves)
            }
            _ => None,
        };
        if let Some(label) = label {
            provider = of;
            parts.push((broker.entry.clone(), label));
        }
    }
    if parts.is_empty() {
        return;
    }
    let spelling = connection.spelling(Field::AuthenticationMechanism);
    let message = match (parts.len(), provider) {
        (1, Provider::Msk) => format!("the port of a broker does not match `{spelling}`"),
        (1, Provider::EventHubs) => "the port of a broker is not the Event Hubs port".to_owned(),
        (1, Provider::Confluent) => "the port of a broker is that of Confluent's REST endpoint".to_owned(),
        (many, Provider::Msk) => format!("the ports of {many} brokers do not match `{spelling}`"),
        (many, _) => format!("the ports of {many} brokers do not serve Kafka"),
    };
    let help = format!("connect to {} {}", provider.name(), provider.port(connection));
    let severity = if provider == Provider::Confluent { Severity::Warning } else { Severity::Info };
    let shown = connection.get(Field::AuthenticationMechanism);
    let finding = report(found, &BROKER_PORT_MISMATCH, message, node, &parts).help(help).severity(severity);
    if shown.known_str().is_some_and(|word| provider == Provider::Msk && !word.is_empty()) {
        finding.and(shown, format!("the mechanism is {}", shown.quoted()));
    }
}

pub(super) fn check_mechanism(connection: &Connection, found: &mut Findings) {
    // A client certificate is not a SASL mechanism.
    if list(connection).is_none() || connection.is_mutual_tls() {
        return;
    }
    let node = connection.get(Field::AuthenticationMechanism);
    let Some(word) = node.known_str() else { return };
    if connection.mechanism().is_none_or(|mechanism| mechanism == Mechanism::Empty) {
        return;
    }
    let is_refused = |provider: &Provider| !provider.mechanisms().contains(&word);
    let Some((broker, provider)) = managed(connection).find(|(_, provider)| is_refused(provider)) else {
        return check_user(connection, found);
    };
    let offered = provider.mechanisms().iter().filter(|word| connection.accepts(Field::AuthenticationMechanism, word));
    let offered = offered.copied().collect::<Vec<_>>().join(" or ");
    let help = match (provider, offered.as_str()) {
        (_, "") => "create this connection with the Admin API or the Atlas CLI instead".to_owned(),
        (Provider::EventHubs, offered) => format!("use {offered}; PLAIN requires the user name `{CONNECTION_STRING}`"),
        (_, offered) => format!("use {offered}"),
    };
    // SCRAM-256 and SCRAM-512 differ only in their hash; any other change requires other credentials.
    let fix = (provider == Provider::Msk && word == "SCRAM-256")
        .then(|| Fix::unsafe_("Use SCRAM-512", node.replace_with("SCRAM-512")));
    found
        .report(&BROKER_MECHANISM_MISMATCH, format!("{} does not support {}", provider.name(), node.quoted()))
        .at(node, "not supported")
        .mark(connection.get(Field::BootstrapServers).span_within(&broker.host_range), provider.name())
        .help(help)
        .fix(fix);
}

/// Checks the user name: Event Hubs allows only one with PLAIN.
fn check_user(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Field::AuthenticationUsername);
    let is_other = node.known_str().is_some_and(|name| !name.is_empty() && name != CONNECTION_STRING);
    if !is_other || connection.mechanism() != Some(Mechanism::Plain) {
        return;
    }
    let Some((broker, provider)) = managed(connection).find(|(_, provider)| *provider == Provider::EventHubs) else {
        return;
    };
    found
        .report(
            &BROKER_MECHANISM_MISMATCH,
            format!("Event Hubs expects `{CONNECTION_STRING}` in `{}`", node.spelling()),
        )
        .at(node, "wrong user name")
        .mark(connection.get(Field::BootstrapServers).span_within(&broker.host_range), provider.name())
        .help(format!("use `{CONNECTION_STRING}`, and the connection string of the namespace as the password"));
}
