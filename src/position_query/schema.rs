//! The published schemas of fields; `pkg/js/schema-walk.js` does the same for web editors.

use std::fmt::Write as _;
use std::sync::OnceLock;

use crate::atlas::Kind;
use crate::schema;
use serde_json::Value;

/// The schema of a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema(&'static Value);

/// An allowed value and its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllowedValue {
    pub value: &'static str,
    pub meaning: Option<&'static str>,
}

/// The kind of brackets or quotes that a value starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Object,
    List,
}

/// The schema of a connection type, or of any connection. Each is parsed once.
fn published(kind: Option<Kind>) -> &'static Value {
    static READ: [OnceLock<Value>; Kind::ALL.len() + 1] = [const { OnceLock::new() }; Kind::ALL.len() + 1];
    let name = kind.map_or("connection", Kind::name);
    let slot = &READ[kind.map_or(Kind::ALL.len(), |kind| kind as usize)];
    slot.get_or_init(|| {
        let text = schema::published().iter().find(|(stem, _)| *stem == name).map_or("", |(_, text)| text);
        serde_json::from_str(text).unwrap_or_default()
    })
}

impl Schema {
    /// The schema of the field at a pointer (in Admin API spelling) in a connection. Without a type, only the fields
    /// that every connection has are known.
    pub fn at(kind: Option<Kind>, pointer: &str) -> Option<Self> {
        // Only the schema of any connection lists all types.
        let root = Self(published(if pointer == "/type" { None } else { kind }));
        let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
        parts.into_iter().try_fold(root, |schema, part| schema.inside(&part))
    }

    fn inside(self, part: &str) -> Option<Self> {
        let field = self.0.get("properties").and_then(|fields| fields.get(part));
        let element = || self.0.get("items").filter(|_| part.parse::<usize>().is_ok());
        let field = field.or_else(element).or_else(|| self.0.get("additionalProperties"));
        field.filter(|schema| schema.is_object()).map(Self)
    }

    fn text(self, keyword: &str) -> Option<&'static str> {
        self.0.get(keyword)?.as_str()
    }

    fn list(self, keyword: &str) -> impl Iterator<Item = &'static Value> {
        self.0.get(keyword).and_then(Value::as_array).into_iter().flatten()
    }

    /// The allowed values, if the schema lists them.
    pub fn values(self) -> Vec<AllowedValue> {
        let meanings = self.list("enumDescriptions").map(Value::as_str).chain(std::iter::repeat(None));
        let listed = self.list("enum").filter_map(Value::as_str).zip(meanings);
        let listed = listed.map(|(value, meaning)| AllowedValue { value, meaning });
        listed.chain(self.text("const").map(|value| AllowedValue { value, meaning: None })).collect()
    }

    /// Whether an allowed value is deprecated.
    pub fn deprecates(self, value: &str) -> bool {
        self.list("x-streamlint-deprecated").any(|word| word == value)
    }

    /// Whether this field of the object is required.
    pub fn requires(self, key: &str) -> bool {
        self.list("required").any(|name| name == key)
    }

    pub fn shape(self) -> Shape {
        let is = |name: &str| match self.0.get("type") {
            Some(Value::Array(names)) => names.first().is_some_and(|first| first == name),
            Some(value) => value == name,
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

    pub fn title(self) -> Option<&'static str> {
        self.text("title")
    }

    /// A description of the field in Markdown, with the meaning of its current value, or else of all allowed values.
    pub fn description(self, current: Option<&str>) -> String {
        let mut out = String::new();
        if let Some(title) = self.title() {
            let _ = write!(out, "**{title}**");
        }
        let mut paragraph = |text: &str| {
            let gap = if out.is_empty() { "" } else { "\n\n" };
            let _ = write!(out, "{gap}{text}");
        };
        self.text("description").map(&mut paragraph);
        let mut values = self.values();
        if values.iter().any(|allowed| Some(allowed.value) == current) {
            values.retain(|allowed| Some(allowed.value) == current);
        }
        let lines =
            values.iter().filter_map(|allowed| Some(format!("- {}: {}", code(allowed.value), allowed.meaning?)));
        let lines = lines.collect::<Vec<_>>().join("\n");
        if !lines.is_empty() {
            paragraph(&lines);
        }
        let mut list = |heading: &str, values: Vec<String>| {
            if !values.is_empty() {
                paragraph(&format!("{heading}: {}", values.join(", ")));
            }
        };
        list("Default", self.0.get("default").into_iter().map(json_code).collect());
        // The examples of whole connections are too long here.
        list("For example", self.list("examples").filter(|example| !example.is_object()).map(json_code).collect());
        out
    }
}

/// A string as Markdown code.
fn code(text: &str) -> String {
    if text.is_empty() { "`\"\"`".to_owned() } else { format!("`{text}`") }
}

/// A JSON value as Markdown code, without the quotes of a string.
fn json_code(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("`{value}`"), code)
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
    fn the_types_are_the_allowed_values_of_type() {
        let values = Schema::at(Some(Kind::S3), "/type").unwrap().values();
        assert_eq!(values.len(), Kind::ALL.len());
        assert_eq!(values[0], AllowedValue { value: "Kafka", meaning: Some("Kafka connection") });
        for &kind in Kind::ALL {
            assert!(Schema::at(Some(kind), "").unwrap().requires("type"));
            assert_eq!(Schema::at(Some(kind), "").unwrap().shape(), Shape::Object);
        }
    }

    #[test]
    fn a_description_has_values_defaults_and_examples() {
        let protocol = Schema::at(Some(Kind::Kafka), "/security/protocol").unwrap();
        let all = protocol.description(None);
        assert!(all.starts_with("**Protocol**\n\n") && all.contains("\n- `SASL_SSL`: ") && all.contains("\n- `SSL`: "));
        let one = protocol.description(Some("SASL_SSL"));
        assert!(one.contains("\n- `SASL_SSL`: ") && !one.contains("- `SSL`: "));
        let access = Schema::at(Some(Kind::Kafka), "/networking/access/type").unwrap().description(None);
        assert!(access.ends_with("Default: `PUBLIC`"), "{access}");
        let brokers = Schema::at(Some(Kind::Kafka), "/bootstrapServers").unwrap().description(Some("x:1"));
        assert!(brokers.contains("For example: `broker-0.example.com:9092`, `"), "{brokers}");
    }
}
