//! The messages for failing keywords. They contain nothing of an instance but the names of its fields.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use regex::Regex;
use serde_json::Value;

use crate::atlas::secret::is_hostile;
use crate::text::pointer::{parts, unescape};

/// The length of the longest message, in characters.
const LONGEST_MESSAGE: usize = 90;
/// Maximum number of values that help lists.
const MOST_LISTED: usize = 8;

/// A message, the label beside the mark, and the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub message: String,
    pub label: String,
    pub help: Option<String>,
}

impl Words {
    pub fn new(message: impl Into<String>, label: &str) -> Self {
        Self { message: message.into(), label: label.to_owned(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The first message if it is short enough; otherwise the second, with help.
    fn short(message: String, label: &str, other: String, help: String) -> Self {
        if message.chars().count() <= LONGEST_MESSAGE {
            Self::new(message, label)
        } else {
            Self::new(other, label).help(help)
        }
    }
}

/// The words for a failed keyword and a value with this name. `keyword` is the last part of the keyword's location
/// that is a keyword.
pub(super) fn of_kind(kind: &Kind, keyword: &str, name: &str) -> Words {
    match kind {
        Kind::Type { kind } => {
            let types = match kind {
                TypeKind::Single(one) => vec![with_article(one.as_str())],
                TypeKind::Multiple(set) => set.iter().map(|one| with_article(one.as_str())).collect(),
            };
            Words::new(format!("expected {} for {name}", types.join(" or ")), "wrong type")
        }
        Kind::Constant { expected_value } => {
            let value = value(expected_value);
            let other = format!("{name} does not have the value that the policy requires");
            Words::short(format!("{name} must be {value}"), "wrong value", other, format!("use {value}"))
        }
        Kind::Enum { options } => {
            let all = values(options);
            let list = || all.iter().take(MOST_LISTED).cloned().collect::<Vec<_>>().join(", ");
            let more =
                if all.len() > MOST_LISTED { format!(" and {} more", all.len() - MOST_LISTED) } else { String::new() };
            if let [only] = all.as_slice() {
                return Words::new(format!("{name} must be {only}"), "wrong value");
            }
            Words::short(
                format!("{name} must be one of {}{more}", list()),
                "not an allowed value",
                format!("{name} is not one of the {} values that the policy allows", all.len()),
                format!("use one of {}{more}", list()),
            )
        }
        Kind::Pattern { pattern } => {
            let shown = quoted(pattern);
            let other = format!("{name} does not match the pattern of the policy");
            let help = format!("use a value that matches {shown}");
            Words::short(format!("{name} must match {shown}"), "does not match the pattern", other, help)
        }
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            Words::new(format!("{name} cannot be matched against the pattern of the policy"), "not checked")
        }
        Kind::Format { format } => Words::new(format!("{name} must have the format {}", quoted(format)), "malformed"),
        Kind::ContentEncoding { content_encoding } => {
            Words::new(format!("{name} must be encoded as {}", quoted(content_encoding)), "wrong encoding")
        }
        Kind::FromUtf8 { .. } => Words::new(format!("{name} must decode to UTF-8"), "not UTF-8"),
        Kind::ContentMediaType { content_media_type } => {
            Words::new(format!("{name} must contain {}", quoted(content_media_type)), "wrong media type")
        }
        Kind::MinLength { limit } => {
            Words::new(format!("{name} must have at least {}", counted(*limit, "character")), "too short")
        }
        Kind::MaxLength { limit } => {
            Words::new(format!("{name} must have at most {}", counted(*limit, "character")), "too long")
        }
        Kind::Minimum { limit } => Words::new(format!("{name} must be at least {limit}"), "too small"),
        Kind::Maximum { limit } => Words::new(format!("{name} must be at most {limit}"), "too large"),
        Kind::ExclusiveMinimum { limit } => Words::new(format!("{name} must be more than {limit}"), "too small"),
        Kind::ExclusiveMaximum { limit } => Words::new(format!("{name} must be less than {limit}"), "too large"),
        Kind::MultipleOf { multiple_of } => {
            Words::new(format!("{name} must be a multiple of {multiple_of}"), "not a multiple")
        }
        Kind::MinItems { limit } => {
            Words::new(format!("{name} must have at least {}", counted(*limit, "item")), "too few items")
        }
        Kind::MaxItems { limit } => {
            Words::new(format!("{name} must have at most {}", counted(*limit, "item")), "too many items")
        }
        Kind::AdditionalItems { limit } => {
            Words::new(format!("{name} must have at most {}", counted(*limit as u64, "item")), "too many items")
        }
        Kind::UnevaluatedItems { .. } => {
            Words::new(format!("{name} has items that the policy does not allow"), "items not allowed")
        }
        Kind::UniqueItems => Words::new(format!("{name} has a duplicate item"), "not unique"),
        Kind::Contains => match keyword {
            "maxContains" => Words::new(format!("{name} has too many matching items"), "too many items"),
            "minContains" => Words::new(format!("{name} has too few matching items"), "too few items"),
            _ => Words::new(format!("{name} lacks an item that the policy requires"), "missing item"),
        },
        Kind::MinProperties { limit } => {
            Words::new(format!("{name} must have at least {}", counted(*limit, "field")), "too few fields")
        }
        Kind::MaxProperties { limit } => {
            Words::new(format!("{name} must have at most {}", counted(*limit, "field")), "too many fields")
        }
        Kind::AdditionalProperties { .. } | Kind::UnevaluatedProperties { .. } | Kind::FalseSchema => {
            Words::new(format!("{name} is not allowed"), "not allowed here")
        }
        Kind::Required { .. } => Words::new(format!("missing field {name}"), "missing"),
        Kind::Not { schema } => of_not(schema, name),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => Words::new(
            format!("{name} matches none of the {} alternatives of the policy", context.len()),
            "no alternative matches",
        ),
        Kind::OneOfMultipleValid { .. } => {
            Words::new(format!("{name} matches more than one alternative of the policy"), "several alternatives match")
        }
        Kind::PropertyNames { error } => of_kind(error.kind(), "", &format!("the name of {name}")),
        Kind::Custom { .. } | Kind::Referencing(_) => {
            Words::new(format!("{name} cannot be checked by the policy"), "not checked")
        }
    }
}

/// The words for a value that must not match a schema.
fn of_not(schema: &Value, name: &str) -> Words {
    let only = schema.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    let general = || Words::new(format!("{name} matches a schema that the policy forbids"), "not allowed here");
    match only {
        Some((keyword, inner)) => match (keyword.as_str(), inner) {
            ("const", inner) => {
                let value = value(inner);
                Words::short(
                    format!("{name} must not be {value}"),
                    "not allowed here",
                    general().message,
                    format!("use a value other than {value}"),
                )
            }
            ("enum", Value::Array(_)) => {
                let list = values(inner).join(", ");
                Words::short(
                    format!("{name} must not be one of {list}"),
                    "not allowed here",
                    general().message,
                    format!("use a value other than {}", quoted(&list)),
                )
            }
            ("pattern", Value::String(pattern)) => {
                let shown = quoted(pattern);
                Words::short(
                    format!("{name} must not match {shown}"),
                    "matches the pattern",
                    general().message,
                    format!("use a value that does not match {shown}"),
                )
            }
            ("type", Value::String(kind)) => {
                Words::new(format!("{name} must not be {}", with_article(kind)), "wrong type")
            }
            _ => general(),
        },
        None => general(),
    }
}

/// The field that a schema of `not` forbids, if it forbids its presence.
pub(super) fn forbidden_field(schema: &Value) -> Option<&str> {
    let object = schema.as_object()?;
    let [field] = object.get("required")?.as_array()?.as_slice() else { return None };
    (object.len() == 1).then(|| field.as_str()).flatten()
}

fn with_article(kind: &str) -> String {
    match kind {
        "null" => "null".to_owned(),
        "array" | "object" | "integer" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

/// Length of the longest text of a policy in a message, in characters.
const LONGEST: usize = 64;

/// A text of a policy, quoted for a message: on one line, and truncated if it is too long. It is not a secret.
fn quoted(text: &str) -> String {
    let shown = |character| if is_hostile(character) || character == '`' { '\u{FFFD}' } else { character };
    let end = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("`{}{end}`", text.chars().take(LONGEST).map(shown).collect::<String>())
}

/// A value of a policy, quoted for a message.
fn value(value: &Value) -> String {
    quoted(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn values(options: &Value) -> Vec<String> {
    options.as_array().into_iter().flatten().map(value).collect()
}

fn counted(number: u64, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// The last part of a keyword's location that is a keyword, not an index or a name.
pub(super) fn keyword_of(location: &str) -> &str {
    location.rsplit('/').find(|part| !part.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or_default()
}

/// The problem of a schema, from an error of its meta-schema.
pub(super) fn of_schema_error(error: &ValidationError) -> String {
    let pointer = error.instance_path().as_str();
    let name = parts(pointer).last().map_or_else(|| "the schema".to_owned(), |part| quoted(&unescape(part)));
    let words = match error.kind() {
        Kind::Required { property } => Words::new(format!("missing {}", value(property)), ""),
        Kind::AdditionalProperties { unexpected } if !unexpected.is_empty() => {
            Words::new(format!("{} is not allowed here", quoted(&unexpected[0])), "")
        }
        Kind::Format { format } if format == "regex" => Words::new(format!("{name} is not a regular expression"), ""),
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            Words::new(format!("{name} is not valid in a JSON Schema"), "")
        }
        Kind::Referencing(_) => Words::new("a reference in this schema has no target", ""),
        kind => of_kind(kind, "", &name),
    };
    words.message
}

/// The problem of a regular expression.
pub(super) fn of_pattern_error(pattern: &str) -> String {
    let is_around = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| pattern.contains(start));
    let is_back = (1..=9).any(|digit| pattern.contains(&format!("\\{digit}"))) || pattern.contains("\\k<");
    if is_around {
        "look-around is not supported in patterns, which match in linear time".to_owned()
    } else if is_back {
        "back-references are not supported in patterns, which match in linear time".to_owned()
    } else {
        match Regex::new(pattern) {
            Err(regex::Error::CompiledTooBig(_)) | Ok(_) => "the pattern is too large".to_owned(),
            Err(error) => {
                let sentence = error.to_string();
                let last = sentence.lines().last().unwrap_or_default().trim();
                format!("invalid pattern: {}", last.strip_prefix("error: ").unwrap_or(last))
            }
        }
    }
}
