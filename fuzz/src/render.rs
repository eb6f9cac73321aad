//! The target that writes every format.

use serde::de::IgnoredAny;
use streamlint::{Config, Format, Linter, Style};

use super::source;

/// Checks that every format is written without a panic, and that other parsers accept the JSON formats.
pub fn render(input: &[u8]) {
    let Some(source) = source(input) else { return };
    let reports = Linter::new(Config::default()).check_all([&source]);
    for name in ["concise", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown"] {
        let Ok(format) = name.parse::<Format>() else { panic!("{name} is no format") };
        let written = format.render(&reports, Style::default());
        assert!(!written.contains('\u{1b}'), "a control sequence in {name}");
        if matches!(name, "json" | "sarif" | "gitlab" | "rdjson") {
            let json = serde_json::from_str::<IgnoredAny>(&written);
            assert!(json.is_ok(), "{name} is not JSON:\n{written}");
        }
    }
    for picture in reports[0].miette() {
        let _ = format!("{picture:?}");
    }
}
