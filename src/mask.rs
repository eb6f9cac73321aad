//! The mask that hides secrets from all output formats.

mod expression;
mod public;
mod yaml;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::atlas::fields::{CONFIG_KEYS, Field, Shape, Show};
use crate::atlas::secret::{
    Keys, MASK, OF_SETTINGS, is_host_and_port, is_hostile, is_known_word, is_name, is_word_of, looks_secret,
    may_be_shown, shown_key, shown_of_url,
};
use crate::atlas::{Kind, Mode};
use crate::connection::{Dialect, Translation};
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::linter::Report;
use crate::text::order::sort_by_key;
use crate::text::placeholder::reference;

use crate::text::url::Url;
use crate::text::{MARKDOWN, Span, Syntax, extension};

/// The reader of a masked text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Anyone: reports are attached to builds and pasted into chats.
    #[cfg_attr(not(feature = "miette"), allow(dead_code, reason = "only reports with excerpts are for anyone"))]
    Anyone,
    /// Someone who continues to use the text: valid text stays valid, because an unquoted mask gets quotes.
    Recipient,
    /// The author, on a screen that others may see. Fields that are not secret are shown verbatim, even invalid ones.
    Author,
}

impl Report {
    /// The text with `***` for everything that a report may not show: secrets, unknown values, comments. Line numbers
    /// stay the same, and the syntax stays valid.
    ///
    /// ```
    /// use streamlint::Source;
    ///
    /// let text = r#"{ "type": "Https", "headers": { "Authorization": "hunter2" } }"#;
    /// let report = streamlint::check(&Source::new("hook.json", text));
    /// assert_eq!(report.masked_text(), r#"{ "type": "Https", "headers": { "Authorization": "***" } }"#);
    /// ```
    pub fn masked_text(&self) -> String {
        Masked::for_reader(self, Reader::Recipient).text
    }

    /// The bytes of the text that may be secret, in order, for editors that cover them. Unlike [`Report::masked_text`],
    /// comments are not among them, and neither is a public field whose value is wrong.
    ///
    /// ```
    /// use streamlint::Source;
    ///
    /// let text = r#"{ "type": "Https", "name": "my hook!", "headers": { "Authorization": "hunter2" } }"#;
    /// let report = streamlint::check(&Source::new("hook.json", text));
    /// let secrets = report.secrets().into_iter().map(|span| &text[span.start..span.end]);
    /// assert_eq!(secrets.collect::<Vec<_>>(), ["hunter2"]);
    /// ```
    pub fn secrets(&self) -> Vec<Span> {
        let Masked { text, replacements } = Masked::for_reader(self, Reader::Author);
        let is_value = |it: &&Replacement| text[it.to.start..it.to.end] == *MASK;
        replacements.iter().filter(is_value).map(|it| it.from).collect()
    }
}

/// A report's text as it may be shown, and the mapping of its byte offsets to those of the masked text.
///
/// The mask is an allow-list: keys, punctuation, whitespace, `true`, `false`, `null`, and values that [`Show`] allows
/// for known fields at their right pointer. Everything else is `***`, line by line, so that line numbers stay the same.
/// A lone carriage return becomes a line feed for the same reason.
#[derive(Debug, Clone)]
pub(crate) struct Masked {
    text: String,
    /// The positions where the two texts differ in length or content, in order.
    replacements: Vec<Replacement>,
}

#[derive(Debug, Clone, Copy)]
struct Replacement {
    from: Span,
    to: Span,
}

impl Masked {
    /// Masks the text of a report.
    #[cfg(feature = "miette")]
    pub fn new(report: &Report) -> Self {
        Self::for_reader(report, Reader::Anyone)
    }

