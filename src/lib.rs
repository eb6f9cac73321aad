//! streamlint finds what is wrong with MongoDB Atlas Stream Processing *connection* definitions before Atlas does.

mod config;
mod connection;
mod diagnostic;
mod dialect;
mod document;
mod edit;
#[doc(hidden)]
pub mod formats;
mod host;
mod kind;
mod linter;
mod members;
pub mod model;
mod pem;
mod placeholder;
mod protocol;
mod read;
mod report;
mod rules;
#[doc(hidden)]
pub mod schema;
mod secret;
mod source;
#[doc(hidden)]
pub mod suggest;
#[cfg(browser)]
mod wasm;

pub use config::{Config, DEFAULT_SIZE_LIMIT, Request};
pub use connection::Mode;
pub use diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Severity};
pub use dialect::Dialect;
pub use kind::{Kind, Kinds};
pub use linter::{Linter, Report, Summary};
#[cfg(feature = "cli")]
pub use report::diff;
#[doc(hidden)]
pub use report::seen;
pub use report::{Format, Style, Totals};
pub use rules::{FixAvailability, RULES, Rule, rule};
pub use source::{LineIndex, Position, Source, Span, Utf16Cursor};

/// Lints one text with the default configuration.
pub fn check(source: &Source) -> Report {
    Linter::default().check(source)
}

/// The published JSON Schema (draft 2020-12) of a connection type, as text.
#[cfg(not(browser))]
pub fn schema(kind: Kind) -> &'static str {
    let stem = kind.name();
    schema::door::published().iter().find(|(name, _)| *name == stem).map_or("", |(_, text)| text)
}
