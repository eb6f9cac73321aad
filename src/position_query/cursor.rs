//! The key or value at the cursor, found from the characters around it.

use crate::text::{Span, Syntax};

/// The key or value that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub syntax: Syntax,
    /// The text that a completion replaces, including its quotes.
    pub span: Span,
    pub role: Role,
    /// Whether a colon or equals sign follows.
    pub has_sign: bool,
    /// Whether another field follows without a comma before it.
    pub comma_after: bool,
}

/// The kind of text that is expected at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Key {
        /// The byte at which the comma after the previous field is missing.
        comma_at: Option<usize>,
    },
    Value,
}

/// The state of the scan up to the cursor.
#[derive(Debug, Default)]
struct Scan {
    /// The open brackets.
    open: Vec<u8>,
    /// The last token before the cursor, by a byte that represents it (`"` for a string, `a` for a word), and its end.
    last: Option<(u8, usize)>,
    /// The start of the string or word that continues at the cursor, and the token before it.
    token: Option<(usize, Option<(u8, usize)>)>,
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$') || byte >= 0x80
}

impl Cursor {
    /// Scans the text around a byte. `None` if nothing can be completed: in a comment, an array, or after a value.
    pub fn at(text: &str, offset: usize, syntax: Syntax) -> Option<Self> {
        let before = text.get(..offset)?;
        let scan = match syntax {
            Syntax::Json | Syntax::Jsonc => Scan::new(before.as_bytes(), 0)?,
            // One line is enough: the placeholder is parsed with the whole text afterwards.
            Syntax::Yaml | Syntax::Hcl => Scan::new(before.as_bytes(), before.rfind('\n').map_or(0, |at| at + 1))?,
        };
        let (start, last) = scan.token.unwrap_or((offset, scan.last));
        let after = &text.as_bytes()[offset..];
        let mut end = offset + after.iter().take_while(|byte| is_word(**byte)).count();
        if text[start..].starts_with('"') && text[end..].starts_with('"') && end > start {
            end += 1;
        }
        let next = next_byte(&text[end..]);
        let is_json = matches!(syntax, Syntax::Json | Syntax::Jsonc);
        let key = |comma_at| Role::Key { comma_at };
        let role = match (last, scan.open.last()) {
            (_, Some(b'[')) => return None,
            (Some((b':' | b'=', _)), _) => Role::Value,
            (Some((b'{' | b',', _)), _) => key(None),
            (None, _) if !is_json => key(None),
            // Without a space between them, the cursor belongs to the value.
            (Some((_, at)), Some(b'{')) if is_json && at < start => key(Some(at)),
            // The dash of an element of a YAML list.
            (Some((b'-', at)), None) if syntax == Syntax::Yaml && at < start => key(None),
            _ => return None,
        };
        Some(Self {
            syntax,
            span: Span::new(start, end),
            role,
            has_sign: matches!(next, Some(b':' | b'=')),
            comma_after: is_json && next == Some(b'"'),
        })
    }

    /// The text with a placeholder at the cursor, and the byte at which the placeholder starts.
    pub fn filled(&self, text: &str) -> (String, usize) {
        let Span { start, end } = self.span;
        let (before, after) = (&text[..start], &text[end..]);
        let last_comma = if self.comma_after { "," } else { "" };
        match self.role {
            Role::Value => {
                let gap = if before.ends_with([':', '=']) { " " } else { "" };
                (format!("{before}{gap}\"\"{last_comma}{after}"), start + gap.len())
            }
            Role::Key { comma_at } => {
                let field = match (self.syntax, self.has_sign) {
                    (Syntax::Json | Syntax::Jsonc, false) => "\"_\": null",
                    (Syntax::Json | Syntax::Jsonc, true) => "\"_\"",
                    (Syntax::Yaml, false) => "_: null",
                    (Syntax::Hcl, false) => "_ = null",
                    (Syntax::Yaml | Syntax::Hcl, true) => "_",
                };
                let (first, rest) = before.split_at(comma_at.unwrap_or(start));
                let first_comma = if comma_at.is_some() { "," } else { "" };
                (format!("{first}{first_comma}{rest}{field}{last_comma}{after}"), start + first_comma.len())
            }
        }
    }
}

