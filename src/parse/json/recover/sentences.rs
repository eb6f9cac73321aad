//! What is said about each mistake. No sentence quotes the text: what stands there may be half a password.

use super::grammar::State;
use super::lexer::{Aside, AsideKind, Bracket, Kind, Lexer, Mend, Odd, Token};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::{Edit as TextEdit, Fix, Label};
use crate::text::Span;

/// An edit that mends a mistake, and what stands around it.
pub(super) struct Edit<'t> {
    pub mend: Mend,
    pub at: usize,
    /// A colon and a value are missing, not only one of them.
    pub two: bool,
    /// What could come where the edit is made, and where the token before it ends.
    pub state: State,
    pub before: usize,
    /// The token at the edit.
    pub token: Token,
    /// The innermost bracket that is open there.
    pub open: Option<(Bracket, Option<usize>)>,
    /// The token at which reading stopped, and what could have come there.
    pub found: Token,
    pub found_state: State,
    pub lexer: Lexer<'t>,
}

pub(super) fn of_edit(edit: &Edit) -> Diagnostic {
    match edit.mend {
        Mend::Insert(Kind::Comma) => missing_comma(edit),
        Mend::Insert(Kind::Colon) if edit.two => Diagnostic::syntax(
            edit.token.span,
            format!("expected `:` and a value after this name, found {}", class(&edit.token)),
            "",
        )
        .help("give the member a value")
        .marked(Span::at(edit.before), "the value is missing here"),
        Mend::Insert(Kind::Colon) => {
            let message = format!("expected `:` after this name, found {}", class(&edit.token));
            Diagnostic::syntax(Span::at(edit.before), message, "a colon is missing here")
                .help("put `:` between a name and its value")
        }
        Mend::Insert(Kind::Open(bracket)) => opener_missing(edit, bracket),
        Mend::Insert(Kind::Close(bracket)) => {
            let message = format!("this {} is not closed", noun(bracket));
            let flaw =
                Diagnostic::syntax(Span::at(edit.before), message, format!("`{}` is missing here", bracket.closer()));
            match edit.open {
                Some((_, Some(opener))) => flaw.and_byte(opener, "opened here"),
                _ => flaw,
            }
        }
        Mend::Insert(_) => {
            let message = format!("expected a value after `:`, found {}", class(&edit.token));
            Diagnostic::syntax(Span::at(edit.before), message, "a value is missing here")
                .help("give the member a value")
        }
        Mend::Become(kind) => taken_for_another(edit, kind),
        Mend::Quote => quote_missing(edit),
        Mend::DropQuote => {
            Diagnostic::syntax(Span::new(edit.at, edit.at + 1), "there is one double quote too many", "delete this one")
                .help("write a double quote inside a string as `\\\"`")
        }
        Mend::Until(end) => longer_string(edit, end),
        Mend::Drop | Mend::Skip(..) | Mend::Stop => superfluous(edit),
    }
}

fn missing_comma(edit: &Edit) -> Diagnostic {
    let (what, closer) = match edit.open {
        Some((Bracket::Array, _)) => ("element", "]"),
        _ => ("member", "}"),
    };
    let message = format!("expected `,` or `{closer}` after this {what}, found {}", class(&edit.token));
    let place = Span::at(edit.before);
    Diagnostic::syntax(place, message, "a comma is missing here")
        .help(format!("put a comma between two {what}s"))
        .fix(Fix::safe("Insert the comma", vec![TextEdit::new(place, ",")]))
}

fn opener_missing(edit: &Edit, bracket: Bracket) -> Diagnostic {
    let message = match bracket {
        Bracket::Object => "the opening `{` of an object is missing",
        Bracket::Array => "the opening `[` of an array is missing",
    };
    let flaw = Diagnostic::syntax(Span::at(edit.at), message, format!("`{}` is missing here", bracket.opener()));
    let found = edit.found.span;
    if found.start > edit.at { flaw.marked(found, "so this cannot stand here") } else { flaw }
}

