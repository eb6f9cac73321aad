//! Error recovery after a syntax error, in panic mode.
//!
//! The text becomes tokens, and the parser reads them once. At an unexpected token it assumes the smallest mistake that
//! explains it: a separator, a value or a bracket is missing, or a token is doubled; otherwise it skips tokens up to
//! one that fits. A further mistake at the same token is the same mistake.
//!
//! A missing or doubled bracket cannot be found locally. Three facts identify it: the number of closing brackets that
//! the whole text lacks, the indentation of a field that starts a line, and the object in which the API has a field of
//! that name. The last two count only if the first shows a mistake, so sound brackets are parsed as written.

mod lexer;
mod messages;
mod token;

use self::lexer::Lexer;
use self::token::{Bracket, Kind, Token};
use super::{Flavor, MAX_DEPTH, escape, hex4, is_remark_like};
use crate::atlas::fields::{CONFIG_KEYS, Field, FieldSet, Shape};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Entry, EntryId, Table};
use crate::parse::Parsed;
use crate::text::order::sort_by_key;
use crate::text::{Source, Span};

/// Maximum number of reported mistakes in one text.
const MOST: usize = 50;

/// Maximum number of tokens back to the end of a line that was cut off.
const NEAR: usize = 8;

/// The mistakes, in any order. Only the first ones in the text are kept: it can have millions.
struct Flaws {
    listed: Vec<Diagnostic>,
    count: usize,
    /// Whether there is a mistake other than a comment or a trailing comma.
    is_damaged: bool,
    /// Everything before this byte was certainly parsed as intended.
    sound_until: usize,
}

impl Default for Flaws {
    fn default() -> Self {
        Self { listed: Vec::new(), count: 0, is_damaged: false, sound_until: usize::MAX }
    }
}

impl Flaws {
    fn push(&mut self, flaw: Diagnostic) {
        self.count += 1;
        self.listed.push(flaw);
        if self.listed.len() > 20 * MOST {
            self.sort();
        }
    }

    fn damage(&mut self, flaw: Diagnostic) {
        self.is_damaged = true;
        self.push(flaw);
    }

    fn doubt(&mut self, flaw: Diagnostic) {
        self.sound_until = self.sound_until.min(flaw.span().start);
        self.damage(flaw);
    }

    fn sort(&mut self) {
        sort_by_key(&mut self.listed, |flaw| (flaw.span().start, flaw.span().end));
        self.listed.truncate(MOST + 1);
    }

    fn into_vec(mut self) -> Vec<Diagnostic> {
        self.sort();
        if let Some(next) = self.listed.get(MOST).map(Diagnostic::span) {
            self.listed[MOST] = messages::too_many(next, MOST, self.count - MOST);
        }
        if self.sound_until < usize::MAX {
            // With a fix applied, the guesses about quotes and brackets may change.
            self.listed.iter_mut().for_each(|flaw| flaw.fix = None);
        }
        self.listed
    }
}

/// Parses a text that the fast parser refused. Rarely called, and large: if it were inlined, it would be compiled with
/// every first check.
#[inline(never)]
pub(super) fn read(source: &Source, flavor: Flavor) -> Parsed {
    let text = source.text();
    let Lexer { tokens, comments, lacks, mut flaws, .. } = Lexer::read(text);
    let is_strict = flavor == Flavor::Strict;
    comments.iter().filter(|_| is_strict).for_each(|comment| flaws.push(messages::comment(comment.span)));
    let root = tokens[0];
    match root.kind {
        Kind::End if !flaws.is_damaged => return Parsed::broken(source, messages::nothing(text, root.span.end)),
        Kind::Open(_) | Kind::Close(_) => {}
        Kind::Text | Kind::Number | Kind::Literal if matches!(tokens[1].kind, Kind::End | Kind::Colon) => {}
        _ => return Parsed::broken(source, messages::not_json(root.span.start)),
    }
    let mut parser = Parser { text, is_strict, lacks, flaws, tokens, reported: usize::MAX, ..Parser::default() };
    parser.parse();
    let Parser { table, mut flaws, too_deep, .. } = parser;
    let mut document = table.into_document(source.clone(), comments);
    if let Some(at) = too_deep {
        flaws.listed.retain(|flaw| flaw.span().start < at);
        flaws.push(Diagnostic::too_deep(Span::new(at, at + 1), MAX_DEPTH));
        document = Document::unreadable(source.clone());
    } else if flaws.count == 0 {
        // The two parsers disagree; the fast one is right.
        flaws.push(messages::not_json(root.span.start));
    }
    document.damaged |= flaws.is_damaged;
    document.sound_until = flaws.sound_until;
    Parsed { document, flaws: flaws.into_vec() }
}

