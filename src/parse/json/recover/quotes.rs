//! Finds lost and doubled quotes, one line at a time.
//!
//! A line is read in every way at once: each guess says whether the text so far ends inside a string, and what it cost
//! to read it like that. Guesses in the same state are one guess, the cheaper one, so the time is linear in the line.

use crate::parse::json::number_length;
use crate::text::Span;

/// One change to the quotes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// A string starts at this byte without its quote.
    Opens,
    /// A string ends before this byte without its quote.
    Closes,
    /// The quote at this byte neither starts nor ends a string.
    Ignored,
    /// The string goes on behind this line break, up to the quote at that byte.
    GoesOn(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// A key or a value can start here.
    Start,
    /// A key or a value has ended.
    End,
    /// Inside a string.
    Text,
    /// Inside a word without quotes.
    Word,
}

#[derive(Debug, Clone, Copy)]
struct Guess {
    mode: Mode,
    /// The text so far ends behind or inside a value; otherwise behind or inside a key or an element.
    in_value: bool,
    /// What is read is part of an object, as far as the line says.
    in_object: bool,
    /// Opening brackets minus closing ones.
    depth: i32,
    /// Everything before this byte is read already: an escape, a comment.
    read_to: usize,
    cost: usize,
    /// Where the string starts.
    start: usize,
    /// The newest change, as an index into `changes`.
    last: Option<usize>,
}

/// What speaks against a reading.
const LOST: usize = 4;
const CUT_OFF: usize = 1;
const INNER_QUOTE: usize = 6;
const NO_SEPARATOR: usize = 2;
const BARE_WORD: usize = 2;
const WORD_AT_QUOTE: usize = 5;
const ODD_COMMENT: usize = 5;

/// Guesses that cost this much more than the cheapest are given up, and so are those behind the first few.
const SPREAD: usize = 10;
const MOST_GUESSES: usize = 16;

/// After this many bytes, the cheapest guess is taken: what a lost quote does shows much earlier. Comments are followed
/// no further, either.
const WINDOW: usize = 1 << 12;

/// A line with more than this against it is read as it is written from there on.
const MOST_COST: usize = 100 * LOST;

/// How far the end of a string over several lines is looked for, in bytes.
const FURTHEST: usize = 1 << 14;

/// The changes to the quotes of a text, in order.
pub(super) fn changes(bytes: &[u8], start: usize) -> Vec<(usize, Quote)> {
    let line_at = |at: usize| {
        let length = bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        Span::new(at, length.map_or(bytes.len(), |length| at + length))
    };
    // With one damaged line, its brackets make up for those of all others.
    let (mut others, mut damaged, mut at) = (0, 0, start);
    while at < bytes.len() {
        let line = line_at(at);
        let depth = plain_depth(bytes, line);
        damaged += usize::from(depth.is_none());
        others += depth.unwrap_or_default();
        at = line.end + 1;
    }
    let depth = (damaged == 1).then_some(-others);
    let mut found = Vec::new();
    at = start;
    while at < bytes.len() && damaged > 0 {
        let line = line_at(at);
        at = line.end + 1;
        if plain_depth(bytes, line).is_none() {
            of_line(bytes, line, depth, &mut found);
            if let Some(end) = found.pop_if(|last| *last == (line.end, Quote::Closes)).map(|_| goes_on(bytes, line.end))
            {
                found.push((line.end, end.map_or(Quote::Closes, Quote::GoesOn)));
                at = end.unwrap_or(line.end) + 1;
            }
        }
    }
    found
}

/// Where the string ends that goes on behind the line break at `at`, if the next lines look like the rest of one: they
/// start as no line of JSON does, and the next quote can end a string.
fn goes_on(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..bytes.len().min(at + FURTHEST)];
    let length = rest.iter().position(|byte| *byte == b'"')?;
    let first = rest.iter().find(|byte| !byte.is_ascii_whitespace())?;
    let next = rest[length + 1..].iter().find(|byte| !is_blank(**byte));
    let is_rest = !matches!(first, b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':' | b'/' | b'#');
    (is_rest && matches!(next, None | Some(b',' | b'}' | b']' | b'\n'))).then_some(at + length)
}

