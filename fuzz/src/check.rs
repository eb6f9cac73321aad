//! The target that checks the spans of reports.

use streamlint::{Config, Linter, Mode, Report};

use super::source;

/// Checks that every span of a report lies on character boundaries of the text, alone and among other files.
pub fn check(input: &[u8]) {
    let Some(source) = source(input) else { return };
    let text = source.text();
    for mode in [Mode::Create, Mode::Update, Mode::Response, Mode::Error] {
        let Ok(config) = Config::builder().mode(mode).build() else { unreachable!("the defaults are valid") };
        let mut reports = Linter::new(config).check_all([&source, &source]);
        Linter::new(Config::default()).across(&mut reports);
        for found in reports.iter().flat_map(Report::diagnostics) {
            for label in &found.labels {
                assert!(text.get(label.span.start..label.span.end).is_some(), "{}: {:?}", found.rule.name, label.span);
            }
            for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
                assert!(text.get(edit.span.start..edit.span.end).is_some(), "{}: {:?}", found.rule.name, edit.span);
            }
        }
        let report = &reports[0];
        for offset in (0..=text.len()).step_by(7) {
            if let Some(context) = report.place_at(offset) {
                report.openings(&context);
            }
        }
    }
}
