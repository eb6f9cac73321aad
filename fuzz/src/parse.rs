use streamlint::{Config, Linter, Syntax};

use super::{is_accepted, source, syntax_errors};

/// A text that somebody else's parser accepts has no syntax error.
pub fn parse(input: &[u8]) {
    let Some(source) = source(input) else { return };
    let report = Linter::new(Config::default()).check(&source);
    // YAML 1.1, which libyaml reads, accepts some texts that YAML 1.2 does not, and hcl-edit takes line breaks in strings.
    let is_oracle = report.syntax() == Syntax::Json;
    if is_oracle && is_accepted(report.syntax(), source.text()) == Some(true) {
        assert_eq!(syntax_errors(&report), 0, "{:?}", report.diagnostics());
    }
}
