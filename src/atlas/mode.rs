//! The mode of a definition: a request body, a response, an error body.

use crate::text::impl_names;

/// The kind of document that a definition is in. It decides which fields are required, allowed and forbidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// The body of a POST.
    Create,
    /// The body of a PATCH: nothing is required but the type.
    Update,
    /// A response of the API.
    Response,
    /// An error body.
    Error,
    /// A failover connection: Kafka or Cluster, with a region.
    Failover,
}

impl Mode {
    /// All modes.
    pub const ALL: &'static [Self] = &[Self::Create, Self::Update, Self::Response, Self::Error, Self::Failover];

    /// The name of the mode on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Response => "response",
            Self::Error => "error",
            Self::Failover => "failover",
        }
    }
}

impl_names!(Mode, "mode");