/// Finds the changes to the quotes of one line. `depth` is what its brackets should add up to, where that is known.
fn of_line(bytes: &[u8], line: Span, depth: Option<i32>, found: &mut Vec<(usize, Quote)>) {
    let (mode, in_value, in_object) = (Mode::Start, false, false);
    let start = Guess { mode, in_value, in_object, depth: 0, read_to: 0, cost: 0, start: 0, last: None };
    let end = Guess { mode: Mode::End, in_value: true, ..start };
    let mut reader = Reader { bytes, line, next: vec![start, end], changes: Vec::new() };
    let mut cost = 0;
    for at in line.start..line.end {
        let mut guesses = std::mem::take(&mut reader.next);
        guesses.sort_by_key(|guess| guess.cost);
        guesses.truncate(if (at - line.start) % WINDOW == WINDOW - 1 { 1 } else { MOST_GUESSES });
        if let [best] = &mut guesses[..] {
            reader.take_changes(best, found);
            cost += std::mem::take(&mut best.cost);
        }
        if cost > MOST_COST {
            return;
        }
        let most = guesses[0].cost + SPREAD;
        for guess in guesses.into_iter().filter(|guess| guess.cost <= most) {
            reader.read(guess, at);
        }
    }
    let guesses = std::mem::take(&mut reader.next);
    let ends = guesses.into_iter().map(|guess| reader.finish(guess)).collect::<Vec<_>>();
    let off = |guess: &Guess| depth.map_or(0, |depth| guess.depth.abs_diff(depth).min(2) as usize);
    let rank = |guess: &Guess| (guess.cost + NO_SEPARATOR * off(guess), reader.last_change(guess));
    if let Some(mut best) = ends.into_iter().min_by_key(rank) {
        reader.take_changes(&mut best, found);
    }
}

/// If each string of a line starts and ends where one can: opening brackets minus closing ones.
fn plain_depth(bytes: &[u8], line: Span) -> Option<i32> {
    let Span { start: mut at, end } = line;
    let mut before = b',';
    let mut depth = 0;
    while at < end {
        let byte = bytes[at];
        if byte == b'"' {
            at += string_length(&bytes[at..end])?;
            let next = bytes[at..end].iter().find(|byte| !is_blank(**byte));
            if !matches!(before, b'{' | b'[' | b',' | b':') || !matches!(next, None | Some(b',' | b':' | b'}' | b']')) {
                return None;
            }
        } else if let Some(comment) = comment(bytes, at, end) {
            if before == b':' || is_odd(&bytes[at..comment]) {
                return None;
            }
            at = comment;
            continue;
        } else {
            depth += i32::from(matches!(byte, b'{' | b'[')) - i32::from(matches!(byte, b'}' | b']'));
            at += 1;
        }
        if !is_blank(byte) {
            before = byte;
        }
    }
    Some(depth)
}

/// How many bytes the string at the start has, with its quotes.
fn string_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Where a comment that starts at `at` ends on its line. Behind a colon, two slashes are part of a URL.
fn comment(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    match &bytes[at..end] {
        [b'/', b'/', ..] if before != Some(b':') => Some(end),
        [b'#', ..] if before.is_none_or(|byte| byte.is_ascii_whitespace()) => Some(end),
        [b'/', b'*', rest @ ..] => {
            let length = rest.windows(2).take(WINDOW).position(|pair| pair == b"*/");
            Some(length.map_or(end, |length| at + length + 4))
        }
        _ => None,
    }
}

/// Whether a comment has an odd number of quotes.
pub(super) fn is_odd(bytes: &[u8]) -> bool {
    bytes.iter().take(WINDOW).fold(false, |is_odd, byte| is_odd ^ (*byte == b'"'))
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

struct Reader<'b> {
    bytes: &'b [u8],
    line: Span,
    /// The guesses behind the byte that was read last.
    next: Vec<Guess>,
    /// All changes of all guesses, each with the one before it.
    changes: Vec<(usize, Quote, Option<usize>)>,
}

