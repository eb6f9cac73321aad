//! The example of a published schema, which every dialect of `init` prints.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::cli::terminal::at_blanks;

/// The width of comments.
const WIDTH: usize = 100;

/// A JSON value whose fields keep their order.
pub(super) enum Tree {
    Object(Vec<(String, Tree)>),
    Array(Vec<Tree>),
    Text(String),
}

impl Tree {
    /// The text at a path of fields.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        match (self, path.split_first()) {
            (Self::Text(text), None) => Some(text),
            (Self::Object(fields), Some((key, rest))) => {
                fields.iter().find(|(name, _)| name == key).and_then(|(_, value)| value.text(rest))
            }
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TreeVisitor;
        impl<'de> Visitor<'de> for TreeVisitor {
            type Value = Tree;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("an object, an array or a string: definitions hold nothing else")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Tree::Object(fields))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Tree::Array(items))
            }

            fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
                Ok(Tree::Text(text.to_owned()))
            }
        }
        deserializer.deserialize_any(TreeVisitor)
    }
}

/// The schema of a value, if comments are wanted.
#[derive(Clone, Copy)]
pub(super) struct Comments<'s>(pub Option<&'s Value>);

impl Comments<'_> {
    /// The comments of a field.
    pub fn field(self, name: &str) -> Self {
        Self(self.0.map(|schema| &schema["properties"][name]))
    }

    /// The description as lines of comments, for text that is indented to `depth`.
    pub fn lines(self, sign: &str, depth: usize) -> Vec<String> {
        let Some(description) = self.0.and_then(|schema| schema["description"].as_str()) else { return Vec::new() };
        let width = WIDTH - 2 * depth - sign.len() - 1;
        textwrap::wrap(description, at_blanks(width)).iter().map(|line| format!("{sign} {line}")).collect()
    }

    /// The lines in the syntax of YAML, each after a line break.
    pub fn in_yaml(self, depth: usize) -> String {
        let indent = format!("\n{}", "  ".repeat(depth));
        self.lines("#", depth).into_iter().flat_map(|line| [indent.clone(), line]).collect()
    }
}

/// The variable of a text that is a placeholder like `${NAME}`.
pub(super) fn placeholder(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}')
}

/// Whether a variable holds a secret, by its name.
pub(super) fn is_secret(variable: &str) -> bool {
    let variable = variable.to_lowercase();
    ["password", "secret", "key"].iter().any(|word| variable.ends_with(word))
}

/// A JSON string.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
