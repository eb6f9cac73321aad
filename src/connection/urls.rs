//! The URLs of a connection, parsed once for all rules.

use super::{Connection, Item};
use crate::atlas::fields::{Field, FieldSet};
use crate::atlas::formats;
use crate::document::{Entry, EntryId};
use crate::text::placeholder::{self, ValueState};
use crate::text::url::Url;

/// The fields that contain a URL.
const URLS: FieldSet = FieldSet::of(&[Field::Url, Field::AuthenticationTokenEndpointUrl]);

/// A known URL: the value of a field, or an element of a list.
#[derive(Debug)]
pub(crate) struct KnownUrl<'d> {
    pub field: Field,
    pub text: &'d str,
    pub parts: Url,
    /// Whether it is an http or https URL with a host and a valid port.
    pub is_absolute: bool,
    entry: EntryId,
    /// The index of an element of a list.
    index: Option<usize>,
}

impl<'d> KnownUrl<'d> {
    fn new(field: Field, text: &'d str, entry: EntryId, index: Option<usize>) -> Self {
        let parts = Url::split(text);
        let is_absolute = formats::is_http(text, &parts) && has_possible_port(text, &parts);
        Self { field, text, parts, is_absolute, entry, index }
    }

    pub fn host(&self) -> &'d str {
        &self.text[self.parts.host.clone()]
    }

    pub fn has_possible_port(&self) -> bool {
        has_possible_port(self.text, &self.parts)
    }

    /// Its position in the connection.
    pub fn item<'c>(&self, connection: &'c Connection<'c>) -> Item<'c> {
        match self.index {
            Some(_) => Item { index: self.index, ..connection.item(Some(self.field), "", self.entry) },
            None => connection.item(self.field.parent(), self.field.key(), self.entry),
        }
    }
}

/// Whether the port is in range, which the format does not check.
fn has_possible_port(text: &str, url: &Url) -> bool {
    let port = url.port.clone().map_or("", |port| &text[port]);
    port.is_empty() || port.parse::<u64>().is_ok_and(|port| (1..=65535).contains(&port))
}

/// The known URLs in the fields of its type.
pub(super) fn urls<'d>(connection: &Connection<'d>) -> Vec<KnownUrl<'d>> {
    let document = connection.document;
    let mut urls = Vec::new();
    for field in connection.present.and(URLS).iter().filter(|field| connection.has_field(*field)) {
        let slot = connection.slots[field as usize];
        if let (Some(text), ValueState::Known) = (slot.text, slot.state) {
            urls.push(KnownUrl::new(field, text, slot.entry, None));
        }
    }
    let field = Field::SchemaRegistryUrls;
    let list = connection.slots[field as usize].entry;
    if !connection.present.contains(field) || !connection.has_field(field) || !document.entry(list).has(Entry::ARRAY) {
        return urls;
    }
    for (index, id) in document.children(list).enumerate() {
        let entry = document.entry(id);
        if !entry.has(Entry::TEXT) || entry.has(Entry::UNKNOWN | Entry::FILLED_IN) {
            continue;
        }
        let text = document.text(id);
        if placeholder::value_state_of(text, false, entry.has(Entry::SUSPECT)) == ValueState::Known {
            urls.push(KnownUrl::new(field, text, id, Some(index)));
        }
    }
    urls
}
