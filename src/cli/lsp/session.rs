//! The server without a process.

use std::fmt;

use lsp_server::Message;

use super::server::Server;
use crate::settings::finder::Choice;

/// A language server in the process of its host, for hosts that cannot start one. It reads the settings and the Terraform
/// files of documents from the host's file system.
pub struct Session(Server);

impl Session {
    /// A session that has not been initialized yet.
    pub fn new() -> Self {
        Self(Server::new(Choice::Nearest))
    }

    /// Handles messages of the language server protocol, a JSON array of them, and returns those to the client. Messages
    /// that came together are handled together: only the newest version of a document is linted.
    ///
    /// # Errors
    ///
    /// A sentence, if the text is not an array of messages.
    pub fn handle(&mut self, messages: &str) -> Result<String, &'static str> {
        // The deserializer's own message would quote the text, which may hold secrets.
        let messages = serde_json::from_str::<Vec<Message>>(messages).map_err(|_| "expected an array of messages")?;
        serde_json::to_string(&self.0.handle(messages)).map_err(|_| "the messages cannot be serialized")
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Session {
    /// The texts of the documents are left out, as they may hold secrets.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Session").finish_non_exhaustive()
    }
}
