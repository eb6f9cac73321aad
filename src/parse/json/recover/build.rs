//! The last reading: with all edits in place, text → table.

use super::MOST;
use super::grammar::{Grammar, Mark, State};
use super::lexer::{Aside, AsideKind, Bracket, Dropped, Kind, Lexer, Patch, Token};
use super::sentences::{self, Inside};
use crate::atlas::fields::FieldKey;
use crate::diagnostic::Diagnostic;
use crate::document::{Comment, Entry, EntryId, Table};
use crate::parse::json::{Flavor, escape, hex4, is_in_range, is_remark_like};
use crate::text::Span;

pub(super) struct Built {
    pub table: Table,
    pub comments: Vec<Comment>,
    pub flaws: Flaws,
    /// The only mistakes are comments and commas before a closing bracket: nothing else could have been meant.
    pub harmless: bool,
    /// The whole text is something that JSON does not know.
    pub only_a_word: Option<Span>,
}

/// Mistakes that do not stop the reading. Past those that are told they are only counted: a text can have millions.
#[derive(Debug, Default)]
pub(super) struct Flaws {
    pub told: Vec<Diagnostic>,
    pub more: usize,
}

impl Flaws {
    fn push(&mut self, flaw: impl FnOnce() -> Diagnostic) {
        // One more than are told, so that the first untold one has a place.
        if self.told.len() <= MOST {
            self.told.push(flaw());
        } else {
            self.more += 1;
        }
    }
}

/// Reads the text with its edits; nothing if they do not make it readable. `cut` is the byte at which the text was cut off.
pub(super) fn build(
    lexer: &Lexer,
    flavor: Flavor,
    start: usize,
    patches: &[Patch],
    cut: Option<usize>,
) -> Option<Built> {
    let (mut grammar, mut mark) = Grammar::new(flavor, start);
    let mut builder = Builder {
        lexer,
        table: Table::default(),
        comments: Vec::new(),
        flaws: Flaws::default(),
        harmless: true,
        open: Vec::new(),
        key: None,
        has_root: false,
        last: None,
        touched: false,
        cut: cut.unwrap_or(usize::MAX),
    };
    let mut comma = Span::default();
    let mut root_token = None;
    loop {
        let before = mark;
        let mut asides = Vec::new();
        let token = lexer.next(&mut mark.cursor, patches, before.state.takes_value(), &mut |aside| asides.push(aside));
        for aside in asides {
            builder.aside(aside, flavor);
        }
        root_token.get_or_insert(token);
        let in_connections = grammar.holds_connections(&before);
        grammar.step(&mut mark, &token, lexer.text).ok()?;
        if token.kind == Kind::Comma {
            comma = token.span;
        }
        let trailing = matches!(before.state, State::Key | State::Element) && matches!(token.kind, Kind::Close(_));
        if trailing && flavor == Flavor::Strict && !token.inserted {
            let closer = lexer.text.get(token.span.start..token.span.start + 1).unwrap_or("}");
            builder.flaws.push(|| sentences::trailing_comma(comma, closer));
        }
        if token.kind == Kind::End {
            break;
        }
        builder.take(&before, &token, in_connections);
    }
    let only_a_word = root_token.filter(|token| token.kind == Kind::Word).map(|token| token.span);
    let Builder { table, comments, flaws, harmless, has_root, .. } = builder;
    has_root.then_some(Built { table, comments, flaws, harmless, only_a_word })
}

/// An object or array that is being filled.
struct Frame {
    id: EntryId,
    bracket: Bracket,
    has_key: bool,
}

/// A key whose value has not come yet.
struct Key {
    text: String,
    span: Span,
    flags: u16,
    is_owned: bool,
}

struct Builder<'b> {
    lexer: &'b Lexer<'b>,
    table: Table,
    comments: Vec<Comment>,
    flaws: Flaws,
    harmless: bool,
    open: Vec<Frame>,
    key: Option<Key>,
    /// A value is finished that stands in no other.
    has_root: bool,
    /// The last value that was finished, if it is a field or no container.
    last: Option<EntryId>,
    /// The next value stands where the text is damaged.
    touched: bool,
    /// The byte from which on the text is missing: nobody can say what else should have been in what is open there.
    cut: usize,
}

