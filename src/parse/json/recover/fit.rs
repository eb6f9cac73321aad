//! Where the API has a field: what tells a field of one object from a field of another where a bracket is missing.

use super::token::Bracket;
use crate::atlas::fields::{CONFIG_KEYS, Field, FieldSet, Shape};

/// What a value is, as far as its place in the text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Root,
    Connection,
    /// The list in a wrapper around connections.
    Connections,
    Field(Field),
    Unknown,
}

impl Slot {
    /// The place of a value that turns out to be an object or an array.
    pub fn inside(self, bracket: Bracket) -> Self {
        match (self, bracket) {
            (Self::Root | Self::Connection, Bracket::Object) => Self::Connection,
            (Self::Root | Self::Connections, Bracket::Array) => Self::Connections,
            (Self::Field(_), Bracket::Object) => self,
            _ => Self::Unknown,
        }
    }

    /// The place of the elements of an array.
    pub fn element(self) -> Self {
        if self == Self::Connections { Self::Connection } else { Self::Unknown }
    }

    /// The place of the field `key`, which is noted in `seen` if the API knows it.
    pub fn field(self, seen: &mut FieldSet, key: &str) -> Self {
        match (self.known(key), self, key) {
            (Some(field), ..) => {
                seen.add(field);
                Self::Field(field)
            }
            (None, Self::Connection, "connections" | "results") => Self::Connections,
            (None, Self::Connection, "connectionConfig") => Self::Connection,
            _ => Self::Unknown,
        }
    }

    fn known(self, key: &str) -> Option<Field> {
        match self {
            Self::Connection => Field::child(None, key),
            Self::Field(field) if field.row().shape == Shape::Object => Field::child(Some(field), key),
            _ => None,
        }
    }

    /// How well the field `key` fits into an object that has the fields `seen`. An object without a field that the API
    /// knows may be anything.
    pub fn fit(self, seen: FieldSet, key: &str) -> i32 {
        let is_elsewhere = match self {
            Self::Field(field) if field.row().shape == Shape::Map => {
                Field::child(None, key).is_some() && !CONFIG_KEYS.contains(&key)
            }
            Self::Field(_) => Field::named(key).next().is_some(),
            Self::Connection if !seen.is_empty() => Field::named(key).next().is_some(),
            _ => return 0,
        };
        match self.known(key) {
            Some(field) if !seen.contains(field) => 1,
            Some(_) => -2,
            None => -i32::from(is_elsewhere),
        }
    }
}
