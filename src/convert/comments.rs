//! The comments of a text, by the lines to which they belong.

use std::collections::BTreeMap;

use crate::document::Document;
use crate::text::LineIndex;

/// The comments that are not attached to a field yet.
pub(super) struct Comments {
    lines: LineIndex,
    text: std::sync::Arc<str>,
    /// Comments on separate lines, and comments after a value, by line.
    alone: BTreeMap<usize, Vec<String>>,
    behind: BTreeMap<usize, (usize, Vec<String>)>,
}

impl Comments {
    pub fn of(document: &Document) -> Self {
        let text: std::sync::Arc<str> = document.source.text().into();
        let lines = LineIndex::new(&text);
        let (mut alone, mut behind) = (BTreeMap::new(), BTreeMap::new());
        for comment in &document.comments {
            let (start, end) = (comment.span.start, comment.span.end.min(text.len()));
            let (first, last) = (lines.line_of(start), lines.line_of(end.saturating_sub(1).max(start)));
            let written = without_signs(&text[start..end]);
            if text[lines.start_of(first, &text)..start].trim().is_empty() {
                // A comment of several lines belongs to the line after its last one.
                alone.entry(last).or_insert_with(Vec::new).extend(written);
                for line in first..last {
                    alone.entry(line).or_insert_with(Vec::new);
                }
            } else {
                behind.entry(first).or_insert((start, written));
            }
        }
        Self { lines, text, alone, behind }
    }

    /// Takes the comments above the field that starts at a byte, if it is the first on its line.
    pub fn above(&mut self, start: usize) -> Vec<String> {
        let line = self.lines.line_of(start);
        let before = self.text[self.lines.start_of(line, &self.text)..start].trim();
        // An item of a list starts with a dash, and a block with words.
        if !before.is_empty() && before != "-" && before.contains([':', '=', ',']) {
            return Vec::new();
        }
        let mut taken = Vec::new();
        let mut above = line;
        while let Some(comments) = above.checked_sub(1).and_then(|line| self.alone.remove(&line)) {
            taken.push(comments);
            above -= 1;
        }
        taken.into_iter().rev().flatten().collect()
    }

    /// Takes the comment after a byte on its line, if only punctuation is between them.
    pub fn behind(&mut self, end: usize) -> Vec<String> {
        let line = self.lines.line_of(end);
        let is_next = |at: usize| {
            end <= at
                && self.text[end..at].chars().all(|c| c.is_whitespace() || matches!(c, ',' | '{' | '[' | '"' | '\''))
        };
        match self.behind.get(&line) {
            Some((at, _)) if is_next(*at) => {
                self.behind.remove(&line).map(|(_, comments)| comments).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}

/// The lines of a comment without `#`, `//`, `/*` and `*/`.
fn without_signs(comment: &str) -> Vec<String> {
    let inside = comment.strip_prefix("/*").map(|rest| rest.strip_suffix("*/").unwrap_or(rest));
    let lines = inside.unwrap_or(comment).lines().map(|line| {
        let line = line.trim();
        let signs: &[char] = if inside.is_some() { &['*'] } else { &['#', '/'] };
        line.trim_start_matches(signs).trim().to_owned()
    });
    lines.filter(|line| !line.is_empty()).collect()
}
