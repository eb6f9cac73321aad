//! The end of a session.

use lsp_server::{Connection, Message};
use serde_json::{Value, json};

use crate::cli::lsp::stdio::serve;
use crate::settings::finder::Choice;

/// Serves these messages. Returns the responses, and whether `shutdown` was one of the requests.
fn served(messages: &[&Value]) -> (usize, bool) {
    let (server, client) = Connection::memory();
    for message in messages {
        client.sender.send(serde_json::from_value((*message).clone()).unwrap()).unwrap();
    }
    drop(client.sender);
    let is_shut_down = serve(&server, Choice::Nearest);
    (client.receiver.try_iter().filter(|message| matches!(message, Message::Response(_))).count(), is_shut_down)
}

#[test]
fn a_session_ends_with_exit_or_with_the_last_message() {
    let initialize = json!({ "id": 1, "method": "initialize", "params": { "capabilities": {} } });
    let shutdown = json!({ "id": 2, "method": "shutdown" });
    let exit = json!({ "method": "exit" });
    assert_eq!(served(&[]), (0, false));
    assert_eq!(served(&[&exit]), (0, false));
    assert_eq!(served(&[&initialize]), (1, false));
    assert_eq!(served(&[&initialize, &exit]), (1, false));
    assert_eq!(served(&[&initialize, &shutdown]), (2, true));
    assert_eq!(served(&[&initialize, &shutdown, &exit]), (2, true));
}
