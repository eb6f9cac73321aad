//! Values about which no rule and no schema has anything to say: most values are such, and each is looked at once.
//!
//! Of a value that is not plain it is simply not known. Property tests hold this together with the rules.

use crate::document::{Document, Entry, EntryId};
use crate::host;
use crate::members::Member;
use crate::placeholder::{self, Standing};
use crate::rules::{config, malformed_header};
use crate::secret::{header_standing_of, is_secret_header};

/// Whether a string that is what it says is plain as the value of a member: brokers, or a URL.
pub(crate) fn is_plain_text(member: Member, text: &str) -> bool {
    match member {
        Member::BootstrapServers => host::are_plain_brokers(text),
        Member::Url | Member::TokenEndpointUrl => host::is_plain_url(text),
        _ => false,
    }
}

/// Whether all that stands in a list or map is plain.
pub(crate) fn is_plain(document: &Document, member: Member, id: EntryId) -> bool {
    let is_judged = |id| {
        let entry = document.entry(id);
        entry.has(Entry::TEXT) && !entry.has(Entry::UNKNOWN | Entry::FILLED_IN | Entry::SHADOWED)
    };
    let is_plain: fn(&Document, EntryId) -> bool = match member {
        Member::SchemaRegistryUrls if document.entry(id).has(Entry::ARRAY) => is_plain_url,
        Member::Config if document.entry(id).has(Entry::OBJECT) => is_plain_setting,
        Member::Headers if document.entry(id).has(Entry::OBJECT) => is_plain_header,
        _ => return false,
    };
    document.children(id).all(|child| is_judged(child) && is_plain(document, child))
}

fn is_known(document: &Document, id: EntryId, text: &str) -> bool {
    placeholder::standing_of(text, false, document.entry(id).has(Entry::SUSPECT)) == Standing::Known
}

fn is_plain_url(document: &Document, id: EntryId) -> bool {
    let text = document.text(id);
    is_known(document, id, text) && host::is_plain_url(text)
}

/// A setting of Kafka that stream processing passes on, with a value that Kafka knows.
fn is_plain_setting(document: &Document, id: EntryId) -> bool {
    let (word, text) = (document.entry(id).key_word(), document.text(id));
    word.is_setting() && config::allows(word, text) && is_known(document, id, text)
}

/// A header that can be sent, and that holds no credential and no stand-in.
fn is_plain_header(document: &Document, id: EntryId) -> bool {
    let (name, value) = (document.key(id), document.text(id));
    if document.entry(id).key_word().is_remark()
        || !malformed_header::is_token(name)
        || malformed_header::has_control(value)
    {
        return false;
    }
    let is_secret = is_secret_header(name);
    if !is_secret {
        return is_known(document, id, value);
    }
    match header_standing_of(value) {
        Standing::Known => value.is_empty(),
        Standing::Unknown => true,
        Standing::Leftover => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::members::CONFIG_KEYS;
    use crate::{Linter, Source};

    /// The rules that find something in a member of a connection that is right otherwise; and whether it is plain.
    fn found(mut connection: Value, member: &str, value: &Value) -> (Vec<&'static str>, bool) {
        connection[member] = value.clone();
        let source = Source::new("a.json", connection.to_string());
        let report = Linter::default().check(&source);
        let document = report.document();
        let id = document.child(crate::document::ROOT, member).unwrap();
        let member = crate::members::Member::child(None, member).unwrap();
        let is_plain = super::is_plain(document, member, id);
        (report.diagnostics().iter().map(|found| found.rule.name).collect(), is_plain)
    }

    fn kafka() -> Value {
        json!({
            "name": "a", "type": "Kafka", "bootstrapServers": "b.example:9092",
            "authentication": { "mechanism": "PLAIN", "username": "u", "password": "${P}" },
            "security": { "protocol": "SASL_SSL" },
        })
    }

    fn hook() -> Value {
        json!({ "name": "a", "type": "Https", "url": "https://a.example" })
    }

    fn registry() -> Value {
        json!({
            "name": "a", "type": "SchemaRegistry", "provider": "CONFLUENT",
            "schemaRegistryAuthentication": { "type": "SASL_INHERIT" },
        })
    }

    #[test]
    fn usual_values_are_plain() {
        let settings = json!({ "auto.offset.reset": "latest", "group.id": "orders", "session.timeout.ms": "45000" });
        assert_eq!(found(kafka(), "config", &settings), (vec![], true));
        let headers = json!({ "Content-Type": "application/json", "Authorization": "Bearer ${TOKEN}", "X-A": "b" });
        assert_eq!(found(hook(), "headers", &headers), (vec![], true));
        assert_eq!(found(registry(), "schemaRegistryUrls", &json!(["https://a.example:8443"])), (vec![], true));
    }

    /// Values of all kinds, about half of them strings that mean nothing.
    fn value() -> impl Strategy<Value = Value> {
        let texts = [
            "",
            "1",
            "-1",
            "all",
            "true",
            "latest",
            "gzip",
            "TODO",
            "string",
            "<id>",
            "${A}",
            "a ${A}",
            "xxx",
            "Bearer x",
            "Bearer <x>",
            "Bearer ${X}",
            "a\nb",
            "op://a",
            "..",
            "1.5",
            "ENC[x]",
            "$A",
            "${A:-b}",
        ];
        prop_oneof![
            6 => prop::sample::select(texts.to_vec()).prop_map(Value::from),
            2 => "[ -~\t\u{1}é<$]{0,6}".prop_map(Value::from),
            1 => prop::sample::select(vec![Value::Null, json!(1), json!(true), json!([]), json!({})]),
        ]
    }

    fn key(usual: Vec<&'static str>) -> impl Strategy<Value = String> {
        prop_oneof![6 => prop::sample::select(usual).prop_map(str::to_owned), 1 => "[!-~ é]{0,4}"]
    }

    proptest! {
        #[test]
        fn of_plain_settings_no_rule_has_anything_to_say(
            map in prop::collection::btree_map(key(CONFIG_KEYS.to_vec()), value(), 0..3)
        ) {
            let (rules, is_plain) = found(kafka(), "config", &json!(map));
            prop_assert!(!is_plain || rules.is_empty(), "{rules:?}");
        }

        #[test]
        fn of_plain_headers_no_rule_has_anything_to_say(
            map in prop::collection::btree_map(
                key(vec!["Authorization", "Content-Type", "X-Api-Key", "token", "//", "$comment", "$schema", "a b", "url"]),
                value(),
                0..3,
            )
        ) {
            let (rules, is_plain) = found(hook(), "headers", &json!(map));
            prop_assert!(!is_plain || rules.is_empty(), "{rules:?}");
        }

        #[test]
        fn of_plain_lists_of_urls_no_rule_has_anything_to_say(
            list in prop::collection::vec("https://a(\\.example)?(:[0-9]{1,3})?(/[<>a${}?@]{0,5})?", 1..3)
        ) {
            let (rules, is_plain) = found(registry(), "schemaRegistryUrls", &json!(list));
            let by_count = ["registry-url-count"];
            prop_assert!(!is_plain || rules.iter().all(|rule| by_count.contains(rule)), "{rules:?}");
        }
    }
}
