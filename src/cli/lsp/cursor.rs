//! What is being written at the cursor, told from the characters around it: a key or a value, and how far it goes.

use crate::{Span, Syntax};

/// The place at which something is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    pub syntax: Syntax,
    /// What a completion takes the place of: what has been written of it, with its quotes.
    pub span: Span,
    pub role: Role,
}

/// What stands or will stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Key {
        /// The sign for the value follows already.
        has_sign: bool,
        /// Where the comma belongs that ends the member before.
        comma_at: Option<usize>,
        /// Another member follows without a comma.
        comma_after: bool,
    },
    Value {
        has_sign: bool,
        comma_after: bool,
    },
}

/// What has been seen on the way to the cursor.
#[derive(Debug, Default)]
struct Seen {
    /// The open brackets.
    open: Vec<u8>,
    /// The last byte that means something, and where it ends; a string or word is its last byte.
    last: Option<(u8, usize)>,
    /// The same before the word or string that goes on at the cursor, and where that starts.
    token: Option<(usize, Option<(u8, usize)>)>,
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$') || byte >= 0x80
}

impl Cursor {
    /// Looks at the text around a byte. Nothing where nothing can be completed: in a comment, or behind a value.
    pub fn at(text: &str, offset: usize, syntax: Syntax) -> Option<Self> {
        let before = text.get(..offset)?;
        let seen = match syntax {
            Syntax::Json | Syntax::Jsonc => Seen::in_braces(before.as_bytes(), 0)?,
            // What is before the line is known by its indentation, or does not matter.
            Syntax::Yaml | Syntax::Hcl => {
                Seen::in_braces(before.as_bytes(), before.rfind('\n').map_or(0, |at| at + 1))?
            }
        };
        let (start, last) = seen.token.unwrap_or((offset, seen.last));
        let after = &text.as_bytes()[offset..];
        let mut end = offset + after.iter().take_while(|byte| is_word(**byte)).count();
        if text[start..].starts_with('"') && text[end..].starts_with('"') && end > start {
            end += 1;
        }
        let next = next_byte(&text[end..]);
        let (has_sign, comma_after) = (matches!(next, Some(b':' | b'=')), next == Some(b'"'));
        let is_json = matches!(syntax, Syntax::Json | Syntax::Jsonc);
        let comma_after = is_json && comma_after;
        let key = |comma_at| Role::Key { has_sign, comma_at, comma_after };
        let role = match (last, seen.open.last()) {
            (_, Some(b'[')) => return None,
            (Some((b':' | b'=', _)), _) => Role::Value { has_sign, comma_after },
            (Some((b'{' | b',', _)), _) => key(None),
            (None, _) if !is_json => key(None),
            // Behind a value there has to be a blank, or the cursor belongs to it.
            (Some((_, at)), Some(b'{')) if is_json && at < start => key(Some(at)),
            // The sign of an element of a YAML list.
            (Some((b'-', at)), None) if syntax == Syntax::Yaml && at < start => key(None),
            _ => return None,
        };
        Some(Self { syntax, span: Span::new(start, end), role })
    }

    /// The text with something in the cursor's place that can be read there, and the byte at which that stands.
    pub fn filled(&self, text: &str) -> (String, usize) {
        let Span { start, end } = self.span;
        let (before, after) = (&text[..start], &text[end..]);
        let comma = |is_missing| if is_missing { "," } else { "" };
        match self.role {
            Role::Value { comma_after, .. } => {
                let gap = if before.ends_with([':', '=']) { " " } else { "" };
                (format!("{before}{gap}\"\"{}{after}", comma(comma_after)), start + gap.len())
            }
            Role::Key { has_sign, comma_at, comma_after } => {
                let member = match (self.syntax, has_sign) {
                    (Syntax::Json | Syntax::Jsonc, false) => "\"_\": null",
                    (Syntax::Json | Syntax::Jsonc, true) => "\"_\"",
                    (Syntax::Yaml, false) => "_: null",
                    (Syntax::Hcl, false) => "_ = null",
                    (Syntax::Yaml | Syntax::Hcl, true) => "_",
                };
                let (first, rest) = before.split_at(comma_at.unwrap_or(start));
                let first_comma = comma(comma_at.is_some());
                let filled = format!("{first}{first_comma}{rest}{member}{}{after}", comma(comma_after));
                (filled, start + first_comma.len())
            }
        }
    }
}

