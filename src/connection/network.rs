//! The network access of a connection: which blocks choose it, and which ids it needs.

use super::Connection;
use crate::atlas::Mode;
use crate::atlas::fields::Field;

/// The two blocks that choose the network access: the field with its type, and the field with the id of its endpoint.
pub(crate) const NETWORK_BLOCKS: [(Field, Field); 2] = [
    (Field::NetworkingAccessType, Field::NetworkingAccessConnectionId),
    (Field::PublicPrivateNetworkingAccessType, Field::PublicPrivateNetworkingAccessConnectionId),
];

impl Connection<'_> {
    /// Whether connections of this type have the field; without a known type all do.
    pub fn has_field(&self, field: Field) -> bool {
        self.kind.is_none_or(|kind| field.row().kinds.contains(kind))
    }

    /// Whether this endpoint id is required: the access type of its block is a private link.
    pub fn wants_endpoint_id(&self, id: Field) -> bool {
        let is_checked = self.kind.is_some() && !matches!(self.mode, Mode::Update | Mode::Response);
        let block = NETWORK_BLOCKS.iter().find(|(_, endpoint)| *endpoint == id);
        is_checked && self.has_field(id) && block.is_some_and(|(access, _)| self.get(*access).says("PRIVATE_LINK"))
    }
}
