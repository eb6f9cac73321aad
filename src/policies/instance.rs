//! The instance that a policy checks: a connection in Admin API shape, with the pointers of its unknown values.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::limits::DEEPEST_INSTANCE;
use crate::atlas::fields::{Field, REMARKS};
use crate::atlas::secret::header_state;
use crate::connection::Connection;
use crate::document::value::Value;
use crate::document::{Entry, EntryId};
use crate::text::placeholder::{self, ValueState};
use crate::text::pointer::escape;

/// A value, and the pointers of its unknown parts.
#[derive(Debug, Default)]
pub(super) struct Instance {
    pub value: Json,
    pub unknown: BTreeSet<String>,
}

impl Instance {
    pub fn of(connection: &Connection) -> Self {
        let mut instance = Self::default();
        let mut pointer = String::new();
        let Value::Object(map) = connection.root else { return instance };
        let mut object = Map::new();
        for (key, id) in map.entries() {
            instance.field(connection, map.key(key, id), id, &mut pointer, &mut object);
        }
        // A misspelled type has its own finding, and the user may have set the type instead of the definition.
        if let Some(kind) = connection.kind {
            object.insert(Field::Type.key().to_owned(), kind.name().into());
        }
        instance.value = Json::Object(object);
        instance
    }

    fn field(
        &mut self,
        connection: &Connection,
        key: &str,
        id: EntryId,
        pointer: &mut String,
        object: &mut Map<String, Json>,
    ) {
        if REMARKS.contains(&key) {
            return;
        }
        let end = pointer.len();
        pointer.push('/');
        pointer.push_str(&escape(key));
        let value = self.value_of(connection, id, pointer);
        let is_absent = value.is_null()
            && [Field::DbRoleToExecute, Field::ClusterGroupId].iter().any(|field| field.pointer() == pointer);
        if !is_absent {
            object.insert(key.to_owned(), value);
        }
        pointer.truncate(end);
    }

    fn value_of(&mut self, connection: &Connection, id: EntryId, pointer: &mut String) -> Json {
        let document = connection.document;
        let entry = document.entry(id);
        let value = document.value(id);
        let is_deep = pointer.matches('/').count() > DEEPEST_INSTANCE;
        let is_unknown = match value {
            Value::String(text) => !is_known(text, entry.has(Entry::SUSPECT), pointer),
            _ => false,
        };
        if is_unknown || is_deep || entry.has(Entry::UNKNOWN | Entry::FILLED_IN) {
            self.unknown.insert(pointer.clone());
        }
        if is_deep {
            return Json::Null;
        }
        match value {
            Value::Object(_) => {
                let mut object = Map::new();
                for child in document.members(id) {
                    self.field(connection, document.key(child), child, pointer, &mut object);
                }
                Json::Object(object)
            }
            Value::Array(_) => {
                let end = pointer.len();
                let mut items = Vec::new();
                for (index, child) in document.members(id).enumerate() {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                    items.push(self.value_of(connection, child, pointer));
                    pointer.truncate(end);
                }
                Json::Array(items)
            }
            other => other.to_json(),
        }
    }

    /// Whether the value at a pointer, or its parent, is unknown.
    pub fn is_unknown(&self, pointer: &str) -> bool {
        let mut around = pointer;
        loop {
            if self.unknown.contains(around) {
                return true;
            }
            match around.rfind('/') {
                Some(end) => around = &around[..end],
                None => return false,
            }
        }
    }

    /// Whether something at or below a pointer is unknown.
    pub fn has_unknown(&self, pointer: &str) -> bool {
        let below = format!("{pointer}/");
        self.is_unknown(pointer)
            || self.unknown.range(below.clone()..).next().is_some_and(|one| one.starts_with(&below))
    }
}

fn is_known(text: &str, is_suspect: bool, pointer: &str) -> bool {
    let field = Field::at(pointer);
    let headers = Field::Headers.pointer();
    if let Some(name) = pointer.strip_prefix(headers).and_then(|rest| rest.strip_prefix('/')) {
        return header_state(name, text) == ValueState::Known;
    }
    let is_secret = field.is_some_and(Field::is_secret);
    match placeholder::value_state_of(text, is_secret, is_suspect) {
        ValueState::Known => true,
        // A placeholder for the type has its own finding.
        ValueState::Leftover => field == Some(Field::Type),
        ValueState::Unknown => false,
    }
}
