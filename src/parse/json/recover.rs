//! Error recovery after a syntax error.
//!
//! A [`Reader`] accepts one token after another. If it rejects a token, repairs are tried at this token and at the few
//! tokens before it: a separator, a value, a bracket or a quote is missing or doubled. The repair that lets the reader
//! get furthest is the reported mistake. If none helps, tokens are skipped up to the next separator, closing bracket or
//! field (panic mode). Only the first searches of a text are thorough, so the time stays linear.
//!
//! The effect of a missing or doubled bracket may be visible only at the end of the text. So the text is read twice,
//! once with a reader that also rejects a field that fits another object better, by its indentation or by its name. The
//! reading with fewer mistakes is used.

mod build;
mod lexer;
mod messages;
mod problems;
mod reader;
mod repairs;
mod token;

use std::cmp::Reverse;

use self::build::Builder;
use self::lexer::Lexer;
use self::reader::{Reader, State};
use self::repairs::{Mistake, Repair};
use self::token::{Kind, Token};
use super::{Flavor, MAX_DEPTH};
use crate::diagnostic::Diagnostic;
use crate::document::{Comment, Document};
use crate::parse::Parsed;
use crate::text::order::sort_by_key;
use crate::text::{Source, Span};

/// Maximum number of reported mistakes in one text.
const MOST: usize = 50;

/// Number of tokens before the rejected one at which repairs are also tried.
const NEAR: usize = 3;

/// The mistakes, in the order of the text. Only the first ones are kept, because there can be millions.
#[derive(Default)]
struct Flaws {
    listed: Vec<Diagnostic>,
    count: usize,
    /// Whether there is a mistake other than a comment or a trailing comma.
    is_damaged: bool,
    /// The byte after which the text may have a different meaning than it was parsed with.
    doubt: Option<usize>,
}

impl Flaws {
    fn push(&mut self, flaw: Diagnostic) {
        self.count += 1;
        if self.listed.len() <= MOST {
            self.listed.push(flaw);
        }
    }

    fn damage(&mut self, flaw: Diagnostic) {
        self.is_damaged = true;
        self.push(flaw);
    }

    fn doubt(&mut self, from: usize) {
        self.is_damaged = true;
        self.doubt = self.doubt.into_iter().chain([from]).min();
    }
}

/// Parses a text that the fast parser rejected. This is rarely called, and large: if it were inlined, it would be
/// compiled with every first check.
#[inline(never)]
pub(super) fn read(source: &Source, flavor: Flavor) -> Parsed {
    let text = source.text();
    let lexer = Lexer::new(text, flavor);
    let root = lexer.next(0, false);
    let has_colon = || matches!(lexer.next(root.span.end, false).kind, Kind::End | Kind::Colon);
    match root.kind {
        Kind::End => return Parsed::broken(source, messages::nothing(text)),
        Kind::Open(_) | Kind::Close(_) => {}
        Kind::Text | Kind::Number | Kind::Literal if has_colon() => {}
        _ => return Parsed::broken(source, messages::not_json(root.span.start)),
    }
    let [by_layout, plain] = [true, false].map(|by_layout| Recovery::read(lexer, by_layout));
    let best = if by_layout.flaws.count <= plain.flaws.count { by_layout } else { plain };
    let Recovery { tokens, flaws, too_deep, .. } = best;
    let (mut builder, mut comments, mut end) = (Builder::new(text), Vec::new(), 0);
    for token in tokens {
        if token.is_in_text() {
            lexer.blanks(end, &mut |span, problem| match problem {
                // Inside a string without its opening quote.
                _ if span.start >= token.span.start => {}
                Some(problem) => builder.flaws.damage(messages::problem(problem, span, "")),
                None => {
                    comments.push(Comment { span });
                    if flavor == Flavor::Strict {
                        builder.flaws.push(messages::comment(span));
                    }
                }
            });
            end = token.span.end;
        }
        builder.take(&token);
    }
    let Builder { table, flaws: more, .. } = builder;
    let mut document = table.into_document(source.clone(), comments);
    let count = flaws.count + more.count;
    let mut listed = flaws.listed;
    listed.extend(more.listed);
    if let Some(at) = too_deep {
        listed.retain(|flaw| flaw.span().start < at);
        listed.push(Diagnostic::too_deep(Span::new(at, at + 1), MAX_DEPTH));
        document = Document::unreadable(source.clone());
    } else if listed.is_empty() {
        // The two parsers disagree, and the fast one is right.
        listed.push(messages::not_json(root.span.start));
    }
    sort_by_key(&mut listed, |flaw| (flaw.span().start, flaw.span().end));
    listed.truncate(MOST + 1);
    if let Some(next) = listed.get(MOST).map(Diagnostic::span) {
        listed[MOST] = messages::too_many(next, MOST, count - MOST);
    }
    if flaws.doubt.is_some() {
        // After a fix, the guesses about quotes and brackets may change.
        for flaw in &mut listed {
            flaw.fix = None;
        }
    }
    document.damaged |= flaws.is_damaged || more.is_damaged;
    document.sound_until = flaws.doubt.unwrap_or(usize::MAX);
    Parsed { document, flaws: listed }
}

#[derive(Default)]
struct Recovery<'t> {
    reader: Reader<'t>,
    /// The accepted tokens, including those of repairs.
    tokens: Vec<Token>,
    /// The states before the last few tokens.
    history: Vec<Reader<'t>>,
    flaws: Flaws,
    searches: usize,
    too_deep: Option<usize>,
}

