//! Reading on after a mistake.
//!
//! A forgiving lexer and a pushdown machine read the text up to the first token that cannot stand where it stands. Then
//! every single small edit around it (and, for brackets, before it) is tried: a bracket, comma, colon or quote more or
//! less. The edit after which the rest reads best is taken, the mistake is told, and reading goes on. What is best:
//! it reaches the end, then what it makes of the text fits the API and the text's own indentation, then it is near.
//! (The idea is Burke and Fisher's, "A practical method for LR and LL syntactic error diagnosis and recovery", 1987.)
//!
//! At last the text is read once more with all edits in place, into a value and a table whose offsets are the source's.

mod build;
mod grammar;
mod lexer;
mod sentences;

use std::cmp::Reverse;

use self::grammar::{Grammar, Mark, Refusal, State};
use self::lexer::{Aside, AsideKind, Bracket, Dropped, Kind, Lexer, Mend, Patch, Token};
use super::{Flavor, MAX_DEPTH};
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::parse::Parsed;
use crate::text::{Source, Span};

/// Most mistakes that are told of one text.
const MOST: usize = 50;

/// Work that may be done while edits are tried, in bytes read, before no more are: what keeps the whole linear. One
/// mistake in a definition of a few thousand bytes needs less than a hundredth of it.
const WORK: usize = 1 << 23;

/// The least work that each mistake is given, however many there were before.
const LEAST_WORK: usize = 1 << 16;

/// What an attempt costs besides the bytes it reads.
const ATTEMPT: usize = 64;

/// How many attempts at least fit into the work for one mistake: so far ahead each may look.
const ATTEMPTS: usize = 128;

/// Bytes around a mistake in which a quote may be missing or superfluous.
const WINDOW: usize = 1 << 14;

/// Most places in which one missing quote is looked for.
const MOST_QUOTES: usize = 256;

/// What speaks against leaving out a value, in misfits.
const LOSS: u32 = 4;

/// How many tokens back a missing or superfluous bracket is looked for.
const FAR: usize = 4096;

/// Reads a text that the strict reader refused at byte `at`.
// Rarely called, and large: where it would be inlined, it would be compiled with every first check.
#[inline(never)]
pub(super) fn read(source: &Source, flavor: Flavor, at: usize) -> Parsed {
    let text = source.text();
    let start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let (grammar, mark) = Grammar::new(flavor, start);
    let mut search = Search {
        lexer: Lexer::new(text),
        flavor,
        grammar,
        patches: Vec::new(),
        points: Vec::new(),
        flaws: Vec::new(),
        work: WORK,
        cut: None,
        gave_up: None,
    };
    let end = search.run(mark);
    let Search { lexer, patches, mut flaws, cut, gave_up, .. } = search;
    match end {
        Ok(()) => {}
        Err(Stopped::Empty) => return Parsed::broken(source, sentences::only_comments(text, start)),
        Err(Stopped::NotJson(span)) => return Parsed::broken(source, sentences::not_json(span)),
        Err(Stopped::TooDeep(at)) => {
            flaws.push(Diagnostic::too_deep(Span::new(at, at + 1), MAX_DEPTH));
            return Parsed { document: Document::unreadable(source.clone()), flaws: told(flaws, 0, gave_up) };
        }
    }
    let Some(built) = build::build(&lexer, flavor, start, &patches, cut) else {
        flaws.push(Diagnostic::syntax(Span::at(at), "this is not JSON", "reading stopped here"));
        return Parsed { document: Document::unreadable(source.clone()), flaws: told(flaws, 0, gave_up) };
    };
    if let Some(span) = built.only_a_word {
        return Parsed::broken(source, sentences::not_json(span));
    }
    let harmless = flaws.is_empty() && built.harmless;
    flaws.extend(built.flaws.told);
    if flaws.is_empty() {
        // The two readers disagree; the strict one is right.
        flaws.push(Diagnostic::syntax(Span::at(at), "this is not JSON", "unexpected"));
    }
    let mut document = built.table.into_document(source.clone(), built.comments);
    document.damaged = !harmless;
    document.sound_until = sound_until(text, &patches);
    Parsed { document, flaws: told(flaws, built.flaws.more, gave_up) }
}

