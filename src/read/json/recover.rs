//! Reads on after a syntax error: panic mode.
//!
//! The text becomes tokens, with lost and doubled quotes put right line by line (`quotes`). The parser then reads them
//! once. At a token that cannot be there, it assumes the smallest mistake that explains it, in this order: a separator
//! or value is missing, a bracket is missing or doubled, and at last the token is skipped up to one that fits.
//!
//! Which bracket is missing or doubled is not a local question. Three facts answer it: how many closing brackets the whole
//! text lacks, the indentation of a field that starts a line, and where the API has a field of that name. The last two
//! count only while the first says that something is wrong, so a text with sound brackets is read as it is written.

mod fit;
mod messages;
mod quotes;
mod tokens;

use self::fit::Place;
use self::tokens::{Bracket, Kind, Token, Tokens};
use super::{Flavour, MAX_DEPTH, escape, hex4, is_remark_like};
use crate::document::{Document, Entry, EntryId, Table};
use crate::read::{Flaw, Reading};
use crate::source::{Source, Span};
use crate::words::Word;

/// Most mistakes of one text that are reported.
const MOST: usize = 50;

/// Mistakes in the order in which they are found. Those behind the limit are only counted: a text can have millions.
#[derive(Debug, Default)]
struct Flaws {
    listed: Vec<Flaw>,
    more: usize,
}

impl Flaws {
    fn push(&mut self, flaw: Flaw) {
        if self.listed.len() <= MOST {
            self.listed.push(flaw);
        } else {
            self.more += 1;
        }
    }

    /// All of both, in the order of the text.
    fn with(mut self, other: Self) -> Vec<Flaw> {
        self.listed.extend(other.listed);
        self.listed.sort_by_key(|flaw| (flaw.span.start, flaw.span.end));
        let more = self.listed.len().saturating_sub(MOST) + self.more + other.more;
        if let Some(next) = self.listed.get(MOST).map(|flaw| flaw.span) {
            self.listed.truncate(MOST);
            self.listed.push(messages::too_many(next, MOST, more));
        }
        self.listed
    }
}

/// Reads a text that the fast reader refused.
// Rarely called, and large: where it would be inlined, it would be compiled with every first check.
#[inline(never)]
pub(super) fn read(source: &Source, flavour: Flavour) -> Reading {
    let text = source.text();
    let start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let Tokens { all, comments, mut flaws, only_comments, first_guess } =
        tokens::of(text, start, flavour == Flavour::WithComments);
    let root = all[0];
    match root.kind {
        Kind::End if only_comments && first_guess == usize::MAX => {
            return Reading::broken(source, messages::nothing(text, start));
        }
        Kind::End => return Reading::broken(source, messages::not_json(start)),
        Kind::Word | Kind::Comma | Kind::Colon => return Reading::broken(source, messages::not_json(root.span.start)),
        Kind::Text | Kind::Number | Kind::Literal if all[1].kind != Kind::End && all[1].kind != Kind::Colon => {
            return Reading::broken(source, messages::not_json(root.span.start));
        }
        _ => {}
    }
    let mut parser = Parser {
        text,
        flavour,
        at: 0,
        state: State::Value,
        levels: Vec::new(),
        key: None,
        lacks: fit::lacking(&all),
        tokens: all,
        table: Table::default(),
        last: None,
        end: start,
        line: 0,
        touched: false,
        flaws: Flaws::default(),
        reported: usize::MAX,
        harmless: only_comments && first_guess == usize::MAX,
        sound_until: first_guess,
    };
    if let Err(TooDeep(at)) = parser.parse() {
        flaws.listed.retain(|flaw| flaw.span.start < at);
        parser.flaws.push(Flaw::too_deep(Span::new(at, at + 1), MAX_DEPTH));
        return Reading { document: Document::unreadable(source.clone()), flaws: flaws.with(parser.flaws) };
    }
    let Parser { table, flaws: own, harmless, sound_until, .. } = parser;
    let mut flaws = flaws.with(own);
    if flaws.is_empty() {
        // The two readers disagree; the fast one is right.
        flaws.push(messages::not_json(start));
    }
    let mut document = table.into_document(source.clone(), comments);
    document.damaged = !harmless;
    document.sound_until = sound_until;
    Reading { document, flaws }
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
    place: Place,
    /// The place of the value that comes next.
    next: Place,
    /// The known fields that it has.
    seen: u128,
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
    flavour: Flavour,
    tokens: Vec<Token>,
    at: usize,
    state: State,
    levels: Vec<Level>,
    key: Option<Key>,
    /// The closing brackets of each kind that the text lacks; less than zero where it has too many.
    lacks: [i32; 2],
    table: Table,
    /// The value that was read last.
    last: Option<EntryId>,
    /// The end of the last token that is part of a value.
    end: usize,
    /// The indentation of the line.
    line: usize,
    /// The next value is damaged.
    touched: bool,
    flaws: Flaws,
    /// The token that the last report is about.
    reported: usize,
    harmless: bool,
    sound_until: usize,
}

