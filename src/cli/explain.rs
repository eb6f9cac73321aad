//! The page of a rule in a terminal: headings, wrapped paragraphs, and each example with the findings that `check`
//! reports.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style as Colors};
use itertools::Itertools as _;
use miette::{MietteDiagnostic, NamedSource};
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::terminal::{at_blanks, paint, severity_color};
use crate::output::picture::{Picture, handler, labeled_spans};
use crate::rules::api_error::explanations;
use crate::suppress::comment_for;
use crate::{Config, Diagnostic, Example, FixAvailability, Kind, Kinds, Linter, Module, Report, Rule, Source, Style};

const HEADING: Colors = Colors::new().bold().underline();
const CODE: Colors = AnsiColor::Cyan.on_default();
const FAINT: Colors = Colors::new().dimmed();
const GOOD: Colors = AnsiColor::Green.on_default();
const BAD: Colors = AnsiColor::Red.on_default();

/// Renders the page of a rule, at most `width` columns wide where words can be wrapped.
pub(super) fn render(rule: &Rule, width: usize, style: Style) -> String {
    let mut page = Page { width, colors: style.colors, out: String::new() };
    page.head(rule);
    let mut events = Parser::new(rule.page());
    // The head already contains the title.
    let is_title = |event: &Event| matches!(event, Event::End(TagEnd::Heading(HeadingLevel::H1)));
    let _ = events.by_ref().find(is_title);
    page.body(events, rule.examples().into_iter());
    if !rule.page().contains("\n## Configuration\n") {
        page.heading("Configuration");
    }
    page.body(Parser::new(&configuration(rule)), std::iter::empty());
    page.out
}

/// Renders the meaning of an error code of the API and what to do; for a code with several causes, each of them.
pub(super) fn error(code: &str, width: usize) -> String {
    let mut out = format!("{code}\n");
    for error in explanations(code) {
        let occasion = if error.detail.is_empty() || explanations(code).count() == 1 {
            String::new()
        } else {
            format!(" (with \"{}\" in its detail)", error.detail)
        };
        let text = format!("{}{occasion}: {}", error.meaning, error.help);
        for line in textwrap::wrap(&text, at_blanks(width)) {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}

struct Page {
    width: usize,
    colors: bool,
    out: String,
}

impl Page {
    fn head(&mut self, rule: &Rule) {
        let name = format!("{}[{}]", rule.severity, rule.name);
        let severity = severity_color(rule.severity);
        let _ = writeln!(self.out, "{}: {}", self.paint(severity, &name), rule.summary);
        self.wrap(&facts(rule), FAINT);
        self.wrap(&rule.url(), FAINT);
    }

    fn paint(&self, with: Colors, text: &str) -> String {
        paint(self.colors, with, text)
    }

    /// Writes wrapped words on separate lines.
    fn wrap(&mut self, words: &str, with: Colors) {
        for line in textwrap::wrap(words, at_blanks(self.width)) {
            let line = self.paint(with, &line);
            self.out.push_str(&line);
            self.out.push('\n');
        }
    }

    /// Writes an item of a list.
    fn item(&mut self, words: &str) {
        let options = at_blanks(self.width).initial_indent("- ").subsequent_indent("  ");
        for line in textwrap::wrap(words, options) {
            self.out.push_str(&line);
            self.out.push('\n');
        }
    }

    fn heading(&mut self, heading: &str) {
        self.out.push('\n');
        self.wrap(heading, HEADING);
        if !self.colors {
            self.out.push_str(&"─".repeat(heading.chars().count()));
            self.out.push('\n');
        }
    }

    fn body<'p>(&mut self, events: impl Iterator<Item = Event<'p>>, mut examples: impl Iterator<Item = Example>) {
        // The paragraph that is being read, with its colors.
        let mut words = String::new();
        let mut in_code = false;
        for event in events {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => {
                    in_code = false;
                    examples.next().into_iter().for_each(|example| self.example(example));
                }
                Event::Text(text) if !in_code => words.push_str(&text),
                Event::Code(text) if self.colors => words.push_str(&self.paint(CODE, &text)),
                Event::Code(text) => {
                    let _ = write!(words, "`{text}`");
                }
                Event::SoftBreak | Event::HardBreak => words.push(' '),
                Event::Start(Tag::List(_)) if !self.out.ends_with("─\n") => self.out.push('\n'),
                Event::End(TagEnd::Item) => self.item(&std::mem::take(&mut words)),
                Event::End(TagEnd::Heading(_)) => self.heading(&std::mem::take(&mut words)),
                Event::End(TagEnd::Paragraph) if !words.is_empty() => {
                    if !self.out.ends_with("─\n") {
                        self.out.push('\n');
                    }
                    let paragraph = std::mem::take(&mut words);
                    self.wrap(&paragraph, Colors::new());
                }
                _ => {}
            }
        }
    }

    fn example(&mut self, example: Example) {
        let heading = match example.is_good {
            Some(true) => self.paint(GOOD, "✓ good"),
            Some(false) => self.paint(BAD, "✗ bad"),
            None => String::new(),
        };
        let _ = writeln!(self.out, "\n  {heading}");
        let example = CheckedExample::new(example);
        let picture =
            if example.found().is_empty() { example.plain() } else { example.marked(self.width, self.colors) };
        for line in picture.lines() {
            let _ = writeln!(self.out, "  {}", line.trim_end());
        }
    }
}

