//! Messages as they travel: headers, a body, and what comes of those that are neither.
//!
//! The reader of `lsp_server` ends at the first message that it cannot read, and takes the sender's word for how much
//! memory a message needs. An editor that slips once would then have no linter until it starts again, so this reader goes
//! on with the next message that makes sense. What it says of the others holds nothing of their text.

use std::io::{self, BufRead, Read, Write};

use lsp_server::{ErrorCode, Message};
use serde_json::Value;

/// Longest line of a header that is looked at, in bytes.
const LONGEST_HEADER: u64 = 8 << 10;

/// Longest body that is read, in bytes. A text at the linter's limit fits in many times, whatever its escapes.
const LONGEST_BODY: u64 = 256 << 20;

/// Room that is made for a body before any of it has come, in bytes: what it says of its length may be wrong.
const FIRST_ROOM: u64 = 1 << 20;

/// What came from the client.
#[derive(Debug)]
pub(super) enum Incoming {
    Message(Message),
    /// No message: why, and in which of the protocol's words.
    Broken(ErrorCode, &'static str),
}

/// Reads the next message; nothing when there will be no more.
///
/// # Errors
///
/// Only those of the stream itself.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    read_up_to(LONGEST_BODY, from)
}

fn read_up_to(longest: u64, from: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let length = match read_headers(from)? {
        Headers::End => return Ok(None),
        Headers::Broken => return Ok(Some(broken("these headers do not say how long the message is"))),
        Headers::Body(length) => length,
    };
    if length > longest {
        let passed = io::copy(&mut from.take(length), &mut io::sink())?;
        let told = Incoming::Broken(ErrorCode::InvalidRequest, "this message is too long");
        return Ok((passed == length).then_some(told));
    }
    let mut body = Vec::with_capacity(usize::try_from(length.min(FIRST_ROOM)).unwrap_or_default());
    let read = from.take(length).read_to_end(&mut body)?;
    Ok((read as u64 == length).then(|| understand(&body)))
}

/// Writes a message.
pub(super) fn write(to: &mut impl Write, message: &Message) -> io::Result<()> {
    message.write(to)
}

/// Answers something that has no id because it was no message.
pub(super) fn write_error(to: &mut impl Write, code: ErrorCode, why: &str) -> io::Result<()> {
    let answer = serde_json::json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code as i32, "message": why } })
        .to_string();
    write!(to, "Content-Length: {}\r\n\r\n{answer}", answer.len())?;
    to.flush()
}

const fn broken(why: &'static str) -> Incoming {
    Incoming::Broken(ErrorCode::ParseError, why)
}

/// What stands in front of a body.
#[derive(Debug, PartialEq, Eq)]
enum Headers {
    End,
    /// There were some, but they do not say how long the body is. What stands behind them is looked through line by line.
    Broken,
    Body(u64),
}

/// Reads the lines up to an empty one. Lines that are no headers may be the rest of a message whose length was wrong; the
/// length of the next one may stand behind it on the same line.
fn read_headers(from: &mut impl BufRead) -> io::Result<Headers> {
    let mut length = None;
    let mut line = Vec::new();
    let mut any = false;
    loop {
        line.clear();
        if from.take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(Headers::End);
        }
        let text = line.trim_ascii_end();
        if text.is_empty() && line.ends_with(b"\n") {
            match length {
                Some(length) => return Ok(Headers::Body(length)),
                None if any => return Ok(Headers::Broken),
                // A line break too many between two messages.
                None => continue,
            }
        }
        any = true;
        if let Some(said) = content_length(text) {
            length = Some(said);
        }
    }
}

/// The number behind the last `Content-Length:` of a line, if nothing follows it.
fn content_length(line: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"content-length";
    let digits = line.iter().rposition(|byte| !byte.is_ascii_digit())? + 1;
    let name = line[..digits].trim_ascii_end().strip_suffix(b":")?.trim_ascii_end();
    let at = name.len().checked_sub(NAME.len())?;
    let is_name = name[at..].eq_ignore_ascii_case(NAME);
    std::str::from_utf8(&line[digits..]).ok().filter(|_| is_name)?.parse().ok()
}

/// The message that a body holds.
fn understand(body: &[u8]) -> Incoming {
    // An editor that sends something else than UTF-8 still means most of it.
    let text = String::from_utf8_lossy(body);
    let value = serde_json::from_str(&text).or_else(|_| serde_json::from_str(&without_lone_surrogates(&text)));
    let Ok(value): Result<Value, _> = value else { return broken("this message is not JSON") };
    match serde_json::from_value(value) {
        Ok(message) => Incoming::Message(message),
        Err(_) => Incoming::Broken(ErrorCode::InvalidRequest, "this is JSON, but no message"),
    }
}