/// The expected token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
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

/// The position of a value in the API: none, or in a field; a connection is in none.
type Place = Option<Option<Field>>;

fn place_of(place: Place, key: &str) -> Place {
    let parent = place?;
    let wraps = parent.is_none() && matches!(key, "connections" | "results" | "connectionConfig");
    Field::child(parent, key).map_or(wraps.then_some(None), |field| Some(Some(field)))
}

/// An open object or array.
struct Level {
    id: EntryId,
    bracket: Bracket,
    opener: Option<usize>,
    has_key: bool,
    /// The indentation of the opener's line, and that of the first field that starts a line.
    indent: usize,
    inner: Option<usize>,
    place: Place,
    /// The place of the value that comes next.
    next: Place,
    /// The known fields that it has.
    seen: FieldSet,
}

#[derive(Default)]
struct Parser<'t> {
    text: &'t str,
    is_strict: bool,
    /// The last one is [`Kind::End`].
    tokens: Vec<Token>,
    at: usize,
    state: State,
    levels: Vec<Level>,
    /// The key of the next value, with flags of its entry.
    key: Option<(String, Span, u16)>,
    /// The number of missing closing brackets of each kind; less than zero if there are too many.
    lacks: [i32; 2],
    table: Table,
    /// The end of the last token that is part of a value.
    end: usize,
    /// The indentation of the line.
    line: usize,
    /// Whether the next value is damaged.
    touched: bool,
    flaws: Flaws,
    /// The token of the last report.
    reported: usize,
    too_deep: Option<usize>,
}

