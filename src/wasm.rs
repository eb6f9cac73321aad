//! The browser door: texts come in as bytes, findings go out as JSON. Nothing here judges.
//!
//! JavaScript writes a text into [`buffer`] (`TextEncoder.encodeInto`, a tenth of what a string argument costs), perhaps
//! options behind it, and says how many bytes each has. A function returns the length of its answer, which stands at
//! [`answer`]; a negative length is that of a sentence about what is wrong with the options. Nothing but numbers crosses
//! the border, so the module imports nothing, and a second instance can take the place of one that has stopped.
//!
//! Offsets that leave here are UTF-16 code units, the unit of JavaScript strings. `pkg/src/door.js` is the other side.

use std::cell::RefCell;
use std::sync::Arc;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::conventions::Pattern;
use crate::conventions::is_host_entry;
use crate::diagnostic::Severity;
use crate::json::Writer;
use crate::list::joined;
use crate::order;
use crate::output::json::{Places, diagnostics};
use crate::rules::networking::KINDS;
use crate::text::suggest::nearest;
use crate::{
    Applicability, Config, Dialect, Format, Kind, Linter, Mode, RULES, Report, Source, Span, Style, Utf16Cursor,
};

#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// What a text without a name is called; the command calls standard input the same.
const NAMELESS: &str = "<stdin>";

thread_local! {
    /// What JavaScript writes into. It only grows, so that a text of the usual size costs no allocation.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// What JavaScript reads after a call.
    static ANSWER: RefCell<String> = const { RefCell::new(String::new()) };
    /// What lints without options, and the name of what has none: made once.
    static USUAL: (Linter, Arc<str>) = (Linter::default(), NAMELESS.into());
    /// What was found in the texts that the next call of [`check_all`] puts together.
    static REPORTS: RefCell<Vec<Report>> = const { RefCell::new(Vec::new()) };
}

/// The address of a buffer of at least this many bytes.
#[wasm_bindgen]
pub fn buffer(capacity: usize) -> *mut u8 {
    BUFFER.with_borrow_mut(|buffer| {
        if buffer.len() < capacity {
            buffer.resize(capacity, 0);
        }
        buffer.as_mut_ptr()
    })
}

/// The address of the last answer.
#[wasm_bindgen]
pub fn answer() -> *const u8 {
    ANSWER.with_borrow(|answer| answer.as_ptr())
}

/// The findings in the text, as an array; nothing when there are none.
#[wasm_bindgen]
pub fn check(text: usize, options: usize) -> i32 {
    reply(request(text, options).map(|(linter, source)| found(&linter.check(&source))))
}

/// The JSON report on the text, byte for byte what the command writes.
#[wasm_bindgen]
pub fn report(text: usize, options: usize) -> i32 {
    let render = |(linter, source): (Linter, Source)| {
        let reports = linter.check_all([&source]);
        Format::Json.render(&reports, Style::default())
    };
    reply(request(text, options).map(render))
}

/// The report on a text that is longer than the limit, so that it was not brought here; `bytes` is its length.
#[wasm_bindgen]
pub fn refuse(bytes: u32, options: usize, whole_report: bool) -> i32 {
    let render = |(linter, source): (Linter, Source)| {
        let mut reports = [linter.refuse(source.name(), bytes.into())];
        if !whole_report {
            return found(&reports[0]);
        }
        linter.across(&mut reports);
        Format::Json.render(&reports, Style::default())
    };
    reply(request(0, options).map(render))
}

/// The text with its fixes applied, how many were, and what is left: `{ text, applied, remaining }`.
#[wasm_bindgen]
pub fn fix(text: usize, options: usize, also_unsafe: bool) -> i32 {
    let up_to = if also_unsafe { Applicability::Unsafe } else { Applicability::Safe };
    let mend = |(linter, source): (Linter, Source)| {
        let (mended, applied) = linter.check(&source).fixed_and_counted(up_to);
        let after = linter.check(&Source::new(source.name(), mended));
        let mut out = Writer::default();
        out.object(|out| {
            out.key("text").string(after.source().text());
            out.key("applied").number(applied);
            findings(out.key("remaining"), &after);
        });
        out.into_text()
    };
    reply(request(text, options).map(mend))
}

