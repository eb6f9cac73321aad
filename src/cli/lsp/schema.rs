//! What the published schemas say about a place in a connection; `pkg/js/schema-walk.js` says the same to web editors.

use std::fmt::Write as _;
use std::sync::OnceLock;

use serde_json::Value;
use streamlint::Kind;
use streamlint::schema::door;

/// The schema of a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema(&'static Value);

/// A word that a value may be, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    pub word: &'static str,
    pub meaning: Option<&'static str>,
}

/// What the value of a member is, as far as writing its start goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Object,
    List,
}

/// The schema of a connection type, or of all of them, read once.
fn published(kind: Option<Kind>) -> &'static Value {
    static READ: [OnceLock<Value>; Kind::ALL.len() + 1] = [const { OnceLock::new() }; Kind::ALL.len() + 1];
    let name = kind.map_or("connection", Kind::name);
    let slot = &READ[kind.map_or(Kind::ALL.len(), |kind| kind as usize)];
    slot.get_or_init(|| {
        let text = door::published().iter().find(|(stem, _)| *stem == name).map_or("", |(_, text)| text);
        serde_json::from_str(text).unwrap_or_default()
    })
}

impl Schema {
    /// The schema of what stands at a pointer (in Admin API spelling) inside a connection. Without a type only what every
    /// connection has is known.
    pub fn at(kind: Option<Kind>, pointer: &str) -> Option<Self> {
        // Which types there are is said in one place only.
        let root = Self(published(if pointer == "/type" { None } else { kind }));
        let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
        parts.into_iter().try_fold(root, |schema, part| schema.inside(&part))
    }

    fn inside(self, part: &str) -> Option<Self> {
        let own = self.0.get("properties").and_then(|members| members.get(part));
        let element = || self.0.get("items").filter(|_| part.parse::<usize>().is_ok());
        let own = own.or_else(element).or_else(|| self.0.get("additionalProperties"));
        own.filter(|schema| schema.is_object()).map(Self)
    }

    fn says(self, keyword: &str) -> Option<&'static str> {
        self.0.get(keyword)?.as_str()
    }

    fn list(self, keyword: &str) -> impl Iterator<Item = &'static Value> {
        self.0.get(keyword).and_then(Value::as_array).into_iter().flatten()
    }

    /// The words that the value may be; none when it may be anything.
    pub fn words(self) -> Vec<Word> {
        let meanings = self.list("enumDescriptions").map(Value::as_str).chain(std::iter::repeat(None));
        let listed = self.list("enum").filter_map(Value::as_str).zip(meanings);
        let listed = listed.map(|(word, meaning)| Word { word, meaning });
        listed.chain(self.says("const").map(|word| Word { word, meaning: None })).collect()
    }

    /// Whether the object must have this member.
    pub fn requires(self, key: &str) -> bool {
        self.list("required").any(|name| name == key)
    }

    pub fn shape(self) -> Shape {
        let is = |name: &str| match self.0.get("type") {
            Some(Value::Array(names)) => names.first().is_some_and(|first| first == name),
            Some(own) => own == name,
            None => false,
        };
        if is("object") {
            Shape::Object
        } else if is("array") {
            Shape::List
        } else {
            Shape::Text
        }
    }

    /// The title alone.
    pub fn title(self) -> Option<&'static str> {
        self.says("title")
    }

    /// A few lines about the value, in Markdown; of the words it may be, this one alone if it is one of them.
    pub fn described(self, word: Option<&str>) -> String {
        let mut out = String::new();
        if let Some(title) = self.title() {
            let _ = write!(out, "**{title}**");
        }
        let mut paragraph = |text: &str| {
            let gap = if out.is_empty() { "" } else { "\n\n" };
            let _ = write!(out, "{gap}{text}");
        };
        self.says("description").map(&mut paragraph);
        let words = self.words();
        let is_meant = |one: &&Word| Some(one.word) == word;
        let shown = if words.iter().any(|one| is_meant(&one)) {
            words.iter().filter(is_meant).collect()
        } else {
            words.iter().collect::<Vec<_>>()
        };
        let lines = shown
            .iter()
            .filter_map(|Word { word, meaning }| Some(format!("- `{}`: {}", shown_word(word), (*meaning)?)));
        let lines = lines.collect::<Vec<_>>().join("\n");
        if !lines.is_empty() {
            paragraph(&lines);
        }
        let mut listed = |what: &str, values: Vec<String>| {
            if !values.is_empty() {
                paragraph(&format!("{what}: {}", values.join(", ")));
            }
        };
        listed("Default", self.0.get("default").into_iter().map(value).collect());
        // A connection as a whole has long ones, and its pages show them.
        listed("For example", self.list("examples").filter(|example| !example.is_object()).map(value).collect());
        out
    }
}

fn shown_word(word: &str) -> &str {
    if word.is_empty() { "\"\"" } else { word }
}

fn value(value: &Value) -> String {
    match value.as_str() {
        Some(text) if !text.is_empty() => format!("`{text}`"),
        _ => format!("`{value}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_found_by_pointer() {
        let title = |kind, pointer| Schema::at(kind, pointer).and_then(Schema::title);
        assert_eq!(title(Some(Kind::Kafka), "/security/protocol"), Some("Protocol"));
        assert_eq!(title(Some(Kind::SchemaRegistry), "/schemaRegistryUrls/0"), Some("Registry URL"));
        assert_eq!(title(Some(Kind::SchemaRegistry), "/schemaRegistryUrls/x"), None);
        assert_eq!(title(Some(Kind::Https), "/security/protocol"), None);
        assert_eq!(title(None, "/type"), Some("Type"));
        assert_eq!(title(None, "/url"), None);
        assert!(Schema::at(Some(Kind::Https), "/headers/X-Any").is_some());
        assert!(Schema::at(Some(Kind::Kafka), "/config/auto.offset.reset").is_some());
        assert!(Schema::at(Some(Kind::Kafka), "/$schema").is_none());
    }

    #[test]
    fn every_type_has_words_for_itself() {
        let words = Schema::at(Some(Kind::S3), "/type").unwrap().words();
        assert_eq!(words.len(), Kind::ALL.len());
        assert_eq!(words[0], Word { word: "Kafka", meaning: Some("Kafka connection") });
        for &kind in Kind::ALL {
            assert!(Schema::at(Some(kind), "").unwrap().requires("type"));
            assert_eq!(Schema::at(Some(kind), "").unwrap().shape(), Shape::Object);
        }
    }

    #[test]
    fn a_description_says_what_a_person_wants_to_know() {
        let protocol = Schema::at(Some(Kind::Kafka), "/security/protocol").unwrap();
        let all = protocol.described(None);
        assert!(all.starts_with("**Protocol**\n\n") && all.contains("\n- `SASL_SSL`: ") && all.contains("\n- `SSL`: "));
        let one = protocol.described(Some("SASL_SSL"));
        assert!(one.contains("\n- `SASL_SSL`: ") && !one.contains("- `SSL`: "));
        let access = Schema::at(Some(Kind::Kafka), "/networking/access/type").unwrap().described(None);
        assert!(access.ends_with("Default: `PUBLIC`"), "{access}");
        let brokers = Schema::at(Some(Kind::Kafka), "/bootstrapServers").unwrap().described(Some("x:1"));
        assert!(brokers.contains("For example: `broker-0.example.com:9092`, `"), "{brokers}");
    }
}