    fn for_reader(report: &Report, reader: Reader) -> Self {
        let document = report.document();
        let source = document.source.text();
        let mut painter = Painter {
            document,
            source,
            reader,
            granted: granted(report, reader),
            ignores: report.ignores().plain(),
            is_yaml: document.syntax == Syntax::Yaml,
            aliases: OnceCell::new(),
            is_quoted: false,
            is_cloudformation: report.dialect() == Dialect::CloudFormation,
            at: 0,
            masked: Self { text: String::with_capacity(source.len()), replacements: Vec::new() },
        };
        if !report.parts().is_empty() {
            return painter.parts(report);
        }
        painter.entry(ROOT, Visibility::Nothing);
        painter.gap(source.len());
        painter.masked
    }

    /// The permission to show a part of the text.
    #[cfg(feature = "miette")]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The range in the masked text for a range of the source; a mask is marked as a whole.
    #[cfg(feature = "miette")]
    pub fn span(&self, span: Span) -> Span {
        let start = self.offset(span.start, false);
        Span::new(start, self.offset(span.end, !span.is_empty()).max(start))
    }

    /// Maps an offset inside a mask to its end if `up`, otherwise to its start.
    #[cfg(feature = "miette")]
    fn offset(&self, offset: usize, up: bool) -> usize {
        let before = self.replacements.partition_point(|replacement| replacement.from.start <= offset);
        let Some(replacement) = before.checked_sub(1).map(|at| self.replacements[at]) else {
            return offset.min(self.text.len());
        };
        let shown = if offset >= replacement.from.end {
            replacement.to.end + (offset - replacement.from.end)
        } else if up && offset > replacement.from.start {
            replacement.to.end
        } else {
            replacement.to.start
        };
        shown.min(self.text.len())
    }
}

/// The permission to show a value.
#[derive(Debug, Clone, Copy)]
enum Visibility {
    Nothing,
    /// A value of word characters and the given characters.
    Whole(&'static str),
    Origin,
    /// A list of URLs: the origin of each.
    Origins,
    /// `host:port`, separated by commas.
    Brokers,
    /// The fields of a connection, or of a block in it, have their own permissions.
    Fields(Option<Field>, Option<Kind>),
    /// `config`: the value of each key that stream processing supports.
    Settings,
}

impl Visibility {
    fn of_member(parent: Option<Field>, kind: Option<Kind>, key: &str) -> Self {
        let Some(field) = Field::child(parent, key) else { return Self::Nothing };
        let row = field.row();
        if kind.is_some_and(|kind| !row.kinds.contains(kind)) {
            return Self::Nothing;
        }
        match (row.show, row.shape) {
            (Show::Whole, _) if field == Field::BootstrapServers => Self::Brokers,
            (Show::Whole, _) => Self::Whole(row.marks),
            (Show::Origin, Shape::List) => Self::Origins,
            (Show::Origin, _) => Self::Origin,
            (Show::Inside, Shape::Object) => Self::Fields(Some(field), kind),
            (Show::Inside, _) if field == Field::Config => Self::Settings,
            (Show::Inside | Show::Nothing | Show::Secret, _) => Self::Nothing,
        }
    }

