//! The rules, as `streamlint rules` lists them.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style as Colors};

use super::explain::facts;
use super::terminal::{at_blanks, paint, severity_color};
use crate::{RULES, Rule};

/// Every rule as JSON.
pub(super) fn json() -> String {
    // Strings and lists of them always become JSON.
    serde_json::to_string_pretty(RULES).unwrap_or_default() + "\n"
}

/// Every rule as a table. For a terminal of some columns it has a head, and sentences are wrapped; elsewhere every rule
/// is one line, for whoever searches them.
pub(super) fn table(columns: Option<usize>, colors: bool) -> String {
    const FAINT: Colors = Colors::new().dimmed();
    let name_width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let fix_word = |rule: &Rule| if rule.fix == crate::FixAvailability::Never { "" } else { "fix" };
    // Names, severities and fixes, with two blanks after each.
    let before = name_width + 2 + "warning".len() + 2 + "fix".len() + 2;
    let mut out = String::new();
    if columns.is_some() {
        let head = format!("{:name_width$}  {:7}  {:3}  {}", "RULE", "", "", "WHAT IT FINDS");
        let _ = writeln!(out, "{}", paint(colors, FAINT, &head));
    }
    for rule in RULES {
        let name = paint(colors, Colors::new().bold(), rule.name);
        let name = name + &" ".repeat(name_width - rule.name.len());
        let severity = paint(colors, severity_color(rule.severity), &format!("{:7}", rule.severity.name()));
        let fix = paint(colors, AnsiColor::Green.on_default(), &format!("{:3}", fix_word(rule)));
        let _ = write!(out, "{name}  {severity}  {fix}  ");
        match columns {
            // Where little is left beside the names, the terminal may break the line.
            Some(columns) if columns >= before + 20 => {
                out.push_str(
                    &textwrap::wrap(rule.summary, at_blanks(columns - before))
                        .join(&format!("\n{}", " ".repeat(before))),
                );
            }
            _ => out.push_str(rule.summary),
        }
        out.push('\n');
    }
    if columns.is_some() {
        let hint = format!("\n{} rules. `streamlint explain RULE` says why one is there, and what to do.", RULES.len());
        let _ = writeln!(out, "{}", paint(colors, FAINT, &hint));
    }
    out
}

/// All pages in one Markdown document; each rule's heading is its anchor.
pub(super) fn book() -> String {
    let mut out = "# The rules\n\n<!-- `make bless` writes this file, from the pages in src/rules. -->\n\n\
        `streamlint explain RULE` shows one of these pages in the terminal.\n\n\
        | rule | finds |\n|---|---|\n"
        .to_owned();
    for rule in RULES {
        let _ = writeln!(out, "| [`{0}`](#{0}) | {1} |", rule.name, rule.summary);
    }
    for rule in RULES {
        let mut in_code = false;
        for (at, line) in rule.page().lines().enumerate() {
            in_code ^= line.starts_with("```");
            let deeper = if !in_code && line.starts_with('#') { "#" } else { "" };
            let _ = writeln!(out, "{}{deeper}{line}", if at == 0 { "\n" } else { "" });
            if at == 0 {
                let _ = writeln!(out, "\n*{} · {}*", rule.severity, facts(rule));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::RULES;

    use super::table;

    #[test]
    fn a_table_for_a_terminal_fits_into_it() {
        for columns in [70, 80, 120] {
            let text = table(Some(columns), false);
            assert!(text.starts_with("RULE  "), "{text}");
            for line in text.lines().take_while(|line| !line.is_empty()) {
                assert!(line.chars().count() <= columns, "{columns}: {line}");
            }
            assert!(text.lines().count() > RULES.len() + 3, "some sentences are longer than {columns} columns");
        }
        // Too narrow for a column of sentences: the terminal breaks the lines, nothing is lost.
        assert_eq!(table(Some(20), false).lines().count(), RULES.len() + 3);
    }

    #[test]
    fn a_table_for_a_pipe_has_one_line_a_rule() {
        let text = table(None, false);
        assert_eq!(text.lines().count(), RULES.len());
        let colors = table(None, true);
        assert!(colors.contains("\u{1b}[31merror"), "{colors}");
        let plain = anstream::adapter::strip_str(&colors).to_string();
        assert_eq!(plain, text);
    }
}
