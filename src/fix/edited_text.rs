//! Several rounds of edits combined into one: a text as parts of the original, with insertions between them.

use std::collections::VecDeque;

use crate::diagnostic::Edit;
use crate::text::Span;

/// A text during rounds of edits. It does not contain the text itself.
#[derive(Debug)]
pub(crate) struct EditedText {
    length: usize,
    parts: VecDeque<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Bytes of the original text.
    Old(Span),
    New(String),
}

impl Part {
    fn length(&self) -> usize {
        match self {
            Self::Old(span) => span.len(),
            Self::New(text) => text.len(),
        }
    }

    /// The first bytes, and the rest.
    fn split(self, at: usize) -> (Self, Self) {
        match self {
            Self::Old(Span { start, end }) => {
                (Self::Old(Span::new(start, start + at)), Self::Old(Span::new(start + at, end)))
            }
            Self::New(mut text) => {
                let rest = text.split_off(at);
                (Self::New(text), Self::New(rest))
            }
        }
    }
}

impl EditedText {
    /// An unchanged text of this number of bytes.
    pub fn of(length: usize) -> Self {
        Self { length, parts: [Part::Old(Span::new(0, length))].into() }
    }

    /// Applies one round of edits to the current text; they are in rising order and do not overlap.
    pub fn edit(&mut self, edits: &[(Span, &str)]) {
        let mut after = VecDeque::new();
        let mut at = 0;
        for (span, text) in edits {
            after.extend(self.take(span.start - at));
            self.take(span.len());
            after.push_back(Part::New((*text).to_owned()));
            at = span.end;
        }
        after.append(&mut self.parts);
        self.parts = after;
    }

    /// Takes this number of bytes from the front.
    fn take(&mut self, mut bytes: usize) -> Vec<Part> {
        let mut taken = Vec::new();
        while bytes > 0 {
            let Some(part) = self.parts.pop_front() else { break };
            let length = part.length();
            if length <= bytes {
                taken.push(part);
            } else {
                let (first, rest) = part.split(bytes);
                taken.push(first);
                self.parts.push_front(rest);
            }
            bytes -= length.min(bytes);
        }
        taken
    }

    /// All changes, as edits of the original text.
    pub fn into_edits(self) -> Vec<Edit> {
        let mut edits = Vec::new();
        let (mut at, mut written) = (0, String::new());
        let end = Part::Old(Span::at(self.length));
        for part in self.parts.into_iter().chain([end]) {
            match part {
                Part::New(text) => written.push_str(&text),
                Part::Old(span) => {
                    if span.start > at || !written.is_empty() {
                        edits.push(Edit::new(Span::new(at, span.start), std::mem::take(&mut written)));
                    }
                    at = span.end;
                }
            }
        }
        edits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fix::apply;

    #[test]
    fn rounds_become_one() {
        let mut edited = EditedText::of(10);
        edited.edit(&[(Span::new(2, 4), "ABC"), (Span::at(8), "D")]);
        // The text is now 01ABC4567D89.
        edited.edit(&[(Span::new(3, 7), "x"), (Span::new(10, 11), "")]);
        // The text is now 01Ax67D9, and then the last letter.
        edited.edit(&[(Span::at(8), "!")]);
        let edits = edited.into_edits();
        let reported = edits.iter().map(|edit| (edit.span.start, edit.span.end, &*edit.text)).collect::<Vec<_>>();
        assert_eq!(reported, [(2, 6, "Ax"), (8, 9, "D"), (10, 10, "!")]);
        assert_eq!(apply("0123456789", [edits.as_slice()]).0, "01Ax67D9!");
        assert_eq!(EditedText::of(3).into_edits(), []);
    }

    proptest! {
        #[test]
        fn combined_rounds_equal_separate_rounds(
            rounds in prop::collection::vec(prop::collection::vec((0..12_usize, 0..4_usize, "[a-z]{0,3}"), 0..4), 0..4)
        ) {
            let text = "0123456789";
            let mut edited = EditedText::of(text.len());
            let mut now = text.to_owned();
            for round in rounds {
                let mut edits: Vec<(Span, &str)> = Vec::new();
                let mut at = 0;
                for (gap, length, new) in &round {
                    let start = at + gap + 1;
                    if start + length > now.len() {
                        break;
                    }
                    edits.push((Span::new(start, start + length), new));
                    at = start + length;
                }
                edited.edit(&edits);
                let edits = edits.iter().map(|(span, new)| Edit::new(*span, (*new).to_owned())).collect::<Vec<_>>();
                now = apply(&now, edits.iter().map(std::slice::from_ref)).0;
            }
            prop_assert_eq!(apply(text, [edited.into_edits().as_slice()]).0, now);
        }
    }
}
