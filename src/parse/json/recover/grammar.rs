//! Which token may follow which, and how well what was read fits: a pushdown machine whose whole state is a few words,
//! so that the search for a mistake can go back to any token and try again.
//!
//! Levels are never changed once written: a level that learns something becomes a new one, and a state names its top.

use super::lexer::{Bracket, Cursor, Kind, Token};
use crate::atlas::fields::{CONFIG_KEYS, Field, FieldSet, REMARKS, RESPONSE_ONLY, Shape};
use crate::parse::json::{Flavor, MAX_DEPTH};

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Value,
    /// An element, or the end of an empty array.
    FirstElement,
    Element,
    /// A name, or the end of an empty object.
    FirstKey,
    Key,
    Colon,
    /// A comma, or the end of what is open.
    After,
    End,
}

impl State {
    /// Whether a value may start here.
    pub const fn takes_value(self) -> bool {
        matches!(self, Self::Value | Self::FirstElement | Self::Element)
    }
}

/// What the table of fields knows of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Connection,
    /// The list in a wrapper around connections.
    Connections,
    Field(Field),
    /// Holds no further level.
    Leaf,
    /// Something unknown inside a connection.
    Stranger,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Level {
    below: u32,
    depth: u8,
    bracket: Bracket,
    place: Place,
    /// The place of the value that comes next.
    next: Place,
    /// The known fields that have been seen, a bit each.
    seen: FieldSet,
    /// Where the opening bracket stands, if the text has it.
    opener: Option<usize>,
    /// The indentation of the opener's line, and that of the first field that starts a line.
    indent: u32,
    inner: Option<u32>,
}

/// Everything needed to go on reading from a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub cursor: Cursor,
    pub state: State,
    top: u32,
    levels: u32,
    /// The indentation of the current line.
    line: u32,
    /// How little what was read fits the API and its own layout.
    misfits: u32,
    /// Mistakes that do not stop the reading.
    pub small: u32,
    /// Where the last token that stands in the text ended.
    pub end: usize,
}

impl Mark {
    /// What speaks against this way of reading.
    pub const fn cost(&self) -> u32 {
        self.small * 3 + self.misfits
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Syntax,
    TooDeep,
}

#[derive(Debug)]
pub(super) struct Grammar {
    levels: Vec<Level>,
    flavor: Flavor,
}

impl Grammar {
    pub fn new(flavor: Flavor, start: usize) -> (Self, Mark) {
        let ground = Level {
            below: 0,
            depth: 0,
            bracket: Bracket::Array,
            place: Place::Stranger,
            next: Place::Root,
            seen: FieldSet::default(),
            opener: None,
            indent: 0,
            inner: None,
        };
        let mark = Mark {
            cursor: Cursor::new(start),
            state: State::Value,
            top: 0,
            levels: 1,
            line: 0,
            misfits: 0,
            small: 0,
            end: start,
        };
        (Self { levels: vec![ground], flavor }, mark)
    }

    fn top(&self, mark: &Mark) -> &Level {
        &self.levels[mark.top as usize]
    }

    /// The innermost open bracket, and the byte where it stands, if it does.
    pub fn open(&self, mark: &Mark) -> Option<(Bracket, Option<usize>)> {
        let level = self.top(mark);
        (level.depth > 0).then_some((level.bracket, level.opener))
    }

    /// All open brackets, the innermost first.
    pub fn all_open(&self, mark: &Mark) -> Vec<(Bracket, Option<usize>)> {
        let mut open = Vec::new();
        let mut level = self.top(mark);
        while level.depth > 0 {
            open.push((level.bracket, level.opener));
            level = &self.levels[level.below as usize];
        }
        open
    }

    /// Whether the innermost open bracket holds the connections of a wrapper: it is nobody's value.
    pub fn holds_connections(&self, mark: &Mark) -> bool {
        let level = self.top(mark);
        level.bracket == Bracket::Array && level.next == Place::Connection
    }

    /// Forgets the levels that were made after `mark`, which must be the newest that is still needed.
    pub fn back_to(&mut self, mark: &Mark) {
        self.levels.truncate(mark.levels as usize);
    }

    fn set_top(&mut self, mark: &mut Mark, level: Level) {
        #[expect(clippy::cast_possible_truncation, reason = "a level needs a byte, and texts are below 4 GiB")]
        let id = self.levels.len() as u32;
        self.levels.push(level);
        mark.top = id;
        mark.levels = id + 1;
    }

    /// Reads one token, or says that it cannot stand here.
    pub fn step(&mut self, mark: &mut Mark, token: &Token, text: &str) -> Result<(), Refusal> {
        if token.open {
            return Err(Refusal::Syntax);
        }
        let level = *self.top(mark);
        if let Some(indent) = token.indent {
            mark.line = indent;
        }
        match (mark.state, token.kind) {
            (state, Kind::Open(bracket)) if state.takes_value() => self.enter(mark, level, token, bracket)?,
            (state, kind) if state.takes_value() && kind.is_scalar() => {
                self.element(mark, token);
                mark.misfits += misfit(level.next, None);
                self.passed(mark);
            }
            (State::FirstElement | State::Element, Kind::Close(Bracket::Array))
            | (State::FirstKey | State::Key, Kind::Close(Bracket::Object)) => {
                // A comma before the closing bracket.
                if matches!(mark.state, State::Element | State::Key) && self.flavor == Flavor::Strict {
                    mark.small += 1;
                }
                self.leave(mark, level, token);
            }
            (State::FirstKey | State::Key, kind) if kind.is_scalar() => {
                mark.small += u32::from(matches!(kind, Kind::Number | Kind::Literal));
                self.key(mark, level, token, text);
                mark.state = State::Colon;
            }
            (State::Colon, Kind::Colon) => mark.state = State::Value,
            (State::After, Kind::Comma) => {
                mark.state = if level.bracket == Bracket::Object { State::Key } else { State::Element };
            }
            (State::After, Kind::Close(bracket)) if bracket == level.bracket => self.leave(mark, level, token),
            (State::End, Kind::End) => {}
            _ => return Err(Refusal::Syntax),
        }
        mark.small += u32::from(token.odd.is_some());
        if !token.inserted {
            mark.end = token.span.end;
        }
        Ok(())
    }