fn taken_for_another(edit: &Edit, kind: Kind) -> Diagnostic {
    let found = class(&edit.token);
    match (kind, edit.open) {
        (Kind::Close(bracket), Some((_, opener))) => {
            let message = format!("this {} ends with {found} instead of `{}`", noun(bracket), bracket.closer());
            let flaw = Diagnostic::syntax(edit.token.span, message, format!("`{}` belongs here", bracket.closer()));
            match opener {
                Some(opener) => flaw.and_byte(opener, "opened here"),
                None => flaw,
            }
        }
        (Kind::Colon, _) => Diagnostic::syntax(
            edit.token.span,
            format!("expected `:` after this name, found {found}"),
            "`:` belongs here",
        ),
        _ => {
            let message = format!("{}, found {found}", expected(edit.state, edit.open));
            Diagnostic::syntax(edit.token.span, message, "`,` belongs here")
        }
    }
}

fn quote_missing(edit: &Edit) -> Diagnostic {
    let bytes = edit.lexer.bytes;
    let behind = bytes[..edit.at].iter().rev().copied().find(|byte| !byte.is_ascii_whitespace());
    let opens = matches!(behind, None | Some(b'{' | b'[' | b',' | b':'))
        && bytes.get(edit.at).is_some_and(|byte| !byte.is_ascii_whitespace());
    if opens {
        return Diagnostic::syntax(
            Span::at(edit.at),
            "the opening quote of a string is missing",
            "`\"` is missing here",
        );
    }
    let flaw = Diagnostic::syntax(Span::at(edit.at), "this string is not closed", "`\"` is missing here");
    // A word without quotes is a text as well, and opened by nothing.
    let is_opened = edit.token.kind == Kind::Text && matches!(bytes.get(edit.token.span.start), Some(b'"' | b'\''));
    if is_opened { flaw.and_byte(edit.token.span.start, "opened here") } else { flaw }
}

fn longer_string(edit: &Edit, end: usize) -> Diagnostic {
    let inside = &edit.lexer.bytes[edit.token.content.start..end];
    let span = Span::new(edit.at, end + 1);
    if let Some(at) = inside.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        let at = edit.token.content.start + at;
        return Diagnostic::syntax(
            Span::new(edit.at, at),
            "a string goes on over a line break",
            "the line ends inside this string",
        )
        .help("write line breaks inside a string as `\\n`, all on one line");
    }
    Diagnostic::syntax(span, "double quotes stand inside a string", "some quote in here ends the string too early")
        .help("write a double quote inside a string as `\\\"`")
}

fn superfluous(edit: &Edit) -> Diagnostic {
    let span = edit.token.span;
    let class = class(&edit.token);
    match edit.token.kind {
        Kind::Comma if edit.token.odd.is_none() => {
            Diagnostic::syntax(span, "there is one comma too many", "delete this one")
        }
        Kind::Colon if edit.token.odd.is_none() => {
            Diagnostic::syntax(span, "there is one colon too many", "delete this one")
        }
        Kind::Open(_) | Kind::Close(_) => {
            let flaw = Diagnostic::syntax(span, format!("there is one {class} too many"), "delete this one");
            let found = edit.found.span;
            let far = found.start > span.end && edit.found.kind != Kind::End;
            if far { flaw.marked(found, "so this cannot stand here") } else { flaw }
        }
        _ if edit.state == State::End => after_the_end(&edit.token),
        _ => {
            let state = if edit.token.span == edit.found.span { edit.found_state } else { edit.state };
            Diagnostic::syntax(span, format!("{}, found {class}", expected(state, edit.open)), "this cannot stand here")
        }
    }
}

/// A text of which not even the beginning is JSON.
pub(super) fn not_json(span: Span) -> Diagnostic {
    Diagnostic::syntax(Span::at(span.start), "this is not JSON", "expected `{` or `[`").help(
        "a connection is a JSON object: write it between `{` and `}`, or give the file the extension of its syntax",
    )
}

/// A text without a single token.
pub(super) fn only_comments(text: &str, start: usize) -> Diagnostic {
    let message = if text.contains(['/', '#']) {
        "the text holds nothing but comments"
    } else {
        "the text holds nothing but blanks"
    };
    Diagnostic::syntax(Span::at(start), message, "").help("write a connection as a JSON object, or remove it")
}

pub(super) fn after_the_end(token: &Token) -> Diagnostic {
    Diagnostic::syntax(
        token.span,
        format!("expected the end of the text, found {}", class(token)),
        "the text was complete before this",
    )
    .help("keep one JSON value in a file; put several connections into an array")
}

