use streamlint::{Applicability, Config, Linter, Source};

use super::{is_accepted, source, syntax_errors};

/// Rounds after which fixes must have nothing left to do.
const ROUNDS: usize = 10;

/// Fixes reach a text that has no more syntax errors, and that other parsers accept if they accepted it before.
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
