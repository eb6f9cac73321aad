//! `streamlint lsp`: a language server for editors, over standard input and output.
//!
//! One thread reads messages, the other does everything else: linting a definition takes less time than a message takes
//! on its way. What has come in meanwhile is looked at together, so that of several versions of a document only the
//! newest is judged, and a request that was cancelled is not answered any more. Nothing here judges a definition.

mod actions;
mod client;
mod completion;
mod cursor;
mod diagnostics;
mod documents;
mod hover;
mod judges;
mod modules;
mod schema;
mod server;
mod symbols;
mod text;
mod uri;
mod wire;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use server::{Next, Server};

use super::settings::Choice;

/// Serves the editor that started the process, until it says goodbye or is gone.
pub(super) fn run(config: Option<PathBuf>) -> ExitCode {
    let (sender, receiver) = channel();
    thread::spawn(move || receive(&sender));
    let mut server = Server::new(io::BufWriter::new(io::stdout().lock()), config.map_or(Choice::Nearest, Choice::File));
    while let Ok(first) = receiver.recv() {
        let all = std::iter::once(first).chain(receiver.try_iter()).collect();
        match server.take(all) {
            Ok(Next::More) => {}
            Ok(Next::Exit) => break,
            // Nobody listens any more.
            Err(_) => return ExitCode::FAILURE,
        }
    }
    // Who leaves without a word, in the middle of things, is a failure; the protocol says so.
    if server.said_goodbye() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Reads until the client is gone or nobody wants its messages any more.
fn receive(sender: &Sender<wire::Incoming>) {
    let mut input = io::BufReader::new(io::stdin().lock());
    while let Ok(Some(incoming)) = wire::read(&mut input) {
        if sender.send(incoming).is_err() {
            break;
        }
    }
}

#[cfg(test)]
mod tests;