impl<'t> Recovery<'t> {
    fn read(lexer: Lexer<'t>, by_layout: bool) -> Self {
        let reader = Reader { lexer, by_layout, ..Reader::default() };
        let mut recovery = Self { reader, ..Self::default() };
        while recovery.step() {}
        recovery
    }

    /// Accepts a token, or repairs the text there. Returns whether there is more to read.
    fn step(&mut self) -> bool {
        let token = self.reader.next();
        let can_open = matches!(self.reader.state, State::Value | State::Element);
        if token.kind == Kind::End {
            self.end();
            self.tokens.push(token);
            return false;
        }
        if can_open && matches!(token.kind, Kind::Open(_)) && self.reader.levels.len() == usize::from(MAX_DEPTH) {
            self.too_deep = Some(token.span.start);
            return false;
        }
        if self.history.len() > NEAR {
            self.history.remove(0);
        }
        self.history.push(self.reader.clone());
        if self.reader.is_sound(&token) && self.reader.accept(&token) {
            self.tokens.push(token);
            return true;
        }
        let is_repaired = self.repair(&token);
        self.history.clear();
        if is_repaired {
            return true;
        }
        if self.reader.accept(&token) {
            self.tokens.push(token);
            return true;
        }
        self.flaws.damage(messages::unexpected(&self.reader, &token));
        self.flaws.doubt(token.span.start);
        let goes_on = !self.reader.is_complete();
        if goes_on {
            self.skip(token);
        }
        goes_on
    }

    /// Applies the repair that lets the reader get furthest. After many mistakes, only repairs at the rejected token
    /// are tried, and none of strings: searching further each time would take too long.
    fn repair(&mut self, token: &Token) -> bool {
        self.searches += 1;
        let is_thorough = self.searches <= MOST;
        let (near, more) = if is_thorough { (NEAR + 1, self.start_of_list()) } else { (1, None) };
        let mut furthest = (0, Reverse(Mistake::OpeningQuote));
        let mut best: Option<(&Reader, Repair)> = None;
        for reader in self.history.iter().rev().take(near).chain(&more) {
            for repair in repairs::repairs(reader, is_thorough) {
                let reached = (repairs::reached(reader, &repair, token), Reverse(repair.mistake));
                if reached.0 > 0 && (best.is_none() || reached > furthest) {
                    (furthest, best) = (reached, Some((reader, repair)));
                }
            }
        }
        let Some((reader, repair)) = best else { return false };
        let found = reader.next();
        let is_comma = repair.mistake == Mistake::Rest && reader.state == State::After;
        if let Some(flaw) = messages::of_repair(&repair, reader, &found) {
            let start = flaw.span().start;
            self.flaws.push(flaw);
            match repair.mistake {
                // A trailing comma.
                Mistake::Token => {}
                // A comma affects no other position.
                Mistake::Rest if is_comma => self.flaws.is_damaged = true,
                // Any of the closing brackets before it may be the extra one.
                Mistake::Extra if matches!(found.kind, Kind::Close(_)) => {
                    self.flaws.doubt(self.reader.lexer.text.find(&['}', ']'] as &[char]).unwrap_or(0));
                }
                _ => self.flaws.doubt(start),
            }
        } else if repair.lacks_rest {
            // The text after the token is incomplete.
            self.flaws.doubt(found.span.start);
        }
        self.tokens.truncate(reader.taken);
        self.reader = reader.clone();
        repair.make(&mut self.reader, &mut self.tokens)
    }

    /// The state before the last value of a field, which may be the first element of a list without its opening
    /// bracket.
    fn start_of_list(&self) -> Option<Reader<'t>> {
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate().rev() {
            match token.kind {
                Kind::Close(_) => depth += 1,
                Kind::Open(_) => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 && (at == 0 || self.tokens[at - 1].kind == Kind::Colon) {
                let start = token.span.start;
                return Some(Reader { state: State::Value, at: start, taken: at, ..self.reader.clone() });
            }
        }
        None
    }

    /// Closes all levels at the end of the text. This is one mistake, however much is missing.
    fn end(&mut self) {
        if self.reader.is_complete() {
            return;
        }
        let at = self.reader.at;
        let is_cut = |token: &Token| {
            (token.is_guessed || token.problem.is_some()) && self.reader.lexer.ends_line(token.span.end)
        };
        if !self.tokens.iter().rfind(|token| token.kind.is_scalar()).is_some_and(is_cut) {
            self.flaws.push(messages::cut_off(&self.reader));
        }
        self.flaws.doubt(at);
        repairs::complete(&mut self.reader, &mut self.tokens);
        // The rest of their content is unknown.
        while let Some(level) = self.reader.levels.pop() {
            self.tokens.push(Token::new(Kind::Close(level.bracket), at, at).guessed());
        }
    }

    /// Skips tokens up to a comma, a closing bracket, or the name of a field.
    fn skip(&mut self, mut token: Token) {
        let mut depth = 0_usize;
        loop {
            match token.kind {
                Kind::Open(_) => depth += 1,
                Kind::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.reader.at = token.span.end;
            token = self.reader.next();
            let is_name = token.kind.is_scalar() && self.reader.lexer.next(token.span.end, false).kind == Kind::Colon;
            let is_end = matches!(token.kind, Kind::Comma | Kind::Close(_)) || is_name;
            if token.kind == Kind::End || depth == 0 && is_end {
                break;
            }
        }
        if matches!(self.reader.state, State::Key | State::Element) {
            self.reader.state = State::After;
        }
        repairs::complete(&mut self.reader, &mut self.tokens);
    }
}
