//! The network access of a connection: the blocks that select it, and the ids that it requires.

use super::{Connection, Node};
use crate::atlas::Mode;
use crate::atlas::fields::{Field, FieldKey};
use crate::document::Entry;
use crate::text::suggest;

/// The two blocks that select the network access: the field with its type, and the field with the id of its endpoint.
pub(crate) const NETWORK_BLOCKS: [(Field, Field); 2] = [
    (Field::NetworkingAccessType, Field::NetworkingAccessConnectionId),
    (Field::PublicPrivateNetworkingAccessType, Field::PublicPrivateNetworkingAccessConnectionId),
];

impl Connection<'_> {
    /// Whether connections of this type have the field; without a known type, all do.
    pub fn has_field(&self, field: Field) -> bool {
        self.kind.is_none_or(|kind| field.row().kinds.contains(kind))
    }

    /// Whether this endpoint id is required: the access type of its block is a private link.
    pub fn wants_endpoint_id(&self, id: Field) -> bool {
        let is_checked = self.kind.is_some() && !matches!(self.mode, Mode::Update | Mode::Response);
        let block = NETWORK_BLOCKS.iter().find(|(_, endpoint)| *endpoint == id);
        is_checked && self.has_field(id) && block.is_some_and(|(access, _)| self.get(*access).equals("PRIVATE_LINK"))
    }
}

impl Node<'_> {
    /// Whether an absent field may be present under a misspelled name, beside its position or in the block of other
    /// types, so that its value is unknown: `networking.access.typ`, `networking.type`, `networkin.access.type`.
    pub fn may_be_misspelled(self) -> bool {
        let connection = self.connection;
        if self.is_present() {
            return false;
        }
        let parent = self.field.parent().map(|parent| connection.get(parent));
        let around = match parent {
            None => Some(connection.definition.base),
            Some(parent) => parent.present(),
        };
        let document = connection.document;
        let is_like = |key: &str| suggest::nearest(key, [self.field.key()]).is_some();
        let is_here = around.filter(|&id| document.entry(id).has(Entry::OBJECT)).is_some_and(|id| {
            document.members(id).any(|member| {
                let is_field = document.entry(member).field_key() != FieldKey::NONE
                    && Field::with_key(self.field.parent(), document.entry(member).field_key()).is_some();
                !is_field && is_like(document.key(member))
            })
        });
        // The connection's own `type` is not a misplaced one.
        let is_above = || {
            let above = self.field.parent().and_then(Field::parent)?;
            document.child(connection.get(above).present()?, self.field.key())
        };
        let is_beside =
            || self.field == Field::Networking && connection.get(Field::PublicPrivateNetworking).is_present();
        is_here || is_beside() || is_above().is_some() || parent.is_some_and(Self::may_be_misspelled)
    }
}
