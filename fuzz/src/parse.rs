//! The target that compares the parsers with others.

use streamlint::{Config, Linter, Syntax};

use super::{is_accepted, source, syntax_errors};

/// Checks that a text that a third-party parser accepts has no syntax error.
pub fn parse(input: &[u8]) {
    let Some(source) = source(input) else { return };
    let report = Linter::new(Config::default()).check(&source);
    // YAML 1.1, which libyaml implements, allows some texts that YAML 1.2 does not, and hcl-edit allows line breaks in
    // strings.
    let is_oracle = report.syntax() == Syntax::Json;
    if is_oracle && is_accepted(report.syntax(), source.text()) == Some(true) {
        assert_eq!(syntax_errors(&report), 0, "{:?}", report.diagnostics());
    }
}
