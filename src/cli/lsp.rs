//! `streamlint lsp`: a language server for editors, on standard input and output.
//!
//! One thread reads messages, one handles them, and the main thread writes. Linting a definition takes less time than
//! sending a message, so one thread handles all requests in order. The messages that arrive meanwhile are handled
//! together: only the newest version of a document is linted, and a canceled request is skipped.
//!
//! A host that cannot start processes uses a [`Session`] instead: the same server, called with messages.

mod actions;
mod capabilities;
mod client;
mod completion;
mod configs;
mod diagnostics;
mod documents;
mod hover;
#[cfg(not(target_family = "wasm"))]
mod input;
mod modules;
mod server;
mod session;
#[cfg(not(target_family = "wasm"))]
mod stdio;
mod symbols;
mod text;
mod uri;

pub use session::Session;
#[cfg(not(target_family = "wasm"))]
pub(super) use stdio::run;

#[cfg(test)]
mod tests;