/// Puts U+FFFD in the place of every escaped half of a surrogate pair that stands alone. Editors whose strings are UTF-16
/// send such halves when an edit cuts a character in two; one unit for one unit keeps all places where they are.
fn without_lone_surrogates(text: &str) -> String {
    let half = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok().filter(|unit| (0xD800..0xE000).contains(unit))
    };
    let mut mended = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(next) = text[at..].find('\\').map(|next| at + next) {
        mended.push_str(&text[at..next]);
        let length = match (half(next), half(next + 6)) {
            (Some(0xD800..0xDC00), Some(0xDC00..)) => 12,
            (Some(_), _) => 6,
            // The escape and whatever it escapes, so that an escaped backslash is not the start of another one.
            (None, _) => 1 + text[next + 1..].chars().next().map_or(0, char::len_utf8),
        };
        mended.push_str(if length == 6 { "\\ufffd" } else { &text[next..next + length] });
        at = next + length;
    }
    mended.push_str(&text[at..]);
    mended
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut bytes: &[u8]) -> Vec<String> {
        let mut read_so_far = Vec::new();
        while let Some(incoming) = read(&mut bytes).unwrap() {
            read_so_far.push(match incoming {
                Incoming::Message(Message::Request(request)) => format!("{}?", request.method),
                Incoming::Message(Message::Notification(notification)) => {
                    format!("{} {}", notification.method, notification.params)
                }
                Incoming::Message(Message::Response(response)) => format!("answer {}", response.id),
                Incoming::Broken(code, why) => format!("{}: {why}", code as i32),
            });
        }
        read_so_far
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    const GOOD: &str = r#"{"jsonrpc":"2.0","method":"a"}"#;

    #[test]
    fn messages_come_one_after_the_other() {
        let text = [
            frame(r#"{"jsonrpc":"2.0","id":1,"method":"a","params":null}"#),
            frame(r#"{"jsonrpc":"2.0","id":"x","method":"b"}"#),
            frame(r#"{"jsonrpc":"2.0","id":2,"result":null}"#),
            format!("content-LENGTH:{}\nContent-Type: application/vscode-jsonrpc; charset=utf-8\n\n{GOOD}", GOOD.len()),
        ];
        assert_eq!(all(text.concat().as_bytes()), ["a?", "b?", "answer 2", "a null"]);
        assert_eq!(all(b""), [""; 0]);
    }

    #[test]
    fn what_is_no_message_is_told_and_passed_over() {
        let parse = "-32700: this message is not JSON";
        let invalid = "-32600: this is JSON, but no message";
        let headers = "-32700: these headers do not say how long the message is";
        for (bad, said) in [
            (frame("{"), parse),
            (frame(""), parse),
            (frame("[]"), invalid),
            (frame(&format!("[{GOOD}]")), invalid),
            (frame("5"), invalid),
            (frame(r#"{"jsonrpc":"2.0","method":5}"#), invalid),
            (frame(r#"{"jsonrpc":"2.0","id":99999999999}"#), invalid),
            ("Content-Length: many\r\n\r\n".to_owned(), headers),
            ("Content-Length: many\r\n\r\n{\"a\": \"b\"}".to_owned(), headers),
            ("Content-Length: -5\r\n\r\n".to_owned(), headers),
            ("Content-Type: x\r\n\r\n".to_owned(), headers),
            ("no header at all\r\n\r\n".to_owned(), headers),
            ("Content-Length: 99999999999999999999999999\r\n\r\n".to_owned(), headers),
        ] {
            assert_eq!(all(format!("{bad}{}", frame(GOOD)).as_bytes()), [said, "a null"], "{bad}");
        }
        // Of a wrong length, the next message or the one behind it is understood again.
        let short = format!("Content-Length: 5\r\n\r\n{GOOD}{}", frame(GOOD));
        assert_eq!(all(short.as_bytes()), [parse, "a null"]);
    }

    #[test]
    fn a_message_that_is_cut_off_is_the_end() {
        for cut in 1..frame(GOOD).len() {
            assert_eq!(all(&frame(GOOD).as_bytes()[..cut]), [""; 0], "{cut}");
        }
        let long = format!("Content-Length: {}\r\n\r\n{{}}", u64::MAX);
        assert_eq!(all(long.as_bytes()), [""; 0]);
    }

    #[test]
    fn a_message_that_is_too_long_is_passed_over_without_being_kept() {
        let text = format!("{}{}", frame(&" ".repeat(101)), frame(GOOD));
        let mut bytes = text.as_bytes();
        let first = read_up_to(100, &mut bytes).unwrap();
        assert!(matches!(first, Some(Incoming::Broken(ErrorCode::InvalidRequest, _))));
        assert!(matches!(read_up_to(100, &mut bytes), Ok(Some(Incoming::Message(_)))));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_survived() {
        let mut bytes = b"Content-Length: 42\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":\"".to_vec();
        bytes.extend(b"\xFF\xFE");
        bytes.extend(b"\"}");
        bytes.splice(16..18, format!("{}", bytes.len() - 22).into_bytes());
        assert_eq!(all(&bytes), ["a \"\u{FFFD}\u{FFFD}\""]);
    }

    #[test]
    fn half_a_character_is_one_unit() {
        let said = |params: &str| all(frame(&format!(r#"{{"method":"a","params":"{params}"}}"#)).as_bytes());
        assert_eq!(said(r"x\ud83dy"), ["a \"x\u{FFFD}y\""]);
        assert_eq!(said(r"\uDE00\ud83d\ude00\ud83d"), ["a \"\u{FFFD}\u{1F600}\u{FFFD}\""]);
        assert_eq!(said(r"\\ud83d\ud83d\n"), ["a \"\\\\ud83d\u{FFFD}\\n\""]);
        assert_eq!(said(r"\ud83d\ud83d\ude00é\u"), ["-32700: this message is not JSON"]);
    }

    #[test]
    fn an_answer_to_nothing_has_no_id() {
        let mut written = Vec::new();
        write_error(&mut written, ErrorCode::ParseError, "why").unwrap();
        let text = String::from_utf8(written).unwrap();
        let (header, body) = text.split_once("\r\n\r\n").unwrap();
        assert_eq!(header, format!("Content-Length: {}", body.len()));
        let answer: Value = serde_json::from_str(body).unwrap();
        assert_eq!(answer["id"], Value::Null);
        assert_eq!(answer["error"]["code"], -32700);
    }
}