/// The byte up to which everything certainly stands where it seems to, however the mistakes were mended. An edit may lie
/// far before the place where the strict reader stops; and of closing brackets that are too many, each may be the wrong one.
fn sound_until(text: &str, patches: &[Patch]) -> usize {
    let is_closer = |at: usize| matches!(text.as_bytes().get(at), Some(b'}' | b']'));
    let place = |patch: &Patch| {
        let takes_out = matches!(patch.mend, Mend::Drop | Mend::Become(_) | Mend::Skip(..) | Mend::Stop);
        let first = || text.find(['}', ']']).unwrap_or(patch.at);
        if takes_out && is_closer(patch.at) { first() } else { patch.at }
    };
    patches.iter().map(place).min().unwrap_or(usize::MAX)
}

/// The flaws in the order of the text, and not too many; there are `more` behind them, and `gave_up` is the first that
/// was not even looked at.
fn told(mut flaws: Vec<Diagnostic>, more: usize, gave_up: Option<Span>) -> Vec<Diagnostic> {
    flaws.sort_by_key(|flaw| (flaw.span().start, flaw.span().end));
    let more = flaws.len().saturating_sub(MOST) + more;
    if let Some(next) = flaws.get(MOST).map(crate::diagnostic::Diagnostic::span).or(gave_up) {
        flaws.truncate(MOST);
        flaws.push(sentences::too_many(next, MOST, more, gave_up.is_some()));
    }
    flaws
}

/// A token, and everything before it.
#[derive(Debug, Clone, Copy)]
struct Point {
    mark: Mark,
    token: Token,
}

/// Why nothing of the text can be used.
enum Stopped {
    TooDeep(usize),
    NotJson(Span),
    /// There is no token at all.
    Empty,
}

/// How far reading went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// Up to a token that cannot stand where it stands.
    Mistake(usize),
    /// Up to the end, where so many brackets are still open.
    Unclosed(Reverse<usize>),
    /// Up to the end, or as far as anyone looks.
    End,
}

/// An edit that was tried.
#[derive(Debug, Clone, Copy)]
struct Tried {
    from: usize,
    first: Patch,
    second: Option<Patch>,
    reach: Reach,
    cost: u32,
    /// Tokens read behind the mistake.
    behind: usize,
}

impl Tried {
    /// Leaves out the token at byte `at`.
    const fn skip(from: usize, at: usize) -> Self {
        let first = Patch { at, mend: Mend::Drop };
        Self { from, first, second: None, reach: Reach::End, cost: 0, behind: 0 }
    }
}

struct Search<'t> {
    lexer: Lexer<'t>,
    flavor: Flavor,
    grammar: Grammar,
    /// The edits that were decided on, in the order of the text.
    patches: Vec<Patch>,
    /// The tokens so far; of a long text the last ones.
    points: Vec<Point>,
    flaws: Vec<Diagnostic>,
    /// The work that is left for trying edits.
    work: usize,
    /// Where the text ends as if the rest had been cut off.
    cut: Option<usize>,
    /// The mistake at which reading was given up.
    gave_up: Option<Span>,
}

