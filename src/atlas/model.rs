//! Connections as Rust values, for programs that make, read or send definitions.
//!
//! The same types serve both directions: request bodies and responses of the API (with `id`, `links`, `state` and
//! `region`, but without the secrets). A required part of a connection is a plain field, everything else
//! an [`Option`] or a collection that may be empty. The name may come from elsewhere, such as the path of a request.
//! Unknown fields are ignored.
//!
//! The types come from the published schemas. A connection type is a struct with the type's name. An object is a struct and
//! a field with listed values an enum, both named by their JSON pointer: `/networking/access` is [`NetworkingAccess`].
//!
//! ```
//! use streamlint::model::{Connection, Https};
//!
//! // More fields may come, so a connection starts from its default.
//! let mut https = Https::default();
//! https.name = Some("alerts".to_owned());
//! https.url = "https://hooks.example.com/services/T0".into();
//! https.headers.insert("Authorization".to_owned(), "Bearer 0a1b2c".into());
//! let hook = Connection::from(https);
//! // Neither the log nor a file of yours gets the secret …
//! assert!(!format!("{hook:?}").contains("0a1b2c"));
//! assert!(serde_json::to_value(&hook)?.get("headers").is_none());
//! // … but the request does.
//! assert_eq!(hook.to_json_with_secrets()["headers"]["Authorization"], "Bearer 0a1b2c");
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Design
//! A [`Secret`] has no `Serialize`, so the fields that contain one must be skipped: code that forgets to hide a secret
//! does not compile. Only [`Connection::to_json_with_secrets`] writes secrets. `Debug` shows neither secrets nor values
//! that may contain one by accident: the path and query of a URL, and the values of Kafka settings that the service
//! ignores.
//!
//! Errors of `serde_json` are in serde's words and may quote the text. To parse text that people wrote, use
//! [`check`](crate::check) and [`Report::connections`](crate::Report::connections).

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::atlas::Kind;
use crate::atlas::fields::CONFIG_KEYS;
use crate::atlas::secret::{MASK, OF_SETTINGS, may_be_shown, shown_of_url};

/// A password, key or token. Nothing shows it; only [`Secret::expose`] returns it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text of the secret.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Secret({MASK})")
    }
}

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // serde's own message would quote a number in the position of the secret.
        let text = String::deserialize(deserializer);
        text.map(Self).map_err(|_| serde::de::Error::custom("a secret must be a string"))
    }
}

/// Defines text types that can be sent and stored, but that `Debug` does not show.
macro_rules! texts {
    ($( $(#[$doc:meta])* $name:ident )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )* };
}

texts! {
    /// A URL as written. `Debug` shows scheme, host and port: paths may contain webhook tokens, and queries and user
    /// information may contain credentials.
    Url
    /// A certificate, or a text that may contain a token. `Debug` shows only that it is present.
    Unshown
}

impl fmt::Debug for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut shown, mut end) = (String::new(), 0);
        for part in shown_of_url(&self.0).into_iter().chain(std::iter::once(self.0.len()..self.0.len())) {
            if part.start > end {
                shown.push_str(MASK);
            }
            shown.push_str(&self.0[part.clone()]);
            end = part.end;
        }
        write!(out, "Url({shown})")
    }
}

impl fmt::Debug for Unshown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Unshown({MASK})")
    }
}

/// Settings for the Kafka client, a map of strings. `Debug` shows the values of settings that stream processing
/// supports; other settings are ignored by Atlas and sometimes contain passwords.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Config(BTreeMap<String, String>);

impl fmt::Debug for Config {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marks = |key: &str| CONFIG_KEYS.contains(&key).then_some(OF_SETTINGS);
        let shown = |key: &str, value| marks(key).map_or(Shown(MASK, MASK), |marks| Shown(value, marks));
        let entries = self.iter().map(|(key, value)| (Shown(key, "/$"), shown(key, value)));
        out.debug_map().entries(entries).finish()
    }
}

