//! What a definition is: a request body, a response, an error.

use crate::text::impl_names;

/// What kind of document a definition is in: it decides what must, may and must not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// The body of a POST.
    Create,
    /// The body of a PATCH: nothing is required but the type.
    Update,
    /// What the service answers.
    Response,
    /// An error body.
    Error,
    /// A failover connection: Kafka or Cluster, with a region.
    Failover,
}

impl Mode {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Create, Self::Update, Self::Response, Self::Error, Self::Failover];

    /// The word for it on the command line and in reports.
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
