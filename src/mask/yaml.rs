//! YAML that could not be read: which lines are a public field with its value, without a doubt.

use std::ops::Range;

use super::Visibility;
use crate::atlas::fields::{Field, Shape, Show};

/// What the lines so far say of the next one.
#[derive(Debug, Default)]
pub(super) struct Unread {
    /// From here on a line may be a part of something else: of a string, a block of text, a list in brackets, or a map with
    /// names of the user's own.
    is_doubtful: bool,
    /// The indentation of the last field, when its value is none that may be shown and deeper lines may continue it.
    hidden: Option<usize>,
}

/// A public field on a line of its own. Offsets count from the start of the line.
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
        let was_doubtful = self.is_doubtful;
        self.is_doubtful |= is_cut || header.ends_with(['|', '>']);
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
        // What is inside of a map of the user's own has names of the user's own.
        self.is_doubtful |= Field::named(key).any(|field| field.row().shape == Shape::Map) && text.is_empty();
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

/// What may be shown of a field with this name, wherever it is.
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
