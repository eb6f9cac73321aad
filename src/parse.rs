//! The parsers: from a text to a [`Document`]. The name of the text selects the parser, or else its content does.

mod embedded;
#[cfg(feature = "dialects")]
pub(crate) mod hcl;
pub(crate) mod http;
pub(crate) mod json;
mod markdown;
#[cfg(feature = "shell")]
mod marks;
#[cfg(feature = "shell")]
mod shell;
mod span_within;
mod written_part;
#[cfg(feature = "yaml")]
pub(crate) mod yaml;

use crate::diagnostic::{Diagnostic, rules};
use crate::document::Document;
use crate::text::{EncodingError, MARKDOWN, SHELL, Source, Span, Syntax, extension};
pub(crate) use embedded::Embedded;
#[cfg(feature = "shell")]
pub(crate) use embedded::{BodyOf, Sender};

/// Deeper nesting is refused, with the same limit as `serde_json`.
pub(crate) const MAX_DEPTH: u8 = 127;

/// Maximum number of values that the references in one text may expand to, in addition to its literal values: aliases in YAML,
/// names in Terraform. Without a limit, nine lines of references to references are a billion values.
pub(crate) const MOST_COPIES: usize = 20_000;

/// The result of parsing one text.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub document: Document,
    pub flaws: Vec<Diagnostic>,
}

impl Parsed {
    /// The result if nothing of the text could be parsed.
    pub fn broken(source: &Source, flaw: Diagnostic) -> Self {
        Self { document: Document::unreadable(source.clone()), flaws: vec![flaw] }
    }
}

/// The text from its first character that is neither whitespace nor a byte order mark.
fn without_blank(text: &str) -> &str {
    // Usually there is none.
    if text.starts_with('{') { text } else { text.trim_start_matches('\u{FEFF}').trim_start() }
}

/// Whether a text certainly starts as JSON. Two braces may start a template.
pub(crate) fn is_bracketed(text: &str) -> bool {
    matches!(text.as_bytes(), [b'{', next, ..] if *next != b'{') || text.starts_with('[')
}

/// Parses a text, unless it is longer than `size_limit` bytes.
pub(crate) fn parse(source: &Source, size_limit: usize) -> Parsed {
    if let Some(flaw) = refused(source, size_limit) {
        return Parsed::broken(source, flaw);
    }
    let text = source.text();
    let rest = without_blank(text);
    let promised = Syntax::of_name(source.name());
    // Terraform accepts an empty file, and modules often have one.
    let is_terraform = cfg!(feature = "dialects") && promised == Some(Syntax::Hcl);
    if rest.is_empty() && !is_terraform {
        let flaw = if source.is_line() {
            Diagnostic::syntax(Span::at(0), "the line is empty", "").help("remove it")
        } else {
            Diagnostic::syntax(Span::at(0), "the file is empty", "").help("add a connection, or remove the file")
        };
        return Parsed::broken(source, flaw);
    }
    let syntax = match promised {
        Some(Syntax::Jsonc) => Syntax::Jsonc,
        _ if source.is_line() => Syntax::Json,
        Some(syntax) => syntax,
        None if is_bracketed(rest) => Syntax::Json,
        None => Syntax::of_content(text),
    };
    let mut reading = match syntax {
        _ if !source.is_line() && http::is_http(source.name(), rest) => parse_http(source),
        Syntax::Yaml => parse_yaml(source),
        Syntax::Jsonc => {
            let mut reading = json::parse(source, json::Flavor::WithComments);
            reading.document.syntax = Syntax::Jsonc;
            reading
        }
        Syntax::Hcl => parse_hcl(source),
        Syntax::Json => json::parse(source, json::Flavor::Strict),
    };
    if let Some(EncodingError::NotUtf8 { at }) = source.flaw {
        reading.flaws.insert(0, not_utf8(source, at));
        reading.document.damaged = true;
        reading.document.sound_until = reading.document.sound_until.min(at);
        // Invalid bytes are replaced by `?`, so a key or value that contains one is unknown.
        reading.document.distrust(|text| text.contains('?'), at);
    }
    reading
}

#[cfg(feature = "dialects")]
use hcl::parse as parse_hcl;
#[cfg(feature = "dialects")]
use http::parse as parse_http;
#[cfg(feature = "yaml")]
use yaml::parse as parse_yaml;

#[cfg(not(feature = "dialects"))]
fn parse_hcl(source: &Source) -> Parsed {
    unsupported(source, "HCL")
}

