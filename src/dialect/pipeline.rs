//! Findings about the connections that pipelines use.

use crate::atlas::Kind;
use crate::atlas::secret::quoted_name;
use crate::atlas::stages::{Objection, Stage};
use crate::diagnostic::rules::{UNDEFINED_CONNECTION, WRONG_STAGE_FOR_CONNECTION};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{Span, suggest};

/// With more names than these, a search for the intended one takes too long.
const MOST_COMPARED: usize = 1000;

/// An undefined connection.
pub(crate) fn undefined_connection<'n>(span: Span, name: &str, others: impl Iterator<Item = &'n str>) -> Diagnostic {
    let message = match quoted_name(name) {
        Some(name) => format!("this workspace has no connection {name}"),
        None => "this workspace has no connection of this name".to_owned(),
    };
    let mut few = others.take(MOST_COMPARED + 1).collect::<Vec<_>>();
    if few.len() > MOST_COMPARED {
        few.clear();
    }
    let help = match suggest::nearest(name, few).and_then(quoted_name) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => "define it, or use a defined connection".to_owned(),
    };
    Diagnostic::new(&UNDEFINED_CONNECTION, span, message, "not defined").help(help)
}

/// A connection of a type that the stage cannot use.
pub(crate) fn wrong_connection(stage: Stage, span: Span, name: &str, kind: Kind) -> Option<Diagnostic> {
    let Objection { message, help, is_documented } = stage.objects_to(kind)?;
    let label = format!("{} is of type {kind}", quoted_name(name).unwrap_or("it".to_owned()));
    let mut found = Diagnostic::new(&WRONG_STAGE_FOR_CONNECTION, span, message, label).help(help);
    if !is_documented {
        found.severity = Severity::Warning;
    }
    Some(found)
}