impl Builder<'_> {
    fn aside(&mut self, aside: Aside, flavor: Flavor) {
        if aside.kind == AsideKind::Comment {
            self.comments.push(Comment { span: aside.span });
            if flavor == Flavor::WithComments {
                return;
            }
        } else {
            self.harmless = false;
        }
        self.flaws.push(|| sentences::of_aside(aside));
    }

    fn take(&mut self, before: &Mark, token: &Token, in_connections: bool) {
        self.blame(before.state, token);
        match token.kind {
            Kind::Open(bracket) => self.enter(bracket, token),
            Kind::Close(_) => self.leave(before, token, in_connections),
            Kind::Comma | Kind::Colon => {
                if let Some(odd) = token.odd {
                    self.harmless = false;
                    self.flaws.push(|| sentences::of_odd(odd, token, false));
                }
            }
            _ if matches!(before.state, State::FirstKey | State::Key) => self.name(token),
            _ => self.scalar(before, token),
        }
    }

    /// Notes which value an edit before this token has touched. One that only moved a comma or a colon touches none.
    fn blame(&mut self, state: State, token: &Token) {
        match (token.dropped, state) {
            (Dropped::Nothing | Dropped::Separator, _) => {}
            (_, State::After) => self.flag_last(),
            (Dropped::Bracket, State::FirstKey | State::FirstElement) => {
                if let Some(frame) = self.open.last().filter(|frame| frame.has_key) {
                    self.table.flag(frame.id, Entry::UNKNOWN);
                }
            }
            _ => self.touched = true,
        }
    }

    fn flag_last(&mut self) {
        if let Some(last) = self.last {
            self.table.flag(last, Entry::UNKNOWN);
        }
    }

    /// Starts a value, and says whether it has a key.
    fn start(&mut self, at: usize, kind: u16) -> (EntryId, bool) {
        let Some(key) = self.key.take() else {
            return (self.table.open(at, Span::default(), kind), false);
        };
        let field_key = if key.is_owned { FieldKey::NONE } else { FieldKey::of(key.text.as_bytes()) };
        let id = self.table.open_named(at, key.span, field_key, kind | key.flags);
        self.table.remarks |= is_remark_like(key.text.as_bytes());
        if key.is_owned {
            self.table.own_key(id, key.text);
        }
        (id, true)
    }

    fn enter(&mut self, bracket: Bracket, token: &Token) {
        let kind = match bracket {
            Bracket::Object => Entry::OBJECT,
            Bracket::Array => Entry::ARRAY,
        };
        let (id, has_key) = self.start(token.span.start, kind);
        if std::mem::take(&mut self.touched) | token.mended && has_key {
            self.table.flag(id, Entry::UNKNOWN);
        }
        self.open.push(Frame { id, bracket, has_key });
    }

    fn leave(&mut self, before: &Mark, token: &Token, in_connections: bool) {
        self.touched = false;
        let Some(frame) = self.open.pop() else { return };
        let end = if token.inserted { before.end } else { token.span.end };
        match frame.bracket {
            Bracket::Object => self.table.close_object(frame.id, end, self.lexer.text),
            Bracket::Array => self.table.close(frame.id, end),
        }
        let is_cut = token.inserted && token.span.start >= self.cut;
        if is_cut || (token.mended && frame.has_key && !in_connections) {
            self.table.flag(frame.id, Entry::UNKNOWN);
        }
        self.last = frame.has_key.then_some(frame.id);
        self.has_root |= self.open.is_empty();
    }

    fn name(&mut self, token: &Token) {
        if matches!(token.kind, Kind::Number | Kind::Literal) && token.odd.is_none() {
            self.flaws.push(|| sentences::unquoted_name(token.span));
            self.harmless = false;
        }
        let (text, plain) = self.text(token, true);
        self.touched |= token.mended || !plain;
        let raw = &self.lexer.text[token.content.start..token.content.end];
        let quoted = plain && !token.mended && token.kind == Kind::Text;
        let is_escaped = quoted && raw.contains('\\');
        let flags = if is_escaped { Entry::KEY_ESCAPED } else { 0 };
        self.key = Some(Key { is_owned: !quoted || is_escaped, text, span: token.span, flags });
    }

    fn scalar(&mut self, before: &Mark, token: &Token) {
        let inserted = token.inserted;
        let at = if inserted { before.end } else { token.span.start };
        let raw = &self.lexer.text[token.span.start..token.span.end];
        let kind = match token.kind {
            Kind::Literal if raw == "true" => Entry::TRUE,
            Kind::Literal if raw == "false" => Entry::FALSE,
            Kind::Number if token.odd.is_none() && is_in_range(raw) => Entry::NUMBER,
            Kind::Text | Kind::Word => Entry::TEXT,
            _ => 0,
        };
        let (id, _) = self.start(at, kind);
        let mut damaged = std::mem::take(&mut self.touched) | token.mended;
        if kind == Entry::TEXT {
            let (text, plain) = self.text(token, false);
            damaged |= !plain;
            self.table.own_text(id, text);
        }
        if let Some(odd) = token.odd.filter(|_| token.kind == Kind::Number) {
            self.flaws.push(|| sentences::of_odd(odd, token, false));
            self.harmless = false;
            damaged = true;
        }
        self.table.close(id, if inserted { at } else { token.span.end });
        if damaged {
            self.table.flag(id, Entry::UNKNOWN);
        }
        self.last = Some(id);
        self.has_root |= self.open.is_empty();
    }

    /// The text of a string or a word, and whether it is written as JSON has it.
    fn text(&mut self, token: &Token, is_key: bool) -> (String, bool) {
        let Span { start, end } = token.content;
        let mut plain = true;
        if let Some(odd) = token.odd {
            self.flaws.push(|| sentences::of_odd(odd, token, is_key));
            plain = false;
        }
        if token.kind != Kind::Text {
            self.harmless &= plain;
            return (self.lexer.text[start..end].to_owned(), plain);
        }
        let bytes = self.lexer.bytes;
        let mut text = String::with_capacity(end - start);
        let mut at = start;
        let mut run = start;
        while at < end {
            let inside = match bytes[at] {
                b'\\' => {
                    text.push_str(&self.lexer.text[run..at]);
                    if let Some((character, after)) = escape(bytes, at).filter(|&(_, after)| after <= end) {
                        text.push(character);
                        (at, run) = (after, after);
                        continue;
                    }
                    let unit = (bytes.get(at + 1) == Some(&b'u')).then(|| hex4(bytes, at + 2)).flatten();
                    match bytes.get(at + 1) {
                        // A quote of another kind may be escaped between its like.
                        Some(b'\'') if token.odd.is_some() => {
                            (run, at) = (at + 1, at + 2);
                            continue;
                        }
                        _ if unit.is_some() && at + 6 <= end => {
                            text.push('\u{FFFD}');
                            (run, at) = (at + 6, at + 6);
                            (Inside::Surrogate, Span::new(at - 6, at))
                        }
                        _ => {
                            let after = self.lexer.text[at + 1..end].chars().next().map_or(0, char::len_utf8);
                            run = at;
                            at += 1 + after;
                            (Inside::Escape, Span::new(at - 1 - after, at))
                        }
                    }
                }
                b'\n' | b'\r' if token.mended => {
                    at += 1;
                    continue;
                }
                byte if byte < 0x20 => {
                    let inside = match byte {
                        b'\n' | b'\r' => Inside::LineBreak,
                        b'\t' => Inside::Tab,
                        _ => Inside::Control,
                    };
                    // A run of them is one mistake.
                    let length = bytes[at..end].iter().take_while(|&&byte| byte < 0x20).count();
                    at += length;
                    (inside, Span::new(at - length, at))
                }
                _ => {
                    at += 1;
                    continue;
                }
            };
            plain = false;
            self.flaws.push(|| sentences::of_inside(inside.0, inside.1));
        }
        text.push_str(self.lexer.text.get(run..end).unwrap_or_default());
        self.harmless &= plain;
        (text, plain)
    }
}
