//! The repairs that are tried at a token, and how far the reader gets with each.

use super::lexer::{BLANKS, LINE_BREAKS, PUNCTUATION};
use super::reader::{Reader, State};
use super::token::{Bracket, Kind, Token};
use crate::text::Span;

/// The possible mistakes, the most likely first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mistake {
    OpeningQuote,
    /// Only the problem of the token itself.
    Token,
    /// The rest of a field before the next one: its value, or only a comma.
    Rest,
    Colon,
    ClosingQuote,
    ExtraQuote,
    Closer,
    OtherCloser,
    OpeningBracket,
    Extra,
    OpeningBrace,
    LineBreak,
    InnerQuotes,
}

#[derive(Clone, Copy)]
pub(super) struct Repair {
    pub mistake: Mistake,
    /// The token that replaces the text up to byte `resume`.
    pub token: Option<Token>,
    pub resume: usize,
    /// Whether the rest of the field is also missing.
    pub lacks_rest: bool,
}

impl Repair {
    /// Applies the repair to the reader, and adds its tokens. Returns whether the reader accepts it.
    pub fn make(&self, reader: &mut Reader, tokens: &mut Vec<Token>) -> bool {
        if let Some(token) = self.token {
            let has_comma = reader.follows_comma();
            if !reader.accept(&token) {
                return false;
            }
            tokens.push(token);
            // A comma before a missing closing bracket belongs to the outer level.
            if self.mistake == Mistake::Closer && has_comma && !reader.levels.is_empty() {
                reader.state = reader.start_of_next();
            }
        }
        reader.at = self.resume;
        if self.lacks_rest {
            complete(reader, tokens);
        }
        true
    }
}

/// Adds the missing parts of a field before the next token: its colon, its value and its comma.
pub(super) fn complete(reader: &mut Reader, tokens: &mut Vec<Token>) {
    let (at, next) = (reader.at, reader.next().kind);
    let has_value = matches!(next, Kind::Open(_));
    let has_comma = matches!(next, Kind::Comma | Kind::Close(_) | Kind::End);
    let parts = [
        (State::Colon, Kind::Colon, false),
        (State::Value, Kind::Literal, has_value),
        (State::After, Kind::Comma, has_comma),
    ];
    for (state, kind, is_there) in parts {
        let token = Token { is_guessed: kind == Kind::Literal, ..Token::new(kind, at, at) };
        if reader.state == state && !is_there && reader.accept(&token) {
            tokens.push(token);
        }
    }
}

/// The byte that the reader reaches with a repair; 0 if not beyond the rejected token. Accepting the token despite its
/// own problem, or continuing the string, is a last resort.
pub(super) fn reached(reader: &Reader, repair: &Repair, refused: &Token) -> usize {
    let mut reader = reader.clone();
    if !repair.make(&mut reader, &mut Vec::new()) {
        return 0;
    }
    let start = reader.at;
    loop {
        let token = reader.next();
        let is_end = token.kind == Kind::End;
        if !is_end && reader.is_sound(&token) && reader.accept(&token) {
            continue;
        }
        let reached = if is_end && reader.is_complete() { usize::MAX } else { reader.at + usize::from(is_end) };
        return match repair.mistake {
            _ if reached <= start.max(refused.span.start) => usize::from(repair.mistake == Mistake::Token),
            // A string that continues could explain anything.
            Mistake::LineBreak | Mistake::InnerQuotes => 1,
            _ => reached,
        };
    }
}