#[cfg(not(feature = "dialects"))]
fn parse_http(source: &Source) -> Parsed {
    unsupported(source, "request files")
}

#[cfg(not(feature = "yaml"))]
fn parse_yaml(source: &Source) -> Parsed {
    unsupported(source, "YAML")
}

/// A text in a syntax that this build does not support.
#[cfg(not(all(feature = "dialects", feature = "yaml")))]
fn unsupported(source: &Source, syntax: &str) -> Parsed {
    Parsed::broken(
        source,
        Diagnostic::syntax(Span::at(0), format!("this build of streamlint does not support {syntax}"), ""),
    )
}

/// The finding about a text longer than the limit; its length may be known without reading it.
pub(crate) fn too_large(source: &Source, bytes: u64, size_limit: usize) -> Diagnostic {
    let message = if source.is_line() {
        format!("the line has {bytes} bytes, more than the limit of {size_limit}")
    } else {
        format!("the file has {bytes} bytes, more than the limit of {size_limit}")
    };
    Diagnostic::new(&rules::TOO_DEEP, Span::at(0), message, "").help("raise the limit with --max-size")
}

/// The texts inside a text that contains no other definitions, according to its name; or the reason why it is not
/// parsed.
pub(crate) fn embedded(source: &Source, size_limit: usize) -> Option<Result<Vec<Embedded>, Diagnostic>> {
    let extension = extension(source.name()).filter(|_| !source.is_line())?;
    let is_one_of = |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known));
    let find: fn(&str) -> Vec<Embedded> = if is_one_of(MARKDOWN) {
        texts_in_markdown
    } else if is_one_of(SHELL) {
        texts_in_script
    } else {
        return None;
    };
    if let Some(flaw) = refused(source, size_limit) {
        return Some(Err(flaw));
    }
    if let Some(EncodingError::NotUtf8 { at }) = source.flaw {
        return Some(Err(not_utf8(source, at)));
    }
    Some(Ok(find(source.text())))
}

/// The fenced blocks of Markdown, and the texts inside the scripts among them.
fn texts_in_markdown(text: &str) -> Vec<Embedded> {
    let mut texts = Vec::new();
    for block in markdown::blocks(text) {
        if block.extension != SHELL[0] {
            texts.push(block);
            continue;
        }
        let Embedded { span, instead, .. } = block;
        for mut inner in texts_in_shell(instead.as_deref().unwrap_or(&text[span.start..span.end]), true) {
            // If the block is not the original text, nothing inside it can be edited.
            if let Some(instead) = &instead {
                inner.instead.get_or_insert_with(|| instead[inner.span.start..inner.span.end].to_owned());
            }
            inner.move_by(span.start);
            texts.push(inner);
        }
    }
    texts
}

fn texts_in_script(text: &str) -> Vec<Embedded> {
    texts_in_shell(text, false)
}

#[cfg(feature = "shell")]
use shell::bodies as texts_in_shell;

#[cfg(not(feature = "shell"))]
fn texts_in_shell(_: &str, _: bool) -> Vec<Embedded> {
    Vec::new()
}

/// The reason why a text is not parsed.
fn refused(source: &Source, size_limit: usize) -> Option<Diagnostic> {
    let bytes = source.text().len();
    let is_too_large = || (bytes > size_limit).then(|| too_large(source, bytes as u64, size_limit));
    source.flaw.and_then(|flaw| not_a_text(source, flaw)).or_else(is_too_large)
}

fn not_utf8(source: &Source, at: usize) -> Diagnostic {
    let message = format!("invalid UTF-8 at byte {}", at + source.offset());
    Diagnostic::syntax(Span::new(at, at + 1), message, "not UTF-8").help("save the file as UTF-8")
}

fn not_a_text(source: &Source, flaw: EncodingError) -> Option<Diagnostic> {
    match flaw {
        EncodingError::NotUtf8 { .. } => None,
        EncodingError::Utf16 if source.is_line() => Some(
            Diagnostic::syntax(Span::at(0), "the line is UTF-16, expected UTF-8", "").help("write the stream as UTF-8"),
        ),
        EncodingError::Utf16 => Some(
            Diagnostic::syntax(Span::at(0), "the file is UTF-16, expected UTF-8", "").help("save the file as UTF-8"),
        ),
        EncodingError::Binary { at } => Some(
            Diagnostic::syntax(Span::at(0), format!("this is not text: byte {} is zero", at + source.offset()), "")
                .help("exclude binary files from the paths to check"),
        ),
    }
}