    fn passed(&self, mark: &mut Mark) {
        mark.state = if self.top(mark).depth == 0 { State::End } else { State::After };
    }

    /// An element that starts a line stands under its siblings.
    fn element(&mut self, mark: &mut Mark, token: &Token) {
        let level = *self.top(mark);
        if level.depth > 0 && level.bracket == Bracket::Array {
            self.align(mark, level, token);
        }
    }

    /// Compares the indentation of a field or element that starts a line with its siblings'.
    fn align(&mut self, mark: &mut Mark, level: Level, token: &Token) {
        let Some(indent) = token.indent else { return };
        if let Some(inner) = level.inner {
            mark.misfits += 2 * u32::from(inner != indent);
        } else {
            mark.misfits += 2 * u32::from(indent <= level.indent && level.depth > 1);
            self.set_top(mark, Level { inner: Some(indent), ..level });
        }
    }

    fn enter(&mut self, mark: &mut Mark, level: Level, token: &Token, bracket: Bracket) -> Result<(), Refusal> {
        if level.depth == MAX_DEPTH {
            return Err(Refusal::TooDeep);
        }
        self.element(mark, token);
        mark.misfits += misfit(level.next, Some(bracket));
        let (place, next) = match (level.next, bracket) {
            (Place::Root | Place::Connection, Bracket::Object) => (Place::Connection, Place::Leaf),
            (Place::Root | Place::Connections, Bracket::Array) => (Place::Connections, Place::Connection),
            (Place::Field(field), Bracket::Object) if field.row().shape != Shape::Text => {
                (Place::Field(field), Place::Leaf)
            }
            (Place::Field(field), Bracket::Array) if field.row().shape == Shape::List => (Place::Stranger, Place::Leaf),
            _ => (Place::Stranger, Place::Stranger),
        };
        let inside = Level {
            below: mark.top,
            depth: level.depth + 1,
            bracket,
            place,
            next,
            seen: FieldSet::default(),
            opener: (!token.inserted).then_some(token.span.start),
            indent: mark.line,
            inner: None,
        };
        self.set_top(mark, inside);
        mark.state = if bracket == Bracket::Object { State::FirstKey } else { State::FirstElement };
        Ok(())
    }

    fn leave(&mut self, mark: &mut Mark, level: Level, token: &Token) {
        // A closing bracket that starts a line stands under the line of its opener.
        if token.indent.is_some_and(|indent| indent != level.indent) {
            mark.misfits += 2;
        }
        // Half a connection has no type.
        let typeless = !level.seen.is_empty() && !level.seen.contains(Field::Type);
        mark.misfits += u32::from(level.place == Place::Connection && level.bracket == Bracket::Object && typeless);
        mark.top = level.below;
        self.passed(mark);
    }

    fn key(&mut self, mark: &mut Mark, level: Level, token: &Token, text: &str) {
        self.align(mark, level, token);
        let mut level = *self.top(mark);
        let key = text.get(token.content.start..token.content.end).unwrap_or_default();
        let before = level;
        let (next, misfits) = level.field(key);
        mark.misfits += misfits;
        level.next = next;
        if level != before {
            self.set_top(mark, level);
        }
    }
}

impl Level {
    /// The place of the field `key` here, and how ill it fits.
    fn field(&mut self, key: &str) -> (Place, u32) {
        let parent = match self.place {
            Place::Connection => None,
            Place::Field(field) if field.row().shape == Shape::Map => {
                let strange = Field::child(None, key).is_some() && !CONFIG_KEYS.contains(&key);
                return (Place::Leaf, 2 * u32::from(strange));
            }
            Place::Field(field) => Some(field),
            // What a connection has at its root rarely stands inside something unknown.
            _ => return (Place::Stranger, u32::from(Field::child(None, key).is_some())),
        };
        if let Some(field) = Field::child(parent, key) {
            let twice = self.seen.contains(field);
            self.seen.add(field);
            return (Place::Field(field), 2 * u32::from(twice));
        }
        match key {
            "connections" | "results" => return (Place::Connections, 0),
            "connectionConfig" => return (Place::Connection, 0),
            _ => {}
        }
        let misfits = if RESPONSE_ONLY.contains(&key) || REMARKS.contains(&key) {
            0
        } else if Field::named(key).next().is_some() {
            2
        } else {
            // Nothing is known of what is not a connection at all.
            u32::from(!self.seen.is_empty())
        };
        (Place::Stranger, misfits)
    }
}

/// How ill a value fits its place: `bracket` for an object or an array, nothing for the others.
fn misfit(place: Place, bracket: Option<Bracket>) -> u32 {
    let fits = match place {
        Place::Root => bracket.is_some(),
        Place::Connection => bracket == Some(Bracket::Object),
        Place::Connections => bracket == Some(Bracket::Array),
        Place::Leaf => bracket.is_none(),
        Place::Stranger => true,
        Place::Field(field) => match field.row().shape {
            Shape::Text => bracket.is_none(),
            Shape::Object | Shape::Map => bracket == Some(Bracket::Object),
            Shape::List => bracket == Some(Bracket::Array),
        },
    };
    2 * u32::from(!fits)
}