/// Puts a text aside for [`check_all`].
#[wasm_bindgen]
pub fn add(text: usize, options: usize) -> i32 {
    reply(request(text, options).map(|(linter, source)| {
        REPORTS.with_borrow_mut(|reports| reports.push(linter.check(&source)));
        String::new()
    }))
}

/// The findings in all the texts that were put aside, an array for each.
#[wasm_bindgen]
pub fn check_all(options: usize) -> i32 {
    let mut reports = REPORTS.take();
    let judge = |(linter, _): (Linter, Source)| {
        linter.across(&mut reports);
        let mut out = Writer::default();
        out.list(&reports, findings);
        out.into_text()
    };
    reply(request(0, options).map(judge))
}

/// The strings of a text, with a NUL behind each: JavaScript evaluates the user's regular expressions on them, and says
/// with the options of the next call which of them match. So there is no regex engine in here.
#[wasm_bindgen]
pub fn strings(text: usize, options: usize) -> i32 {
    reply(request(text, options).map(|(linter, source)| linter.strings(&source)))
}

fn reply(answer: Result<String, String>) -> i32 {
    let (text, sign) = match answer {
        Ok(text) => (text, 1),
        Err(sentence) => (sentence, -1),
    };
    // The memory ends long before the numbers do.
    let length = i32::try_from(text.len()).unwrap_or(i32::MAX);
    ANSWER.replace(text);
    length * sign
}

/// The findings of a report; nothing for a clean one, so that it costs nothing.
fn found(report: &Report) -> String {
    if report.diagnostics().is_empty() {
        return String::new();
    }
    let mut out = Writer::default();
    findings(&mut out, report);
    out.into_text()
}

fn findings(out: &mut Writer, report: &Report) {
    diagnostics(out, report, &Units::of(report));
}

/// Reads what JavaScript wrote: `text` bytes of text, then `options` bytes of options.
fn request(text: usize, options: usize) -> Result<(Linter, Source), String> {
    BUFFER.with_borrow(|buffer| {
        let (written, rest) = buffer.split_at(text.min(buffer.len()));
        // `encodeInto` writes nothing but UTF-8.
        let written = std::str::from_utf8(written).unwrap_or_default();
        let said = std::str::from_utf8(rest.get(..options).unwrap_or_default()).unwrap_or_default();
        if said.is_empty() {
            let (linter, name) = USUAL.with(Clone::clone);
            return Ok((linter, Source::new(name, written)));
        }
        let (config, name) = settings(said)?;
        Ok((Linter::new(config), Source::new(name, written)))
    })
}