    /// The permission for a value inside an object or array.
    fn inside(self, key: Option<&str>) -> Self {
        match (self, key) {
            (Self::Fields(parent, kind), Some(key)) => Self::of_member(parent, kind, key),
            (Self::Settings, Some(key)) if CONFIG_KEYS.contains(&key) => Self::Whole(OF_SETTINGS),
            (Self::Origins, None) => Self::Origin,
            (Self::Brokers, None) => Self::Brokers,
            _ => Self::Nothing,
        }
    }
}

/// Characters in the types of a file's parts, in addition to word characters: `AWS::S3::Bucket`, `List<String>`,
/// `a/v1`.
const OF_KINDS: &str = ":/<>";

/// Characters in the API's responses: `Bad Request`.
const OF_REASONS: &str = " ";

/// Characters in the info strings of Markdown's blocks.
const FENCED: &[&str] = &["", "json", "jsonc", "yaml", "yml", "hcl", "tf", "terraform", "http"];

/// The entries that may be shown in any context, in order.
fn granted(report: &Report, reader: Reader) -> Vec<(EntryId, Visibility)> {
    let document = report.document();
    let mut granted = Vec::new();
    if report.mode() == Mode::Error {
        let shown = |&id: &EntryId| matches!(document.key(id), "error" | "errorCode" | "reason");
        granted.extend(document.children(ROOT).filter(shown).map(|id| (id, Visibility::Whole(OF_REASONS))));
    }
    let translation = report.translation();
    granted.extend(translation.into_iter().flat_map(|it| &it.shown).map(|&id| (id, Visibility::Whole(OF_KINDS))));
    granted.extend(public::kinds(report).into_iter().map(|id| (id, Visibility::Whole(OF_KINDS))));
    granted.extend(public::names_in_processors(report).into_iter().map(|id| (id, Visibility::Whole(""))));
    for (definition, summary) in report.definitions().iter().zip(report.summaries()) {
        let workspace = definition.workspace_name.map(|id| (id, Visibility::Whole(Field::Name.row().marks)));
        granted.extend(workspace);
        // The author may see public fields of other types, because the type may just have changed.
        let fields = Visibility::Fields(None, summary.kind.filter(|_| reader != Reader::Author));
        if let Some(translation) = translation {
            translated(translation, definition.base, fields, &mut granted);
        } else {
            granted.push((definition.base, fields));
            let elsewhere = definition.elsewhere.iter();
            granted.extend(elsewhere.map(|&(field, id)| (id, Visibility::Whole(field.row().marks))));
        }
    }
    sort_by_key(&mut granted, |(id, _)| *id);
    granted
}

/// Converts the permissions for the rows of a translated definition to permissions for their original rows. Those do
/// not inherit permissions, because their keys and order are not those of the API.
fn translated(
    translation: &Translation,
    id: EntryId,
    visibility: Visibility,
    granted: &mut Vec<(EntryId, Visibility)>,
) {
    let document = &translation.document;
    let entry = document.entry(id);
    let is_written = !entry.has(Entry::UNKNOWN | Entry::ELSEWHERE);
    if !entry.has(Entry::OBJECT | Entry::ARRAY)
        && let Some(origin) = translation.origin(id).filter(|_| is_written)
    {
        granted.push((origin, visibility));
    }
    for child in document.children(id) {
        let key = entry.has(Entry::OBJECT).then(|| document.key(child));
        translated(translation, child, visibility.inside(key), granted);
    }
}

struct Painter<'r> {
    document: &'r Document,
    source: &'r str,
    reader: Reader,
    granted: Vec<(EntryId, Visibility)>,
    /// The ignores that contain only names of rules, in order.
    ignores: Vec<Span>,
    is_yaml: bool,
    /// The names of the aliases in the text.
    aliases: OnceCell<BTreeSet<&'r str>>,
    /// Whether the current part is in quotes, or is a block of lines.
    is_quoted: bool,
    is_cloudformation: bool,
    /// The first byte of the source that is neither shown nor masked yet.
    at: usize,
    masked: Masked,
}

impl<'r> Painter<'r> {
    /// Masks the texts inside a text separately, and the text around them.
    fn parts(mut self, report: &Report) -> Masked {
        for part in report.parts() {
            self.around(part.span.start);
            let inner = Masked::for_reader(&part.report, self.reader);
            let start = self.masked.text.len();
            let shifted =
                |it: &Replacement| Replacement { from: it.from.shifted(part.span.start), to: it.to.shifted(start) };
            self.masked.replacements.extend(inner.replacements.iter().map(shifted));
            self.masked.text.push_str(&inner.text);
            self.at = part.span.end;
        }
        self.around(self.source.len());
        self.masked
    }

    /// Masks the text around the texts inside a text: only fences are shown. The author also sees the prose.
    fn around(&mut self, end: usize) {
        if self.reader == Reader::Author && is_markdown(self.document.source.name()) {
            return self.show(end);
        }
        self.is_quoted = true;
        self.lines(end, |painter, line_end| {
            let line = painter.source[painter.at..line_end].trim();
            let language = line.trim_start_matches(['`', '~']);
            let is_fence = line.len() - language.len() >= 3 && FENCED.contains(&language);
            if is_fence { painter.show(line_end) } else { painter.mask(line_end) }
        });
    }

