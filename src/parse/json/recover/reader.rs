//! The state of the grammar: which token may come next, and which object a field belongs to by its name and
//! indentation.

use super::lexer::Lexer;
use super::token::{Bracket, Kind, Token};
use crate::atlas::fields::{Field, FieldSet};
use crate::parse::json::{Flavor, MAX_DEPTH};

/// The expected token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Value,
    /// An element, or the end of the array.
    Element,
    /// A field name, or the end of the object.
    Key,
    Colon,
    /// A comma, or the end of the innermost level.
    After,
}

/// The position of a value in the API: `None` if it has none, and `Some(None)` for a connection.
type Place = Option<Option<Field>>;

fn place_of(place: Place, key: &str) -> Place {
    let parent = place?;
    let wraps = parent.is_none() && matches!(key, "connections" | "results" | "connectionConfig");
    Field::child(parent, key).map_or(wraps.then_some(None), |field| Some(Some(field)))
}

/// An open object or array.
#[derive(Clone)]
pub(super) struct Level {
    pub bracket: Bracket,
    /// The position of the opening bracket, if the text has one.
    pub opener: Option<usize>,
    pub place: Place,
    /// The position of the next value.
    pub next: Place,
    /// The known fields that it already has.
    seen: FieldSet,
    /// The indentation of the first field that starts a line.
    indent: Option<usize>,
}

#[derive(Clone, Default)]
pub(super) struct Reader<'t> {
    pub lexer: Lexer<'t>,
    /// Whether to reject a field that fits another object better.
    pub by_layout: bool,
    /// The end of the last token, and the number of accepted tokens.
    pub at: usize,
    pub taken: usize,
    pub state: State,
    pub levels: Vec<Level>,
    /// The object or array that was closed last, until a token other than a comma follows.
    pub closed: Option<Level>,
}

impl Reader<'_> {
    pub fn next(&self) -> Token {
        self.lexer.next(self.at, self.state == State::Key)
    }

    /// The kind of the innermost open object or array; an array at the top.
    pub fn bracket(&self) -> Bracket {
        self.levels.last().map_or(Bracket::Array, |level| level.bracket)
    }

    pub fn is_complete(&self) -> bool {
        self.state == State::After && self.levels.is_empty()
    }

    /// Whether a token and the text before it have no problem. Trailing commas and comments are problems only in strict
    /// JSON.
    pub fn is_sound(&self, token: &Token) -> bool {
        let is_strict = self.lexer.flavor == Flavor::Strict;
        let is_bare_key = self.state == State::Key && token.kind.is_scalar() && token.kind != Kind::Text;
        let is_trailing = is_strict && matches!(token.kind, Kind::Close(_)) && self.follows_comma();
        let mut is_odd = token.problem.is_some() || is_bare_key || is_trailing;
        self.lexer.blanks(self.at, &mut |_, problem| is_odd |= problem.is_some() || is_strict);
        !is_odd
    }

    /// Accepts a token if it may come next.
    pub fn accept(&mut self, token: &Token) -> bool {
        if self.by_layout && self.is_misplaced(token) {
            return false;
        }
        let is_full = self.levels.len() == usize::from(MAX_DEPTH);
        let top = self.levels.last_mut();
        self.state = match (self.state, token.kind, top) {
            (State::Value | State::Element, Kind::Open(_), _) if is_full => return false,
            (State::Value | State::Element, Kind::Open(bracket), top) => {
                let place = top.map_or(Some(None), |level| level.next);
                let opener = token.is_in_text().then_some(token.span.start);
                let (seen, indent) = (FieldSet::default(), None);
                self.levels.push(Level { bracket, opener, place, next: place, seen, indent });
                self.start_of_next()
            }
            (State::Value | State::Element, kind, _) if kind.is_scalar() => State::After,
            (State::Key, kind, Some(level)) if kind.is_scalar() => {
                level.indent = level.indent.or(self.lexer.indent(token.span.start));
                level.next = place_of(level.place, &self.lexer.text[token.content.start..token.content.end]);
                if let Some(Some(field)) = level.next {
                    level.seen.add(field);
                }
                State::Colon
            }
            (State::Colon, Kind::Colon, _) => State::Value,
            (State::After, Kind::Comma, Some(_)) => self.start_of_next(),
            (State::Key | State::Element | State::After, Kind::Close(bracket), Some(level))
                if level.bracket == bracket =>
            {
                self.closed = self.levels.pop();
                State::After
            }
            _ => return false,
        };
        if !matches!(token.kind, Kind::Close(_) | Kind::Comma) {
            self.closed = None;
        }
        self.at = token.span.end;
        self.taken += 1;
        true
    }

    pub fn follows_comma(&self) -> bool {
        self.state == self.start_of_next() && self.lexer.text[..self.at].ends_with(&[',', ';'] as &[char])
    }

    /// The state after an opening bracket or a comma.
    pub fn start_of_next(&self) -> State {
        if self.bracket() == Bracket::Object { State::Key } else { State::Element }
    }

    /// Whether a token is a field that the object already has, or that fits an enclosing object or the last closed one
    /// better, or whether it opens a nested array, which the API never has.
    fn is_misplaced(&self, token: &Token) -> bool {
        let Some((here, outer)) = self.levels.split_last() else { return false };
        match self.state {
            State::Element => {
                token.kind == Kind::Open(Bracket::Array) && here.opener.is_none_or(|at| at + 1 == self.at)
            }
            State::Key if token.kind.is_scalar() => {
                let field = here.place.and_then(|place| Field::child(place, self.raw(token)));
                let mut others = outer.iter().chain(&self.closed).filter(|level| level.bracket == Bracket::Object);
                let fit = self.fit(here, token);
                field.is_some_and(|field| here.seen.contains(field)) || others.any(|level| self.fit(level, token) > fit)
            }
            _ => false,
        }
    }

    fn raw(&self, token: &Token) -> &str {
        &self.lexer.text[token.content.start..token.content.end]
    }

    /// How well a field fits an object, by its indentation, or else by the fields that the API has there.
    fn fit(&self, level: &Level, token: &Token) -> i8 {
        let has_field = |place| Field::child(place, self.raw(token)).is_some_and(|field| !level.seen.contains(field));
        match (level.indent, self.lexer.indent(token.span.start), level.place) {
            (Some(other), Some(indent), _) => 4 * i8::from(other == indent) - 2,
            // An object without any field of a connection may be anything.
            (.., Some(place)) if place.is_some() || !level.seen.is_empty() => 2 * i8::from(has_field(place)) - 1,
            _ => 0,
        }
    }
}