/// The last word on a text with more mistakes than are told.
pub(super) fn too_many(next: Span, most: usize, more: usize, gave_up: bool) -> Diagnostic {
    let rest = match (more, gave_up) {
        (_, true) => "nothing is read from here on".to_owned(),
        (1, _) => "1 more is not listed".to_owned(),
        _ => format!("{more} more are not listed"),
    };
    Diagnostic::syntax(next, format!("the text has more than {most} mistakes: {rest}"), "the next one")
        .help("mend the first ones and check again")
}

/// The text ends while something is open, as if the rest had been cut off.
pub(super) fn cut_off(state: State, end: usize, open: &[(Bracket, Option<usize>)]) -> Diagnostic {
    let wanted = match (state, open) {
        (State::Value, _) => "a value after `:`".to_owned(),
        (State::Colon, _) => "`:` and a value".to_owned(),
        (_, [(bracket, _)]) => format!("`{}`", bracket.closer()),
        _ => {
            let closers = open.iter().map(|(bracket, _)| bracket.closer()).collect::<String>();
            format!("`{closers}`")
        }
    };
    let mut flaw =
        Diagnostic::syntax(Span::at(end), format!("the text ends too early: expected {wanted}"), "the text ends here");
    flaw.labels.extend(opened(open));
    flaw
}

/// A label for each open bracket.
pub(super) fn opened(open: &[(Bracket, Option<usize>)]) -> Vec<Label> {
    let label = |at: usize| Label { span: Span::new(at, at + 1), message: "never closed".into() };
    open.iter().filter_map(|&(_, at)| at.map(label)).collect()
}

/// A comma before a closing bracket.
pub(super) fn trailing_comma(comma: Span, closer: &str) -> Diagnostic {
    Diagnostic::syntax(comma, format!("JSON allows no comma before `{closer}`"), "delete this one")
        .fix(Fix::safe("Delete the comma", vec![TextEdit::new(comma, "")]))
}

/// Something between two tokens that JSON does not have.
pub(super) fn of_aside(aside: Aside) -> Diagnostic {
    let Aside { kind, span } = aside;
    match kind {
        AsideKind::Comment => Diagnostic::syntax(span, "JSON has no comments", "")
            .help("delete the comment, or name the file .jsonc")
            .fix(Fix::safe("Delete the comment", vec![TextEdit::new(span, "")])),
        AsideKind::HashComment => {
            Diagnostic::syntax(Span::new(span.start, span.start + 1), "JSON has no comments with `#`", "")
                .help("delete the comment")
        }
        AsideKind::OpenComment => {
            Diagnostic::syntax(Span::new(span.start, span.start + 2), "this comment is not closed", "opened here")
                .help("end the comment with `*/`")
        }
        AsideKind::Blank => Diagnostic::syntax(span, "this blank is not one that JSON knows", "an invisible character")
            .help("replace it by an ordinary space"),
    }
}

/// Something that is understood, though JSON does not write it so.
pub(super) fn of_odd(odd: Odd, token: &Token, is_key: bool) -> Diagnostic {
    let what = if is_key { "name" } else { "string" };
    let (message, label, help) = match odd {
        Odd::SingleQuotes => {
            (format!("this {what} stands in single quotes"), "", "write it in double quotes".to_owned())
        }
        Odd::TypographicQuotes => {
            (format!("this {what} stands in typographic quotes"), "", "write it in straight double quotes".to_owned())
        }
        Odd::Template => (
            "a template stands outside of quotes".to_owned(),
            "",
            "write it in double quotes, or give the file the extension of its template engine".to_owned(),
        ),
        Odd::Unquoted | Odd::Foreign(_) | Odd::NotANumber if is_key => {
            ("this name has no quotes".to_owned(), "", "write names in double quotes".to_owned())
        }
        Odd::Unquoted => (
            "expected a value, found a word without quotes".to_owned(),
            "",
            "write strings in double quotes; only true, false, null and numbers stand without".to_owned(),
        ),
        Odd::Foreign(word) => ("this word is not JSON's".to_owned(), "", format!("write `{word}`")),
        Odd::NotANumber => {
            ("JSON has no word for what is not a number or infinite".to_owned(), "", "write a number".to_owned())
        }
        Odd::LeadingZero => (
            "a number starts with a superfluous zero".to_owned(),
            "",
            "delete the zero, or write a string in double quotes".to_owned(),
        ),
        Odd::Plus => ("a number starts with `+`".to_owned(), "", "delete the sign".to_owned()),
        Odd::BareFraction => {
            ("a number starts with a point".to_owned(), "", "write a zero before the point".to_owned())
        }
        Odd::BarePoint => {
            ("a number ends with a point".to_owned(), "", "delete the point, or write a zero behind it".to_owned())
        }
        Odd::Hexadecimal => ("a number is written in hexadecimal".to_owned(), "", "write it in decimal".to_owned()),
        Odd::TooLarge => (
            "a number is larger than a 64-bit float can hold".to_owned(),
            "",
            "if a string is meant, write it in double quotes".to_owned(),
        ),
        Odd::BadNumber => (
            "this is not a number as JSON writes it".to_owned(),
            "",
            "if a string is meant, write it in double quotes".to_owned(),
        ),
        Odd::Equals => (
            "expected `:` after this name, found `=`".to_owned(),
            "`:` belongs here",
            "put `:` between a name and its value".to_owned(),
        ),
        Odd::Semicolon => (
            "expected `,`, found `;`".to_owned(),
            "`,` belongs here",
            "put `,` between members and elements".to_owned(),
        ),
    };
    Diagnostic::syntax(token.span, message, label).help(help)
}