impl Parser<'_> {
    fn parse(&mut self) -> Result<(), TooDeep> {
        loop {
            let token = self.tokens[self.at];
            self.line = token.indent.unwrap_or(self.line);
            match (self.state, self.levels.last().map(|level| level.bracket)) {
                (State::After, None) => {
                    if !self.behind(&token) {
                        return Ok(());
                    }
                }
                _ if token.kind == Kind::End => {
                    self.cut_off();
                    return Ok(());
                }
                (State::Value, _) => self.value(&token)?,
                (State::Element, _) => self.element(&token)?,
                (State::Key, _) => self.key(&token)?,
                (State::Colon, _) => self.colon(&token),
                (State::After, Some(bracket)) => self.after(&token, bracket)?,
            }
        }
    }

    /// Reports a mistake, unless one of the same token is reported already.
    fn report(&mut self, flaw: Flaw) {
        self.sound_until = self.sound_until.min(flaw.span.start);
        self.harmless = false;
        if self.reported != self.at {
            self.flaws.push(flaw);
        }
        self.reported = self.at;
    }

    /// The same for something that is missing: at the end of a line it can be lost with the end of a string.
    fn report_missing(&mut self, flaw: Flaw) {
        let before = self.tokens[..self.at].iter().rfind(|token| token.kind != Kind::Comma);
        if before.is_some_and(|token| token.is_cut) {
            self.reported = self.at;
        }
        self.report(flaw);
    }

    fn is_key(&self, at: usize) -> bool {
        self.tokens[at].kind.is_scalar() && self.tokens[at + 1].kind == Kind::Colon
    }

    fn lacks(&self, bracket: Bracket) -> i32 {
        self.lacks[bracket as usize]
    }

    /// Whether the value at a token looks like the first of a list: a closing bracket or a further value follows.
    fn starts_list(&self, at: usize) -> bool {
        let end = self.tokens[at].partner;
        if self.tokens[at].kind == Kind::Open(Bracket::Array) {
            return false;
        }
        match self.tokens[end + 1].kind {
            Kind::Close(Bracket::Array) => self.lacks(Bracket::Object) <= 0,
            Kind::Comma => {
                let next = self.tokens[end + 2].kind;
                matches!(next, Kind::Open(_)) || (next.is_scalar() && !self.is_key(end + 2))
            }
            _ => false,
        }
    }

    fn value(&mut self, token: &Token) -> Result<(), TooDeep> {
        let is_root = self.levels.is_empty();
        let is_key = self.is_key_like(token);
        match token.kind {
            Kind::Open(_) | Kind::Text | Kind::Number | Kind::Literal | Kind::Word
                if !is_key && self.lacks(Bracket::Array) < 0 && self.starts_list(self.at) =>
            {
                self.insert_opener(Bracket::Array)
            }
            Kind::Open(bracket) => self.open(token, bracket),
            Kind::Close(bracket) if self.lacks(bracket) < 0 => self.insert_opener(bracket),
            Kind::Colon => {
                self.drop(token);
                Ok(())
            }
            _ if is_key && (is_root || self.lacks(Bracket::Object) < 0) => self.insert_opener(Bracket::Object),
            Kind::Close(_) | Kind::Comma | Kind::End => {
                self.missing_value("a value after `:`", token);
                Ok(())
            }
            _ if is_key && (token.indent.is_some() || self.fits_here(token)) => {
                self.missing_value("a value after `:`", token);
                Ok(())
            }
            _ => {
                self.scalar(token);
                Ok(())
            }
        }
    }

    fn is_key_like(&self, token: &Token) -> bool {
        token.kind.is_scalar() && self.is_key(self.at)
    }

    fn element(&mut self, token: &Token) -> Result<(), TooDeep> {
        let doubled = self.is_doubled(token);
        match token.kind {
            Kind::Close(Bracket::Array) => self.close(token),
            Kind::Close(bracket) => self.wrong_closer(token, bracket),
            Kind::Comma if self.is_unclosed(Bracket::Array) => self.close_missing(),
            Kind::Comma | Kind::Colon => self.drop(token),
            Kind::Open(_) if doubled => self.drop(token),
            Kind::Open(bracket) => return self.open(token, bracket),
            _ if self.is_key_like(token) && self.lacks(Bracket::Object) < 0 => {
                return self.insert_opener(Bracket::Object);
            }
            _ if self.is_key_like(token) && self.lacks(Bracket::Array) > 0 && self.levels.len() > 1 => {
                self.close_missing();
            }
            _ => self.scalar(token),
        }
        Ok(())
    }

    /// Whether the closing bracket of an empty object or array is missing here.
    fn is_unclosed(&self, bracket: Bracket) -> bool {
        self.lacks(bracket) > 0 && self.tokens[self.at - 1].kind == Kind::Open(bracket)
    }

    /// Whether an opening bracket was typed twice.
    fn is_doubled(&self, token: &Token) -> bool {
        let before = self.at.checked_sub(1).map(|before| self.tokens[before]);
        let is_same = |other: &Token| other.kind == token.kind;
        matches!(token.kind, Kind::Open(bracket) if self.lacks(bracket) > 0)
            && before.is_some_and(|before| is_same(&before) && before.span.end == token.span.start)
            && !self.tokens.get(self.at + 1).is_some_and(is_same)
    }

    fn key(&mut self, token: &Token) -> Result<(), TooDeep> {
        match token.kind {
            Kind::Close(Bracket::Object) => self.close(token),
            Kind::Close(bracket) => self.wrong_closer(token, bracket),
            Kind::Comma if self.is_unclosed(Bracket::Object) => self.close_missing(),
            Kind::Comma => self.drop(token),
            Kind::Open(_) if self.is_doubled(token) => self.drop(token),
            Kind::Open(_) if self.lacks(Bracket::Object) > 0 && self.is_element() => self.close_missing(),
            Kind::Open(_) | Kind::Colon | Kind::End => {
                self.report(messages::unexpected(token, "a field name in double quotes", "expected a field name"));
                self.skip();
            }
            _ if self.belongs_outside(token) => self.close_missing(),
            _ => self.name(token),
        }
        Ok(())
    }

    /// Whether the innermost object is an element of an array.
    fn is_element(&self) -> bool {
        self.levels.iter().rev().nth(1).is_some_and(|level| level.bracket == Bracket::Array)
    }

    fn colon(&mut self, token: &Token) {
        let next = self.tokens.get(self.at + 1).map_or(Kind::End, |next| next.kind);
        let starts_value = next.is_scalar() && !self.is_key(self.at + 1) || matches!(next, Kind::Open(_));
        match token.kind {
            Kind::Colon => {
                self.problem(token, false);
                self.at += 1;
                self.state = State::Value;
            }
            Kind::Comma if starts_value => {
                self.report(messages::unexpected(token, "`:` after this field name", "expected `:`"));
                self.at += 1;
                self.state = State::Value;
            }
            Kind::Open(_) => self.missing_colon(token),
            kind if kind.is_scalar() && !self.is_key(self.at) => self.missing_colon(token),
            _ => self.missing_value("`:` and a value after this field name", token),
        }
    }

    fn missing_colon(&mut self, token: &Token) {
        let flaw = messages::missing(self.end, "`:` after this field name", "a colon", token);
        self.report_missing(flaw.help("put `:` between a field name and its value"));
        self.state = State::Value;
    }

    fn missing_value(&mut self, expected: &str, token: &Token) {
        let flaw = messages::missing(self.before(), expected, "a value", token);
        self.report_missing(flaw.help("give the field a value"));
        self.null();
    }

    /// The end of the token before.
    fn before(&self) -> usize {
        self.at.checked_sub(1).map_or(self.end, |before| self.tokens[before].span.end)
    }

    /// A value that is not in the text.
    fn null(&mut self) {
        self.end = self.before();
        let id = self.start(self.end, Entry::UNKNOWN);
        self.table.close(id, self.end);
        self.last = Some(id);
        self.touched = false;
        self.state = State::After;
    }

    fn after(&mut self, token: &Token, bracket: Bracket) -> Result<(), TooDeep> {
        let is_object = bracket == Bracket::Object;
        let next = if is_object { State::Key } else { State::Element };
        match token.kind {
            Kind::Comma => {
                self.problem(token, false);
                self.at += 1;
                self.state = next;
            }
            Kind::Close(kind) if kind == bracket => self.close(token),
            Kind::Close(kind) => self.wrong_closer(token, kind),
            Kind::Colon if is_object && self.is_key(self.at + 1) => {
                self.report(messages::unexpected(token, &messages::after_value(bracket), "expected `,`"));
                self.at += 1;
                self.state = next;
            }
            _ if self.starts_next(token, is_object) => {
                let is_sure = self.lacks == [0, 0] && self.sound_until == usize::MAX;
                let sound_until = self.sound_until;
                self.report_missing(messages::missing_comma(self.end, bracket, token, is_sure));
                // Nothing is in another place because of it.
                self.sound_until = sound_until;
                self.state = next;
            }
            _ => {
                self.report(messages::unexpected(token, &messages::after_value(bracket), "unexpected"));
                self.skip();
            }
        }
        Ok(())
    }

    /// Whether a further field or element starts at a token, with no more than the comma before it and the colon in it
    /// missing.
    fn starts_next(&self, token: &Token, is_object: bool) -> bool {
        let starts_value =
            |at: usize| matches!(self.tokens[at].kind, Kind::Open(_)) || self.tokens[at].kind.is_scalar();
        if !is_object {
            return starts_value(self.at);
        }
        let lacks_colon = || {
            let behind = self.tokens[self.at + 1].partner + 1;
            starts_value(self.at + 1)
                && (matches!(self.tokens[behind].kind, Kind::Comma | Kind::Close(_)) || self.is_key(behind))
        };
        self.is_key_like(token) || (token.kind == Kind::Text && lacks_colon())
    }

    /// Skips tokens up to a comma, a closing bracket, or the name of a field.
    fn skip(&mut self) {
        self.state = State::After;
        loop {
            let token = self.tokens[self.at];
            match token.kind {
                Kind::Comma | Kind::Close(_) | Kind::End => break,
                kind if kind.is_scalar() && self.reported != self.at && self.is_key(self.at) => break,
                _ => self.at = token.partner.max(self.at) + 1,
            }
            self.reported = self.at;
        }
    }

    /// Leaves out a token that was typed twice.
    fn drop(&mut self, token: &Token) {
        self.report(messages::extra(token));
        match token.kind {
            Kind::Open(bracket) => self.lacks[bracket as usize] -= 1,
            Kind::Close(bracket) => {
                self.lacks[bracket as usize] += 1;
                // It may be any of the closing brackets before it.
                let first = self.text.find(['}', ']']).unwrap_or(0);
                self.sound_until = self.sound_until.min(first);
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

    fn insert_opener(&mut self, bracket: Bracket) -> Result<(), TooDeep> {
        let token = self.tokens[self.at];
        self.report(messages::missing_opener(token.span.start, bracket));
        self.lacks[bracket as usize] += 1;
        self.touched = true;
        self.push(&token, bracket, None)
    }

    fn push(&mut self, token: &Token, bracket: Bracket, opener: Option<usize>) -> Result<(), TooDeep> {
        if self.levels.len() == usize::from(MAX_DEPTH) {
            return Err(TooDeep(token.span.start));
        }
        self.align(token);
        let (kind, state) = match bracket {
            Bracket::Object => (Entry::OBJECT, State::Key),
            Bracket::Array => (Entry::ARRAY, State::Element),
        };
        let has_key = self.key.is_some();
        let id = self.start(token.span.start, kind);
        if std::mem::take(&mut self.touched) && has_key {
            self.table.flag(id, Entry::UNKNOWN);
        }
        let place = self.levels.last().map_or(Place::Root, |level| level.next).inside(bracket);
        let next = place.element(bracket);
        self.levels.push(Level { id, bracket, opener, has_key, indent: self.line, inner: None, place, next, seen: 0 });
        self.state = state;
        Ok(())
    }

    /// Notes the indentation of the first field or element that starts a line.
    fn align(&mut self, token: &Token) {
        if let Some(level) = self.levels.last_mut() {
            level.inner = level.inner.or(token.indent);
        }
    }

    fn close(&mut self, token: &Token) {
        let Some(level) = self.levels.last() else { return };
        let (bracket, indent) = (level.bracket, level.indent);
        let comma = self.at.checked_sub(1).map(|before| self.tokens[before]).filter(|it| it.kind == Kind::Comma);
        // A bracket that starts a line closes the one whose line has the same indentation.
        let outer = self.levels.iter().rev().nth(1);
        let is_outer = token.indent.is_some_and(|own| {
            own != indent && outer.is_some_and(|outer| outer.bracket == bracket && outer.indent == own)
        });
        if is_outer && self.lacks(bracket) > 0 {
            return self.close_missing();
        }
        if self.lacks(bracket) < 0 && token.indent != Some(indent) && self.goes_on(bracket) {
            return self.drop(token);
        }
        if let Some(comma) = comma.filter(|_| self.flavour == Flavour::Strict && self.state != State::After) {
            let is_reported = self.at > 1 && self.tokens[self.at - 2].is_cut;
            if !is_reported {
                self.flaws.push(messages::trailing_comma(comma.span, bracket));
            }
        }
        self.at += 1;
        self.end = token.span.end;
        self.pop(token.span.end, false);
    }

    /// Whether the fields of an object, or the elements of an array, go on behind the closing bracket.
    fn goes_on(&self, bracket: Bracket) -> bool {
        let next = self.at + 1 + usize::from(self.tokens[self.at + 1].kind == Kind::Comma);
        let Some(token) = self.tokens.get(next) else { return false };
        match bracket {
            Bracket::Array => next > self.at + 1 && token.kind.is_scalar() && !self.is_key(next),
            Bracket::Object => {
                token.kind.is_scalar()
                    && self.is_key(next)
                    && self.fit(self.levels.len() - 1, token)
                        > self.levels.len().checked_sub(2).map_or(i32::MIN, |outer| match self.levels[outer].bracket {
                            Bracket::Object => self.fit(outer, token),
                            Bracket::Array => 0,
                        })
            }
        }
    }

    /// Ends the innermost level at byte `end`.
    fn pop(&mut self, end: usize, is_guessed: bool) {
        let Some(level) = self.levels.pop() else { return };
        match level.bracket {
            Bracket::Object => self.table.close_object(level.id, end, self.text),
            Bracket::Array => self.table.close(level.id, end),
        }
        if is_guessed && level.has_key && level.place != Place::Connections {
            self.table.flag(level.id, Entry::UNKNOWN);
        }
        self.last = Some(level.id);
        self.touched = false;
        self.state = State::After;
    }

    /// Closes the innermost level, whose closing bracket is missing.
    fn close_missing(&mut self) {
        let Some(level) = self.levels.last() else { return };
        let bracket = level.bracket;
        self.report(messages::missing_closer(self.end, bracket, level.opener));
        self.lacks[bracket as usize] -= 1;
        self.pop(self.end, true);
        // A comma before it was that of the outer level.
        let after_comma = self.at.checked_sub(1).is_some_and(|before| self.tokens[before].kind == Kind::Comma);
        if let Some(outer) = self.levels.last().filter(|_| after_comma) {
            self.state = if outer.bracket == Bracket::Object { State::Key } else { State::Element };
        }
    }

    /// A closing bracket of the other kind than the innermost open one.
    fn wrong_closer(&mut self, token: &Token, bracket: Bracket) {
        let Some(level) = self.levels.last() else { return };
        let own = level.bracket;
        let is_open = self.levels.iter().any(|level| level.bracket == bracket);
        if self.lacks(own) > 0 && self.lacks(bracket) >= 0 && is_open {
            self.close_missing();
        } else if self.lacks(own) <= 0 && self.lacks(bracket) < 0 {
            self.drop(token);
        } else {
            self.report(messages::wrong_closer(token, own, level.opener));
            self.lacks[own as usize] -= 1;
            self.lacks[bracket as usize] += 1;
            self.at += 1;
            self.end = token.span.end;
            self.pop(token.span.end, true);
        }
    }

    /// What is behind the end of the text, if anything is; false at the end.
    fn behind(&mut self, token: &Token) -> bool {
        match token.kind {
            Kind::End => false,
            Kind::Close(bracket) if self.lacks(bracket) < 0 => {
                self.drop(token);
                true
            }
            _ => {
                self.report(messages::after_the_end(token));
                false
            }
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
        let flaw = match open[..] {
            [(bracket, opener)] if self.state == State::After => messages::missing_closer(self.end, bracket, opener),
            _ => messages::cut_off(self.before(), missing, &open),
        };
        self.report_missing(flaw);
        if missing.is_some() {
            self.null();
        }
        while let Some(level) = self.levels.last() {
            self.table.flag(level.id, Entry::UNKNOWN);
            self.pop(self.end, false);
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
        if self.lacks.iter().all(|lacks| *lacks <= 0) {
            return false;
        }
        let here = self.fit(self.levels.len() - 1, token);
        let mut lacks = self.lacks;
        for outer in (0..self.levels.len() - 1).rev() {
            let closed = self.levels[outer + 1].bracket as usize;
            lacks[closed] -= 1;
            if lacks[closed] < 0 {
                return false;
            }
            if self.levels[outer].bracket == Bracket::Object && self.fit(outer, token) > here {
                return true;
            }
        }
        false
    }

    fn problem(&mut self, token: &Token, is_key: bool) {
        if let Some(flaw) = messages::of_token(token, is_key) {
            self.flaws.push(flaw);
            self.harmless = false;
        }
    }

    fn name(&mut self, token: &Token) {
        self.problem(token, true);
        self.align(token);
        let (text, is_plain) = self.text_of(token);
        self.touched |= token.is_guessed || !is_plain;
        let raw = &self.text[token.content.start..token.content.end];
        let quoted = self.text[token.span.start..].starts_with('"') && is_plain && !token.is_guessed;
        let is_escaped = quoted && raw.contains('\\');
        let flags = if is_escaped { Entry::KEY_ESCAPED } else { 0 };
        if let Some(level) = self.levels.last_mut() {
            level.next = level.place.field(&mut level.seen, raw);
        }
        self.key = Some(Key { is_owned: !quoted || is_escaped, text, span: token.span, flags });
        self.at += 1;
        self.end = token.span.end;
        self.state = State::Colon;
    }

    /// Starts a value.
    fn start(&mut self, at: usize, kind: u16) -> EntryId {
        let Some(key) = self.key.take() else {
            return self.table.open(at, Span::default(), kind);
        };
        let word = if key.is_owned { Word::NONE } else { Word::of(&key.text) };
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
        let raw = &self.text[token.span.start..token.span.end];
        let kind = match token.kind {
            Kind::Literal if raw == "true" => Entry::TRUE,
            Kind::Literal if raw == "false" => Entry::FALSE,
            Kind::Number if token.problem.is_none() => Entry::NUMBER,
            Kind::Text | Kind::Word => Entry::TEXT,
            _ => 0,
        };
        let id = self.start(token.span.start, kind);
        let mut is_damaged = std::mem::take(&mut self.touched) | token.is_guessed;
        if kind == Entry::TEXT {
            let (text, is_plain) = self.text_of(token);
            is_damaged |= !is_plain;
            self.table.own_text(id, text);
        }
        is_damaged |= token.kind != Kind::Text && token.problem.is_some();
        self.table.close(id, token.span.end);
        if is_damaged {
            self.table.flag(id, Entry::UNKNOWN);
        }
        self.last = Some(id);
        self.at += 1;
        self.end = token.span.end;
        self.state = State::After;
    }

    /// The text of a string or a word, and whether JSON allows all that it contains.
    fn text_of(&mut self, token: &Token) -> (String, bool) {
        let Span { start, end } = token.content;
        let bytes = self.text.as_bytes();
        if token.kind != Kind::Text {
            return (self.text[start..end].to_owned(), true);
        }
        let mut text = String::with_capacity(end - start);
        let mut flaws = Vec::new();
        let mut at = start;
        while at < end {
            let run = at;
            match bytes[at] {
                b'\\' => {
                    let unit = (bytes.get(at + 1) == Some(&b'u')).then(|| hex4(bytes, at + 2)).flatten();
                    if let Some((character, after)) = escape(bytes, at).filter(|(_, after)| *after <= end) {
                        text.push(character);
                        at = after;
                    } else if token.is_cut && at + 12 > end {
                        // The text ends inside the escape.
                        at = end;
                    } else if unit.is_some() && at + 6 <= end {
                        text.push('\u{FFFD}');
                        at += 6;
                        flaws.push(messages::half_character(Span::new(run, at)));
                    } else if bytes.get(at + 1) == Some(&b'\'') && token.problem.is_some() {
                        // A quote of another kind may be escaped between its like.
                        text.push('\'');
                        at += 2;
                    } else {
                        at += 1 + self.text[at + 1..end].chars().next().map_or(0, char::len_utf8);
                        text.push_str(&self.text[run..at]);
                        flaws.push(messages::unknown_escape(Span::new(run, at)));
                    }
                }
                byte if byte < 0x20 => {
                    // A run of them is one mistake.
                    at += bytes[at..end].iter().take_while(|byte| **byte < 0x20).count();
                    text.push_str(&self.text[run..at]);
                    if !(token.is_guessed && matches!(byte, b'\n' | b'\r')) {
                        flaws.push(messages::control(Span::new(run, at), byte));
                    }
                }
                _ => {
                    at += bytes[at..end].iter().take_while(|byte| **byte >= 0x20 && **byte != b'\\').count();
                    text.push_str(&self.text[run..at]);
                }
            }
        }
        let is_plain = flaws.is_empty();
        self.harmless &= is_plain;
        flaws.into_iter().for_each(|flaw| self.flaws.push(flaw));
        (text, is_plain)
    }
}