impl Reader<'_> {
    /// Keeps a guess if it is the first or the cheapest of its state; of two as cheap, the one that changed less lately.
    fn keep(&mut self, guess: Guess) {
        let state = |guess: &Guess| (guess.mode, guess.in_value, guess.in_object, guess.depth, guess.read_to);
        let rank = |guess: &Guess| (guess.cost, self.last_change(guess));
        match self.next.iter().position(|other| state(other) == state(&guess)) {
            None => self.next.push(guess),
            Some(index) if rank(&guess) < rank(&self.next[index]) => self.next[index] = guess,
            Some(_) => {}
        }
    }

    /// Where the newest change of a guess is.
    fn last_change(&self, guess: &Guess) -> Option<usize> {
        guess.last.map(|index| self.changes[index].0)
    }

    fn change(&mut self, guess: Guess, at: usize, quote: Quote, cost: usize) -> Guess {
        self.changes.push((at, quote, guess.last));
        Guess { last: Some(self.changes.len() - 1), cost: guess.cost + cost, ..guess }
    }

    /// Moves the changes of a guess to `found`, and forgets those of all others.
    fn take_changes(&mut self, guess: &mut Guess, found: &mut Vec<(usize, Quote)>) {
        let first = found.len();
        let mut last = guess.last.take();
        while let Some((at, quote, before)) = last.map(|index| self.changes[index]) {
            found.push((at, quote));
            last = before;
        }
        found[first..].reverse();
        self.changes.clear();
    }

    fn read(&mut self, guess: Guess, at: usize) {
        if guess.read_to > at {
            self.keep(guess);
        } else if guess.mode == Mode::Text {
            self.inside(Guess { read_to: 0, ..guess }, at);
        } else {
            self.outside(Guess { read_to: 0, ..guess }, at);
        }
    }

    /// The guess that its string ends before `at`, and that its closing quote is lost.
    fn closed(&mut self, guess: Guess, at: usize) -> Guess {
        let blanks = self.bytes[guess.start..at].iter().rev().take_while(|byte| is_blank(**byte)).count();
        let end = at - blanks;
        // An element that is an address looks like a key with a value.
        let is_address = !guess.in_object && matches!(self.bytes[at..], [b':', b'0'..=b'9' | b'/' | b'\n' | b'\r', ..]);
        let cost = LOST + usize::from(end == guess.start || is_address);
        self.change(Guess { mode: Mode::End, ..guess }, end, Quote::Closes, cost)
    }

    fn inside(&mut self, guess: Guess, at: usize) {
        match self.bytes[at] {
            b'\\' => self.keep(Guess { read_to: at + 2, ..guess }),
            b'"' => {
                self.keep(Guess { mode: Mode::End, ..guess });
                let ignored = self.change(guess, at, Quote::Ignored, INNER_QUOTE);
                self.keep(ignored);
            }
            b',' | b':' | b'}' | b']' => {
                let closed = self.closed(guess, at);
                self.outside(closed, at);
                self.keep(guess);
            }
            _ => self.keep(guess),
        }
    }

    fn outside(&mut self, guess: Guess, at: usize) {
        let byte = self.bytes[at];
        if is_blank(byte) {
            return self.keep(guess);
        }
        let Guess { mode, in_value, .. } = guess;
        let starts = mode == Mode::Start;
        let joined = at > self.line.start && !is_blank(self.bytes[at - 1]);
        let to = |mode: Mode, in_value: bool, cost: usize| Guess { mode, in_value, cost: guess.cost + cost, ..guess };
        if starts && byte != b'"' {
            let cost = LOST + usize::from(matches!(byte, b'{' | b'[' | b'}' | b']' | b',' | b':'));
            let opened = self.change(Guess { mode: Mode::Text, start: at, ..guess }, at, Quote::Opens, cost);
            // The byte itself may end the string again.
            self.inside(opened, at);
        }
        if let Some(end) = comment(self.bytes, at, self.line.end) {
            let is_odd = is_odd(&self.bytes[at..end]) || (starts && in_value && end == self.line.end);
            return self.keep(Guess { read_to: end, ..to(mode, in_value, ODD_COMMENT * usize::from(is_odd)) });
        }
        let separated = NO_SEPARATOR * usize::from(!starts);
        let next = match byte {
            b'"' => {
                if mode != Mode::Word {
                    let is_doubled = self.bytes[at + 1..].first() == Some(&b'"') || self.bytes[..at].ends_with(b"\"");
                    let cost = LOST + NO_SEPARATOR * usize::from(!is_doubled);
                    let ignored = self.change(guess, at, Quote::Ignored, cost);
                    self.keep(ignored);
                }
                let cost = separated + NO_SEPARATOR * usize::from(mode == Mode::Word && joined);
                Guess { start: at + 1, ..to(Mode::Text, if starts { in_value } else { !in_value }, cost) }
            }
            b'{' | b'[' => {
                let cost = NO_SEPARATOR * usize::from(!starts || (guess.in_object && !in_value));
                Guess { depth: guess.depth + 1, in_object: byte == b'{', ..to(Mode::Start, false, cost) }
            }
            b'}' | b']' => {
                let cost = NO_SEPARATOR * usize::from(starts && in_value);
                Guess { depth: guess.depth - 1, in_object: false, ..to(Mode::End, true, cost) }
            }
            b',' => to(Mode::Start, false, NO_SEPARATOR * usize::from(starts)),
            b':' => {
                let cost = NO_SEPARATOR * usize::from(starts || in_value);
                Guess { in_object: true, ..to(Mode::Start, true, cost) }
            }
            _ if mode == Mode::Word => guess,
            _ if starts => to(Mode::Word, in_value, BARE_WORD * usize::from(!self.is_literal(at))),
            _ => to(Mode::Word, in_value, BARE_WORD + NO_SEPARATOR + WORD_AT_QUOTE * usize::from(joined)),
        };
        self.keep(next);
    }

    /// Whether a number, `true`, `false` or `null` is at a byte.
    fn is_literal(&self, at: usize) -> bool {
        let rest = &self.bytes[at..self.line.end];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | 0x80..);
        let word = &rest[..rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len())];
        matches!(word, b"true" | b"false" | b"null") || number_length(word) == Some(word.len())
    }

    /// The guess at the end of the line.
    fn finish(&mut self, guess: Guess) -> Guess {
        if guess.mode != Mode::Text {
            return guess;
        }
        // A comma at the end of a line is rarely the end of a text.
        let line = &self.bytes[guess.start.min(self.line.end)..self.line.end];
        let ends_with_comma = line.iter().rfind(|byte| !is_blank(**byte)) == Some(&b',');
        let closed = self.closed(guess, self.line.end);
        if self.line.end == self.bytes.len() {
            // Texts are cut off while somebody types.
            return Guess { cost: guess.cost + CUT_OFF, ..closed };
        }
        Guess { cost: closed.cost + NO_SEPARATOR * usize::from(ends_with_comma), ..closed }
    }
}
