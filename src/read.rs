//! Text → [`Document`]: the reader is chosen by name, then by content.

#[cfg(not(all(feature = "yaml", feature = "dialects")))]
mod absent;
#[cfg(feature = "dialects")]
pub(crate) mod hcl;
#[cfg(feature = "dialects")]
pub(crate) mod http;
pub(crate) mod json;
#[cfg(feature = "yaml")]
pub(crate) mod yaml;

use std::borrow::Cow;

use crate::diagnostic::{Fix, Label, Severity};
use crate::document::Document;
use crate::rules::{Rule, reading};
use crate::source::{EncodingFlaw, Source, Span};
#[cfg(not(feature = "yaml"))]
pub(crate) use absent::yaml;
#[cfg(not(feature = "dialects"))]
pub(crate) use absent::{hcl, http};

/// A mistake in the text itself, found while reading.
#[derive(Debug, Clone)]
pub(crate) struct Flaw {
    pub rule: &'static Rule,
    pub severity: Severity,
    pub span: Span,
    /// Names classes of tokens and never the text of one: what stands there may be half a password.
    pub message: Cow<'static, str>,
    pub label: Cow<'static, str>,
    /// Other places that belong to it: the bracket that was never closed.
    pub related: Vec<Label>,
    pub help: Option<Cow<'static, str>>,
    pub fix: Option<Fix>,
}

impl Flaw {
    pub fn syntax(span: Span, message: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Self::new(span, message.into(), label.into())
    }

    /// Most texts have no flaw: what leads here is kept small instead of fast.
    #[cold]
    #[inline(never)]
    fn new(span: Span, message: Cow<'static, str>, label: Cow<'static, str>) -> Self {
        Self {
            rule: &reading::SYNTAX_ERROR,
            severity: Severity::Error,
            span,
            message,
            label,
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// What a dialect has to say by one of its rules.
    pub fn of(
        rule: &'static Rule,
        span: Span,
        message: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { rule, severity: rule.severity, ..Self::syntax(span, message, label) }
    }

    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.set_help(help.into());
        self
    }

    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    // Where it is inlined, it drops the help that was never there.
    #[inline(never)]
    fn set_help(&mut self, help: Cow<'static, str>) {
        self.help = Some(help);
    }

    pub fn too_deep(span: Span, limit: u8) -> Self {
        Self {
            rule: &reading::TOO_DEEP,
            ..Self::syntax(
                span,
                format!("the text is nested deeper than {} levels", usize::from(limit)),
                "one level too many",
            )
        }
        .help("a connection needs four levels; look for brackets that were repeated by accident")
    }
}

/// Nesting beyond this many levels is refused, as `serde_json` does.
pub(crate) const MAX_DEPTH: u8 = 127;

/// What came of reading one text.
#[derive(Debug)]
pub(crate) struct Reading {
    pub document: Document,
    pub flaws: Vec<Flaw>,
}

impl Reading {
    /// Nothing of the text could be used.
    pub fn broken(source: &Source, flaw: Flaw) -> Self {
        Self { document: Document::unreadable(source.clone()), flaws: vec![flaw] }
    }
}

/// The syntaxes that texts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// JSON, without comments.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// YAML 1.2.
    Yaml,
    /// The configuration language of Terraform.
    Hcl,
}

impl Syntax {
    /// The syntax that a file name promises.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let extension = extension(name)?;
        if extension.eq_ignore_ascii_case("json") {
            Some(Self::Json)
        } else if extension.eq_ignore_ascii_case("jsonc") {
            Some(Self::Jsonc)
        } else if extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml") {
            Some(Self::Yaml)
        } else if ["tf", "tofu", "tfvars", "hcl"].iter().any(|known| extension.eq_ignore_ascii_case(known)) {
            Some(Self::Hcl)
        } else {
            None
        }
    }

    /// The syntax that a text itself looks like, where its name says nothing.
    fn of_content(text: &str) -> Self {
        let is_nothing = |line: &&str| line.is_empty() || line.starts_with(['#', '%']);
        let line = text.trim_start_matches('\u{FEFF}').lines().map(str::trim).find(|line| !is_nothing(line));
        let line = line.unwrap_or_default();
        let is_key = |key: &str| {
            let key = key.trim_end().trim_matches(['"', '\'']);
            !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$'))
        };
        let has_key = line.split_once(':').is_some_and(|(key, rest)| {
            (rest.is_empty() || rest.starts_with([' ', '\t'])) && is_key(key.trim_start_matches("- "))
        });
        let is_yaml = line == "---" || line.starts_with("--- ") || line.starts_with("- ") || has_key;
        // A block or an argument, and no more than a word or two before its sign.
        let (head, is_block) = (line.split(['{', '=']).next().unwrap_or_default(), line.contains('{'));
        let words = head.split_whitespace().collect::<Vec<_>>();
        let is_word = |word: &&str| word.starts_with(|c: char| c.is_ascii_alphabetic());
        let labels = words.get(1..).unwrap_or_default();
        let is_hcl = head.len() < line.len()
            && words.first().is_some_and(is_word)
            && if is_block { labels.iter().all(|label| label.starts_with('"')) } else { labels.is_empty() };
        if is_yaml || line.starts_with("{{") {
            Self::Yaml
        } else if is_hcl || line.starts_with("//") && text.contains("\nresource \"") {
            Self::Hcl
        } else {
            Self::Json
        }
    }
}

