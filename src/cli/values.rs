//! Values of arguments: names of rules, schemas, connection types and other words, with suggestions for unknown ones.

use std::ffi::OsStr;
use std::str::FromStr;

use clap::Arg;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use itertools::Itertools as _;

use crate::diagnostic::{POLICY_PREFIX, interned};
use crate::rules::api_error::{ERRORS, explanations};
use crate::text::suggest::{meant, question};
use crate::{Kind, RULES, UnknownName};

/// Parses one of a few words.
pub(super) fn one_of<T: FromStr<Err = UnknownName> + Clone + Send + Sync + 'static>(
    words: impl IntoIterator<Item = &'static str>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words).try_map(|word| word.parse())
}

/// Parses a word with a function that has its own errors. Shells complete the known words.
#[derive(Clone)]
pub(super) struct Words<T> {
    parse: fn(&str) -> Result<T, String>,
    words: Vec<&'static str>,
}

impl<T> Words<T> {
    fn new(parse: fn(&str) -> Result<T, String>, words: impl Iterator<Item = &'static str>) -> Self {
        Self { parse, words: words.collect() }
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Words<T> {
    type Value = T;

    fn parse_ref(&self, command: &clap::Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, clap::Error> {
        self.parse.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.words.iter().map(PossibleValue::new)))
    }
}

/// Parses the name of a rule. The policies are not known yet.
pub(super) fn rules() -> Words<&'static str> {
    Words::new(rule, RULES.iter().map(|rule| rule.name))
}

/// The topic of `explain`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Topic {
    Rule(&'static str),
    /// A code of an error response.
    ErrorCode(&'static str),
}

/// Parses the name of a rule, or an error code of the API.
pub(super) fn topics() -> Words<Topic> {
    Words::new(topic, RULES.iter().map(|rule| rule.name).chain(ERRORS.iter().map(|error| error.code)))
}

fn topic(name: &str) -> Result<Topic, String> {
    // Error codes are in upper case, and rules are not.
    if name.contains(|c: char| c.is_ascii_uppercase()) {
        let code = name.to_ascii_uppercase();
        if let Some(error) = explanations(&code).next() {
            return Ok(Topic::ErrorCode(error.code));
        }
        if name == code {
            return Err(match question(&meant(name, ERRORS.iter().map(|error| error.code).dedup())) {
                Some(question) => format!("unknown error code; {question}"),
                None => "unknown error code; lint the whole response with `streamlint check --mode error`".to_owned(),
            });
        }
    }
    rule(name).map(Topic::Rule)
}

fn rule(name: &str) -> Result<&'static str, String> {
    if name.starts_with(POLICY_PREFIX) {
        return Ok(interned(name));
    }
    let known = crate::rule(name).map(|rule| rule.name);
    known.ok_or_else(|| match question(&meant(name, RULES.iter().map(|rule| rule.name))) {
        Some(question) => format!("unknown rule; {question}"),
        None => "unknown rule; `streamlint rules` lists all rules".to_owned(),
    })
}

/// Parses the name of a published schema into its text.
pub(super) fn schemas() -> Words<&'static str> {
    Words::new(schema, crate::schemas().iter().map(|(stem, _)| *stem))
}

fn schema(name: &str) -> Result<&'static str, String> {
    let published = crate::schemas();
    let found = published.iter().find(|(stem, _)| *stem == name).map(|(_, text)| *text);
    found.ok_or_else(|| no_such("schema", name, published.iter().map(|(stem, _)| *stem)))
}

/// Parses the name of a connection type.
pub(super) fn kinds() -> Words<Kind> {
    Words::new(kind, Kind::ALL.iter().map(|kind| kind.name()))
}

fn kind(name: &str) -> Result<Kind, String> {
    // In a command, case and spaces do not matter.
    let same = Kind::nearest(name).filter(|kind| kind.is_written_as(name));
    same.ok_or_else(|| no_such("connection type", name, Kind::ALL.iter().map(|kind| kind.name())))
}

/// The message for an unknown type, or an unknown schema, as most schemas are named after types.
fn no_such(what: &str, name: &str, names: impl Iterator<Item = &'static str> + Clone) -> String {
    let near = Kind::nearest(name).map_or_else(|| meant(name, names.clone()), |kind| vec![kind.name()]);
    match question(&near) {
        Some(question) => format!("unknown {what}; {question}"),
        None => format!("unknown {what}; use one of {}", names.collect::<Vec<_>>().join(", ")),
    }
}
