//! Reads on after a syntax error: panic mode.
//!
//! The text becomes tokens (`tokens`), after lost and doubled quotes are found line by line (`quotes`). The parser reads
//! them once. At a token that cannot be there it assumes the smallest mistake that explains it: a separator, a value or a
//! bracket is missing, or a token is doubled; at last it skips tokens up to one that fits.
//!
//! Which bracket is missing or doubled is not a local question. Three facts answer it: how many closing brackets the whole
//! text lacks, the indentation of a field that starts a line, and where the API has a field of that name (`fit`). The last
//! two count only while the first says that something is wrong, so sound brackets are read as they are written.

mod fit;
mod lexer;
mod messages;
mod quotes;
mod token;

use self::fit::Slot;
use self::lexer::Lexer;
use self::token::{Bracket, Kind, Token};
use super::{Flavor, MAX_DEPTH, escape, hex4, is_remark_like};
use crate::atlas::fields::{FieldKey, FieldSet};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Entry, EntryId, Table};
use crate::parse::Parsed;
use crate::text::{Source, Span};

/// Most mistakes of one text that are reported.
const MOST: usize = 50;

/// Mistakes in any order. Only the first ones in the text are kept: it can have millions.
#[derive(Debug, Default)]
struct Flaws {
    listed: Vec<Diagnostic>,
    count: usize,
}

impl Flaws {
    fn push(&mut self, flaw: Diagnostic) {
        self.listed.push(flaw);
        self.count += 1;
        if self.listed.len() > 20 * MOST {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.listed.sort_by_key(|flaw| (flaw.span().start, flaw.span().end));
        self.listed.truncate(MOST + 1);
    }

    fn into_vec(mut self) -> Vec<Diagnostic> {
        self.sort();
        if let Some(next) = self.listed.get(MOST).map(Diagnostic::span) {
            self.listed[MOST] = messages::too_many(next, MOST, self.count - MOST);
        }
        self.listed
    }
}

/// Reads a text that the fast reader refused.
// Rarely called, and large: where it would be inlined, it would be compiled with every first check.
#[inline(never)]
pub(super) fn read(source: &Source, flavor: Flavor) -> Parsed {
    let text = source.text();
    let lexer = Lexer::read(text, flavor);
    let root = lexer.tokens[0];
    let is_alone = || matches!(lexer.tokens[1].kind, Kind::End | Kind::Colon);
    match root.kind {
        Kind::End if !lexer.is_damaged => return Parsed::broken(source, messages::nothing(text, root.span.end)),
        Kind::Open(_) | Kind::Close(_) => {}
        Kind::Text | Kind::Number | Kind::Literal if is_alone() => {}
        _ => return Parsed::broken(source, messages::not_json(root.span.start)),
    }
    let mut parser = Parser {
        text,
        flavor,
        lacks: lexer.lacks,
        is_damaged: lexer.is_damaged,
        sound_until: lexer.sound_until,
        flaws: lexer.flaws,
        tokens: lexer.tokens,
        at: 0,
        state: State::Value,
        levels: Vec::new(),
        key: None,
        table: Table::default(),
        end: root.span.start,
        line: 0,
        touched: false,
        reported: usize::MAX,
    };
    let mut document = match parser.parse() {
        Ok(()) => parser.table.into_document(source.clone(), lexer.comments),
        Err(TooDeep(at)) => {
            parser.flaws.listed.retain(|flaw| flaw.span().start < at);
            parser.flaws.push(Diagnostic::too_deep(Span::new(at, at + 1), MAX_DEPTH));
            Document::unreadable(source.clone())
        }
    };
    if parser.flaws.count == 0 {
        // The two readers disagree; the fast one is right.
        parser.flaws.push(messages::not_json(root.span.start));
    }
    if parser.sound_until < usize::MAX {
        // With a fix in the text, the guesses about quotes and brackets may be others.
        parser.flaws.listed.iter_mut().for_each(|flaw| flaw.fix = None);
    }
    document.damaged |= parser.is_damaged;
    document.sound_until = parser.sound_until;
    Parsed { document, flaws: parser.flaws.into_vec() }
}

/// What can come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    /// An element, or the end of the array.
    Element,
    /// A field name, or the end of the object.
    Key,
    Colon,
    /// A comma, or the end of what is open.
    After,
}