impl Parser<'_> {
    fn parse(&mut self) {
        while self.too_deep.is_none() {
            let token = self.tokens[self.at];
            self.line = token.indent.unwrap_or(self.line);
            let is_whole = self.state == State::After && self.levels.is_empty();
            match token.kind {
                Kind::End if is_whole => return,
                Kind::End => return self.cut_off(),
                Kind::Close(bracket) if is_whole && self.lacks(bracket) < 0 => self.drop(&token),
                _ if is_whole => return self.report(messages::after_the_end(&token)),
                _ => self.step(&token),
            }
        }
    }

    /// Parses one token, or assumes a mistake before it or in it: the grammar and the possible mistakes, in this order.
    fn step(&mut self, token: &Token) {
        use Bracket::{Array, Object};
        use State::{After, Colon, Element, Key, Value};
        let here = self.levels.last().map_or(Array, |level| level.bracket);
        let next = if here == Object { Key } else { Element };
        let (is_key, is_scalar) = (self.is_key(self.at), token.kind.is_scalar());
        match (self.state, token.kind) {
            // The rest of a string without its closing quote.
            (After, Kind::Close(bracket)) if self.lacks(bracket) < 0 && self.follows_lost_string(token) => {
                self.reported = self.at;
                self.drop(token);
            }
            (Key, Kind::Close(Object)) | (Element, Kind::Close(Array)) => self.close(token, here),
            (After, Kind::Close(bracket)) if bracket == here => self.close(token, here),
            (After, Kind::Comma) => self.pass(token, next),
            (Colon, Kind::Colon) => self.pass(token, Value),

            // Brackets that are missing or doubled.
            (Key | Element, Kind::Open(bracket)) if self.is_doubled(token, bracket) => self.drop(token),
            (Key | Element, _) | (After, Kind::Close(_)) if self.lacks(here) > 0 && self.ends_before(token, here) => {
                self.close_missing();
            }
            (Key | Element | After, Kind::Close(bracket)) if self.lacks(here) <= 0 && self.lacks(bracket) < 0 => {
                self.drop(token);
            }
            (Key | Element | After, Kind::Close(bracket)) => {
                let opener = self.levels.last().and_then(|level| level.opener);
                self.report(messages::missing_closer(self.end, here, opener, Some(token)));
                self.lacks[here as usize] -= 1;
                self.lacks[bracket as usize] += 1;
                self.advance(token);
                self.pop(true);
            }
            (Value, Kind::Close(bracket)) if self.lacks(bracket) < 0 => self.insert_opener(token, bracket),
            (Value, _) if self.lacks(Array) < 0 && self.starts_list() => self.insert_opener(token, Array),
            (Value | Element, _) if is_key && (self.levels.is_empty() || self.lacks(Object) < 0) => {
                self.insert_opener(token, Object);
            }

            // Values.
            (Value | Element, Kind::Open(bracket)) => {
                self.push(token, bracket, Some(token.span.start));
                self.advance(token);
            }
            (Key, _) if is_scalar => self.name(token),
            (Value, _) if is_key && (token.indent.is_some() || self.fit(self.levels.len() - 1, token) > 0) => {
                self.missing_value("a value after `:`", token);
            }
            (Value | Element, _) if is_scalar => self.scalar(token),

            // Separators that are missing or doubled, and values that are missing.
            (Value | Element, Kind::Colon) | (Key | Element, Kind::Comma) => self.drop(token),
            (Value, _) => self.missing_value("a value after `:`", token),
            (Colon, Kind::Comma) if self.starts_value(self.at + 1) => {
                self.report(messages::unexpected(token, "`:` after this field name", "expected `:`"));
                self.doubt_key();
                self.pass(token, Value);
            }
            (Colon, _) if self.starts_value(self.at) => {
                self.report_missing(messages::missing_colon(self.end, token));
                self.doubt_key();
                self.state = Value;
            }
            (Colon, _) => self.missing_value("`:` and a value after this field name", token),
            (After, Kind::Colon) if here == Object && self.is_key(self.at + 1) => {
                self.report(messages::unexpected(token, messages::AFTER_VALUE[here as usize], "expected `,`"));
                self.pass(token, next);
            }
            (After, _) if self.starts_next(token, here) => {
                let sound_until = self.flaws.sound_until;
                self.report_missing(messages::missing_comma(self.end, here, token));
                // It affects no other position.
                self.flaws.sound_until = sound_until;
                self.state = next;
            }
            (After, _) => self.skip(messages::unexpected(token, messages::AFTER_VALUE[here as usize], "unexpected")),
            _ => self.skip(messages::unexpected(token, "a field name in double quotes", "expected a field name")),
        }
    }

    /// Reports a mistake, unless one at the same token is reported already.
    fn report(&mut self, flaw: Diagnostic) {
        if self.reported == self.at {
            self.flaws.sound_until = self.flaws.sound_until.min(flaw.span().start);
        } else {
            self.flaws.doubt(flaw);
        }
        self.reported = self.at;
    }

    /// Reports that something is missing, unless the end of the line is missing as well.
    fn report_missing(&mut self, flaw: Diagnostic) {
        let is_mark = |token: &&Token| !matches!(token.kind, Kind::Comma | Kind::Close(_));
        if self.tokens[..self.at].iter().rev().take(NEAR).find(is_mark).is_some_and(|token| token.is_cut) {
            self.reported = self.at;
            self.flaws.is_damaged = true;
        }
        self.report(flaw);
    }

    fn lacks(&self, bracket: Bracket) -> i32 {
        self.lacks[bracket as usize]
    }

    fn raw(&self, token: &Token) -> &str {
        &self.text[token.content.start..token.content.end]
    }

    fn is_key(&self, at: usize) -> bool {
        self.tokens[at].kind.is_scalar() && self.tokens[at + 1].kind == Kind::Colon
    }

    fn starts_value(&self, at: usize) -> bool {
        matches!(self.tokens[at].kind, Kind::Open(_)) || (self.tokens[at].kind.is_scalar() && !self.is_key(at))
    }

    /// Whether the value here looks like the first of a list: a closing bracket or a further value follows.
    fn starts_list(&self) -> bool {
        let behind = self.tokens[self.at].partner + 1;
        self.starts_value(self.at)
            && self.tokens[self.at].kind != Kind::Open(Bracket::Array)
            && match self.tokens[behind].kind {
                Kind::Close(Bracket::Array) => self.lacks(Bracket::Object) <= 0,
                Kind::Comma => self.starts_value(behind + 1),
                _ => false,
            }
    }

    /// Whether a further field or element starts here, and only its comma or colon is missing.
    fn starts_next(&self, token: &Token, here: Bracket) -> bool {
        let has_value = || {
            let behind = self.tokens[self.at + 1].partner + 1;
            self.starts_value(self.at + 1)
                && (matches!(self.tokens[behind].kind, Kind::Comma | Kind::Close(_)) || self.is_key(behind))
        };
        match here {
            Bracket::Array => self.starts_value(self.at) || self.is_key(self.at),
            Bracket::Object => self.is_key(self.at) || (token.kind == Kind::Text && has_value()),
        }
    }

    fn follows_opener(&self, bracket: Bracket) -> bool {
        self.tokens[..self.at].last().is_some_and(|token| token.kind == Kind::Open(bracket))
    }

    fn follows_lost_string(&self, token: &Token) -> bool {
        self.tokens[..self.at].last().is_some_and(|before| {
            before.is_guessed && before.content.start == before.content.end && before.span.end == token.span.start
        })
    }

    /// Whether an opening bracket was typed twice.
    fn is_doubled(&self, token: &Token, bracket: Bracket) -> bool {
        let is_joined = || self.follows_opener(bracket) && self.before() == token.span.start;
        self.lacks(bracket) > 0 && is_joined() && self.tokens[self.at + 1].kind != token.kind
    }

    /// Whether a token shows that the innermost level, whose closing bracket may be missing, ends before it.
    fn ends_before(&self, token: &Token, here: Bracket) -> bool {
        let is_element = self.levels.iter().rev().nth(1).is_some_and(|level| level.bracket == Bracket::Array);
        match (here, token.kind) {
            (_, Kind::Comma) => self.follows_opener(here),
            (_, Kind::Close(other)) => self.lacks(other) >= 0 && self.levels.iter().any(|level| level.bracket == other),
            (Bracket::Object, Kind::Open(_)) => is_element,
            (Bracket::Object, kind) if kind.is_scalar() => {
                let behind = self.tokens[self.at + 1].kind;
                self.belongs_outside(token)
                    || (is_element && matches!(behind, Kind::Comma | Kind::Close(Bracket::Array)))
            }
            (Bracket::Array, _) => self.is_key(self.at) && self.levels.len() > 1,
            _ => false,
        }
    }

    /// A token without a colon may be a value that looks like a key, unless the API has a field of that name.
    fn doubt_key(&mut self) {
        self.touched |= self.levels.last().is_none_or(|level| level.next.is_none());
    }

    /// Skips a comma or a colon.
    fn pass(&mut self, token: &Token, next: State) {
        self.problem(token, false);
        self.at += 1;
        self.state = next;
    }

    /// Skips a token that is part of a value.
    fn advance(&mut self, token: &Token) {
        self.at += 1;
        self.end = token.span.end;
    }

    /// Skips tokens up to a comma, a closing bracket, or the name of a field.
    fn skip(&mut self, flaw: Diagnostic) {
        self.report(flaw);
        loop {
            self.at = self.tokens[self.at].partner.max(self.at) + 1;
            if matches!(self.tokens[self.at].kind, Kind::Comma | Kind::Close(_) | Kind::End) || self.is_key(self.at) {
                break;
            }
        }
        self.reported = self.at;
        self.state = State::After;
    }

    /// Drops a doubled token.
    fn drop(&mut self, token: &Token) {
        self.report(messages::extra(token));
        match token.kind {
            Kind::Open(bracket) => self.lacks[bracket as usize] -= 1,
            Kind::Close(bracket) => {
                self.lacks[bracket as usize] += 1;
                // It may be any of the closing brackets before it.
                if self.flaws.sound_until == token.span.start {
                    self.flaws.sound_until = self.text.find(['}', ']']).unwrap_or(0);
                }
            }
            _ => {}
        }
        self.at += 1;
    }

    fn insert_opener(&mut self, token: &Token, bracket: Bracket) {
        self.report(messages::missing_opener(token.span.start, bracket));
        self.lacks[bracket as usize] += 1;
        self.touched = true;
        self.push(token, bracket, None);
    }

    fn push(&mut self, token: &Token, bracket: Bracket, opener: Option<usize>) {
        if self.levels.len() == usize::from(MAX_DEPTH) {
            self.too_deep = Some(token.span.start);
            return;
        }
        let has_key = self.key.is_some();
        let kind = if bracket == Bracket::Object { Entry::OBJECT } else { Entry::ARRAY };
        let id = self.start(token.span.start, token.indent, kind);
        let place = self.levels.last().map_or(Some(None), |level| level.next);
        let (indent, inner, seen) = (self.line, None, FieldSet::default());
        self.levels.push(Level { id, bracket, opener, has_key, indent, inner, place, next: place, seen });
        self.state = if bracket == Bracket::Object { State::Key } else { State::Element };
    }

    /// A closing bracket of the kind that is open.
    fn close(&mut self, token: &Token, bracket: Bracket) {
        let mut outwards = self.levels.iter().rev().map(|level| (level.bracket, level.indent));
        let (own, outer) = (outwards.next(), outwards.next());
        // A bracket that starts a line closes the bracket whose line has the same indentation.
        let ends = |level: Option<(Bracket, usize)>| token.indent.is_some_and(|own| level == Some((bracket, own)));
        if self.lacks(bracket) > 0 && ends(outer) && !ends(own) {
            return self.close_missing();
        }
        if bracket == Bracket::Object && self.lacks(bracket) < 0 && !ends(own) && self.goes_on() {
            return self.drop(token);
        }
        if let [.., value, comma] = &self.tokens[..self.at]
            && comma.kind == Kind::Comma
            && self.is_strict
            && !value.is_cut
        {
            self.flaws.push(messages::trailing_comma(comma.span, bracket));
        }
        self.advance(token);
        self.pop(false);
    }

    /// Whether the fields of the innermost object continue after the closing bracket here.
    fn goes_on(&self) -> bool {
        let next = self.at + 1 + usize::from(self.tokens[self.at + 1].kind == Kind::Comma);
        let here = self.levels.len() - 1;
        let outside = match self.levels[..here].last().map(|outer| outer.bracket) {
            None => i32::MIN,
            Some(Bracket::Array) => 0,
            Some(Bracket::Object) => self.fit(here - 1, &self.tokens[next]),
        };
        self.is_key(next) && self.fit(here, &self.tokens[next]) > outside
    }

    /// Ends the innermost level.
    fn pop(&mut self, is_unknown: bool) {
        let Some(level) = self.levels.pop() else { return };
        match level.bracket {
            Bracket::Object => self.table.close_object(level.id, self.end, self.text),
            Bracket::Array => self.table.close(level.id, self.end),
        }
        if is_unknown {
            self.table.flag(level.id, Entry::UNKNOWN);
        }
        self.state = State::After;
    }

    /// Closes the innermost level, whose closing bracket is missing.
    fn close_missing(&mut self) {
        let Some(level) = self.levels.last() else { return };
        self.lacks[level.bracket as usize] -= 1;
        let is_wrapper = level.bracket == Bracket::Array && level.place == Some(None);
        let is_unknown = level.has_key && !is_wrapper;
        self.report(messages::missing_closer(self.end, level.bracket, level.opener, None));
        self.pop(is_unknown);
        // A comma before it belonged to the outer level.
        let has_comma = self.tokens[..self.at].last().is_some_and(|token| token.kind == Kind::Comma);
        if let Some(outer) = self.levels.last().filter(|_| has_comma) {
            self.state = if outer.bracket == Bracket::Object { State::Key } else { State::Element };
        }
    }

    /// Closes all levels at the end of the text: one mistake, however much is missing.
    fn cut_off(&mut self) {
        let open = self.levels.iter().rev().map(|level| (level.bracket, level.opener)).collect::<Vec<_>>();
        let missing = match self.state {
            State::Value => Some("a value after `:`"),
            State::Colon => Some("`:` and a value"),
            _ => None,
        };
        self.report_missing(match open[..] {
            [(bracket, opener)] if self.state == State::After => {
                messages::missing_closer(self.end, bracket, opener, None)
            }
            _ => messages::cut_off(self.before(), missing, &open),
        });
        if missing.is_some() {
            self.null();
        }
        // Their other content is unknown.
        while !self.levels.is_empty() {
            self.pop(true);
        }
    }

    /// The fit of a field in a level: by its indentation, and by the fields that the API has there. An object without a
    /// field that the API knows may be anything.
    fn fit(&self, level: usize, token: &Token) -> i32 {
        let Level { place, seen, inner, .. } = &self.levels[level];
        let aligned = match (inner, token.indent) {
            (Some(inner), Some(indent)) if *inner == indent => 2,
            (Some(_), Some(_)) => -2,
            _ => 0,
        };
        let key = self.raw(token);
        let is_elsewhere = match place {
            None => return aligned,
            Some(None) if seen.is_empty() => return aligned,
            Some(Some(field)) if field.row().shape == Shape::Map => {
                Field::child(None, key).is_some() && !CONFIG_KEYS.contains(&key)
            }
            Some(_) => Field::named(key).next().is_some(),
        };
        aligned
            + match place.and_then(|parent| Field::child(parent, key)) {
                Some(field) if !seen.contains(field) => 1,
                Some(_) => -2,
                None => -i32::from(is_elsewhere),
            }
    }

    /// Whether a field belongs to an outer object, and enough closing brackets are missing for that.
    fn belongs_outside(&self, token: &Token) -> bool {
        let here = self.fit(self.levels.len() - 1, token);
        let mut lacks = self.lacks;
        for outer in (0..self.levels.len() - 1).rev() {
            let closed = self.levels[outer + 1].bracket as usize;
            lacks[closed] -= 1;
            if lacks[closed] < 0 {
                break;
            }
            if self.levels[outer].bracket == Bracket::Object && self.fit(outer, token) > here {
                return true;
            }
        }
        false
    }

    fn missing_value(&mut self, expected: &str, token: &Token) {
        let flaw = messages::missing(self.before(), expected, "value", token);
        self.report_missing(flaw.help("add a value"));
        self.null();
    }

    /// The end of the token before.
    fn before(&self) -> usize {
        self.tokens[..self.at].last().map_or(self.end, |token| token.span.end)
    }

    /// A value that is not in the text.
    fn null(&mut self) {
        self.end = self.before();
        let id = self.start(self.end, None, Entry::UNKNOWN);
        self.table.close(id, self.end);
        self.state = State::After;
    }

    fn problem(&mut self, token: &Token, is_key: bool) {
        if let Some(flaw) = messages::of_token(self.text, token, is_key) {
            self.flaws.damage(flaw);
        }
    }

    fn name(&mut self, token: &Token) {
        self.problem(token, true);
        let (key, is_plain) = self.text_of(token);
        self.touched |= token.is_guessed || !is_plain;
        let raw = &self.text[token.content.start..token.content.end];
        if let Some(level) = self.levels.last_mut() {
            level.inner = level.inner.or(token.indent);
            level.next = place_of(level.place, raw);
            if let Some(Some(field)) = level.next {
                level.seen.add(field);
            }
        }
        let is_escaped = !self.touched && token.problem.is_none() && raw.contains('\\');
        self.key = Some((key, token.span, if is_escaped { Entry::KEY_ESCAPED } else { 0 }));
        self.advance(token);
        self.state = State::Colon;
    }

    /// Starts a value at a byte.
    fn start(&mut self, at: usize, indent: Option<usize>, kind: u16) -> EntryId {
        if let Some(level) = self.levels.last_mut() {
            level.inner = level.inner.or(indent);
        }
        let touched = std::mem::take(&mut self.touched);
        let Some((key, span, flags)) = self.key.take() else { return self.table.open(at, Span::default(), kind) };
        let id = self.table.open(at, span, kind | flags | if touched { Entry::UNKNOWN } else { 0 });
        self.table.remarks |= is_remark_like(key.as_bytes());
        self.table.own_key(id, key);
        id
    }

    fn scalar(&mut self, token: &Token) {
        self.problem(token, false);
        let is_odd = token.problem.is_some() && matches!(token.kind, Kind::Number | Kind::Word);
        let kind = match (token.kind, messages::literal(self.raw(token))) {
            (Kind::Literal, Some("true")) => Entry::TRUE,
            (Kind::Literal, Some("false")) => Entry::FALSE,
            (Kind::Number, _) if !is_odd => Entry::NUMBER,
            (Kind::Text | Kind::Word, _) => Entry::TEXT,
            _ => 0,
        };
        let id = self.start(token.span.start, token.indent, kind);
        let mut is_damaged = token.is_guessed || is_odd;
        if kind == Entry::TEXT {
            let (text, is_plain) = self.text_of(token);
            is_damaged |= !is_plain;
            self.table.own_text(id, text);
        }
        self.table.close(id, token.span.end);
        if is_damaged {
            self.table.flag(id, Entry::UNKNOWN);
        }
        self.advance(token);
        self.state = State::After;
    }

    /// The text of a string or a word, and whether JSON allows all that it contains.
    fn text_of(&mut self, token: &Token) -> (String, bool) {
        let Span { start: mut at, end } = token.content;
        let (mut text, count) = (String::new(), self.flaws.count);
        while at < end {
            let rest = &self.text[at..end];
            let run = |is_part: fn(u8) -> bool| rest.bytes().take_while(|byte| is_part(*byte)).count();
            let (length, character, problem) = match rest.as_bytes()[0] {
                _ if token.kind != Kind::Text => (rest.len(), None, None),
                b'\\' => match escape(rest.as_bytes(), 0) {
                    Some((character, length)) => (length, Some(character), None),
                    // A quote of another kind can be escaped between its like.
                    None if token.problem.is_some() && rest.starts_with("\\'") => (2, Some('\''), None),
                    // The text ends inside the escape.
                    None if token.is_cut && rest.len() <= 12 => (rest.len(), None, None),
                    None if rest.starts_with("\\u") && hex4(rest.as_bytes(), 2).is_some() => {
                        (6, Some('\u{FFFD}'), Some(messages::HALF))
                    }
                    None => (rest.chars().take(2).map(char::len_utf8).sum(), None, Some(messages::ESCAPE)),
                },
                // A line break is reported with the string.
                b'\n' | b'\r' if token.is_guessed => (run(|byte| byte < 0x20), None, None),
                b'\t' => (run(|byte| byte < 0x20), None, Some(messages::TAB)),
                ..0x20 => (run(|byte| byte < 0x20), None, Some(messages::CONTROL)),
                _ => (run(|byte| byte >= 0x20 && byte != b'\\'), None, None),
            };
            match character {
                Some(character) => text.push(character),
                None => text.push_str(&rest[..length]),
            }
            if let Some(problem) = problem {
                self.flaws.damage(messages::problem(problem, Span::new(at, at + length), ""));
            }
            at += length;
        }
        (text, self.flaws.count == count)
    }
}
