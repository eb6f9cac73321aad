//! Values of the wrong JSON type, values outside of an enum, strings in the wrong format, lists of the wrong length.

use super::{JsonType, Location, missing};
use crate::atlas::fields::Field;
use crate::atlas::formats;
use crate::atlas::formats::FORMATS;
use crate::connection::Connection;
use crate::diagnostic::rules::{
    MALFORMED_ID, MALFORMED_NAME, MALFORMED_SERVICE_ACCOUNT, MALFORMED_SERVICE_PRINCIPAL, MALFORMED_STORAGE_ACCOUNT,
    UNKNOWN_VALUE, WRONG_TYPE,
};
use crate::diagnostic::{Edit, Findings, Fix};
use crate::document::value::Value;
use crate::document::{Document, Entry, EntryId};
use crate::text::{Span, Syntax, suggest};

pub(super) fn wrong_type(location: &Location, value: Value, expected: JsonType, found: &mut Findings) {
    // A misplaced value has its own finding.
    if found.has_any(&location.pointer) {
        return;
    }
    let field = Field::at(&location.pointer);
    // The tool accepts one string or a list for both.
    let is_converted = matches!(
        (field, value),
        (Some(Field::BootstrapServers), Value::Array(_)) | (Some(Field::SchemaRegistryUrls), Value::String(_))
    );
    if is_converted && location.connection.definition.is_tool_call {
        return;
    }
    let (article, help) = match expected {
        JsonType::Text | JsonType::TextOrNull => ("a string", "write it as one string in quotes"),
        JsonType::Object | JsonType::ObjectOrNull => ("an object", "write it as an object: `{ … }`"),
        JsonType::List => ("an array", "write it as an array: `[ … ]`"),
    };
    let is_required =
        location.connection.kind.is_some_and(|kind| field.is_some_and(|it| it.row().required.contains(kind)));
    let document = location.connection.written();
    let written = || location.connection.entry_of(&location.pointer).and_then(|id| location.connection.written_as(id));
    let help = match value {
        Value::Number(_) | Value::Bool(_)
            if expected == JsonType::Text && written().is_some_and(|id| document.tag(id).is_some()) =>
        {
            "write it as one string in quotes, without the tag"
        }
        Value::Number(_)
            if expected == JsonType::Text && written().is_some_and(|id| !is_decimal(document.text(id))) =>
        {
            "write it in decimal digits, in quotes"
        }
        Value::Null if is_required => "set a value",
        Value::Null => "set a value, or delete it",
        Value::Array(_) if field == Some(Field::BootstrapServers) => {
            "join the brokers with commas: `\"host:port,host:port\"`"
        }
        _ => help,
    };
    found
        .report(&WRONG_TYPE, format!("expected {article} for `{}`, found {}", location.spelling(), value.what()))
        .at(location, format!("expected {article}"))
        .help(help)
        .fix(type_fix(location, value, expected));
}

/// A fix that adds only quotes, brackets or commas, because the value between them may be a secret.
fn type_fix(location: &Location, value: Value, expected: JsonType) -> Option<Fix> {
    let connection = location.connection;
    let id = connection.entry_of(&location.pointer)?;
    let entry = connection.written_as(id)?;
    let document = connection.written();
    let span = document.entry(entry).span();
    let is_filled_in = |id: EntryId| document.entry(id).has(Entry::UNKNOWN);
    // Nothing may follow the marker of a heredoc.
    let is_heredoc = document.syntax == Syntax::Hcl && !document.source.text()[span.start..].starts_with(['"', '[']);
    if is_heredoc || document.children(entry).any(is_filled_in) {
        return None;
    }
    let around = |before: &'static str, after: &'static str| {
        vec![Edit::new(Span::at(span.start), before), Edit::new(Span::at(span.end), after)]
    };
    match (value, expected) {
        // A tag would still convert a quoted text to a number.
        (Value::Number(_) | Value::Bool(_), JsonType::Text) if document.tag(entry).is_some() => None,
        (Value::Number(_), JsonType::Text) if !is_decimal(document.text(entry)) => None,
        (Value::Number(_) | Value::Bool(_), JsonType::Text) => Some(Fix::safe("Put it in quotes", around("\"", "\""))),
        // Several URLs in one string.
        (Value::String(text), JsonType::List) if text.contains(",http") || text.contains(", http") => {
            let (start, end) = (span.start, span.end);
            let raw = &document.source.text()[start..end];
            let quote = raw.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let parts = raw.match_indices(',').filter_map(|(at, _)| {
                let rest = &raw[at + 1..];
                let next = rest.trim_start_matches(' ');
                let comma = Span::new(start + at, start + at + 1 + rest.len() - next.len());
                next.starts_with("http").then(|| Edit::new(comma, format!("{quote}, {quote}")))
            });
            let edits = [Edit::new(Span::at(start), "[")].into_iter().chain(parts);
            Some(Fix::unsafe_(
                "Split it into an array",
                edits.chain([Edit::new(Span::at(end), "]")]).collect::<Vec<_>>(),
            ))
        }
        // Without quotes, a comma inside brackets would split it.
        (Value::String(_), JsonType::List) if !is_loose(document, entry) => {
            Some(Fix::unsafe_("Put it in an array", around("[", "]")))
        }
        (Value::Array(items), JsonType::Text) if items.only().is_some_and(Value::is_string) => {
            let inner = document.entry(document.child(entry, "0")?).span();
            // The fix removes only the brackets and the whitespace beside them.
            let between = |span: Span| {
                document.source.text()[span.start..span.end].trim_matches(['[', ']', ',']).trim().is_empty()
            };
            let (head, tail) = (Span::new(span.start, inner.start), Span::new(inner.end, span.end));
            (between(head) && between(tail))
                .then(|| Fix::unsafe_("Take it out of the array", vec![Edit::new(head, ""), Edit::new(tail, "")]))
        }
        (Value::Array(items), JsonType::Text)
            if location.pointer == Field::BootstrapServers.pointer() && !items.is_empty() =>
        {
            let brokers = items
                .iter()
                .map(|item| item.as_str().filter(|text| !text.contains('@')))
                .collect::<Option<Vec<_>>>()?;
            Some(Fix::unsafe_("Join the brokers with commas", connection.replacement(id, &brokers.join(","))))
        }
        _ => None,
    }
}