/// An object or array that is being filled.
struct Level {
    id: EntryId,
    bracket: Bracket,
    opener: Option<usize>,
    has_key: bool,
    /// The indentation of the opener's line, and that of the first field that starts a line.
    indent: usize,
    inner: Option<usize>,
    place: Slot,
    /// The place of the value that comes next.
    next: Slot,
    /// The known fields that it has.
    seen: FieldSet,
}

/// A key whose value has not come yet.
struct Key {
    text: String,
    span: Span,
    flags: u16,
    is_owned: bool,
}

struct TooDeep(usize);

struct Parser<'t> {
    text: &'t str,
    flavor: Flavor,
    /// The last one is [`Kind::End`].
    tokens: Vec<Token>,
    at: usize,
    state: State,
    levels: Vec<Level>,
    key: Option<Key>,
    /// The closing brackets of each kind that the text lacks; less than zero where it has too many.
    lacks: [i32; 2],
    table: Table,
    /// The end of the last token that is part of a value.
    end: usize,
    /// The indentation of the line.
    line: usize,
    /// The next value is damaged.
    touched: bool,
    flaws: Flaws,
    /// The token that the last report is about.
    reported: usize,
    is_damaged: bool,
    sound_until: usize,
}

impl Parser<'_> {
    fn parse(&mut self) -> Result<(), TooDeep> {
        loop {
            let token = self.tokens[self.at];
            self.line = token.indent.unwrap_or(self.line);
            match (self.state, token.kind) {
                (State::After, Kind::End) if self.levels.is_empty() => return Ok(()),
                (State::After, Kind::Close(bracket)) if self.levels.is_empty() && self.lacks(bracket) < 0 => {
                    self.drop(&token);
                }
                (State::After, _) if self.levels.is_empty() => {
                    let label = "the text was complete before this";
                    let flaw = messages::unexpected(&token, "the end of the text", label);
                    self.report(flaw.help("keep one JSON value in a file; put several connections into an array"));
                    return Ok(());
                }
                (_, Kind::End) => {
                    self.cut_off();
                    return Ok(());
                }
                _ => self.step(&token)?,
            }
        }
    }

    /// Reads one token, or assumes a mistake before it or in it: the grammar, and what can go wrong, in this order.
    fn step(&mut self, token: &Token) -> Result<(), TooDeep> {
        use Bracket::{Array, Object};
        use State::{After, Colon, Element, Key, Value};
        let here = self.levels.last().map_or(Array, |level| level.bracket);
        let next = if here == Object { Key } else { Element };
        let is_root = self.levels.is_empty();
        let (is_key, is_scalar) = (self.is_key(self.at), token.kind.is_scalar());
        match (self.state, token.kind) {
            (Key, Kind::Close(Object)) | (Element, Kind::Close(Array)) => self.close(token, here),
            (After, Kind::Close(bracket)) if bracket == here => self.close(token, here),
            (After, Kind::Comma) => self.pass(token, next),
            (Colon, Kind::Colon) => self.pass(token, Value),

            // Brackets that are missing or doubled.
            (Key | Element, Kind::Comma) if self.lacks(here) > 0 && self.follows_opener(here) => self.close_missing(),
            (Key | Element, Kind::Open(bracket)) if self.is_doubled(bracket) => self.drop(token),
            (Key, Kind::Open(_)) if self.lacks(Object) > 0 && self.is_element() => self.close_missing(),
            (Key, _) if is_scalar && self.belongs_outside(token) => self.close_missing(),
            (Key, _) if is_scalar && self.lacks(Object) > 0 && self.is_element() && self.ends_element() => {
                self.close_missing();
            }
            (Key | Element | After, Kind::Close(bracket)) => self.wrong_closer(token, bracket),
            (Value, Kind::Close(bracket)) if self.lacks(bracket) < 0 => return self.insert_opener(token, bracket),
            (Value, _) if self.lacks(Array) < 0 && self.starts_list() => return self.insert_opener(token, Array),
            (Value, _) if is_key && (is_root || self.lacks(Object) < 0) => return self.insert_opener(token, Object),
            (Element, _) if is_key && self.lacks(Object) < 0 => return self.insert_opener(token, Object),
            (Element, _) if is_key && self.lacks(Array) > 0 && self.levels.len() > 1 => self.close_missing(),

            // Values.
            (Value | Element, Kind::Open(bracket)) => return self.open(token, bracket),
            (Key, _) if is_scalar => self.name(token),
            (Value, _) if is_key && (token.indent.is_some() || self.fits_here(token)) => {
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
                let flaw = messages::missing(self.end, "`:` after this field name", "a colon", token);
                self.report_missing(flaw.help("put `:` between a field name and its value"));
                self.doubt_key();
                self.state = Value;
            }
            (Colon, _) => self.missing_value("`:` and a value after this field name", token),
            (After, Kind::Colon) if here == Object && self.is_key(self.at + 1) => {
                self.report(messages::unexpected(token, messages::AFTER_VALUE[here as usize], "expected `,`"));
                self.pass(token, next);
            }
            (After, _) if self.starts_next(token, here) => {
                let sound_until = self.sound_until;
                self.report_missing(messages::missing_comma(self.end, here, token));
                // Nothing is in another place because of it.
                self.sound_until = sound_until;
                self.state = next;
            }
            (After, _) => self.skip(messages::unexpected(token, messages::AFTER_VALUE[here as usize], "unexpected")),
            _ => self.skip(messages::unexpected(token, "a field name in double quotes", "expected a field name")),
        }
        Ok(())
    }

    /// Reports a mistake, unless one of the same token is reported already.
    fn report(&mut self, flaw: Diagnostic) {
        self.sound_until = self.sound_until.min(flaw.span().start);
        self.is_damaged = true;
        if self.reported != self.at {
            self.flaws.push(flaw);
        }
        self.reported = self.at;
    }

    /// Reports that something is missing, unless it is missing together with the end of a line.
    fn report_missing(&mut self, flaw: Diagnostic) {
        let before = self.tokens[..self.at].iter().rfind(|token| token.kind != Kind::Comma);
        if before.is_some_and(|token| token.is_cut) {
            self.reported = self.at;
        }
        self.report(flaw);
    }

    fn lacks(&self, bracket: Bracket) -> i32 {
        self.lacks[bracket as usize]
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

    /// Whether a further field or element starts here, with no more than its comma and its colon missing.
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

    /// Whether an opening bracket was typed twice.
    fn is_doubled(&self, bracket: Bracket) -> bool {
        self.lacks(bracket) > 0
            && self.follows_opener(bracket)
            && self.tokens[self.at - 1].span.end == self.tokens[self.at].span.start
            && self.tokens[self.at + 1].kind != Kind::Open(bracket)
    }

    /// Whether the scalar here can be an element and no field.
    fn ends_element(&self) -> bool {
        matches!(self.tokens[self.at + 1].kind, Kind::Comma | Kind::Close(Bracket::Array))
    }

    /// Whether the innermost object is an element of an array.
    fn is_element(&self) -> bool {
        self.levels.iter().rev().nth(1).is_some_and(|level| level.bracket == Bracket::Array)
    }

    /// What has no colon may be a value that only looks like a key, unless the API has a field of that name.
    fn doubt_key(&mut self) {
        self.touched |= self.levels.last().is_none_or(|level| level.next == Slot::Unknown);
    }

    /// Passes a comma or a colon.
    fn pass(&mut self, token: &Token, next: State) {
        self.problem(token, false);
        self.at += 1;
        self.state = next;
    }

    /// Skips tokens up to a comma, a closing bracket, or the name of a field.
    fn skip(&mut self, flaw: Diagnostic) {
        self.report(flaw);
        loop {
            let token = self.tokens[self.at];
            self.at = token.partner.max(self.at) + 1;
            if matches!(self.tokens[self.at].kind, Kind::Comma | Kind::Close(_) | Kind::End) || self.is_key(self.at) {
                break;
            }
        }
        self.reported = self.at;
        self.state = State::After;
    }

    /// Leaves out a token that is there twice.
    fn drop(&mut self, token: &Token) {
        self.report(messages::extra(token));
        match token.kind {
            Kind::Open(bracket) => self.lacks[bracket as usize] -= 1,
            Kind::Close(bracket) => {
                self.lacks[bracket as usize] += 1;
                // It may be any of the closing brackets before it.
                if self.sound_until == token.span.start {
                    self.sound_until = self.text.find(['}', ']']).unwrap_or(0);
                }
            }
            _ => {}
        }
        self.at += 1;
    }

    fn open(&mut self, token: &Token, bracket: Bracket) -> Result<(), TooDeep> {
        self.push(token, bracket, Some(token.span.start))?;
        self.at += 1;
        self.end = token.span.end;
        Ok(())
    }

    fn insert_opener(&mut self, token: &Token, bracket: Bracket) -> Result<(), TooDeep> {
        self.report(messages::missing_opener(token.span.start, bracket));
        self.lacks[bracket as usize] += 1;
        self.touched = true;
        self.push(token, bracket, None)
    }

    fn push(&mut self, token: &Token, bracket: Bracket, opener: Option<usize>) -> Result<(), TooDeep> {
        if self.levels.len() == usize::from(MAX_DEPTH) {
            return Err(TooDeep(token.span.start));
        }
        self.align(token);
        let has_key = self.key.is_some();
        let kind = if bracket == Bracket::Object { Entry::OBJECT } else { Entry::ARRAY };
        let id = self.start(token.span.start, kind);
        if std::mem::take(&mut self.touched) && has_key {
            self.table.flag(id, Entry::UNKNOWN);
        }
        let place = self.levels.last().map_or(Slot::Root, |level| level.next).inside(bracket);
        let (indent, next) = (self.line, place.element());
        self.levels.push(Level {
            id,
            bracket,
            opener,
            has_key,
            indent,
            inner: None,
            place,
            next,
            seen: FieldSet::default(),
        });
        self.state = if bracket == Bracket::Object { State::Key } else { State::Element };
        Ok(())
    }

    /// Notes the indentation of the first field or element that starts a line.
    fn align(&mut self, token: &Token) {
        if let Some(level) = self.levels.last_mut() {
            level.inner = level.inner.or(token.indent);
        }
    }

    /// A closing bracket of the kind that is open.
    fn close(&mut self, token: &Token, bracket: Bracket) {
        let mut outwards = self.levels.iter().rev().map(|level| (level.bracket, level.indent));
        let (own, outer) = (outwards.next(), outwards.next());
        // One that starts a line closes the bracket whose line has the same indentation.
        let ends = |level: Option<(Bracket, usize)>| token.indent.is_some_and(|own| level == Some((bracket, own)));
        if self.lacks(bracket) > 0 && ends(outer) && !ends(own) {
            return self.close_missing();
        }
        if bracket == Bracket::Object && self.lacks(bracket) < 0 && !ends(own) && self.goes_on() {
            return self.drop(token);
        }
        if let [.., value, comma] = &self.tokens[..self.at]
            && comma.kind == Kind::Comma
            && self.flavor == Flavor::Strict
            && !value.is_cut
        {
            self.flaws.push(messages::trailing_comma(comma.span, bracket));
        }
        self.at += 1;
        self.end = token.span.end;
        self.pop(false);
    }

    /// Whether the fields of the innermost object go on behind the closing bracket here.
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
        self.touched = false;
        self.state = State::After;
    }

    /// Closes the innermost level, whose closing bracket is missing.
    fn close_missing(&mut self) {
        let Some(level) = self.levels.last() else { return };
        self.lacks[level.bracket as usize] -= 1;
        let is_unknown = level.has_key && level.place != Slot::Connections;
        self.report(messages::missing_closer(self.end, level.bracket, level.opener));
        self.pop(is_unknown);
        // A comma before it was that of the outer level.
        let has_comma = self.tokens[..self.at].last().is_some_and(|token| token.kind == Kind::Comma);
        if let Some(outer) = self.levels.last().filter(|_| has_comma) {
            self.state = if outer.bracket == Bracket::Object { State::Key } else { State::Element };
        }
    }

    /// A closing bracket of the kind that is not open.
    fn wrong_closer(&mut self, token: &Token, bracket: Bracket) {
        let Some(level) = self.levels.last() else { return };
        let own = level.bracket;
        if self.lacks(own) > 0 && self.lacks(bracket) >= 0 && self.levels.iter().any(|it| it.bracket == bracket) {
            self.close_missing();
        } else if self.lacks(own) <= 0 && self.lacks(bracket) < 0 {
            self.drop(token);
        } else {
            self.report(messages::wrong_closer(token, own, level.opener));
            self.lacks[own as usize] -= 1;
            self.lacks[bracket as usize] += 1;
            self.at += 1;
            self.end = token.span.end;
            self.pop(true);
        }
    }

    /// Closes what is open at the end of the text: one mistake, however much is missing.
    fn cut_off(&mut self) {
        let open = self.levels.iter().rev().map(|level| (level.bracket, level.opener)).collect::<Vec<_>>();
        let missing = match self.state {
            State::Value => Some("a value after `:`"),
            State::Colon => Some("`:` and a value"),
            _ => None,
        };
        self.report_missing(match open[..] {
            [(bracket, opener)] if self.state == State::After => messages::missing_closer(self.end, bracket, opener),
            _ => messages::cut_off(self.before(), missing, &open),
        });
        if missing.is_some() {
            self.null();
        }
        // What else should have been in them is not known.
        while !self.levels.is_empty() {
            self.pop(true);
        }
    }

    /// How well a field fits into a level.
    fn fit(&self, level: usize, token: &Token) -> i32 {
        let Level { place, seen, inner, .. } = &self.levels[level];
        let aligned = match (inner, token.indent) {
            (Some(inner), Some(indent)) if *inner == indent => 2,
            (Some(_), Some(_)) => -2,
            _ => 0,
        };
        aligned + place.fit(*seen, &self.text[token.content.start..token.content.end])
    }

    fn fits_here(&self, token: &Token) -> bool {
        self.levels.last().is_some_and(|level| level.bracket == Bracket::Object)
            && self.fit(self.levels.len() - 1, token) > 0
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
        let flaw = messages::missing(self.before(), expected, "a value", token);
        self.report_missing(flaw.help("give the field a value"));
        self.null();
    }

    /// The end of the token before.
    fn before(&self) -> usize {
        self.tokens[..self.at].last().map_or(self.end, |token| token.span.end)
    }

    /// A value that is not in the text.
    fn null(&mut self) {
        self.end = self.before();
        let id = self.start(self.end, Entry::UNKNOWN);
        self.table.close(id, self.end);
        self.touched = false;
        self.state = State::After;
    }

    fn problem(&mut self, token: &Token, is_key: bool) {
        if let Some(flaw) = messages::of_token(token, is_key) {
            self.flaws.push(flaw);
            self.is_damaged = true;
        }
    }

    fn name(&mut self, token: &Token) {
        self.problem(token, true);
        self.align(token);
        let (text, is_plain) = self.text_of(token);
        self.touched |= token.is_guessed || !is_plain;
        let raw = &self.text[token.content.start..token.content.end];
        let is_quoted = self.text[token.span.start..].starts_with('"') && is_plain && !token.is_guessed;
        let is_escaped = is_quoted && raw.contains('\\');
        if let Some(level) = self.levels.last_mut() {
            level.next = level.place.field(&mut level.seen, raw);
        }
        let flags = if is_escaped { Entry::KEY_ESCAPED } else { 0 };
        self.key = Some(Key { text, span: token.span, flags, is_owned: !is_quoted || is_escaped });
        self.at += 1;
        self.end = token.span.end;
        self.state = State::Colon;
    }

    /// Starts a value.
    fn start(&mut self, at: usize, kind: u16) -> EntryId {
        let Some(key) = self.key.take() else { return self.table.open(at, Span::default(), kind) };
        let word = if key.is_owned { FieldKey::NONE } else { FieldKey::of(key.text.as_bytes()) };
        let id = self.table.open_named(at, key.span, word, kind | key.flags);
        self.table.remarks |= is_remark_like(key.text.as_bytes());
        if key.is_owned {
            self.table.own_key(id, key.text);
        }
        id
    }

    fn scalar(&mut self, token: &Token) {
        self.problem(token, false);
        self.align(token);
        let is_odd = token.problem.is_some() && token.kind != Kind::Text;
        let kind = match (token.kind, &self.text[token.span.start..token.span.end]) {
            (Kind::Literal, "true") => Entry::TRUE,
            (Kind::Literal, "false") => Entry::FALSE,
            (Kind::Number, _) if !is_odd => Entry::NUMBER,
            (Kind::Text | Kind::Word, _) => Entry::TEXT,
            _ => 0,
        };
        let id = self.start(token.span.start, kind);
        let mut is_damaged = std::mem::take(&mut self.touched) || token.is_guessed || is_odd;
        if kind == Entry::TEXT {
            let (text, is_plain) = self.text_of(token);
            is_damaged |= !is_plain;
            self.table.own_text(id, text);
        }
        self.table.close(id, token.span.end);
        if is_damaged {
            self.table.flag(id, Entry::UNKNOWN);
        }
        self.at += 1;
        self.end = token.span.end;
        self.state = State::After;
    }

    /// The text of a string or a word, and whether JSON allows all that it contains.
    fn text_of(&mut self, token: &Token) -> (String, bool) {
        let Span { start: mut at, end } = token.content;
        if token.kind != Kind::Text {
            return (self.text[at..end].to_owned(), true);
        }
        let (mut text, mut is_plain) = (String::new(), true);
        while at < end {
            let (after, character, flaw) = self.piece(token, at);
            match character {
                Some(character) => text.push(character),
                None => text.push_str(&self.text[at..after]),
            }
            if let Some(flaw) = flaw {
                self.flaws.push(flaw);
                (is_plain, self.is_damaged) = (false, true);
            }
            at = after;
        }
        (text, is_plain)
    }

    /// The next piece of a string: where it ends, the character that it stands for unless it is written as it is, and
    /// what is wrong with it.
    fn piece(&self, token: &Token, at: usize) -> (usize, Option<char>, Option<Diagnostic>) {
        let (bytes, end) = (self.text.as_bytes(), token.content.end);
        let run = |is_part: fn(u8) -> bool| at + bytes[at..end].iter().take_while(|byte| is_part(**byte)).count();
        match bytes[at] {
            b'\\' => match escape(bytes, at).filter(|(_, after)| *after <= end) {
                Some((character, after)) => (after, Some(character), None),
                // A quote of another kind can be escaped between its like.
                None if token.problem.is_some() && bytes[at + 1] == b'\'' => (at + 2, Some('\''), None),
                // The text ends inside the escape.
                None if token.is_cut && at + 12 > end => (end, None, None),
                None if bytes[at + 1] == b'u' && at + 6 <= end && hex4(bytes, at + 2).is_some() => {
                    let flaw = Diagnostic::syntax(Span::new(at, at + 6), "this escape is half of a character", "");
                    let help = "write both halves of the surrogate pair, or the character itself";
                    (at + 6, Some('\u{FFFD}'), Some(flaw.help(help)))
                }
                None => {
                    let after = at + 1 + self.text[at + 1..end].chars().next().map_or(0, char::len_utf8);
                    (after, None, Some(messages::unknown_escape(Span::new(at, after))))
                }
            },
            byte @ ..0x20 => {
                // A run of them is one mistake; a line break is reported with the string.
                let after = run(|byte| byte < 0x20);
                let is_new = !(token.is_guessed && matches!(byte, b'\n' | b'\r'));
                (after, None, is_new.then(|| messages::control(Span::new(at, after), byte)))
            }
            _ => (run(|byte| byte >= 0x20 && byte != b'\\'), None, None),
        }
    }
}