/// Options are names and values in turn, each ended by a NUL; lists say their name once for every element.
// Rarely called, and large: where it would be inlined, it would be compiled with every first check.
#[inline(never)]
fn settings(said: &str) -> Result<(Config, &str), String> {
    let mut config = Config::default();
    let mut name = NAMELESS;
    let mut placeholders = Vec::new();
    // A regular expression, and the texts that match it.
    let mut connection_names = (None, Vec::new());
    let mut workspace_names = (None, Vec::new());
    let mut words = said.split('\0');
    while let (Some(option), Some(value)) = (words.next(), words.next()) {
        let own = || Some(value.to_owned());
        match option {
            "filename" => name = value,
            "type" => config.kind = Some(word(option, value, Kind::ALL, Kind::name)?),
            "mode" => config.mode = Some(word(option, value, Mode::ALL, Mode::name)?),
            "dialect" if value == "auto" => config.dialect = None,
            "dialect" => config.dialect = Some(word(option, value, Dialect::ALL, Dialect::name)?),
            "select" => config.select.push(word(option, value, RULES, |rule| rule.name)?.name.to_owned()),
            "ignore" => config.ignore.push(word(option, value, RULES, |rule| rule.name)?.name.to_owned()),
            "rules" => {
                let (rule, level) = value.split_once('=').unwrap_or((value, ""));
                let level = word(option, level, LEVELS, |(name, _)| name)?.1;
                config.levels.push((word(option, rule, RULES, |rule| rule.name)?.name.to_owned(), level));
            }
            "workspace" => config.workspace = own(),
            "placeholder" => placeholders.push(value.to_owned()),
            "connectionNames" => connection_names.0 = Some(value),
            "connectionName" => connection_names.1.push(value.to_owned()),
            "workspaceNames" => workspace_names.0 = Some(value),
            "workspaceName" => workspace_names.1.push(value.to_owned()),
            "requirePrivateNetworking" => {
                let kinds = config.conventions.private_networking;
                config.conventions.private_networking = if value == "true" {
                    KINDS
                } else {
                    kinds.with(word(option, value, &KINDS.iter().collect::<Vec<_>>(), Kind::name)?)
                };
            }
            "allowedHosts" => config.conventions.allowed_hosts.push(host(option, value)?),
            "reachableHosts" => config.conventions.reachable_hosts.push(host(option, value)?),
            "knownSamples" => config.conventions.known_samples.push(value.to_owned()),
            "knownBuiltInRoles" => config.conventions.known_built_in_roles.push(value.to_owned()),
            "skipUnrecognized" => config.skip_unrecognized = value == "true",
            "sizeLimit" => {
                let limit = value.parse::<u64>().ok().and_then(|limit| usize::try_from(limit).ok());
                config.size_limit = limit.unwrap_or(config.size_limit);
            }
            "groupId" => config.request.group_id = own(),
            "tenantName" => config.request.tenant_name = own(),
            "envelope" => config.request.envelope = own(),
            "pretty" => config.request.pretty = own(),
            _ => return Err(format!("streamlint has no option `{option}`")),
        }
    }
    if !placeholders.is_empty() {
        config.conventions.placeholders.push(listed("", placeholders));
    }
    let pattern = |(text, matching): (Option<&str>, Vec<String>)| text.map(|text| listed(text, matching));
    config.conventions.connection_names = pattern(connection_names);
    config.conventions.workspace_names = pattern(workspace_names);
    Ok((config, name))
}

/// A pattern that matches these texts.
fn listed(text: &str, mut matching: Vec<String>) -> Pattern {
    order::sort_by(&mut matching, Ord::cmp);
    Pattern::new(text, move |text| matching.binary_search_by(|other| other.as_str().cmp(text)).is_ok())
}

fn host(option: &str, value: &str) -> Result<String, String> {
    if is_host_entry(value) {
        return Ok(value.to_owned());
    }
    Err(format!("`{option}` are names, `*.` and a domain, addresses, or networks such as 10.0.0.0/8"))
}

/// What a rule can be set to.
const LEVELS: &[(&str, Option<Severity>)] = &[
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("info", Some(Severity::Info)),
    ("off", None),
];

/// The one of some things that goes by this word.
fn word<T: Copy>(option: &str, value: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().copied().find(|one| name(*one) == value);
    found.ok_or_else(|| no_such_word(option, value, &mut all.iter().copied().map(name)))
}

fn no_such_word(option: &str, value: &str, names: &mut dyn Iterator<Item = &'static str>) -> String {
    let names = names.collect::<Vec<_>>();
    match nearest(value, names.iter().copied()) {
        Some(near) => format!("`{option}` has no such word; did you mean `{near}`?"),
        None => format!("`{option}` has no such word; there are {}", joined(names, ", ")),
    }
}

/// The UTF-16 offset of every byte offset that a report holds. They come in no order, and the text may be one long line.
struct Units(Vec<(usize, usize)>);

impl Units {
    fn of(report: &Report) -> Self {
        let mut offsets = Vec::new();
        for found in report.diagnostics() {
            let edits = found.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            for span in found.labels.iter().map(|label| label.span).chain(edits) {
                offsets.extend([span.start, span.end]);
            }
        }
        crate::order::sort_by_key(&mut offsets, |offset| *offset);
        offsets.dedup();
        let mut cursor = Utf16Cursor::new(report.source().text());
        Self(offsets.into_iter().map(|offset| (offset, cursor.offset(offset))).collect())
    }

    fn unit(&self, offset: usize) -> usize {
        self.0.binary_search_by_key(&offset, |(byte, _)| *byte).map_or(0, |at| self.0[at].1)
    }
}

impl Places for Units {
    fn place(&self, out: &mut Writer, span: Span) {
        out.key("from").number(self.unit(span.start));
        out.key("to").number(self.unit(span.end));
    }

    fn edit(&self, out: &mut Writer, span: Span) {
        self.place(out, span);
    }
}