impl Search<'_> {
    /// Finds and mends mistakes until the text can be read to its end.
    fn run(&mut self, mut mark: Mark) -> Result<(), Stopped> {
        loop {
            let before = mark;
            let token = self.next(&mut mark);
            if self.points.len() == 2 * FAR {
                self.points.drain(..FAR);
            }
            self.points.push(Point { mark: before, token });
            match self.grammar.step(&mut mark, &token, self.lexer.text) {
                Ok(()) if token.kind == Kind::End => return Ok(()),
                Ok(()) => {}
                Err(Refusal::TooDeep) => return Err(Stopped::TooDeep(token.span.start)),
                Err(Refusal::Syntax) => {
                    let from = self.mend(&token)?;
                    mark = self.points[from].mark;
                    self.points.truncate(from);
                    self.grammar.back_to(&mark);
                }
            }
        }
    }

    /// The next token, with the edits in place. What stands between tokens and should not counts as a small mistake.
    fn next(&self, mark: &mut Mark) -> Token {
        let strict = self.flavor == Flavor::Strict;
        let mut small = 0;
        let mut aside = |aside: Aside| small += u32::from(strict || aside.kind != AsideKind::Comment);
        let token = self.lexer.next(&mut mark.cursor, &self.patches, mark.state.takes_value(), &mut aside);
        mark.small += small;
        token
    }

    /// Decides on an edit for a token that cannot stand where it stands, and says from which point to read again.
    ///
    /// Each edit carries the reading further than it came, or leaves less open at the end: this comes to an end.
    fn mend(&mut self, token: &Token) -> Result<usize, Stopped> {
        let here = self.points.len() - 1;
        let mark = self.points[here].mark;
        if token.kind == Kind::End {
            if mark.state != State::After || self.flaws.len() >= MOST {
                return self.complete(token);
            }
            // One bracket short, or several at several places; otherwise the end of a text that was cut off.
            let open = self.grammar.all_open(&mark).len();
            let best = self.search(token).filter(|best| best.reach > Reach::Unclosed(Reverse(open)));
            return match best {
                Some(best) if open == 1 || best.first.at < token.span.start => Ok(self.commit(&best, token)),
                _ => self.complete(token),
            };
        }
        if self.flaws.len() >= MOST {
            self.gave_up = Some(token.span);
            self.patch(Patch { at: token.span.start, mend: Mend::Stop });
            return Ok(here);
        }
        if mark.state == State::End {
            let root = self.points[0].token;
            if root.kind == Kind::Word {
                return Err(Stopped::NotJson(root.span));
            }
            // What stands behind a complete text belongs to it only if that makes sense of more than a token or two.
            let best = self.search(token).filter(|best| best.reach > Reach::Mistake(usize::MAX) || best.behind > 3);
            return match best {
                Some(best) => Ok(self.commit(&best, token)),
                None if root.kind.is_scalar() && here == 1 => Err(Stopped::NotJson(root.span)),
                None => {
                    self.flaws.push(sentences::after_the_end(token));
                    self.patch(Patch { at: token.span.start, mend: Mend::Stop });
                    Ok(here)
                }
            };
        }
        match self.search(token).filter(|best| best.reach > Reach::Mistake(token.span.start)) {
            Some(best) if token.dropped == Dropped::Nothing || best.first.mend != Mend::Drop || best.from != here => {
                Ok(self.commit(&best, token))
            }
            _ => Ok(self.skip(token)),
        }
    }

    /// Leaves out all tokens up to one that can stand here.
    fn skip(&mut self, token: &Token) -> usize {
        let here = self.points.len() - 1;
        let mark = self.points[here].mark;
        // Nothing that was decided further on holds any more.
        self.patches.truncate(mark.cursor.patch);
        let mut ahead = mark;
        let mut dropped = Dropped::Separator;
        let to = loop {
            let next = self.next(&mut ahead);
            let mut there = mark;
            there.cursor = ahead.cursor;
            let fits = self.grammar.step(&mut there, &next, self.lexer.text).is_ok();
            self.grammar.back_to(&mark);
            if next.kind == Kind::End || (fits && next.span.start > token.span.start) {
                break next.span.start;
            }
            if !matches!(next.kind, Kind::Comma | Kind::Colon) {
                dropped = Dropped::Other;
            }
        };
        let at = token.span.start;
        // What follows something that was left out is the same mistake.
        if token.dropped == Dropped::Nothing {
            self.tell(&Tried::skip(here, at), token);
        }
        self.patch(Patch { at, mend: Mend::Skip(to, dropped) });
        here
    }

    /// Puts an edit behind those at the same byte, but before the end.
    fn patch(&mut self, patch: Patch) -> usize {
        let before = |other: &Patch| other.at < patch.at || (other.at == patch.at && other.mend != Mend::Stop);
        let index = self.patches.partition_point(before);
        self.patches.insert(index, patch);
        index
    }

    fn commit(&mut self, best: &Tried, token: &Token) -> usize {
        self.tell(best, token);
        self.patch(best.first);
        if let Some(second) = best.second {
            self.patch(second);
        }
        best.from
    }

    /// Says which mistake an edit mends.
    fn tell(&mut self, best: &Tried, token: &Token) {
        let point = self.points[best.from];
        let flaw = sentences::of_edit(&sentences::Edit {
            mend: best.first.mend,
            at: best.first.at,
            two: best.second.is_some(),
            state: point.mark.state,
            before: point.mark.end,
            token: point.token,
            open: self.grammar.open(&point.mark),
            found: *token,
            found_state: self.points[self.points.len() - 1].mark.state,
            lexer: self.lexer,
        });
        self.flaws.push(flaw);
    }

    /// Closes what is open at the end of the text: one mistake, however much is missing.
    fn complete(&mut self, token: &Token) -> Result<usize, Stopped> {
        let here = self.points.len() - 1;
        let Point { mark, .. } = self.points[here];
        let at = token.span.start;
        let open = self.grammar.all_open(&mark);
        if open.is_empty() {
            return Err(self.flaws.first().map_or(Stopped::Empty, |flaw| Stopped::NotJson(flaw.span())));
        }
        self.cut = Some(at);
        // A string that the end of the text cut off has been told already.
        let last = self.patches.iter().rposition(|patch| patch.mend == Mend::Quote && patch.at + 1 >= mark.end);
        let cut_off = last.is_some() && self.flaws.last().is_some_and(|flaw| flaw.span().end >= mark.end);
        let missing: &[Kind] = match mark.state {
            State::Value => &[Kind::Nothing],
            State::Colon => &[Kind::Colon, Kind::Nothing],
            _ => &[],
        };
        for &kind in missing {
            self.patch(Patch { at, mend: Mend::Insert(kind) });
        }
        for &(bracket, _) in &open {
            self.patch(Patch { at, mend: Mend::Insert(Kind::Close(bracket)) });
        }
        if self.gave_up.is_some() {
            return Ok(here);
        }
        if cut_off {
            if let Some(flaw) = self.flaws.last_mut() {
                flaw.labels.extend(sentences::opened(&open));
            }
        } else {
            self.flaws.push(sentences::cut_off(mark.state, mark.end, &open));
        }
        Ok(here)
    }

    /// Tries every single edit that could have made the mistake, and gives the best.
    fn search(&mut self, token: &Token) -> Option<Tried> {
        let here = self.points.len() - 1;
        let work = (self.work / 4).max(LEAST_WORK);
        let mut trial = Trial {
            best: None,
            mistake: token.span.start,
            horizon: token.span.end.saturating_add(work / ATTEMPTS),
            work,
        };
        let Point { mark, .. } = self.points[here];
        let at = token.span.start;

        // A separator or bracket that was typed twice, left out, or taken for another.
        if here > 0 && self.points[here - 1].token.kind == token.kind && !token.kind.is_scalar() {
            self.attempt(&mut trial, here, at, Mend::Drop);
        }
        let open = self.grammar.open(&mark);
        match mark.state {
            State::Colon => self.attempt(&mut trial, here, at, Mend::Insert(Kind::Colon)),
            State::After => self.attempt(&mut trial, here, at, Mend::Insert(Kind::Comma)),
            _ => {}
        }
        match (mark.state, token.kind, open) {
            (State::Colon, Kind::Comma, _) => self.attempt(&mut trial, here, at, Mend::Become(Kind::Colon)),
            (State::After, Kind::Colon, Some(_)) => self.attempt(&mut trial, here, at, Mend::Become(Kind::Comma)),
            (State::After | State::FirstKey | State::FirstElement, Kind::Close(_), Some((bracket, _))) => {
                self.attempt(&mut trial, here, at, Mend::Become(Kind::Close(bracket)));
            }
            _ => {}
        }

        self.quotes(&mut trial, token);
        self.brackets(&mut trial);

        // A string that goes on over quotes or line breaks.
        for from in (here.saturating_sub(4)..=here).rev() {
            let token = self.points[from].token;
            if token.kind != Kind::Text || self.lexer.bytes.get(token.span.start) != Some(&b'"') {
                continue;
            }
            for end in self.later_quotes(&token) {
                self.attempt(&mut trial, from, token.span.start, Mend::Until(end));
            }
        }

        // A value that was left out, at last a token that makes no sense.
        match mark.state {
            State::Value => self.attempt(&mut trial, here, at, Mend::Insert(Kind::Nothing)),
            State::Colon => {
                let colon = Patch { at, mend: Mend::Insert(Kind::Colon) };
                let nothing = Patch { at, mend: Mend::Insert(Kind::Nothing) };
                self.attempt_both(&mut trial, here, colon, Some(nothing));
            }
            _ => {}
        }
        for from in (here.saturating_sub(2)..=here).rev() {
            let token = self.points[from].token;
            if !token.inserted {
                self.attempt(&mut trial, from, token.span.start, Mend::Drop);
            }
        }
        self.work = self.work.saturating_sub(work - trial.work);
        trial.best
    }

    /// Tries a quote more or less around the mistake.
    fn quotes(&mut self, trial: &mut Trial, token: &Token) {
        let here = self.points.len() - 1;
        for from in (here.saturating_sub(6)..=here).rev() {
            let token = self.points[from].token;
            if token.kind == Kind::Text && self.lexer.bytes.get(token.span.start) == Some(&b'"') {
                self.attempt(trial, from, token.span.start, Mend::DropQuote);
            }
        }
        let low = self.points[here.saturating_sub(16)].mark.end;
        let high = token.span.end.min(low.saturating_add(WINDOW)).max(low);
        let mut places = self.boundaries(low, high);
        places.sort_by_key(|place| place.abs_diff(token.span.start));
        for at in places.into_iter().take(MOST_QUOTES) {
            let from = self.points.partition_point(|point| point.mark.cursor.at < at).saturating_sub(1);
            self.attempt(trial, from, at, Mend::Quote);
        }
    }

    /// Where in a range of bytes a string could start or end: next to a bracket, comma, colon or line break.
    fn boundaries(&self, low: usize, high: usize) -> Vec<usize> {
        let bytes = self.lexer.bytes;
        let is_blank = |byte: u8| matches!(byte, b' ' | b'\t');
        let mut places = Vec::new();
        let mut before = bytes[..low].iter().rev().copied().find(|byte| !byte.is_ascii_whitespace());
        for at in low..=high.min(bytes.len()) {
            let byte = bytes.get(at).copied();
            let after_blank = at > 0 && !bytes[at - 1].is_ascii_whitespace();
            let starts = byte.is_some_and(|byte| !byte.is_ascii_whitespace() && byte != b'"')
                && matches!(before, None | Some(b'{' | b'[' | b',' | b':'));
            let ends = after_blank
                && byte.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'}' | b']' | b',' | b':'))
                && {
                    let next = bytes[at..].iter().copied().find(|&byte| !is_blank(byte));
                    matches!(next, None | Some(b'}' | b']' | b',' | b':' | b'\n' | b'\r'))
                };
            if starts || ends {
                places.push(at);
            }
            if let Some(byte) = byte.filter(|byte| !byte.is_ascii_whitespace()) {
                before = Some(byte);
            }
        }
        places
    }

    /// Tries a bracket more or less, at the mistake and before it.
    fn brackets(&mut self, trial: &mut Trial) {
        let here = self.points.len() - 1;
        let first = here.saturating_sub(FAR);
        for from in (first..=here).rev() {
            let Point { mark, token } = self.points[from];
            let at = token.span.start;
            if matches!(mark.state, State::After | State::FirstKey | State::FirstElement)
                && let Some((bracket, _)) = self.grammar.open(&mark)
            {
                self.attempt(trial, from, at, Mend::Insert(Kind::Close(bracket)));
            }
            if mark.state.takes_value() {
                if here - from <= 8 && (token.kind.is_scalar() || token.kind == Kind::Close(Bracket::Object)) {
                    self.attempt(trial, from, at, Mend::Insert(Kind::Open(Bracket::Object)));
                }
                if token.kind.is_scalar() || token.kind.is_bracket() {
                    self.attempt(trial, from, at, Mend::Insert(Kind::Open(Bracket::Array)));
                }
            }
        }
        let open = self.grammar.all_open(&self.points[here].mark);
        for from in (first..=here).rev() {
            let token = self.points[from].token;
            let at = token.span.start;
            let superfluous = match token.kind {
                Kind::Close(_) => true,
                Kind::Open(_) => here - from <= 4 || open.iter().any(|&(_, opener)| opener == Some(at)),
                _ => false,
            };
            if superfluous && !token.inserted {
                self.attempt(trial, from, at, Mend::Drop);
            }
        }
    }

    /// Quotes behind the one that ends a string and could really end it: on its line those that a comma, colon, bracket
    /// or line break follows, if nothing of that kind follows the first one; and for a string without an end the next.
    fn later_quotes(&self, token: &Token) -> Vec<usize> {
        let bytes = self.lexer.bytes;
        let end = token.span.end;
        let window = &bytes[end..bytes.len().min(end + WINDOW)];
        if token.open {
            return window.iter().position(|&byte| byte == b'"').map(|length| end + length).into_iter().collect();
        }
        let ends = |at: usize| {
            let next = window[at..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
            matches!(next, None | Some(b',' | b':' | b'}' | b']' | b'\n' | b'\r'))
        };
        if ends(0) {
            return Vec::new();
        }
        let line = window.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(window.len());
        let quotes = (0..line).filter(|&at| window[at] == b'"' && ends(at + 1));
        quotes.take(8).map(|length| end + length).collect()
    }

    fn attempt(&mut self, trial: &mut Trial, from: usize, at: usize, mend: Mend) {
        self.attempt_both(trial, from, Patch { at, mend }, None);
    }

    /// Reads on with an edit in place, as long as it can still be the best one.
    fn attempt_both(&mut self, trial: &mut Trial, from: usize, first: Patch, second: Option<Patch>) {
        // What comes later must be better, not as good: edits are tried in the order of how often they are right.
        let bar = trial.best.filter(|best| best.reach == Reach::End).map_or(u32::MAX, |best| best.cost);
        let mut mark = self.points[from].mark;
        if mark.cost() >= bar || trial.work == 0 {
            return;
        }
        trial.work = trial.work.saturating_sub(ATTEMPT);
        let index = self.patch(first);
        if let Some(second) = second {
            self.patch(second);
        }
        let mut behind = 0;
        let reach = loop {
            let before = mark.cursor.at;
            let token = self.next(&mut mark);
            trial.work = trial.work.saturating_sub(mark.cursor.at - before);
            if token.span.start >= trial.horizon {
                break Reach::End;
            }
            if trial.work == 0 {
                break Reach::Mistake(0);
            }
            match self.grammar.step(&mut mark, &token, self.lexer.text) {
                Ok(()) if token.kind == Kind::End => break Reach::End,
                Ok(()) => behind += usize::from(token.span.start >= trial.mistake && !token.inserted),
                Err(_) if token.kind == Kind::End && mark.state == State::After => {
                    break Reach::Unclosed(Reverse(self.grammar.all_open(&mark).len()));
                }
                Err(_) => break Reach::Mistake(token.span.start),
            }
            if mark.cost() >= bar {
                break Reach::Mistake(0);
            }
        };
        self.patches.drain(index..=index + usize::from(second.is_some()));
        let newest = self.points[self.points.len() - 1].mark;
        self.grammar.back_to(&newest);
        // A string or a number that is left out is a loss, unlike a bracket or a comma.
        let loses = first.mend == Mend::Drop && self.points[from].token.kind.is_scalar();
        let tried = Tried { from, first, second, reach, cost: mark.cost() + LOSS * u32::from(loses), behind };
        let better = |best: &Tried| (tried.reach, Reverse(tried.cost)) > (best.reach, Reverse(best.cost));
        if trial.best.as_ref().is_none_or(better) {
            trial.best = Some(tried);
        }
    }
}

/// One search for the best edit.
struct Trial {
    best: Option<Tried>,
    /// The byte of the token that cannot stand where it stands.
    mistake: usize,
    /// The byte behind which nobody looks.
    horizon: usize,
    /// The work that is left for it.
    work: usize,
}