impl Scan {
    /// Scans from the byte `at` to the end. `None` if the end is in a comment.
    fn new(text: &[u8], mut at: usize) -> Option<Self> {
        let mut scan = Self::default();
        while let Some(&byte) = text.get(at) {
            let start = at;
            match byte {
                b'"' => {
                    let Some(end) = end_of_string(text, at) else {
                        scan.token = Some((start, scan.last));
                        return Some(scan);
                    };
                    at = end;
                    scan.last = Some((b'"', at));
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
                        scan.token = Some((start, scan.last));
                        return Some(scan);
                    }
                    scan.last = Some((if is_sign { b'-' } else { b'a' }, at));
                }
                _ => {
                    at += 1;
                    if !byte.is_ascii_whitespace() {
                        scan.last = Some((byte, at));
                    }
                    match byte {
                        b'{' | b'[' => scan.open.push(byte),
                        b'}' | b']' => drop(scan.open.pop()),
                        _ => {}
                    }
                }
            }
        }
        Some(scan)
    }
}

/// The end of a string, or of its line if the string is not closed there. `None` if the text ends first.
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

/// The end of a line; `None` if the text ends first.
fn line_end(text: &[u8], at: usize) -> Option<usize> {
    text[at..].iter().position(|byte| *byte == b'\n').map(|length| at + length)
}

/// The next byte that is neither whitespace nor in a comment.
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

    /// The role of the `|` in a text, the replaced text in brackets, and the text with the placeholder.
    fn describe(syntax: Syntax, text: &str) -> String {
        let offset = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let Some(cursor) = Cursor::at(&text, offset, syntax) else { return "nothing".to_owned() };
        let (filled, at) = cursor.filled(&text);
        let role = match cursor.role {
            Role::Key { .. } => "key",
            Role::Value => "value",
        };
        assert!(filled[at..].starts_with(['n', '_', '"']), "{filled} at {at}");
        format!("{role} [{}] {filled}", &text[cursor.span.start..cursor.span.end])
    }

    #[test]
    fn keys_and_values_of_json() {
        let json = |text| describe(Syntax::Json, text);
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
        // A string that is not closed ends with its line.
        assert_eq!(json("{ \"a\": \"x,\n|\n}"), "key [] { \"a\": \"x,,\n\"_\": null\n}");
        assert_eq!(json(r#"{ "a":| }"#), r#"value [] { "a": "" }"#);
        assert_eq!(json(r#"{ "a": "x|y", "b": 1 }"#), r#"value ["xy"] { "a": "", "b": 1 }"#);
        assert_eq!(json("{ \"a\": \"x|\n\"b\": 1 }"), "value [\"x] { \"a\": \"\",\n\"b\": 1 }");
        assert_eq!(json(r#"{ "a": nu|ll }"#), r#"value [null] { "a": "" }"#);
        assert_eq!(json("{ \"a\": /* \" { */ \"|\" }"), "value [\"\"] { \"a\": /* \" { */ \"\" }");
        assert_eq!(json("{ \"a\": \"x\\\"|"), "value [\"x\\\"] { \"a\": \"\"");
    }

    #[test]
    fn no_completions_in_comments_arrays_and_after_values() {
        for text in ["|", "5 |", r#"{ "a": "b"| }"#, "[ | ]", r#"{ "a": [ "|" ] }"#, "{ // |", "{ /* |", "{ /* |"] {
            assert_eq!(describe(Syntax::Jsonc, text), "nothing", "{text}");
        }
    }

    #[test]
    fn hcl_and_yaml_are_scanned_by_lines() {
        let hcl = |text| describe(Syntax::Hcl, text);
        assert_eq!(hcl("x {\n  au|\n}"), "key [au] x {\n  _ = null\n}");
        assert_eq!(hcl("x {\n  a = |\n}"), "value [] x {\n  a = \"\"\n}");
        assert_eq!(hcl("x {\n  a = \"b|\"\n}"), "value [\"b\"] x {\n  a = \"\"\n}");
        assert_eq!(hcl("x {\n  a| = 1\n}"), "key [a] x {\n  _ = 1\n}");
        assert_eq!(hcl("x {\n  a = { | }\n}"), "key [] x {\n  a = { _ = null }\n}");
        assert_eq!(hcl("x { # |"), "nothing");
        assert_eq!(hcl("x {\n  # a = |"), "nothing");
        let yaml = |text| describe(Syntax::Yaml, text);
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
