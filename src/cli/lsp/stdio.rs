//! The server as a process: it reads standard input and writes standard output.

use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::process::ExitCode;
use std::{iter, thread};

use lsp_server::{Connection, Message};

use super::input::Input;
use super::server::Server;
use crate::cli::terminal;
use crate::settings::finder::Choice;

/// Serves the editor that started the process, until it sends `exit` or closes its end.
///
/// The exit status follows the protocol: success only if the editor has sent `shutdown` before.
pub(in crate::cli) fn run(config: Option<PathBuf>) -> ExitCode {
    // Not `Connection::stdio`: its channels hold no message, so that nothing could be handled together, and it does not
    // notice that an editor has stopped reading before the next message is sent.
    let (connection, Connection { sender, receiver }) = Connection::memory();
    let reader = thread::spawn(move || -> Result<(), String> {
        let mut input = Input(io::stdin().lock());
        while let Some(message) = input.next_message()? {
            let is_last = is_exit(&message);
            if sender.send(message).is_err() || is_last {
                break;
            }
        }
        Ok(())
    });
    let server = thread::spawn(move || serve(&connection, config.map_or(Choice::Nearest, Choice::File)));

    let mut output = BufWriter::new(io::stdout().lock());
    if receiver.iter().try_for_each(|message| message.write(&mut output)).is_err() {
        // The editor has stopped reading. The other threads may still wait for it, and end with the process.
        return ExitCode::FAILURE;
    }
    let Ok(is_shut_down) = server.join() else { return ExitCode::FAILURE };
    match reader.join() {
        Ok(Ok(())) if is_shut_down => ExitCode::SUCCESS,
        Ok(Err(reason)) => {
            terminal::complain(&reason);
            ExitCode::FAILURE
        }
        _ => ExitCode::FAILURE,
    }
}

/// Handles messages until `exit` or the end of the input. Returns whether `shutdown` was one of them.
pub(super) fn serve(connection: &Connection, settings: Choice) -> bool {
    let mut server = Server::new(settings);
    while let Ok(first) = connection.receiver.recv() {
        let messages = iter::once(first).chain(connection.receiver.try_iter()).collect::<Vec<_>>();
        let is_last = messages.last().is_some_and(is_exit);
        for message in server.handle(messages) {
            if connection.sender.send(message).is_err() {
                return false;
            }
        }
        if is_last {
            break;
        }
    }
    server.is_shut_down()
}

fn is_exit(message: &Message) -> bool {
    matches!(message, Message::Notification(notification) if notification.method == "exit")
}