    fn entry(&mut self, id: EntryId, inherited: Visibility) {
        let entry = *self.document.entry(id);
        let mut visibility = match self.granted.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(at) => self.granted[at].1,
            Err(_) => inherited,
        };
        if entry.has(Entry::UNKNOWN) {
            visibility = Visibility::Nothing;
        }
        let span = entry.span();
        let is_alias = entry.has(Entry::ELSEWHERE) && self.is_yaml;
        // Merged fields have no separate key or value.
        if let Some(key) = entry.key_span().filter(|key| !is_alias || *key != span) {
            self.gap(key.start);
            self.key(id, key.end);
        }
        self.labels(id);
        self.gap(span.start);
        if is_alias {
            // Its value has its own span.
            return self.scalar(id, span.end, Visibility::Nothing);
        }
        if entry.has(Entry::OBJECT | Entry::ARRAY) {
            let mut child = id + 1;
            while child < entry.next() {
                let key = self.document.entry(child).key_span().map(|_| self.document.key(child));
                self.entry(child, visibility.inside(key));
                child = self.document.entry(child).next();
            }
            self.gap(span.end);
        } else {
            self.scalar(id, span.end, visibility);
        }
    }

    /// The labels of a block: its type, and its name in references.
    fn labels(&mut self, id: EntryId) {
        let Some(outline) = self.document.outline.as_deref() else { return };
        let Ok(at) = outline.blocks.binary_search_by_key(&id, |block| block.entry) else { return };
        for label in &outline.blocks[at].labels {
            self.gap(label.start);
            let text = self.source[label.start..label.end].trim_matches('"');
            let is_sound = !self.document.damaged || is_name(text);
            if is_sound && shown_key(text, Keys::Certain) == text && !text.contains(is_hostile) {
                self.show(label.end);
            }
        }
    }

    /// Whether a value is a reference of Terraform, and not a string that lost its quotes.
    fn is_reference(&self, id: EntryId) -> bool {
        let Some(outline) = self.document.outline.as_deref().filter(|_| self.document.is_sound(id)) else {
            return false;
        };
        let Ok(at) = outline.references.binary_search_by_key(&id, |(id, _)| *id) else { return false };
        let name = outline.references[at].1;
        let name = &self.source[name.start..name.end];
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
        expression::ROOTS.iter().any(|root| name.starts_with(root)) && name.contains('.') && name.chars().all(is_plain)
    }

    /// The text between keys and values: punctuation and whitespace are shown. Anything else is a comment or unparsed,
    /// and is masked from its first to its last character on each line.
    fn gap(&mut self, end: usize) {
        // The punctuation of each language, in addition to that of JSON.
        let sign = match self.document.syntax {
            Syntax::Yaml => b'-',
            Syntax::Hcl => b'=',
            Syntax::Json | Syntax::Jsonc => b',',
        };
        let structural =
            |byte: u8| matches!(byte, b'{' | b'}' | b'[' | b']' | b':' | b',' | b' ' | b'\t') || byte == sign;
        let mut is_in_comment = false;
        self.lines(end, |painter, line_end| {
            let line = painter.rest(line_end);
            let is_foreign = |byte: &u8| !structural(*byte);
            let Some(first) = line.iter().position(is_foreign) else { return painter.show(line_end) };
            let last = line.iter().rposition(is_foreign).unwrap_or(first);
            let (start, foreign) = (painter.at + first, &line[first..=last]);
            let end = start + foreign.len();
            painter.show(start);
            if let Some(ignore) = painter.ignore_before(line_end) {
                painter.show(ignore.end);
                let reason = painter.source[ignore.end..line_end].trim_end();
                let (colon, close) = (reason.starts_with(':'), reason.ends_with("*/"));
                if !reason.is_empty() && reason != "*/" {
                    let shown = format!("{} {MASK}{}", if colon { ":" } else { "" }, if close { " */" } else { "" });
                    painter.replacement(ignore.end + reason.len(), &shown);
                }
                return painter.show(line_end);
            }
            let was_in_comment = is_in_comment;
            is_in_comment = !foreign.ends_with(b"*/") && (was_in_comment || foreign.starts_with(b"/*"));
            match foreign {
                _ if was_in_comment && is_in_comment => painter.replacement(end, "* ***"),
                _ if was_in_comment => painter.replacement(end, "*** */"),
                // A byte order mark is invisible.
                b"\xEF\xBB\xBF" if start == 0 => painter.replacement(end, ""),
                _ if painter.is_yaml => painter.words(end),
                _ if sign == b'=' && !matches!(foreign, [b'#' | b'/', ..]) => painter.expression(end),
                [b'/', b'*', .., b'*', b'/'] if foreign.len() >= 4 => painter.replacement(end, "/* *** */"),
                [b'/', b'*', ..] => painter.replacement(end, "/* ***"),
                [b'/', b'/', ..] => painter.replacement(end, "// ***"),
                [b'#', ..] if sign == b'=' => painter.replacement(end, "# ***"),
                _ => painter.replacement(end, MASK),
            }
            painter.show(line_end);
        });
    }

    /// The text between the values of YAML: punctuation is shown, and names of anchors, aliases and tags. Everything
    /// else is masked, word by word.
    fn words(&mut self, end: usize) {
        while self.at < end {
            let rest = &self.source[self.at..end];
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let word = &rest[blank..];
            if let Some(length) = shown_template(word) {
                self.show(self.at + blank + length);
                continue;
            }
            let length = word.find([' ', '\t']).unwrap_or(word.len());
            let (start, stop) = (self.at + blank, self.at + blank + length);
            self.show(start);
            let word = self.source[start..stop].trim_end_matches([',', '[', '{', '(']);
            if word.starts_with('#') {
                return self.replacement(end, "# ***");
            }
            // An unused anchor may be the start of a password, and so may an unknown tag.
            let is_known = match word.strip_prefix(['&', '!']) {
                Some(name) if word.starts_with('&') => self.is_used(name),
                Some(name) => TAGS.contains(&name),
                None => {
                    matches!(word, "<<:" | "<<" | "?" | "%YAML" | "1.2" | "1.1")
                        || is_known_word(word)
                        || word.strip_suffix(':').is_some_and(|key| self.is_key_of_line(key, start))
                }
            };
            if is_known {
                self.show(stop);
            } else {
                self.replacement(stop, MASK);
            }
        }
    }

    /// Whether an alias in the text names this anchor.
    fn is_used(&self, anchor: &str) -> bool {
        let aliases = || {
            let aliases = self.document.table.entries.iter().filter(|entry| entry.has(Entry::ELSEWHERE));
            aliases.filter_map(|entry| self.source[entry.span().start..entry.span().end].strip_prefix('*')).collect()
        };
        self.aliases.get_or_init(aliases).contains(anchor)
    }

    /// The ignore that starts between here and `end`, after only the sign of a comment.
    fn ignore_before(&self, end: usize) -> Option<Span> {
        let next = self.ignores.partition_point(|ignore| ignore.start < self.at);
        let ignore = self.ignores.get(next).copied().filter(|ignore| ignore.end <= end)?;
        let sign = &self.source[self.at..ignore.start];
        sign.bytes().all(|byte| matches!(byte, b'/' | b'*' | b'#' | b' ' | b'\t')).then_some(ignore)
    }

    fn key(&mut self, id: EntryId, end: usize) {
        let key = self.document.key(id);
        let raw = self.source.get(self.at..end).unwrap_or_default();
        let written = self.document.entry(id).has(Entry::KEY_ESCAPED) || raw.trim_matches(self.quotes()) == key;
        let is_key = shown_key(key, self.document.keys()) == key || self.is_key_here(key, end);
        if written && is_key && !raw.contains(is_hostile) {
            self.show(end);
        } else {
            self.unquoted(end, Self::mask);
        }
    }

    /// Whether the text from here to `end` is certainly a key, even if the text around it has a syntax error: it starts
    /// a line or a field, a value follows, and it does not look like a value itself.
    fn is_key_here(&self, key: &str, end: usize) -> bool {
        let is_blank = |c: char| c.is_ascii_whitespace();
        let (before, after) = (&self.source[..self.at], self.source[end..].trim_start_matches(is_blank));
        let is_json = matches!(self.document.syntax, Syntax::Json | Syntax::Jsonc);
        let starts_line = || before.trim_end_matches([' ', '\t', '-']).ends_with('\n');
        let is_field = before.trim_end_matches(is_blank).ends_with(['{', ',']) || (!is_json && starts_line());
        let is_followed = after.starts_with(':') || (!is_json && after.starts_with(['=', '{', '"']));
        let is_quoted = !is_json || (self.source[self.at..end].starts_with('"') && self.source[..end].ends_with('"'));
        is_field && is_followed && is_quoted && is_name(key) && shown_key(key, Keys::Certain) == key
    }

    /// Whether a word of unparsed YAML, before a colon, is a key: the first of its line.
    fn is_key_of_line(&self, key: &str, start: usize) -> bool {
        let before = self.source[..start].trim_end_matches([' ', '\t', '-']);
        (before.is_empty() || before.ends_with('\n')) && is_name(key) && shown_key(key, Keys::Certain) == key
    }

    /// Whether a scalar is a reference to a value: `${X}`, `{{ x }}`, `!Ref x`.
    fn names_another(&self, id: EntryId, raw: &str) -> bool {
        let is_name_of = |text: &str| is_name(text.trim_matches(self.quotes()));
        let is_function = || {
            let function = self.document.tag(id).unwrap_or(self.document.key(id));
            let function = function.trim_start_matches('!').trim_start_matches("Fn::");
            self.is_cloudformation && matches!(function, "Ref" | "GetAtt" | "ImportValue")
        };
        reference(raw.trim_matches(self.quotes())).is_some_and(is_name)
            || (!self.document.damaged && is_function() && is_name_of(raw))
    }

    fn scalar(&mut self, id: EntryId, end: usize, visibility: Visibility) {
        let Some(raw) = self.source.get(self.at..end) else { return self.mask(end) };
        let is_word = self.is_yaml && is_shown_word(raw, *self.document.entry(id));
        if matches!(raw, "true" | "false" | "null") || is_word || self.is_reference(id) || self.names_another(id, raw) {
            return self.show(end);
        }
        let text = raw.trim_matches(self.quotes());
        let is_hcl = self.document.syntax == Syntax::Hcl;
        let is_one_line = !raw.contains(['\n', '\r']);
        let is_unread = || id == ROOT || (self.document.is_stream && self.document.entry(id).kind() == 0);
        if self.is_yaml && !is_one_line && is_unread() {
            return self.unread_lines(end);
        }
        if is_hcl && is_one_line && !raw.starts_with('"') && self.document.is_sound(id) {
            return self.expression(end);
        }
        // A text of several lines is neither a name nor an address.
        let visibility = if is_one_line { visibility } else { Visibility::Nothing };
        if self.is_yaml && raw.starts_with(['|', '>']) {
            let header = raw.find(|c: char| !matches!(c, '|' | '>' | '+' | '-' | '1'..='9')).unwrap_or(raw.len());
            self.show(self.at + header);
        }
        let sound = is_known_word(text) || self.document.is_sound(id);
        self.unquoted(end, |painter, end| match visibility {
            _ if painter.ignore_before(end).is_some_and(|ignore| ignore.start == painter.at) => {
                painter.show(painter.ignore_before(end).map_or(painter.at, |ignore| ignore.end));
                painter.mask(end);
            }
            _ if !sound => painter.mask(end),
            _ if is_word_of(painter.document.key(id), text) => painter.show(end),
            visibility => painter.visible(visibility, text, end),
        });
    }

    /// The visible parts of `text`, which ends at `end`.
    fn visible(&mut self, visibility: Visibility, text: &str, end: usize) {
        let is_author = self.reader == Reader::Author;
        match visibility {
            Visibility::Whole(marks) if may_be_shown(text, marks) => self.show(end),
            Visibility::Whole(_) if is_author && !text.contains("://") && !looks_secret(text) => self.show(end),
            Visibility::Brokers if is_author && !text.contains('@') => self.show(end),
            // A URL in another field, such as a connection string as a cluster's name, may contain a password.
            Visibility::Whole(_) if text.contains("://") && !text.contains("-----BEGIN") => self.origin(end),
            Visibility::Origin | Visibility::Origins => self.origin(end),
            Visibility::Brokers => self.brokers(end),
            Visibility::Whole(_) | Visibility::Nothing | Visibility::Fields(..) | Visibility::Settings => {
                self.mask(end);
            }
        }
    }

    /// Unparsed YAML, line by line: a public field shows its value if the line certainly contains one.
    fn unread_lines(&mut self, end: usize) {
        let mut unread = yaml::Unread::default();
        self.lines(end, |painter, line_end| {
            if let Some(field) = unread.field(&painter.source[painter.at..line_end])
                && painter.is_key_of_line(field.key, painter.at + field.key_start)
            {
                let start = painter.at + field.value.start;
                let (stop, text) = (painter.at + field.value.end, field.text);
                painter.show(start);
                if is_word_of(field.key, text) || reference(text).is_some_and(is_name) {
                    painter.show(stop);
                } else {
                    painter.visible(field.visibility, text, stop);
                }
            }
            painter.words(line_end);
            painter.show(line_end);
        });
    }

    const fn quotes(&self) -> &'static [char] {
        // Damaged JSON may have single quotes, too.
        if self.is_yaml || self.document.damaged { &['"', '\''] } else { &['"'] }
    }

    /// Shows the quotes around a string, and masks the text between them with `inside`.
    fn unquoted(&mut self, end: usize, inside: impl FnOnce(&mut Self, usize)) {
        let raw = self.rest(end);
        let opened = raw.first() == Some(&b'"') || (self.is_yaml && raw.first() == Some(&b'\''));
        let closed = opened && raw.len() > 1 && raw.last() == raw.first();
        if opened {
            self.show(self.at + 1);
        }
        let inner_end = end - usize::from(closed);
        let is_block = self.is_yaml && self.source[..self.at].ends_with(['|', '>', '+', '-']);
        if inner_end > self.at {
            self.is_quoted = opened || is_block;
            inside(self, inner_end);
            self.is_quoted = false;
        }
        self.show(end);
    }

    /// Shows the scheme, host and port of a URL, and nothing of other texts.
    fn origin(&mut self, end: usize) {
        let start = self.at;
        for part in shown_of_url(&self.source[start..end]) {
            self.mask(start + part.start);
            self.show(start + part.end);
        }
        self.mask(end);
    }

    /// Shows brokers if all are valid; otherwise only parts that can only be brokers.
    fn brokers(&mut self, end: usize) {
        let text = &self.source[self.at..end];
        if text.split([',', ';']).map(|entry| entry.trim_matches(' ')).all(is_plain_broker) {
            return self.show(end);
        }
        for entry in text.split_inclusive([',', ';', ' ']) {
            let start = self.at;
            let address = entry.trim_end_matches([',', ';', ' ']);
            // A slash in a password makes the user name look like the host.
            let login = address.rfind('@').map_or(0, |at| at + 1);
            let host = Url::split(&address[login..]).authority;
            let (host, host_end) = (login + host.start, login + host.end);
            let shown = &address[host..host_end];
            if shown.is_ascii() && shown.contains('.') && shown.contains(':') && is_host_and_port(shown) {
                self.mask(start + host);
                self.show(start + host_end);
            }
            self.mask(start + address.len());
            self.show(start + entry.len());
        }
    }

    /// Writes one mask for each line that is not empty.
    fn mask(&mut self, end: usize) {
        let breaks = self.source[self.at..end].matches('\n').count();
        if self.reader == Reader::Recipient && !self.is_quoted && breaks > 0 {
            return self.replacement(end, &format!("\"{MASK}\"{}", "\n".repeat(breaks)));
        }
        self.lines(end, |painter, line_end| {
            if painter.is_yaml {
                let line = &painter.source[painter.at..line_end];
                painter.show(line_end - line.trim_start_matches(' ').len());
            }
            painter.replacement(line_end, MASK);
        });
    }

    /// Calls `line` for the rest of each line up to `end`, and shows the line breaks.
    fn lines(&mut self, end: usize, mut line: impl FnMut(&mut Self, usize)) {
        while self.at < end {
            let rest = self.rest(end);
            let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
            if length > 0 {
                line(self, self.at + length);
                continue;
            }
            let followed = self.source.as_bytes().get(self.at + 1) == Some(&b'\n');
            self.masked.text.push(if rest[0] == b'\r' && followed { '\r' } else { '\n' });
            self.at += 1;
        }
    }

    fn rest(&self, end: usize) -> &'r [u8] {
        self.source.as_bytes().get(self.at..end).unwrap_or_default()
    }

    /// Shows the source up to `end` unchanged.
    fn show(&mut self, end: usize) {
        if let Some(text) = self.source.get(self.at..end) {
            self.masked.text.push_str(text);
            self.at = end;
        }
    }

    /// Shows `instead` for the source up to `end`.
    fn replacement(&mut self, end: usize, instead: &str) {
        if end > self.at {
            let is_bare = self.reader == Reader::Recipient && !self.is_quoted && instead == MASK;
            let instead = if is_bare { &format!("\"{MASK}\"") } else { instead };
            let start = self.masked.text.len();
            self.masked.text.push_str(instead);
            let to = Span::new(start, self.masked.text.len());
            self.masked.replacements.push(Replacement { from: Span::new(self.at, end), to });
            self.at = end;
        }
    }
}

