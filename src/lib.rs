//! streamlint finds what is wrong with MongoDB Atlas Stream Processing *connection* definitions before Atlas does.

mod config;
mod connection;
mod diagnostic;
mod dialect;
mod document;
mod edit;
#[doc(hidden)]
pub mod formats;
mod kind;
mod linter;
mod members;
pub mod model;
mod pem;
mod placeholder;
mod read;
mod rules;
#[doc(hidden)]
pub mod schema;
mod secret;
mod source;
mod suggest;

pub use config::{Config, DEFAULT_SIZE_LIMIT, Request};
pub use connection::Mode;
pub use diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Severity};
pub use dialect::Dialect;
pub use kind::{Kind, Kinds};
pub use linter::{Linter, Report, Summary};
pub use rules::{FixAvailability, RULES, Rule, rule};
pub use source::{LineIndex, Position, Source, Span, Utf16Cursor};

/// Lints one text with the default configuration.
pub fn check(source: &Source) -> Report {
    Linter::default().check(source)
}