/// A number or a literal where a name is expected.
pub(super) fn unquoted_name(span: Span) -> Diagnostic {
    Diagnostic::syntax(span, "this name has no quotes", "").help("write names in double quotes")
}

/// What a string cannot hold as it stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Inside {
    LineBreak,
    Tab,
    Control,
    Escape,
    Surrogate,
}

pub(super) fn of_inside(inside: Inside, span: Span) -> Diagnostic {
    let (message, help) = match inside {
        Inside::LineBreak => {
            ("a string goes on over a line break", "write line breaks inside a string as `\\n`, all on one line")
        }
        Inside::Tab => ("a tab stands inside a string", "write it as `\\t`"),
        Inside::Control => (
            "a control character stands inside a string",
            "delete it, or write it as `\\u` and four hexadecimal digits",
        ),
        Inside::Escape => (
            "this escape is not one that JSON knows",
            "write a backslash inside a string as `\\\\`; JSON's escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits",
        ),
        Inside::Surrogate => {
            ("this escape is half of a character", "write both halves of the surrogate pair, or the character itself")
        }
    };
    Diagnostic::syntax(span, message, "").help(help)
}

const fn noun(bracket: Bracket) -> &'static str {
    match bracket {
        Bracket::Object => "object",
        Bracket::Array => "array",
    }
}

/// What could have come, as the start of a sentence.
fn expected(state: State, open: Option<(Bracket, Option<usize>)>) -> &'static str {
    match (state, open) {
        (State::Value, _) => "expected a value",
        (State::Element, _) => "expected a value after `,`",
        (State::FirstElement, _) => "expected a value or `]` after `[`",
        (State::Key, _) => "expected a name in double quotes after `,`",
        (State::FirstKey, _) => "expected a name in double quotes or `}` after `{`",
        (State::Colon, _) => "expected `:` after this name",
        (State::After, Some((Bracket::Array, _))) => "expected `,` or `]` after this element",
        (State::After, _) => "expected `,` or `}` after this member",
        (State::End, _) => "expected the end of the text",
    }
}

/// The class of a token: never its text.
fn class(token: &Token) -> &'static str {
    match (token.kind, token.odd) {
        (_, Some(Odd::Semicolon)) => "`;`",
        (_, Some(Odd::Equals)) => "`=`",
        (Kind::Open(Bracket::Object), _) => "`{`",
        (Kind::Open(Bracket::Array), _) => "`[`",
        (Kind::Close(Bracket::Object), _) => "`}`",
        (Kind::Close(Bracket::Array), _) => "`]`",
        (Kind::Comma, _) => "`,`",
        (Kind::Colon, _) => "`:`",
        (Kind::Text, _) if token.open => "a string without its end",
        (Kind::Text, _) => "a string",
        (Kind::Number, _) => "a number",
        (Kind::Literal, _) => "a literal",
        (Kind::Word, _) => "a word without quotes",
        (Kind::Nothing, _) => "nothing",
        (Kind::End, _) => "the end of the text",
    }
}

impl Diagnostic {
    fn marked(self, span: Span, label: &'static str) -> Self {
        Self::and(self, span, label)
    }

    /// Marks one byte as well.
    fn and_byte(self, at: usize, label: &'static str) -> Self {
        self.marked(Span::new(at, at + 1), label)
    }
}
