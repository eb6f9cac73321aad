//! Names of an enum's values: one table for printing, parsing and serializing.

use std::fmt;

use super::suggest::{meant, question};

/// The error for a name that does not exist: of a rule, a connection type, a mode, a dialect, a format or a severity.
///
/// `Display` suggests the names that were probably meant, and lists all names if there are few.
///
/// ```
/// let error = "kafak".parse::<streamlint::Kind>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown connection type `kafak`; did you mean `Kafka`?");
/// assert_eq!(error.suggestions(), ["Kafka"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    what: &'static str,
    name: String,
    suggestions: Vec<&'static str>,
    known: Vec<&'static str>,
}

/// Longer lists of names are not shown in messages.
const MOST_LISTED: usize = 12;

impl UnknownName {
    #[cold]
    pub(crate) fn new(what: &'static str, name: &str, known: impl IntoIterator<Item = &'static str>) -> Self {
        let known = known.into_iter().collect::<Vec<_>>();
        Self { what, name: name.to_owned(), suggestions: meant(name, known.iter().copied()), known }
    }

    /// The unknown name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names that were probably meant, at most three.
    pub fn suggestions(&self) -> &[&'static str] {
        &self.suggestions
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "unknown {} `{}`", self.what, self.name.escape_debug())?;
        match question(&self.suggestions) {
            Some(question) => write!(out, "; {question}"),
            None if self.known.len() <= MOST_LISTED => write!(out, "; use one of {}", self.known.join(", ")),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownName {}

/// Implements `Display`, `FromStr` and `Serialize` by the names of an enum that has `ALL` and `name`.
macro_rules! impl_names {
    ($enum:ident, $what:literal) => {
        impl std::fmt::Display for $enum {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.pad(self.name())
            }
        }

        impl std::str::FromStr for $enum {
            type Err = $crate::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|value| value.name() == name)
                    .ok_or_else(|| $crate::UnknownName::new($what, name, Self::ALL.iter().map(|value| value.name())))
            }
        }

        impl serde::Serialize for $enum {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}
pub(crate) use impl_names;

#[cfg(test)]
mod tests {
    use crate::{Dialect, Format, Kind, Mode, Severity};

    #[test]
    fn names_parse_to_their_values() {
        assert!(Kind::ALL.iter().all(|kind| kind.to_string().parse() == Ok(*kind)));
        assert!(Mode::ALL.iter().all(|mode| mode.to_string().parse() == Ok(*mode)));
        assert!(Dialect::ALL.iter().all(|dialect| dialect.to_string().parse() == Ok(*dialect)));
        assert!(Format::ALL.iter().all(|format| format.to_string().parse() == Ok(*format)));
        assert!(Severity::ALL.iter().all(|severity| severity.to_string().parse() == Ok(*severity)));
        assert_eq!(serde_json::to_string(&(Kind::S3, Severity::Info)).unwrap(), r#"["S3","info"]"#);
    }

    #[test]
    fn an_unknown_name_has_a_suggestion_or_the_list() {
        let sentence = |error: crate::UnknownName| error.to_string();
        assert_eq!(
            "warn".parse::<Severity>().map_err(sentence),
            Err("unknown severity `warn`; did you mean `warning`?".into())
        );
        assert_eq!(
            "xml".parse::<Mode>().map_err(sentence),
            Err("unknown mode `xml`; use one of create, update, response, error, failover".into())
        );
        assert_eq!("\u{1b}[".parse::<Mode>().map_err(|error| error.to_string().contains('\u{1b}')), Err(false));
    }
}