/// The possible repairs at the next token; those of strings only if requested.
pub(super) fn repairs(reader: &Reader, with_strings: bool) -> Vec<Repair> {
    use State::{After, Colon, Element, Key, Value};
    let (text, before, token) = (reader.lexer.text, reader.at, reader.next());
    let Span { start, end } = token.span;
    let new = Token::new;
    let mut all = Vec::new();
    let mut add = |mistake, token, resume| {
        all.push(Repair { mistake, token, resume, lacks_rest: mistake == Mistake::Rest });
    };
    if reader.state == Colon {
        // Without a colon, a value may look like a key, unless the API has a field with this name.
        let is_guessed = reader.levels.last().is_none_or(|level| level.next.is_none());
        add(Mistake::Colon, Some(Token { is_guessed, ..new(Kind::Colon, before, before) }), before);
    }
    if matches!(reader.state, Value | Colon | After) {
        add(Mistake::Rest, None, before);
    }
    if matches!(reader.state, Value | Element) {
        add(Mistake::OpeningBrace, Some(new(Kind::Open(Bracket::Object), start, start).guessed()), start);
    }
    if reader.state == Value {
        add(Mistake::OpeningBracket, Some(new(Kind::Open(Bracket::Array), start, start).guessed()), start);
    }
    if let [outer @ .., level] = &reader.levels[..]
        && matches!(reader.state, After | Key | Element)
    {
        // A field may be missing together with the bracket, but not in a list of connections.
        let is_list = level.bracket == Bracket::Array && level.place == Some(None);
        let is_guessed = !is_list && outer.last().is_some_and(|outer| outer.bracket == Bracket::Object);
        let closer = Kind::Close(level.bracket);
        add(Mistake::Closer, Some(Token { is_guessed, ..new(closer, before, before) }), before);
        if matches!(token.kind, Kind::Close(_)) {
            add(Mistake::OtherCloser, Some(new(closer, start, end).guessed()), end);
        }
    }
    // An unclosed string is already a guess.
    if !reader.is_sound(&token) && !token.is_guessed {
        add(Mistake::Token, Some(token), end);
    }
    if !token.kind.is_scalar() {
        add(Mistake::Extra, None, end);
    }
    if text[start..].starts_with('"') {
        add(Mistake::ExtraQuote, None, start + 1);
    }
    if with_strings {
        strings(reader, &token, &mut |mistake, start, content, resume| {
            let token = Token { content, ..new(Kind::Text, start, resume) };
            add(mistake, Some(token.guessed()), resume);
        });
    }
    // If the line ends inside a string or word, anything else that is missing is the same mistake.
    let ends_line = |repair: &&Repair| {
        repair.token.is_some_and(|token| token.kind.is_scalar()) && reader.lexer.ends_line(repair.resume)
    };
    let more = all.iter().filter(ends_line).map(|repair| Repair { lacks_rest: true, ..*repair }).collect::<Vec<_>>();
    all.extend(more);
    all
}

/// Adds the strings that may be meant at the next token: the start of each, its content, and the byte after it.
fn strings(reader: &Reader, token: &Token, add: &mut dyn FnMut(Mistake, usize, Span, usize)) {
    let (lexer, text) = (reader.lexer, reader.lexer.text);
    // Text that looks like a comment may be part of a string.
    let start = text.len() - text[reader.at..].trim_start().len();
    if !text[start..].starts_with('"') {
        if let Some(end) = lexer.quote(start) {
            add(Mistake::OpeningQuote, start, Span::new(start, end), end + 1);
        }
        return;
    }
    let (from, to) = (start + 1, token.content.end);
    for end in ends(&text[from..to]) {
        add(Mistake::ClosingQuote, start, Span::new(from, from + end), from + end);
    }
    let mut further = |mistake, end| add(mistake, start, Span::new(from, end), end + 1);
    if token.problem.is_some() {
        if let Some(length) = text[to..].find('"') {
            further(Mistake::LineBreak, to + length);
        }
    } else if is_inner(&text[..to], &text[to + 1..]) {
        let mut quote = lexer.quote(to + 1);
        for _ in 0..16 {
            let Some(end) = quote else { break };
            further(Mistake::InnerQuotes, end);
            quote = lexer.quote(end + 1);
        }
    }
}

/// The possible ends of a string without its closing quote: before a character that may follow it, and the end of the
/// line. If there are many, only the first and the last ones, which are the likely ends of a name and of a value.
fn ends(rest: &str) -> Vec<usize> {
    let is_end = |at: &usize| {
        let follows = rest[*at..].trim_start_matches(BLANKS);
        let is_trimmed = !rest[..*at].ends_with(BLANKS);
        is_trimmed && (follows.is_empty() || follows.starts_with(PUNCTUATION))
    };
    let places =
        rest.match_indices(&[' ', '\t', ',', ':', '}', ']', '{', '['] as &[char]).map(|(at, _)| at).chain([rest.len()]);
    let mut ends = places.filter(is_end).collect::<Vec<_>>();
    if ends.len() > 32 {
        ends.drain(8..ends.len() - 24);
    }
    ends
}

/// Whether the quote between these texts is probably inside a string.
fn is_inner(before: &str, behind: &str) -> bool {
    let next = behind.trim_start_matches(BLANKS);
    let is_word = ![PUNCTUATION, LINE_BREAKS, &['"']].iter().any(|other| next.starts_with(*other)) && !next.is_empty();
    is_word && (before.ends_with(' ') || next.len() == behind.len())
}
