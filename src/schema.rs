//! The embedded schemas, one for each connection type, and the findings about violations, which never contain a value
//! that may not be shown.

mod extra;
pub(crate) mod missing;
mod unknown_type;
mod values;
mod walk;

use std::borrow::Cow;
#[cfg(feature = "cli")]
use std::sync::LazyLock;

use crate::atlas::fields::Field;
use crate::atlas::{Kind, Mode};
use crate::connection::Connection;
use crate::diagnostic::{Findings, Target};
use crate::document::value::Value;
use crate::text::Span;
use crate::text::pointer::parts;
use walk::{JsonType, Mistake, Violation};

mod compiled {
    use super::walk::{JsonType, Keyword, Known, Schema};
    use crate::atlas::Kind;
    use crate::atlas::fields::FieldKey;

    include!(concat!(env!("OUT_DIR"), "/schemas.rs"));
}

#[cfg(all(test, feature = "cli"))]
mod tests;

/// The published schemas: the file's name before `.schema.json`, and its text.
pub(crate) fn published() -> &'static [(&'static str, &'static str)] {
    compiled::PUBLISHED
}

/// The start of the `$id` of every published schema: the address of the repository's files that editors can load, even
/// in a browser (the addresses on github.com have no CORS headers).
#[cfg(feature = "cli")]
pub(crate) static ID_PREFIX: LazyLock<String> = LazyLock::new(|| {
    env!("CARGO_PKG_REPOSITORY").replace("//github.com/", "//raw.githubusercontent.com/") + "/main/schemas/"
});

/// The violations of a type's schema by a value.
fn mistakes(kind: Kind, value: Value<'_>) -> Vec<Mistake<'_>> {
    walk::mistakes(compiled::of_type(kind), value)
}

/// Checks the fields, types and values of a connection.
pub(crate) fn check(connection: &Connection, found: &mut Findings) {
    if !connection.root.is_object() {
        return;
    }
    unknown_type::check(connection, found);
    extra::inside_config(connection, found);
    if let Some(kind) = connection.kind {
        check_against(connection, kind, &[kind], found);
        missing::mechanism(connection, found);
    } else if connection.mode != Mode::Response {
        // Each field is checked by the first type that has it. Missing fields cannot be reported.
        extra::of_no_type(connection, found);
        for &kind in Kind::ALL {
            check_against(connection, kind, Kind::ALL, found);
        }
    }
    if connection.mode == Mode::Failover {
        missing::region(connection, found);
    }
}

/// A location in a connection, by its pointer.
#[derive(Debug)]
struct Location<'c> {
    connection: &'c Connection<'c>,
    pointer: String,
}

impl Target for &Location<'_> {
    fn pointer(self) -> Cow<'static, str> {
        Cow::Owned(self.pointer.clone())
    }

    fn span(self) -> Span {
        self.connection.span_of(&self.pointer)
    }

    fn key_span(self) -> Span {
        self.connection.key_span_of(&self.pointer)
    }
}

impl Location<'_> {
    /// The user's spelling of this field; elements of a list have the list's name.
    fn spelling(&self) -> String {
        self.connection.spelling_at(&self.pointer)
    }
}

/// Whether an empty string at this pointer counts as a missing field, which another rule reports.
fn is_missed_elsewhere(location: &Location, kind: Kind) -> bool {
    Field::at(&location.pointer)
        .is_none_or(|field| field.row().required.contains(kind) || location.connection.wants_endpoint_id(field))
}

/// Whether this is the empty method of OAUTHBEARER, which missing-credentials reports.
fn is_missing_method(location: &Location) -> bool {
    let connection = location.connection;
    location.pointer == Field::AuthenticationMethod.pointer()
        && matches!(connection.mode, Mode::Create | Mode::Failover)
        && connection.get(Field::AuthenticationMechanism).equals("OAUTHBEARER")
}

/// Reports the violations of the schema of `kind`. With more than one candidate type, only those about fields whose
/// first type this is.
fn check_against(connection: &Connection, kind: Kind, candidates: &[Kind], found: &mut Findings) {
    let alone = candidates.len() == 1;
    let mine = |pointer: &str| {
        alone
            || parts(pointer)
                .next()
                .and_then(|key| Field::child(None, key))
                .is_some_and(|field| candidates.iter().find(|kind| field.row().kinds.contains(**kind)) == Some(&kind))
    };
    let mut absent = Vec::new();
    for Mistake { pointer, value, violation } in mistakes(kind, connection.root) {
        // The type has been checked, and so have the misplaced strings inside `config`.
        if pointer == "/type" || !mine(&pointer) && !pointer.is_empty() || connection.is_unknown_at(&pointer, value) {
            continue;
        }
        let location = Location { connection, pointer };
        match violation {
            Violation::Unexpected(key, id) if alone => {
                let parent = Field::at(&location.pointer);
                extra::report(connection, kind, parent, &connection.item(parent, key, id), found);
            }
            Violation::Required(key) if alone => absent.extend(Field::child(Field::at(&location.pointer), key)),
            Violation::MinLength if alone => {
                if let Some(field) = Field::at(&location.pointer) {
                    missing::empty(connection, field, found);
                }
            }
            Violation::Type(expected) => values::wrong_type(&location, value, expected, found),
            // missing-credentials reports it as missing.
            Violation::Enum(_) if value.as_str() == Some("") && is_missing_method(&location) => {}
            Violation::Enum(words) => values::unknown_value(&location, value, words, alone, found),
            Violation::Format(format) if value.as_str() != Some("") || !is_missed_elsewhere(&location, kind) => {
                values::malformed(&location, value, format, found);
            }
            _ => {}
        }
    }
    // Missing fields are checked last, after misspelled ones are known.
    for field in absent {
        missing::block(connection, kind, field, found);
    }
}