fn is_markdown(name: &str) -> bool {
    extension(name).is_some_and(|extension| MARKDOWN.iter().any(|markdown| extension.eq_ignore_ascii_case(markdown)))
}

/// Tags of CloudFormation and of YAML itself.
const TAGS: &[&str] = &[
    "And",
    "Base64",
    "Cidr",
    "Condition",
    "Equals",
    "FindInMap",
    "GetAtt",
    "GetAZs",
    "If",
    "ImportValue",
    "Join",
    "Not",
    "Or",
    "Ref",
    "Select",
    "Split",
    "Sub",
    "Transform",
    "!str",
    "!int",
    "!float",
    "!bool",
    "!null",
    "!map",
    "!seq",
];

/// The length of a template at the start of a text (`{{ .Values.x }}`, `{{- end }}`), if it contains only names.
fn shown_template(text: &str) -> Option<usize> {
    let (inside, _) = text.strip_prefix("{{")?.split_once("}}")?;
    let mut words = inside.trim_matches('-').split([' ', '\t']).filter(|word| !word.is_empty());
    let is_shown = |word: &str| word == "|" || is_name(word.trim_start_matches('.'));
    words.all(is_shown).then_some(inside.len() + 4)
}

/// `~`, `yes` and similar words, if they are not strings; and aliases.
fn is_shown_word(raw: &str, entry: Entry) -> bool {
    let is_scalar = !entry.has(Entry::OBJECT | Entry::ARRAY | Entry::TEXT | Entry::NUMBER | Entry::UNKNOWN);
    let is_alias =
        entry.has(Entry::ELSEWHERE) && raw.starts_with('*') && shown_key(&raw[1..], Keys::Certain) == raw[1..];
    is_alias || (is_scalar && raw.len() <= 5)
}

/// Whether an entry of a list of brokers is empty, or host and port with or without a scheme.
fn is_plain_broker(entry: &str) -> bool {
    let url = Url::split(entry);
    let is_scheme = url.scheme.is_none_or(|scheme| entry[scheme].chars().all(|c| c.is_ascii_alphabetic() || c == '_'));
    entry.is_empty() || (entry.is_ascii() && is_scheme && is_host_and_port(&entry[url.authority.start..]))
}
