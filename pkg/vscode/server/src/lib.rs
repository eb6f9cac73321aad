//! The language server as a WASI module: it reads messages from standard input and writes responses to standard output,
//! and the host provides the files.

use std::cell::RefCell;
use std::env;
use std::io::{self, Read as _, Write as _};

use streamlint::cli::Session;

thread_local! {
    static SESSION: RefCell<Session> = {
        // A module starts in the root. File names in messages are relative to the open folder.
        if let Some(folder) = env::var_os("PWD") {
            let _ = env::set_current_dir(folder);
        }
        RefCell::default()
    };
}

/// Handles the messages on standard input, a JSON array, and writes the messages to the client as an array to standard
/// output. Writes nothing if the input is not an array of messages.
#[allow(unsafe_code, reason = "the attribute makes an export of a function that is safe")]
#[unsafe(no_mangle)]
pub extern "C" fn handle() {
    let mut messages = String::new();
    if io::stdin().read_to_string(&mut messages).is_err() {
        return;
    }
    let Ok(written) = SESSION.with_borrow_mut(|session| session.handle(&messages)) else { return };
    let mut output = io::stdout().lock();
    // A closed pipe is not a failure.
    let _ = output.write_all(written.as_bytes()).and_then(|()| output.flush());
}