/// An example on a page, and its report.
struct CheckedExample {
    example: Example,
    report: Report,
}

impl CheckedExample {
    fn new(example: Example) -> Self {
        let source = Source::new(example.name.as_str(), example.text.as_str());
        // An example is a complete module.
        let module = Module::of([&source], true);
        let config = Config { mode: example.mode, ..Config::default() };
        let report = Linter::new(config).check_in(&source, &module);
        Self { example, report }
    }

    /// The findings to mark. A good example has none.
    fn found(&self) -> &[Diagnostic] {
        if self.example.is_good == Some(false) { self.report.diagnostics() } else { &[] }
    }

    /// The whole text with all marks, and the sentences of the findings, each once.
    fn marked(&self, width: usize, colors: bool) -> String {
        let found = self.found();
        let sentences =
            |sentence: fn(&Diagnostic) -> Option<&str>| found.iter().filter_map(sentence).dedup().join("\n");
        let help = sentences(|found| found.help.as_deref());
        let labels = found.iter().map(|found| found.labels.iter().map(|label| (label.span, &*label.message)));
        let diagnostic = MietteDiagnostic {
            message: sentences(|found| Some(&found.message)),
            code: None,
            severity: found.first().map(|found| found.severity.into()),
            help: (!help.is_empty()).then_some(help),
            url: None,
            labels: Some(labels.flat_map(labeled_spans).collect()),
        };
        let source = NamedSource::new(&self.example.name, self.example.text.clone());
        let handler = handler(colors, width, self.example.text.lines().count()).with_urls(false);
        let mut out = String::new();
        // Writing to a string does not fail, and every mark lies in the text.
        let _ = handler.render_report(&mut out, &Picture { diagnostic, source });
        out
    }

    /// The text with line numbers, drawn like a picture without marks.
    fn plain(&self) -> String {
        let width = self.example.text.lines().count().to_string().len();
        let mut out = format!(" {:width$} ╭─[{}]\n", "", self.example.name);
        for (at, line) in self.example.text.lines().enumerate() {
            let _ = writeln!(out, " {:width$} │ {line}", at + 1);
        }
        let _ = writeln!(out, " {:width$} ╰────", "");
        out
    }
}

/// The options that all rules have, in Markdown. The section `Configuration` of a page is only for additional options.
fn configuration(rule: &Rule) -> String {
    let key = if rule.is_policy() { format!("\"{}\"", rule.name) } else { rule.name.to_owned() };
    let setting = format!(
        "To change the severity, set `{key}` under `[rules]` in `streamlint.toml` to `error`, `warning`, `info` or `off`."
    );
    match comment_for(rule) {
        Some(comment) => {
            format!("{setting} To suppress a finding, add the comment `{comment}[{}]: reason`.", rule.name)
        }
        None => setting,
    }
}

