//! The reader of messages from the editor.

use std::io::{self, BufRead, ErrorKind, Read};

use gen_lsp_types::LspRequestMethod;
use lsp_server::Message;

/// The maximum length of a message's body in bytes, many times the size limit of documents.
const MAX_BODY: u64 = 256 << 20;

/// An adapter for `Message::read`, which calls `read_line` for each header and `read_exact` once for the whole body.
pub(super) struct Input<R>(pub R);

impl<R: BufRead> Input<R> {
    /// Reads the next message; `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// A sentence that quotes nothing of the message, which may contain secrets. After an error, the start of the next
    /// message is unknown.
    pub fn next_message(&mut self) -> Result<Option<Message>, String> {
        let message = Message::read(self).map_err(|error| match error.kind() {
            ErrorKind::InvalidData => "the editor sent an invalid message".to_owned(),
            ErrorKind::UnexpectedEof => "the last message from the editor is incomplete".to_owned(),
            _ => format!("cannot read from the editor: {error}"),
        })?;
        match &message {
            // `Message::read` takes a request for a notification if its id is invalid. The editor would wait for a
            // response.
            Some(Message::Notification(notification)) if is_request(&notification.method) => {
                let method = &notification.method;
                Err(format!("the editor sent `{method}` without a valid id (a 32-bit integer or a string)"))
            }
            _ => Ok(message),
        }
    }
}

fn is_request(method: &str) -> bool {
    !matches!(LspRequestMethod::from(method), LspRequestMethod::Custom(_))
}

impl<R: BufRead> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }

    fn read_exact(&mut self, body: &mut [u8]) -> io::Result<()> {
        self.0.read_exact(body)?;
        replace_lone_surrogates(body);
        Ok(())
    }
}

impl<R: BufRead> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.0.consume(amount);
    }

    /// Checks the header `Content-Length`: `Message::read` allocates that much before it reads the body.
    fn read_line(&mut self, line: &mut String) -> io::Result<usize> {
        let read = self.0.read_line(line)?;
        let number = line.rsplit(':').next().and_then(|value| value.trim().parse::<u64>().ok());
        if number.is_some_and(|length| length > MAX_BODY) { Err(ErrorKind::InvalidData.into()) } else { Ok(read) }
    }
}

/// Replaces the escape of every lone surrogate with the escape of U+FFFD, which has the same length.
///
/// Editors in JavaScript send lone surrogates when an edit splits a character, and `serde_json` rejects them. The
/// replacement is also one code unit, so all columns stay the same.
fn replace_lone_surrogates(body: &mut [u8]) {
    let mut at = 0;
    while let Some(backslash) = body.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == b'\\')) {
        at += backslash;
        at += match (escaped_unit(body, at), escaped_unit(body, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                body[at..at + 6].copy_from_slice(b"\\ufffd");
                6
            }
            // The backslash and the character after it, which may be another backslash.
            _ => 2,
        };
    }
}

/// The code unit of an escape like `\u00e9`.
fn escaped_unit(body: &[u8], at: usize) -> Option<u16> {
    let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"jsonrpc":"2.0","method":"a"}"#;

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    fn error(bytes: &[u8]) -> String {
        Input(bytes).next_message().unwrap_err()
    }

    #[test]
    fn messages_are_read_one_after_the_other() {
        let text = [frame(GOOD), frame(r#"{"jsonrpc":"2.0","id":"x","method":"b"}"#)].concat();
        let mut input = Input(text.as_bytes());
        assert!(matches!(input.next_message(), Ok(Some(Message::Notification(_)))));
        assert!(matches!(input.next_message(), Ok(Some(Message::Request(_)))));
        assert!(matches!(input.next_message(), Ok(None)));
    }

    #[test]
    fn an_invalid_message_is_an_error_that_does_not_quote_it() {
        for text in [
            "no header at all zq1\r\n\r\n",
            "Content-Length: zq1\r\n\r\n",
            "Content-Length: -5\r\n\r\n{}",
            "Content-Length: 99999999999999999999999999\r\n\r\n",
            "Content-Length: 9999999999999\r\n\r\n{",
            "Content-Type: zq1\r\n\r\n",
            &frame("{ zq1"),
            &frame("[]"),
            &frame(r#"{"jsonrpc":"2.0","method":5,"params":"zq1"}"#),
            &frame(r#"{"jsonrpc":"2.0","id":99999999999,"result":"zq1"}"#),
            &frame(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))),
        ] {
            assert_eq!(error(text.as_bytes()), "the editor sent an invalid message", "{text}");
        }
        assert_eq!(error(b"Content-Length: 4\r\n\r\n\xff\xfe\0{"), "the editor sent an invalid message");
        assert_eq!(error(b"Content-Length: 400\r\n\r\n{"), "the last message from the editor is incomplete");
    }

    #[test]
    fn a_message_that_is_cut_off_is_not_handled() {
        let text = frame(GOOD);
        for cut in 0..text.len() {
            assert!(!matches!(Input(&text.as_bytes()[..cut]).next_message(), Ok(Some(_))), "{cut}");
        }
    }

    #[test]
    fn a_request_needs_an_id_that_can_be_sent_back() {
        for id in ["1.5", "9223372036854775808", "1e99", "null", "[]"] {
            for method in ["initialize", "textDocument/hover", "textDocument/rename", "shutdown"] {
                let text = frame(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}"}}"#));
                assert!(error(text.as_bytes()).starts_with(&format!("the editor sent `{method}` without a valid id")));
            }
        }
        let text = frame(r#"{"jsonrpc":"2.0","method":"shutdown"}"#);
        assert!(error(text.as_bytes()).contains("without a valid id"));
    }

    #[test]
    fn a_lone_surrogate_becomes_one_code_unit() {
        let params = |params: &str| {
            let text = frame(&format!(r#"{{"method":"a","params":"{params}"}}"#));
            let Ok(Some(Message::Notification(notification))) = Input(text.as_bytes()).next_message() else {
                return String::new();
            };
            notification.params.as_str().unwrap().to_owned()
        };
        assert_eq!(params(r"x\ud83dy"), "x\u{FFFD}y");
        assert_eq!(params(r"\uDE00\ud83d\ude00\ud83d"), "\u{FFFD}\u{1F600}\u{FFFD}");
        assert_eq!(params(r"\\ud83d\ud83d\n"), "\\ud83d\u{FFFD}\n");
        assert_eq!(params(r"\ud83d\ud83d\ude00é\u"), "");
        assert_eq!(params(r"\"), "");
    }
}
