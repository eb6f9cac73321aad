//! The embedded schemas, one for each connection type, and what their errors become: a diagnostic in our words, under
//! the rule that answers for the keyword, never with a value in it that may not be shown.

mod extra;
mod missing;
mod unknown_type;
mod values;

use jsonschema::JsonType;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use crate::connection::{Connection, Mode, Place};
use crate::kind::Kind;
use crate::members::Member;
use crate::rules::{Findings, networking};
use crate::source::Span;

mod compiled {
    include!(concat!(env!("OUT_DIR"), "/schemas.rs"));
}

#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub mod door;

macro_rules! for_kind {
    ($kind:expr, $method:ident, $value:expr) => {
        match $kind {
            Kind::Kafka => compiled::Kafka::$method($value),
            Kind::Cluster => compiled::Cluster::$method($value),
            Kind::Sample => compiled::Sample::$method($value),
            Kind::Https => compiled::Https::$method($value),
            Kind::S3 => compiled::S3::$method($value),
            Kind::AWSLambda => compiled::AWSLambda::$method($value),
            Kind::AWSKinesisDataStreams => compiled::AWSKinesisDataStreams::$method($value),
            Kind::AzureBlobStorage => compiled::AzureBlobStorage::$method($value),
            Kind::GCPPubSub => compiled::GCPPubSub::$method($value),
            Kind::SchemaRegistry => compiled::SchemaRegistry::$method($value),
        }
    };
}

/// Whether the compiled schema of this type accepts the value.
fn is_valid(kind: Kind, value: &Value) -> bool {
    for_kind!(kind, is_valid, value)
}

/// What the compiled schema of this type finds wrong with the value.
fn errors(kind: Kind, value: &Value) -> jsonschema::ErrorIterator<'_> {
    for_kind!(kind, iter_errors, value)
}

/// Judges the shape of a connection.
pub(crate) fn check(connection: &Connection, found: &mut Findings) {
    if !connection.root.is_object() {
        return;
    }
    unknown_type::check(connection, found);
    extra::inside_config(connection, found);
    if let Some(kind) = connection.kind {
        if !is_valid(kind, connection.root) {
            judge(connection, kind, &[kind], found);
        }
        missing::mechanism(connection, found);
    } else {
        // Each member is judged by the first type that has it; nothing can be said about what is missing.
        extra::of_no_type(connection, found);
        for &kind in Kind::ALL {
            judge(connection, kind, Kind::ALL, found);
        }
    }
    if connection.mode == Mode::Failover {
        missing::region(connection, found);
    }
}

/// A place by its pointer alone.
#[derive(Debug, Clone)]
struct Spot<'c> {
    connection: &'c Connection<'c>,
    pointer: String,
}

impl Place for Spot<'_> {
    fn pointer(&self) -> std::borrow::Cow<'_, str> {
        std::borrow::Cow::Borrowed(&self.pointer)
    }

    fn span(&self) -> Span {
        self.connection.span_of(&self.pointer)
    }

    fn key_span(&self) -> Span {
        self.connection.key_span_of(&self.pointer)
    }
}

impl Spot<'_> {
    /// How the user writes what stands here; elements of a list go by the list's name.
    fn spelling(&self) -> String {
        match Member::at(&self.pointer) {
            Some(member) => self.connection.spelling(member),
            None => self.pointer[1..].split('/').map(crate::document::unescape).collect::<Vec<_>>().join("."),
        }
    }
}

/// Whether an empty string in this place is taken for a missing member, by the rule about those.
fn is_missed_elsewhere(spot: &Spot, kind: Kind) -> bool {
    Member::at(&spot.pointer)
        .is_none_or(|member| member.row().required.contains(kind) || networking::wants_id(spot.connection, member))
}

/// The JSON type that a schema asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Text,
    Object,
    List,
}

/// Goes through the errors that the schema of `kind` reports. With more than one candidate type, only those about
/// members whose first type this is.
fn judge(connection: &Connection, kind: Kind, candidates: &[Kind], found: &mut Findings) {
    let alone = candidates.len() == 1;
    let mine =
        |pointer: &str| {
            alone
                || pointer.split('/').nth(1).and_then(|key| Member::child(None, key)).is_some_and(|member| {
                    candidates.iter().find(|kind| member.row().kinds.contains(**kind)) == Some(&kind)
                })
        };
    let mut absent = Vec::new();
    for error in errors(kind, connection.root) {
        let pointer = error.instance_path().as_str().to_owned();
        // The type has been judged, and so have the strings inside `config` that belong elsewhere.
        if pointer == "/type" || !mine(&pointer) && !pointer.is_empty() || connection.is_unknown_at(&pointer) {
            continue;
        }
        let spot = Spot { connection, pointer };
        let value = error.instance().as_ref();
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } if alone => {
                let parent = Member::at(&spot.pointer);
                for item in connection.items(parent).iter().filter(|item| unexpected.iter().any(|key| *key == item.key))
                {
                    extra::judge(connection, kind, parent, item, found);
                }
            }
            ValidationErrorKind::Required { property } if alone => {
                if let Some(member) = property.as_str().and_then(|key| Member::child(Member::at(&spot.pointer), key)) {
                    absent.push(member);
                }
            }
            ValidationErrorKind::MinLength { .. } if alone => {
                if let Some(member) = Member::at(&spot.pointer) {
                    missing::empty(connection, member, found);
                }
            }
            ValidationErrorKind::Type { kind } => values::wrong_type(&spot, value, wanted(kind), found),
            ValidationErrorKind::Enum { options } => values::unknown_value(&spot, value, options, alone, found),
            ValidationErrorKind::Format { format } if value != "" || !is_missed_elsewhere(&spot, kind) => {
                values::malformed(&spot, value, format, found);
            }
            ValidationErrorKind::MinItems { .. }
            | ValidationErrorKind::MaxItems { .. }
            | ValidationErrorKind::UniqueItems => {
                values::item_count(&spot, found);
            }
            _ => {}
        }
    }
    // What is missing is judged last: by then it is known what was only misspelt.
    for member in absent {
        missing::block(connection, kind, member, found);
    }
}

fn wanted(kind: &TypeKind) -> Wanted {
    let asks = |json: JsonType| match kind {
        TypeKind::Single(single) => *single == json,
        TypeKind::Multiple(set) => set.contains(json),
    };
    if asks(JsonType::Object) {
        Wanted::Object
    } else if asks(JsonType::Array) {
        Wanted::List
    } else {
        Wanted::Text
    }
}