/// The types that a rule checks, unless it checks all or none, how often its findings have a fix, and its version.
fn facts(rule: &Rule) -> String {
    let has_types = rule.kinds != Kinds::ALL && rule.kinds != Kinds::NONE;
    let types = has_types.then(|| rule.kinds.iter().map(Kind::name).join(", "));
    let fix = match rule.fix {
        FixAvailability::Always => Some("fix available".to_owned()),
        FixAvailability::Sometimes => Some("fix sometimes available".to_owned()),
        FixAvailability::Never => None,
    };
    let since = if rule.is_policy() { "a policy".to_owned() } else { format!("since {}", rule.since) };
    types.into_iter().chain(fix).chain([since]).join(" · ")
}

#[cfg(test)]
mod tests {
    use crate::{RULES, Style};

    use super::render;

    fn page(rule: &str, width: usize) -> String {
        let rule = crate::rule(rule).expect(rule);
        render(rule, width, Style::default())
    }

    #[test]
    fn a_page_is_read_like_a_page() {
        insta::assert_snapshot!(page("bootstrap-scheme", 100));
    }

    #[test]
    fn the_items_of_a_list_are_together_and_indented() {
        let page = page("wrong-stage-for-connection", 60);
        assert!(page.contains("\n\n- `$source` reads from"), "{page}");
        let (item, _) = page.split_once("\n- `$https` calls Https").expect(&page);
        assert!(item.lines().last().is_some_and(|line| line.starts_with("  ") && line.ends_with('.')), "{page}");
    }

    #[test]
    fn words_are_wrapped_and_code_is_not() {
        for rule in RULES {
            let page = page(rule.name, 60);
            assert!(!page.contains("\n\n\n"), "{page}");
            let is_drawn = |line: &&str| line.starts_with("  ") || line.starts_with(&rule.severity.to_string());
            let words = page.lines().filter(|line| !is_drawn(line));
            for line in words.filter(|line| line.contains(' ')) {
                assert!(line.chars().count() <= 60, "{}: {line}", rule.name);
            }
        }
    }

    #[test]
    fn every_page_explains_the_configuration() {
        for rule in RULES {
            let page = page(rule.name, 1000);
            assert_eq!(page.matches("\nConfiguration\n───").count(), 1, "{}", rule.name);
            assert!(page.contains(&format!("set `{}` under `[rules]`", rule.name)), "{page}");
            let can_be_ignored = !matches!(rule.name, "syntax-error" | "too-deep");
            assert_eq!(page.contains(&format!("[{}]: reason", rule.name)), can_be_ignored, "{page}");
        }
    }

    #[test]
    fn colors_are_used_only_if_enabled() {
        for rule in RULES {
            assert!(!page(rule.name, 100).contains('\u{1b}'), "{}", rule.name);
            let colors = render(rule, 100, Style { colors: true, ..Style::default() });
            assert!(colors.contains("\u{1b}[1m\u{1b}[4mWhy it matters\u{1b}[0m\n"), "{}: {colors}", rule.name);
        }
        // Code is marked by its color alone.
        let rule = crate::rule("bootstrap-scheme").expect("there is one");
        let colors = render(rule, 100, Style { colors: true, ..Style::default() });
        assert!(colors.contains("\u{1b}[36mhost:port\u{1b}[0m") && !colors.contains("`host:port`"), "{colors}");
    }

    #[test]
    fn every_bad_example_shows_its_findings() {
        for rule in RULES {
            let page = page(rule.name, 100);
            for picture in page.split("\n  ✗ bad\n").skip(1) {
                let picture = picture.split("\n  ✓ good\n").next().unwrap_or_default();
                assert!(picture.contains("\n     · ") || picture.contains("\n      · "), "{}: {picture}", rule.name);
            }
        }
    }
}
