//! A request to the Admin API, without its body.

/// The parts of a request around its body, as the user gave them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Request {
    /// The project's id, from the path.
    pub group_id: Option<String>,
    /// The workspace's name, from the path. All definitions of the run go to this workspace.
    pub tenant_name: Option<String>,
    /// The `envelope` query parameter.
    pub envelope: Option<String>,
    /// The `pretty` query parameter.
    pub pretty: Option<String>,
}