impl Seen {
    /// Goes from byte `at` to the end. Nothing when that is in a comment.
    fn in_braces(text: &[u8], mut at: usize) -> Option<Self> {
        let mut seen = Self::default();
        while let Some(&byte) = text.get(at) {
            let start = at;
            match byte {
                b'"' => {
                    let Some(end) = end_of_string(text, at) else {
                        seen.token = Some((start, seen.last));
                        return Some(seen);
                    };
                    at = end;
                    seen.last = Some((b'"', at));
                }
                b'/' if text.get(at + 1) == Some(&b'/') => at = line_end(text, at)?,
                b'#' => at = line_end(text, at)?,
                b'/' if text.get(at + 1) == Some(&b'*') => {
                    let inside = &text[at + 2..];
                    at += 4 + inside.windows(2).position(|pair| pair == b"*/")?;
                }
                _ if is_word(byte) => {
                    at += text[at..].iter().take_while(|byte| is_word(**byte)).count();
                    let is_sign = byte == b'-' && at == start + 1;
                    if at == text.len() && !is_sign {
                        seen.token = Some((start, seen.last));
                        return Some(seen);
                    }
                    seen.last = Some((if is_sign { b'-' } else { b'a' }, at));
                }
                _ => {
                    at += 1;
                    if !byte.is_ascii_whitespace() {
                        seen.last = Some((byte, at));
                    }
                    match byte {
                        b'{' | b'[' => seen.open.push(byte),
                        b'}' | b']' => drop(seen.open.pop()),
                        _ => {}
                    }
                }
            }
        }
        Some(seen)
    }
}