impl Deref for Config {
    type Target = BTreeMap<String, String>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Config {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Config {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(settings: I) -> Self {
        Self(settings.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

/// A text in `Debug`: shown if it consists of word characters and the given ones, otherwise masked.
struct Shown<'t>(&'t str, &'static str);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(if may_be_shown(self.0, self.1) { self.0 } else { MASK }, out)
    }
}

/// A map of secrets in `Debug`: shows its keys if they are words. A key may be a whole header line.
struct SecretMap<'m>(&'m BTreeMap<String, Secret>);

impl fmt::Debug for SecretMap<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.0.iter().map(|(key, secret)| (Shown(key, ""), secret))).finish()
    }
}

/// Defines enums for values of the API. Atlas adds new values from time to time, so each enum also accepts unlisted
/// ones: a response with one can still be parsed, and so can a template's variable.
macro_rules! words {
    ($( $(#[$attr:meta])* $name:ident { $( $(#[$word_attr:meta])* $variant:ident $word:literal, )* } )*) => { $(
        $(#[$attr])*
        #[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$word_attr])* $variant, )*
            /// An unlisted value, or a template's variable.
            Other(String),
        }

        impl $name {
            /// The value as text.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $word, )*
                    Self::Other(word) => word,
                }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $( Self::$variant => out.write_str(stringify!($variant)), )*
                    // The value may be any text, even a secret.
                    Self::Other(_) => out.debug_tuple("Other").field(&format_args!("{MASK}")).finish(),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $( $word => Self::$variant, )*
                    _ => Self::Other(word),
                }
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                match word {
                    $name::Other(word) => word,
                    known => known.as_str().to_owned(),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }
    )* };
}

fn is_empty(config: &Config) -> bool {
    config.0.is_empty()
}

/// The address of a related resource.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<Url>,
    /// The relation of the address: `self`, `next` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rel: Option<String>,
}

impl fmt::Debug for Link {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rel = self.rel.as_ref().map(|_| Shown(MASK, MASK));
        out.debug_struct("Link").field("href", &self.href).field("rel", &rel).finish()
    }
}

impl Connection {
    /// The body of a request, including secrets. `serde_json::to_value` returns it without them.
    pub fn to_json_with_secrets(&self) -> Value {
        // No field is a map with keys other than strings, the only thing that JSON cannot express.
        let mut body = serde_json::to_value(self).unwrap_or_default();
        self.add_secrets(&mut body);
        body
    }
}

/// A field with secrets, which its `Serialize` leaves out.
trait HoldsSecrets {
    /// Adds the secrets to the object that the field is in.
    fn add_secrets(&self, object: &mut Value, key: &str);
}

impl HoldsSecrets for Secret {
    fn add_secrets(&self, object: &mut Value, key: &str) {
        object[key] = self.expose().into();
    }
}

impl<T: HoldsSecrets> HoldsSecrets for Option<T> {
    fn add_secrets(&self, object: &mut Value, key: &str) {
        if let Some(field) = self {
            field.add_secrets(object, key);
        }
    }
}

impl HoldsSecrets for Vec<Secret> {
    fn add_secrets(&self, object: &mut Value, key: &str) {
        if !self.is_empty() {
            object[key] = self.iter().map(Secret::expose).collect();
        }
    }
}

impl HoldsSecrets for BTreeMap<String, Secret> {
    fn add_secrets(&self, object: &mut Value, key: &str) {
        for (name, secret) in self {
            secret.add_secrets(&mut object[key], name);
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/model.rs"));

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_shape_of_a_secret_is_added() {
        let mut body = json!({});
        let secret = || Secret::from("a");
        secret().add_secrets(&mut body, "text");
        Some(secret()).add_secrets(&mut body, "optional");
        None::<Secret>.add_secrets(&mut body, "absent");
        vec![secret(), secret()].add_secrets(&mut body, "list");
        Vec::<Secret>::new().add_secrets(&mut body, "empty");
        BTreeMap::from([("x".to_owned(), secret())]).add_secrets(&mut body, "map");
        assert_eq!(body, json!({ "text": "a", "optional": "a", "list": ["a", "a"], "map": { "x": "a" } }));
    }
}