/// Whether a number is written as usual: `0x10`, `1e3` and `.inf` are not.
fn is_decimal(number: &str) -> bool {
    // JSON has no other numbers.
    if !cfg!(any(feature = "yaml", feature = "dialects")) {
        return !number.bytes().any(|byte| matches!(byte, b'e' | b'E'));
    }
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_padded = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let is_bounded = |digits: &str| !digits.starts_with('.') && !digits.ends_with('.');
    !is_padded && is_bounded(digits) && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Whether a string has no quotes in the text, so that it would not be one string between brackets.
fn is_loose(document: &Document, id: EntryId) -> bool {
    let span = document.entry(id).span();
    let raw = document.source.text().get(span.start..span.end).unwrap_or_default();
    !raw.starts_with(['"', '\'']) && raw.contains([',', '[', ']', '{', '}', '\n', '\r'])
}

/// Common other names for the API's values, in the form of [`fold`]. Source: evidence.md SEC-005, NET-002, SRG-003,
/// CLU-003.
const ALIASES: &[(Field, &str, &str)] = &[
    (Field::AuthenticationMechanism, "SCRAMSHA256", "SCRAM-256"),
    (Field::AuthenticationMechanism, "SCRAMSHA512", "SCRAM-512"),
    (Field::AuthenticationMechanism, "SCRAMSHA2256", "SCRAM-256"),
    (Field::AuthenticationMechanism, "SCRAMSHA2512", "SCRAM-512"),
    (Field::AuthenticationMechanism, "SASLPLAIN", "PLAIN"),
    (Field::AuthenticationMechanism, "OIDC", "OAUTHBEARER"),
    (Field::AuthenticationMechanism, "OAUTH", "OAUTHBEARER"),
    (Field::AuthenticationMechanism, "SASLOAUTHBEARER", "OAUTHBEARER"),
    (Field::AuthenticationMechanism, "MSKIAM", "AWS_MSK_IAM"),
    (Field::AuthenticationMechanism, "AWSIAM", "AWS_MSK_IAM"),
    (Field::NetworkingAccessType, "VPCPEERING", "VPC"),
    (Field::NetworkingAccessType, "PUBLICIP", "PUBLIC"),
    (Field::NetworkingAccessType, "TGW", "TRANSIT_GATEWAY"),
    (Field::PublicPrivateNetworkingAccessType, "PUBLICIP", "PUBLIC"),
    (Field::SchemaRegistryAuthenticationType, "BASIC", "USER_INFO"),
    (Field::SchemaRegistryAuthenticationType, "BASICAUTH", "USER_INFO"),
];

/// The text in uppercase, without separators between words.
fn fold(word: &str) -> impl Iterator<Item = u8> {
    word.bytes().filter(|byte| !matches!(byte, b' ' | b'_' | b'-' | b'.')).map(|byte| byte.to_ascii_uppercase())
}

/// Whether the brokers belong to Amazon MSK.
fn is_msk(connection: &Connection) -> bool {
    let brokers = connection.get(Field::BootstrapServers);
    brokers.known_str().is_some_and(|brokers| brokers.contains(".kafka") && brokers.contains(".amazonaws.com"))
}

/// The values that are equally similar to a word: `SCRAM-SHA` may be either SCRAM.
fn near_words(field: Field, word: &str, words: &[&'static str]) -> Vec<&'static str> {
    let is_scram = field == Field::AuthenticationMechanism && fold(word).take(5).eq(*b"SCRAM");
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let near = |word_of: &&&'static str| is_scram && word_of.starts_with("SCRAM");
    let near = words.iter().filter(near).copied().collect::<Vec<_>>();
    if near.iter().any(|option| digits(option) == digits(word)) { Vec::new() } else { near }
}

/// The values to recommend. Atlas accepts PLAINTEXT, TRANSIT_GATEWAY and the empty mechanism, but they are not
/// recommended if there are others; SSL requires a certificate, which not every dialect supports.
fn advised(connection: &Connection, field: Field, options: &[&'static str]) -> Vec<&'static str> {
    let has_sasl = connection.accepts(Field::SecurityProtocol, "SASL_SSL");
    let is_advised = |word: &&str| match *word {
        "" | "TRANSIT_GATEWAY" => false,
        "PLAINTEXT" => !has_sasl,
        "SSL" => !has_sasl || connection.expresses(Field::AuthenticationSslCertificate),
        word => connection.accepts(field, word),
    };
    options.iter().copied().filter(is_advised).collect()
}

pub(super) fn unknown_value(
    location: &Location,
    value: Value,
    options: &[&'static str],
    may_miss: bool,
    found: &mut Findings,
) {
    let Some(word) = value.as_str() else {
        return wrong_type(location, value, JsonType::Text, found);
    };
    let Some(field) = Field::at(&location.pointer) else { return };
    if word.is_empty() && location.connection.kind.is_some_and(|kind| field.row().required.contains(kind)) {
        if may_miss {
            missing::empty(location.connection, field, found);
        }
        return;
    }
    let words = advised(location.connection, field, options);
    let is_same = |option: &str| fold(option).eq(fold(word));
    let same = options.iter().copied().find(|option| !option.is_empty() && is_same(option));
    let alias = ALIASES.iter().find(|(of, alias, _)| *of == field && is_same(alias)).map(|(_, _, word)| *word);
    let exact = same.or(alias).filter(|word| location.connection.accepts(field, word));
    let mut near = near_words(field, word, &words);
    // Amazon MSK supports only one of them (evidence.md KAF-010).
    let of_broker = near.iter().copied().find(|word| *word == "SCRAM-512" && is_msk(location.connection));
    if of_broker.is_some() {
        near.clear();
    }
    let guess = exact
        .or(of_broker)
        .or_else(|| suggest::nearest(word, words.iter().copied()))
        .filter(|_| exact.is_some() || near.is_empty());
    let node = location.connection.get(field);
    let help = match guess {
        Some(right) => format!("use `{right}`"),
        None if !near.is_empty() => format!("use `{}`, whichever the brokers require", near.join("` or `")),
        None => match words.as_slice() {
            [only] => format!("use `{only}`, the only value"),
            words => format!("use one of {}", words.join(", ")),
        },
    };
    let label = guess.map_or_else(|| "unknown value".to_owned(), |right| format!("did you mean `{right}`?"));
    let fix = guess.map(|right| {
        let (title, edits) = (format!("Use {right}"), node.replace_with(right));
        if exact.is_some() { Fix::safe(title, edits) } else { Fix::unsafe_(title, edits) }
    });
    let message = if word.is_empty() {
        format!("`{}` is empty", node.spelling())
    } else {
        format!("{} is not a valid `{}`", node.quoted(), node.spelling())
    };
    found.report(&UNKNOWN_VALUE, message).at(node, label).help(help).fix(fix);
}

pub(super) fn malformed(location: &Location, value: Value, format: &str, found: &mut Findings) {
    let Some(text) = value.as_str() else { return };
    let Some(name) = FORMATS.iter().find(|known| known.name == format).and_then(|format| format.rule) else { return };
    let lower = text.trim().to_ascii_lowercase();
    let (rule, message, label, help) = match name {
        "malformed-id" => {
            (&MALFORMED_ID, "is not 24 lowercase hexadecimal digits", "not an Atlas id", id_help(&location.pointer))
        }
        "malformed-name" => (
            &MALFORMED_NAME,
            "contains invalid characters",
            "invalid name",
            "use letters, digits, `.`, `-`, `*` and `_`",
        ),
        "malformed-service-principal" => (
            &MALFORMED_SERVICE_PRINCIPAL,
            "is not a UUID",
            "not a UUID",
            "copy the object id of the service principal from Azure",
        ),
        "malformed-storage-account" => (
            &MALFORMED_STORAGE_ACCOUNT,
            "is not a valid storage account name",
            "invalid account name",
            "use the first part of the account's URL: 3 to 24 lowercase letters and digits",
        ),
        _ => (
            &MALFORMED_SERVICE_ACCOUNT,
            "is not the email address of a service account",
            "not a service account",
            "copy the address ending in `.iam.gserviceaccount.com` from the cloud provider access",
        ),
    };
    let is_upper_case = name == MALFORMED_ID.name && formats::is_object_id(&lower);
    let fix = is_upper_case
        .then(|| location.connection.entry_of(&location.pointer))
        .flatten()
        .map(|entry| Fix::safe("Use lowercase", location.connection.replacement(entry, &lower)));
    found.report(rule, format!("`{}` {message}", location.spelling())).at(location, label).help(help).fix(fix);
}

fn id_help(pointer: &str) -> &'static str {
    if pointer.ends_with("/connectionId") {
        "use the Atlas id of the private link endpoint, not the cloud provider's id"
    } else if pointer.ends_with("/tgwRouteId") {
        "use the Atlas id of the route"
    } else {
        "use the project id that `atlas projects list` shows"
    }
}
