//! streamlint lints MongoDB Atlas Stream Processing *connection* definitions before Atlas sees them: the body of
//! `POST /api/atlas/v2/groups/{groupId}/streams/{tenantName}/connections`, as JSON text or as a value.
//!
//! The library does no I/O and keeps no state, and no input makes it panic: every problem of a text is in its report.
//! Definitions contain passwords, so nothing that the library prints quotes one: messages, reports, and `Debug` of every type.
//!
//! # Features
//!
//! The default feature `cli` builds the command. Without the default features (`default-features = false`) the crate is a
//! library that reads JSON and JSONC in the shape of the Admin API, and builds for `wasm32-unknown-unknown`. `dialects` adds
//! Terraform (HCL, its JSON, and plans), Kubernetes, CloudFormation, request files and stream processors; `yaml` adds YAML
//! for all of them; `miette` adds `Report::miette`; `policies` adds `Policy`, a rule of your own as JSON Schema. A text in a syntax that the build does not read gets a finding.
//!
//! # A text
//!
//! Every finding has a rule, a message, its span (in bytes of the text), the JSON pointer inside the connection, and often
//! a fix.
//!
//! ```
//! use streamlint::{Applicability, Source};
//!
//! let text = r#"{ "name": "alerts", "type": "https", "url": "https://hooks.example.com/alerts" }"#;
//! let report = streamlint::check(&Source::new("alerts.json", text));
//!
//! let found = &report.diagnostics()[0];
//! assert_eq!(found.rule.name, "unknown-type");
//! assert_eq!(found.message, "`https` is not a connection type");
//! assert_eq!(&text[found.span().start..found.span().end], "\"https\"");
//! assert_eq!(found.pointer, "/type");
//! assert_eq!(report.fixed(Applicability::Safe), text.replace("\"https\"", "\"Https\""));
//! ```
//!
//! # Printing
//!
//! [`Report::render`] writes a report in any [`Format`]. Programs that print their errors with `miette` enable the feature
//! of this name: the source code of these reports is the masked text, so passwords do not show.
//!
//! ```
//! # #[cfg(feature = "miette")] {
//! let text = r#"{ "name": "hook", "type": "Https", "url": "http://hooks.example.com/services/T0K3N" }"#;
//! for report in streamlint::check(&streamlint::Source::new("hook.json", text)).miette() {
//!     let shown = format!("{report:?}"); // as `main` prints an error that it returns
//!     assert!(!shown.contains("T0K3N"));
//! }
//! # }
//! ```
//!
//! # Several texts, and a configuration
//!
//! Problems that span files (one name twice in a workspace) are found when the files are linted together.
//!
//! ```
//! use streamlint::{Config, Format, Linter, Source};
//!
//! let config = Config::builder().ignore(["missing-field"]).tenant_name("analytics".to_owned()).build()?;
//! let linter = Linter::new(config);
//! let body = r#"{ "name": "sample_stream_solar", "type": "Sample" }"#;
//! let reports = linter.check_all(&[Source::new("a.json", body), Source::new("b.json", body)]);
//!
//! assert_eq!(reports[1].diagnostics()[0].rule.name, "duplicate-name");
//! assert!(reports[1].render(Format::Concise).starts_with("b.json:1:11: error: "));
//! # Ok::<(), streamlint::ConfigError>(())
//! ```
//!
//! # A value, and connections as types
//!
//! A form or a service has no text. A connection without errors is also available as a Rust value of [`model`].
//!
//! ```
//! use streamlint::{Linter, Source, model::Connection};
//!
//! let value = serde_json::json!({ "name": "archive", "type": "S3", "aws": {} });
//! assert_eq!(Linter::default().check_value(&value).diagnostics()[0].pointer, "/aws/roleArn");
//!
//! let text = r#"{ "name": "alerts", "type": "Https", "url": "https://hooks.example.com/alerts" }"#;
//! let report = streamlint::check(&Source::new("alerts.json", text));
//! let Some(Connection::Https(https)) = &report.connections()[0] else { panic!() };
//! assert_eq!(https.name.as_deref(), Some("alerts"));
//! ```
#![cfg_attr(
    not(all(feature = "dialects", feature = "yaml")),
    allow(dead_code, unused_imports, reason = "parts of every layer that only some dialects and syntaxes use")
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod atlas;
#[cfg(feature = "cli")]
pub mod cli;
mod config;
mod connection;
mod conventions;
#[cfg(feature = "convert")]
mod convert;
mod cross_file;
mod diagnostic;
mod dialect;
mod document;
mod fix;
mod linter;
mod mask;
mod output;
mod parse;
#[cfg(feature = "policies")]
mod policies;
mod position_query;
mod rules;
mod schema;
#[cfg(feature = "cli")]
mod settings;
mod suppress;
mod text;

pub use atlas::{Kind, Kinds, Mode, model};
pub use config::{Config, ConfigBuilder, ConfigError, DEFAULT_SIZE_LIMIT};
pub use connection::Dialect;
pub use conventions::Pattern;
#[cfg(feature = "convert")]
pub use convert::{Conversion, ConversionError, ConversionWarning};
pub use diagnostic::{Applicability, Diagnostic, Edit, Fix, FixAvailability, Label, Rule, RuleRef, Severity};
pub use linter::{Linter, Module, Report, Summary};
#[cfg(feature = "cli")]
pub use output::diff;
pub use output::{Format, Style, Totals, json_report};
#[cfg(feature = "policies")]
pub use policies::{Policy, PolicyError};
pub use position_query::completion::{Completion, Completions};
pub use position_query::{CursorContext, Opening, Part};
pub use rules::{Example, RULES, rule};
pub use text::suggest::nearest;
pub use text::{LineIndex, Position, SharedText, Source, Span, Syntax, UnknownName, Utf16Cursor};

/// Lints one text with the default configuration.
pub fn check(source: &Source) -> Report {
    Linter::default().check(source)
}

/// The sources of the rules and schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evidence {
    /// The date of the sources: documentation, recorded responses of the API and source code of its official tools.
    pub date: &'static str,
    /// The commit of the OpenAPI description of the Atlas Administration API (`x-xgen-sha`).
    pub openapi: &'static str,
}

/// The sources of this version. Later changes of Atlas are not covered.
pub const EVIDENCE: Evidence = Evidence { date: "2026-11-23", openapi: "f84b8e4346991132f70f5610809ad1b6af020975" };

/// The published JSON Schema (draft 2020-12) of a connection type, as text.
pub fn schema(kind: Kind) -> &'static str {
    schemas().iter().find(|(name, _)| *name == kind.name()).map_or("", |(_, text)| text)
}

/// Every published JSON Schema by its name, as text: one for each connection type, and those of the other files.
pub fn schemas() -> &'static [(&'static str, &'static str)] {
    schema::published()
}
