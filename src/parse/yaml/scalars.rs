//! The values of scalars, and the spans of their parts.

use std::ops::Range;

use saphyr_parser::ScalarStyle;

use super::node::{Node, Shape};
use super::pairs;
use crate::document::Entry;
use crate::parse::written_part::written_parts;
use crate::text::Span;

/// The plain scalars that are booleans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Words {
    /// The core schema of YAML 1.2.
    #[default]
    Core,
    /// YAML 1.1, as Kubernetes and CloudFormation use it: on, off, yes and no as well.
    Old,
}

impl Words {
    /// The version that the parser of this document will use, recognized by its fields.
    pub fn of(nodes: &[Node]) -> Self {
        let Some(Node { shape: Shape::Mapping, .. }) = nodes.first() else { return Self::Core };
        let has = |word: &str| {
            pairs(nodes, 0).any(|(key, _)| matches!(&nodes[key].shape, Shape::Scalar(text, _) if &**text == word))
        };
        let is_old = has("apiVersion") && has("kind")
            || has("Resources")
            || has("AWSTemplateFormatVersion")
            || has("ConnectionName");
        if is_old { Self::Old } else { Self::Core }
    }

    /// The flag for the type of this scalar.
    pub fn kind(self, text: &str, style: ScalarStyle, node: &Node) -> u16 {
        let tag = node.tag.as_deref();
        let is_text = tag.map_or(style != ScalarStyle::Plain, |tag| !is_resolving(tag));
        if node.is_templated || is_text {
            return Entry::TEXT;
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => 0,
            "true" | "True" | "TRUE" => Entry::TRUE,
            "false" | "False" | "FALSE" => Entry::FALSE,
            "on" | "On" | "ON" | "yes" | "Yes" | "YES" if self == Self::Old => Entry::TRUE,
            "off" | "Off" | "OFF" | "no" | "No" | "NO" if self == Self::Old => Entry::FALSE,
            text if is_number(text) => Entry::NUMBER,
            _ => Entry::TEXT,
        }
    }
}

/// Whether a tag leaves the type to the text, even if it is quoted.
fn is_resolving(tag: &str) -> bool {
    matches!(tag, "!!int" | "!!float" | "!!bool" | "!!null")
}

/// Whether a plain scalar is a number in the core schema, which has more than JSON, such as `0x1F`, `.5` and `.inf`.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(octal) = text.strip_prefix("0o") {
        return !octal.is_empty() && octal.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    if !exponent.is_none_or(digits) {
        return false;
    }
    match mantissa.split_once('.') {
        None => digits(mantissa),
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
    }
}

/// The spans of parts of a string in the source: `raw` is the source of the scalar, `text` its value, `parts` are
/// ranges of its bytes. Bytes of `raw`; `None` if the source does not contain the string character by character.
pub(crate) fn spans_within(raw: &str, text: &str, parts: &[Range<usize>]) -> Option<Vec<Span>> {
    let style = raw.as_bytes().first().copied();
    let mut start = usize::from(matches!(style, Some(b'"' | b'\'')));
    let mut indentation = 0;
    if matches!(style, Some(b'|' | b'>')) && raw.contains(['\n', '\r']) {
        let header = raw.find(['\n', '\r'])?;
        let first = raw[header..].split(['\n', '\r']).find(|line| !line.trim_matches(' ').is_empty())?;
        indentation = first.len() - first.trim_start_matches(' ').len();
        start = next_line(raw, header, indentation);
    }
    let is_block = indentation > 0;
    let (spans, _) = written_parts(text, parts, start, |at, character| {
        let rest = &raw[at..];
        let is_break = rest.starts_with(['\n', '\r']);
        match (style, character) {
            (Some(b'|' | b'>'), '\n') if is_block && (is_break || rest.is_empty()) => {
                Some(next_line(raw, at, indentation))
            }
            (Some(b'>'), ' ') if is_block && is_break => Some(next_line(raw, at, indentation)),
            (Some(b'\''), '\'') if rest.starts_with("''") => Some(at + 2),
            (Some(b'"'), _) if rest.starts_with('\\') => Some(at + escape_length(rest, character)?),
            _ => (rest.starts_with(character) && !is_break).then_some(at + character.len_utf8()),
        }
    })?;
    Some(spans.into_iter().map(|span| Span::new(span.start, span.end.min(raw.len()))).collect())
}

/// The byte after the line break at `at` and the indentation after it.
fn next_line(raw: &str, at: usize, indentation: usize) -> usize {
    let rest = &raw[at..];
    let line = at + if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
    line + raw[line..].bytes().take(indentation).take_while(|&byte| byte == b' ').count()
}

/// The length of the escape at the start of `rest`, if it represents this character.
fn escape_length(rest: &str, character: char) -> Option<usize> {
    let hex = |digits: usize| {
        let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        (char::from_u32(code)? == character).then_some(2 + digits)
    };
    let simple = |meant: char| (meant == character).then_some(2);
    match rest.as_bytes().get(1)? {
        b'x' => hex(2),
        b'u' => hex(4),
        b'U' => hex(8),
        b'0' => simple('\0'),
        b'a' => simple('\u{7}'),
        b'b' => simple('\u{8}'),
        b't' | b'\t' => simple('\t'),
        b'n' => simple('\n'),
        b'v' => simple('\u{B}'),
        b'f' => simple('\u{C}'),
        b'r' => simple('\r'),
        b'e' => simple('\u{1B}'),
        b'N' => simple('\u{85}'),
        b'_' => simple('\u{A0}'),
        b'L' => simple('\u{2028}'),
        b'P' => simple('\u{2029}'),
        byte @ (b' ' | b'"' | b'/' | b'\\') => simple(char::from(*byte)),
        _ => None,
    }
}
