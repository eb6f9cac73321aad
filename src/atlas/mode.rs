//! What a definition is: a request body, a response, an error.

/// What kind of document a definition stands in: it decides what must, may and must not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

    /// The mode of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mode| mode.name() == name)
    }
}