/// What stands behind the last dot of a file's name.
pub(crate) fn extension(name: &str) -> Option<&str> {
    let at = name.bytes().rposition(|byte| matches!(byte, b'.' | b'/'))?;
    name[at..].strip_prefix('.')
}

/// A text from its first character on that is neither white space nor a byte order mark.
fn without_blank(text: &str) -> &str {
    // Mostly there is nothing before it.
    if text.starts_with('{') { text } else { text.trim_start_matches('\u{FEFF}').trim_start() }
}

/// Whether a text starts as only JSON does: a template may start with two braces.
pub(crate) fn is_bracketed(text: &str) -> bool {
    matches!(text.as_bytes(), [b'{', next, ..] if *next != b'{') || text.starts_with('[')
}

/// Reads a text, unless it is longer than `size_limit` bytes.
pub(crate) fn read(source: &Source, size_limit: usize) -> Reading {
    if let Some(flaw) = source.flaw
        && let Some(flaw) = not_a_text(source, flaw)
    {
        return Reading::broken(source, flaw);
    }
    let text = source.text();
    if text.len() > size_limit {
        return Reading::broken(source, too_large(source, text.len() as u64, size_limit));
    }
    let rest = without_blank(text);
    // Terraform takes an empty file, and modules often have one.
    let is_terraform = cfg!(feature = "dialects") && Syntax::of_name(source.name()) == Some(Syntax::Hcl);
    if rest.is_empty() && !is_terraform {
        let flaw = if source.is_line() {
            Flaw::syntax(Span::at(0), "the line is empty", "").help("remove it")
        } else {
            Flaw::syntax(Span::at(0), "the file is empty", "").help("write a connection into it, or remove the file")
        };
        return Reading::broken(source, flaw);
    }
    let syntax = match Syntax::of_name(source.name()) {
        Some(Syntax::Jsonc) => Syntax::Jsonc,
        _ if source.is_line() => Syntax::Json,
        Some(syntax) => syntax,
        None if is_bracketed(rest) => Syntax::Json,
        None => Syntax::of_content(text),
    };
    let mut reading = match syntax {
        _ if !source.is_line() && http::is_http(source.name(), rest) => http::read(source),
        Syntax::Yaml => yaml::read(source),
        Syntax::Jsonc => {
            let mut reading = json::read(source, json::Flavour::WithComments);
            reading.document.syntax = Syntax::Jsonc;
            reading
        }
        Syntax::Hcl => hcl::read(source),
        Syntax::Json => json::read(source, json::Flavour::Strict),
    };
    if let Some(EncodingFlaw::NotUtf8 { at }) = source.flaw {
        let message = format!("the text is not UTF-8: byte {} is not part of a character", at + source.offset());
        let flaw = Flaw::syntax(Span::new(at, at + 1), message, "not UTF-8").help("save the file as UTF-8");
        reading.flaws.insert(0, flaw);
        reading.document.damaged = true;
        reading.document.sound_until = reading.document.sound_until.min(at);
        // Bytes that could not be read stand as `?`, so nothing is known of a key or value that holds one.
        reading.document.distrust(|text| text.contains('?'), at);
    }
    reading
}

/// What to say of a text longer than the limit; its length may be known without reading it.
pub(crate) fn too_large(source: &Source, bytes: u64, size_limit: usize) -> Flaw {
    let message = if source.is_line() {
        format!("the line has {bytes} bytes, more than the limit of {size_limit}")
    } else {
        format!("the file has {bytes} bytes, more than the limit of {size_limit}")
    };
    Flaw { rule: &reading::TOO_DEEP, ..Flaw::syntax(Span::at(0), message, "") }
        .help("a connection is a few hundred bytes; raise the limit with --max-size if this really is one")
}

fn not_a_text(source: &Source, flaw: EncodingFlaw) -> Option<Flaw> {
    match flaw {
        EncodingFlaw::NotUtf8 { .. } => None,
        EncodingFlaw::Utf16 if source.is_line() => Some(
            Flaw::syntax(Span::at(0), "the line is UTF-16, and definitions are read as UTF-8", "")
                .help("write the stream as UTF-8"),
        ),
        EncodingFlaw::Utf16 => Some(
            Flaw::syntax(Span::at(0), "the file is UTF-16, and definitions are read as UTF-8", "")
                .help("save the file as UTF-8"),
        ),
        EncodingFlaw::Binary { at } => Some(
            Flaw::syntax(Span::at(0), format!("this is not a text: byte {} is zero", at + source.offset()), "")
                .help("leave binary files out of the paths to check"),
        ),
    }
}
