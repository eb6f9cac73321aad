//! The JSON of a word or a heredoc after the shell's expansion, as a text of the same length: each byte keeps its
//! position.

use super::script::{Piece, Word};
use crate::parse::marks::Marks;
use crate::text::Span;

/// The JSON in a part of a script.
#[derive(Debug)]
pub(super) struct Body {
    pub span: Span,
    /// The text to parse, of the same length, if it is not the original text.
    pub instead: Option<String>,
    pub marks: Marks,
}

/// Replaces characters inside a string that the shell does not pass on.
const FILLER: u8 = b'_';

/// The state of the JSON so far.
#[derive(Default)]
struct State {
    is_string: bool,
    /// After a backslash in a string.
    is_escaped: bool,
    /// The last byte that is not whitespace.
    last: u8,
    /// An expansion was the last value, and nothing has followed it.
    is_behind_expansion: bool,
    /// The brackets that are open.
    open: Vec<u8>,
}

impl State {
    fn add(&mut self, byte: u8) -> Option<()> {
        if self.is_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_string = false,
                _ => {}
            }
            self.last = byte;
            return Some(());
        }
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            self.is_behind_expansion = false;
            return Some(());
        }
        // Text next to an expansion belongs to the same value.
        if std::mem::take(&mut self.is_behind_expansion) && !matches!(byte, b',' | b'}' | b']') {
            return None;
        }
        match byte {
            b'"' => self.is_string = true,
            b'{' | b'[' => self.open.push(byte),
            b'}' | b']' => {
                self.open.pop();
            }
            _ => {}
        }
        self.last = byte;
        Some(())
    }

    /// Whether a value may start here.
    fn takes_a_value(&self) -> bool {
        self.last == b':' || (self.open.last() == Some(&b'[') && matches!(self.last, b'[' | b','))
    }
}

/// The JSON of a word, or `None` for another text and for JSON whose shape depends on an expansion.
pub(super) fn body(text: &str, word: &Word) -> Option<Body> {
    let range = word.inside()?;
    let mut pieces = word.pieces.iter().filter(|(_, piece)| range.start <= piece.start && piece.end <= range.end);
    let first = pieces.clone().find_map(|(piece, range)| match piece {
        Piece::Text => text[range.clone()].trim_start().bytes().next(),
        Piece::Escaped | Piece::Expansion(_) => Some(b'\\'),
        Piece::Removed => None,
    })?;
    if !matches!(first, b'{' | b'[') {
        return None;
    }
    let span = Span::new(range.start, range.end);
    if pieces.clone().all(|(piece, _)| *piece == Piece::Text) {
        return Some(Body { span, instead: None, marks: Marks::default() });
    }
    let mut writer = Writer {
        text,
        start: range.start,
        out: Vec::with_capacity(range.len()),
        state: State::default(),
        marks: Marks::default(),
    };
    pieces.try_for_each(|(piece, range)| match piece {
        Piece::Text => text[range.clone()].bytes().try_for_each(|byte| writer.add(byte)),
        Piece::Removed => writer.fill(&text[range.clone()]),
        Piece::Escaped => writer.escaped(&text[range.start + 1..range.end]),
        Piece::Expansion(_) => writer.expansion(&text[range.clone()]),
    })?;
    let instead = String::from_utf8(writer.out).ok()?;
    Some(Body { span, instead: Some(instead), marks: writer.marks })
}

struct Writer<'t> {
    text: &'t str,
    start: usize,
    out: Vec<u8>,
    state: State,
    marks: Marks,
}

impl Writer<'_> {
    fn add(&mut self, byte: u8) -> Option<()> {
        self.state.add(byte)?;
        self.out.push(byte);
        Some(())
    }

    /// Fills the length of a text that is not passed on.
    fn fill(&mut self, written: &str) -> Option<()> {
        if self.state.is_string {
            // A line break is not allowed in a string.
            if written.contains(['\n', '\r']) {
                return None;
            }
            let start = self.out.len();
            self.out.resize(start + written.len(), FILLER);
            self.marks.fillers.push(Span::new(start, self.out.len()));
        } else {
            self.out.extend(written.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }));
        }
        Some(())
    }

    /// A character after a backslash, which is not passed on.
    fn escaped(&mut self, character: &str) -> Option<()> {
        let opens = !self.state.is_string || (character == "\\" && !self.state.is_escaped);
        if opens {
            self.fill("\\")?;
        }
        character.bytes().try_for_each(|byte| self.add(byte))?;
        if opens { Some(()) } else { self.fill("\\") }
    }

    fn expansion(&mut self, written: &str) -> Option<()> {
        if written.contains(['\n', '\r']) || self.state.is_escaped {
            return None;
        }
        let is_plain = |byte: u8| !matches!(byte, b'"' | b'\\') && !byte.is_ascii_control();
        let plain = written.bytes().map(|byte| if is_plain(byte) { byte } else { FILLER });
        let start = self.out.len();
        self.out.extend(plain);
        let end = self.out.len();
        if !self.state.is_string {
            if !self.state.takes_a_value() {
                return None;
            }
            // As a string, for the parser.
            (self.out[start], self.out[end - 1]) = (b'"', b'"');
            (self.state.last, self.state.is_behind_expansion) = (b'"', true);
        }
        // A secret as the default value is in the file.
        if !self.state.is_string || !has_default(written) {
            self.marks.unknown.push(Span::new(start, end));
        }
        debug_assert!(self.start + end <= self.text.len());
        Some(())
    }
}

/// `${name:-text}`
fn has_default(written: &str) -> bool {
    written.starts_with("${") && written.contains(":-")
}