/// The byte after a string that starts here; where its line ends first, that end. Nothing when the text ends first.
fn end_of_string(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The end of the line, if it comes before that of the text.
fn line_end(text: &[u8], at: usize) -> Option<usize> {
    text[at..].iter().position(|byte| *byte == b'\n').map(|length| at + length)
}

/// The next byte that means something; in comments nothing does.
fn next_byte(mut text: &str) -> Option<u8> {
    loop {
        text = text.trim_start();
        let comment_end = if text.starts_with("//") || text.starts_with('#') {
            text.find('\n')
        } else if text.starts_with("/*") {
            text.find("*/").map(|end| end + 2)
        } else {
            return text.bytes().next();
        };
        text = &text[comment_end?..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is at the `|` of a text, with what it would take the place of in brackets, and the text with that filled in.
    fn told(syntax: Syntax, text: &str) -> String {
        let offset = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let Some(cursor) = Cursor::at(&text, offset, syntax) else { return "nothing".to_owned() };
        let (filled, at) = cursor.filled(&text);
        let what = match cursor.role {
            Role::Key { .. } => "key",
            Role::Value { .. } => "value",
        };
        assert!(filled[at..].starts_with(['n', '_', '"']), "{filled} at {at}");
        format!("{what} [{}] {filled}", &text[cursor.span.start..cursor.span.end])
    }

    #[test]
    fn json_has_keys_and_values() {
        let json = |text| told(Syntax::Json, text);
        assert_eq!(json("{ | }"), r#"key [] { "_": null }"#);
        assert_eq!(json(r#"{ "a": 1, "b|" }"#), r#"key ["b"] { "a": 1, "_": null }"#);
        assert_eq!(json(r#"{ "a": 1, "b| } }"#), r#"key ["b] { "a": 1, "_": null } }"#);
        assert_eq!(json(r#"{ "a": 1, b| } }"#), r#"key [b] { "a": 1, "_": null } }"#);
        assert_eq!(json(r#"{ "b|c": 1 }"#), r#"key ["bc"] { "_": 1 }"#);
        assert_eq!(json(r#"{ "a": 1 | }"#), r#"key [] { "a": 1, "_": null }"#);
        assert_eq!(json("{ \"a\": { }\n|\n\"b\": 1 }"), "key [] { \"a\": { },\n\"_\": null,\n\"b\": 1 }");
        assert_eq!(json("{ | // x\n\"b\": 1 }"), "key [] { \"_\": null, // x\n\"b\": 1 }");
        assert_eq!(json("{ | /* x */ \"b\": 1 }"), "key [] { \"_\": null, /* x */ \"b\": 1 }");
        assert_eq!(json(r#"{ "a": [1], auto.off| }"#), r#"key [auto.off] { "a": [1], "_": null }"#);
        // A text without its end ends with its line.
        assert_eq!(json("{ \"a\": \"x,\n|\n}"), "key [] { \"a\": \"x,,\n\"_\": null\n}");
        assert_eq!(json(r#"{ "a":| }"#), r#"value [] { "a": "" }"#);
        assert_eq!(json(r#"{ "a": "x|y", "b": 1 }"#), r#"value ["xy"] { "a": "", "b": 1 }"#);
        assert_eq!(json("{ \"a\": \"x|\n\"b\": 1 }"), "value [\"x] { \"a\": \"\",\n\"b\": 1 }");
        assert_eq!(json(r#"{ "a": nu|ll }"#), r#"value [null] { "a": "" }"#);
        assert_eq!(json("{ \"a\": /* \" { */ \"|\" }"), "value [\"\"] { \"a\": /* \" { */ \"\" }");
        assert_eq!(json("{ \"a\": \"x\\\"|"), "value [\"x\\\"] { \"a\": \"\"");
    }

    #[test]
    fn some_places_are_for_nothing() {
        for text in ["|", "5 |", r#"{ "a": "b"| }"#, "[ | ]", r#"{ "a": [ "|" ] }"#, "{ // |", "{ /* |", "{ /* |"] {
            assert_eq!(told(Syntax::Jsonc, text), "nothing", "{text}");
        }
    }

    #[test]
    fn hcl_and_yaml_go_by_their_lines() {
        let hcl = |text| told(Syntax::Hcl, text);
        assert_eq!(hcl("x {\n  au|\n}"), "key [au] x {\n  _ = null\n}");
        assert_eq!(hcl("x {\n  a = |\n}"), "value [] x {\n  a = \"\"\n}");
        assert_eq!(hcl("x {\n  a = \"b|\"\n}"), "value [\"b\"] x {\n  a = \"\"\n}");
        assert_eq!(hcl("x {\n  a| = 1\n}"), "key [a] x {\n  _ = 1\n}");
        assert_eq!(hcl("x {\n  a = { | }\n}"), "key [] x {\n  a = { _ = null }\n}");
        assert_eq!(hcl("x { # |"), "nothing");
        assert_eq!(hcl("x {\n  # a = |"), "nothing");
        let yaml = |text| told(Syntax::Yaml, text);
        assert_eq!(yaml("a: 1\n|"), "key [] a: 1\n_: null");
        assert_eq!(yaml("a: 1\nb|\nc: 2"), "key [b] a: 1\n_: null\nc: 2");
        assert_eq!(yaml("a:|"), "value [] a: \"\"");
        assert_eq!(yaml("a: S|SL\n"), "value [SSL] a: \"\"\n");
        assert_eq!(yaml("- n|"), "key [n] - _: null");
        assert_eq!(yaml("a: x |"), "nothing");
        assert_eq!(yaml("-|"), "nothing");
        assert_eq!(yaml("- a: 1\n  |"), "key [] - a: 1\n  _: null");
    }
}
