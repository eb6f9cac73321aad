//! The list of rules, for `streamlint rules`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::styling::{AnsiColor, Style as Colors};

use super::status::Status;
use super::terminal::{Color, Stream, at_blanks, complain, paint, severity_color};
use crate::settings::finder::{Choice, Finder};
use crate::settings::policies::load_given;
use crate::{RULES, Rule, RuleRef};

/// The sources of policies.
#[derive(Debug, Args)]
pub(super) struct PolicyArguments {
    /// Use the policies of this settings file, instead of the nearest streamlint.toml above the working directory.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Use no streamlint.toml.
    #[arg(long, conflicts_with = "config")]
    no_config: bool,

    /// Add this policy to the policies of the settings; repeatable.
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,
}

impl PolicyArguments {
    /// The rules of the catalog, and the policies. Policies with errors are reported on standard error.
    pub fn rules(&self, color: Color) -> (Vec<RuleRef>, Status) {
        let style = Stream::Error.style(color);
        let mut rules = RULES.iter().map(|rule| RuleRef::from(*rule)).collect::<Vec<_>>();
        let mut status = Status::Clean;
        let mut fail = |sentence: &str, excerpt: &str| {
            complain(sentence);
            let _ = Stream::Error.try_write(excerpt, style);
            status = Status::Failed;
        };
        let finder = Finder::new(Choice::of(self.config.as_ref(), self.no_config), false, style);
        if let Some(file) = finder.settings_of(Path::new("")) {
            match &file.settings {
                Ok(settings) => rules.extend(settings.policies().map(|policy| policy.rule().clone())),
                Err(problem) => fail(&format!("{}: {}", file.name, problem.reason), &problem.excerpt),
            }
        }
        match load_given(&self.policy, style, &mut Vec::new()) {
            Ok(policies) => rules.extend(policies.iter().map(|policy| policy.rule().clone())),
            Err(problem) => fail(&format!("cannot use a policy: {}", problem.sentence), &problem.excerpt),
        }
        // Of several policies with one name, the last applies.
        let mut names = BTreeSet::new();
        rules.reverse();
        rules.retain(|rule| names.insert(rule.name));
        rules.reverse();
        (rules, status)
    }
}

impl PolicyArguments {
    /// The rule of this name. Only a policy needs settings.
    pub fn rule(&self, name: &str, color: Color) -> Option<RuleRef> {
        let policy = || self.rules(color).0.into_iter().find(|policy| policy.name == name);
        crate::rule(name).map(RuleRef::from).or_else(policy)
    }
}

/// Every rule as JSON.
pub(super) fn json(rules: &[RuleRef]) -> String {
    let rules = rules.iter().map(|rule| &**rule).collect::<Vec<_>>();
    // Strings and lists of them always become JSON.
    serde_json::to_string_pretty(&rules).unwrap_or_default() + "\n"
}

/// Every rule as a table. For a terminal it has a header, and sentences are wrapped; otherwise every rule is one line,
/// for searching.
pub(super) fn table(rules: &[RuleRef], columns: Option<usize>, colors: bool) -> String {
    const FAINT: Colors = Colors::new().dimmed();
    let name_width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let fix_word = |rule: &Rule| if rule.fix == crate::FixAvailability::Never { "" } else { "fix" };
    // Names, severities and fixes, with two blanks after each.
    let before = name_width + 2 + "warning".len() + 2 + "fix".len() + 2;
    let mut out = String::new();
    if columns.is_some() {
        let head = format!("{:name_width$}  {:7}  {:3}  {}", "RULE", "", "", "WHAT IT FINDS");
        let _ = writeln!(out, "{}", paint(colors, FAINT, &head));
    }
    for rule in rules {
        let name = paint(colors, Colors::new().bold(), rule.name);
        let name = name + &" ".repeat(name_width - rule.name.len());
        let severity = paint(colors, severity_color(rule.severity), &format!("{:7}", rule.severity.name()));
        let fix = paint(colors, AnsiColor::Green.on_default(), &format!("{:3}", fix_word(rule)));
        let _ = write!(out, "{name}  {severity}  {fix}  ");
        match columns {
            // If little space is left beside the names, the terminal wraps the line.
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
        let hint = format!("\n{} rules. `streamlint explain RULE` prints the page of a rule.", rules.len());
        let _ = writeln!(out, "{}", paint(colors, FAINT, &hint));
    }
    out
}

/// Every rule as a Markdown table with links to the pages.
pub(super) fn markdown(rules: &[RuleRef]) -> String {
    let mut out = "# Rules\n\n\
        `streamlint explain RULE` prints the page of a rule. To change the severity of a rule or turn it off, set it under\n\
        `[rules]` in `streamlint.toml`. To suppress a finding, add the comment `streamlint-ignore[RULE]: reason`.\n\n\
        | rule | severity | fix | finds |\n|---|---|---|---|\n"
        .to_owned();
    for rule in rules {
        let summary = rule.summary.replace('|', "\\|");
        let (name, url, severity, fix) = (rule.name, rule.url(), rule.severity, rule.fix.name());
        let _ = writeln!(out, "| [`{name}`]({url}) | {severity} | {fix} | {summary} |");
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::{RULES, RuleRef};

    fn table(columns: Option<usize>, colors: bool) -> String {
        super::table(&RULES.iter().map(|rule| RuleRef::from(*rule)).collect::<Vec<_>>(), columns, colors)
    }

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
        // Too narrow for a column of sentences, so the terminal wraps the lines.
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
