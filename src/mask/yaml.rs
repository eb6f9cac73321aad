//! Unparsed YAML: the lines that are certainly a public field with its value.

use std::ops::Range;

use super::Visibility;
use crate::atlas::fields::{Field, Shape, Show};

/// The state after the lines so far.
#[derive(Debug, Default)]
pub(super) struct Unread {
    /// Whether a line from here on may be a part of something else: of a string, a block of text, a list in brackets,
    /// or a map with custom names.
    is_uncertain: bool,
    /// The indentation of the last field, if its value may not be shown and deeper lines may continue it.
    hidden: Option<usize>,
}

/// A public field on a separate line. Offsets count from the start of the line.
#[derive(Debug)]
pub(super) struct UnreadField<'l> {
    pub key: &'l str,
    pub key_start: usize,
    /// Without its quotes.
    pub value: Range<usize>,
    pub text: &'l str,
    pub visibility: Visibility,
}

impl Unread {
    /// The public field on the next line, if it is one.
    pub fn field<'l>(&mut self, line: &'l str) -> Option<UnreadField<'l>> {
        let body = line.trim_start_matches([' ', '\t', '-']);
        let indent = line.len() - body.len();
        if body.is_empty() || body.starts_with('#') {
            return None;
        }
        let code = body.split_once(" #").map_or(body, |(code, _)| code).trim_end();
        let is_odd = |quote: char| code.matches(quote).count() % 2 == 1;
        let is_open = |open: char, close: char| code.matches(open).count() != code.matches(close).count();
        let header = code.trim_end_matches(['+', '-']).trim_end_matches(|c: char| c.is_ascii_digit());
        let is_cut = is_odd('"') || is_odd('\'') || is_open('{', '}') || is_open('[', ']');
        let was_doubtful = self.is_uncertain;
        self.is_uncertain |= is_cut || header.ends_with(['|', '>']);
        let is_part = self.hidden.is_some_and(|hidden| hidden < indent);
        let (key, rest) = code.split_once(':')?;
        let text = rest.trim_start_matches([' ', '\t']);
        if !is_part {
            self.hidden = None;
        }
        let visibility = visibility_of(key);
        if visibility.is_none() && !is_part && !text.is_empty() {
            self.hidden = Some(indent);
        }
        // The user chooses the keys of a custom map.
        self.is_uncertain |= Field::named(key).any(|field| field.row().shape == Shape::Map) && text.is_empty();
        if was_doubtful || is_cut || is_part || text.is_empty() || !rest.starts_with([' ', '\t']) {
            return None;
        }
        let quote = text.chars().next().filter(|&c| matches!(c, '"' | '\'') && text.len() > 1 && text.ends_with(c));
        let inner = quote.map_or(text, |quote| text.trim_matches(quote));
        let end = indent + code.len() - usize::from(quote.is_some());
        let value = end - inner.len()..end;
        let is_sound = quote.is_none_or(|_| inner.len() + 2 == text.len());
        let is_plain = is_sound && !inner.contains(['"', '\'', '\\', '{', '[', '&', '*', '!']);
        let is_filled_in = is_sound && inner.starts_with("${");
        (is_plain || is_filled_in).then_some(UnreadField {
            key,
            key_start: indent,
            value,
            text: inner,
            visibility: visibility?,
        })
    }
}

/// The permission for a field with this name, at any position.
fn visibility_of(key: &str) -> Option<Visibility> {
    let mut visibility = None;
    for field in Field::named(key) {
        let row = field.row();
        visibility = match (row.show, row.shape) {
            (Show::Whole, _) if field == Field::BootstrapServers => Some(Visibility::Brokers),
            (Show::Whole, _) => Some(Visibility::Whole(row.marks)),
            (Show::Origin, Shape::Text) => Some(Visibility::Origin),
            (Show::Inside, Shape::Object) if visibility.is_none() => None,
            _ => return None,
        };
    }
    visibility
}
