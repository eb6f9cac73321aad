//! An excerpt for each finding: the line of the text with marks under the characters, and the help.

use std::io;

use super::masked_report::findings;
use super::picture::handler;
use super::{Layout, Style, seen, tamed};
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::linter::Report;

/// Columns at which sentences are wrapped.
const WIDTH: usize = 100;

/// Lines of the text above and below the marked ones.
const CONTEXT: usize = 1;

pub(super) const LAYOUT: Layout = Layout::plain("human", write);

fn write(report: &Report, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    // The rule's name is itself the link.
    let handler = handler(style.colors, WIDTH, CONTEXT).with_urls(style.links).with_link_display_text("");
    let code = |found: &Diagnostic| format!("{}[{}]", found.severity, found.rule.name);
    for finding in findings(report, code, advice) {
        let mut text = String::new();
        // Writing to a string does not fail, and every mark is inside the text.
        let _ = handler.render_report(&mut text, &finding);
        writeln!(out, "{}", tamed(text))?;
    }
    Ok(())
}

/// The title of a fix in the command's words.
fn advice(fix: &Fix) -> String {
    let flag = match fix.applicability {
        Applicability::Safe => "--fix",
        Applicability::Unsafe => "--unsafe-fixes",
    };
    let mut title = seen(&fix.title).into_owned();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    format!("fix: {title} ({flag})")
}

#[cfg(test)]
mod tests {
    use crate::text::Source;
    use crate::{Config, Format, Linter, Style, check};

    fn picture(rule: &str, name: &str, text: &str) -> String {
        let linter = Linter::new(Config::builder().select([rule]).build().unwrap());
        linter.check(&Source::new(name, text)).render(Format::Human)
    }

    #[test]
    fn marks_are_under_their_characters() {
        // A mask, an emoji, CJK and a tab before the marks: the columns in the heading are those of the file.
        let text = concat!(
            "{\n  \"type\": \"Https\",\n",
            "  \"日本\": 5, \"url\": \"https://a.example/hook/s3cret\",\n",
            "\t\"headers\": { \"k\": \"a longer secret\" }, \"url\": \"https://b.example\"\n}\n",
        );
        insta::assert_snapshot!(picture("duplicate-key", "dir/a.json", text), @r#"
        error[duplicate-key]

          × duplicate field `url`
           ╭─[dir/a.json:4:41]
         2 │   "type": "Https",
         3 │   "日本": ***, "url": "https://a.example/***",
           ·                ──┬──
           ·                  ╰── this one is ignored
         4 │     "headers": { "k": "***" }, "url": "https://b.example"
           ·                                ──┬──
           ·                                  ╰── this one is used
         5 │ }
           ╰────
          help: delete one of them
        "#);
    }

    #[test]
    fn a_finding_about_the_request_has_no_excerpt() {
        let linter = Linter::new(Config::builder().group_id("5".to_owned()).build().unwrap());
        let reports = linter.check_all(&[Source::new("a.json", r#"{"type":"Sample","name":"sample_stream_solar"}"#)]);
        insta::assert_snapshot!(Format::Human.render(&reports, Style::default()), @"
        error[malformed-id]

          × the group id `5` is not 24 lowercase hexadecimal digits
          help: use the project id that `atlas projects list` shows
        ");
    }

    #[test]
    fn colors_and_links_are_used_only_if_enabled() {
        let report = [check(&Source::new("a.json", "{\"a\": 1, \"a\": 2}"))];
        let plain = Format::Human.render(&report, Style::default());
        assert!(!plain.contains('\u{1b}'));
        let links = Format::Human.render(&report, Style { links: true, ..Style::default() });
        let url = crate::rule("duplicate-key").unwrap().url();
        assert!(links.contains(&format!("\u{1b}]8;;{url}\u{1b}\\error[duplicate-key]")));
        let colors = Format::Human.render(&report, Style { colors: true, ..Style::default() });
        assert!(colors.contains("\u{1b}[31m") && !colors.contains("\u{1b}]8"));
    }

    #[test]
    fn a_finding_with_many_labels_shows_the_first_ones() {
        let brokers = (0..1000).map(|at| format!("h{at}.example.com")).collect::<Vec<_>>().join(",");
        let text = format!(r#"{{ "name": "k", "type": "Kafka", "bootstrapServers": "{brokers}" }}"#);
        let out = picture("missing-port", "a.json", &text);
        assert!(out.contains("more locations not shown"), "{out}");
        assert!(out.len() < 40_000, "{} bytes", out.len());
    }

    #[test]
    fn a_minified_text_shows_only_the_part_around_the_mark() {
        let filling = (0..50_000).map(|at| format!("\"k{at}\":0")).collect::<Vec<_>>().join(",");
        let text = format!("{{\"x\":1,{filling},\"x\":2}}");
        let linter = Linter::new(Config::builder().select(["duplicate-key"]).build().unwrap());
        let out = linter.check(&Source::new("a.json", text.as_str())).render(Format::Human);
        assert!(out.len() < 2_000, "{} bytes", out.len());
        assert!(out.contains("this one is used") && out.contains("this one is ignored"));
    }
}
