//! The target that applies fixes.

use streamlint::{Applicability, Config, Linter, Source};

use super::{is_accepted, source, syntax_errors};

/// Maximum number of rounds, after which no fix may be left.
const ROUNDS: usize = 10;

/// Checks that fixes remove all syntax errors, and that other parsers still accept the text if they accepted it before.
pub fn fix(input: &[u8]) {
    let Some(original) = source(input) else { return };
    let linter = Linter::new(Config::default());
    for applicability in [Applicability::Safe, Applicability::Unsafe] {
        let mut source = original.clone();
        let mut report = linter.check(&source);
        let mut rounds = 0;
        loop {
            let fixed = report.fixed(applicability);
            if fixed == source.text() {
                break;
            }
            let syntax = report.syntax();
            if is_accepted(syntax, source.text()) == Some(true) {
                assert_ne!(is_accepted(syntax, &fixed), Some(false), "the fixed text does not parse:\n{fixed}");
            }
            source = Source::new(source.name(), fixed);
            let next = linter.check(&source);
            assert!(
                syntax_errors(&next) <= syntax_errors(&report),
                "more syntax errors after the fix:\n{}",
                source.text()
            );
            report = next;
            rounds += 1;
            assert!(rounds <= ROUNDS, "no end of fixes:\n{}", source.text());
        }
    }
}
