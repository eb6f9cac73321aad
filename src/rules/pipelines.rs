//! Connections in pipelines. The dialect reports those in Terraform, where a name may be a reference. Here the files of
//! processors are compared with the connections of the run.

use crate::atlas::stages::needs_no_definition;
use crate::diagnostic::Findings;
use crate::dialect::pipeline::{undefined_connection, wrong_connection};
use crate::rules::file::{File, Used};
use crate::text::placeholder;
use crate::text::placeholder::ValueState;

fn is_known(used: &Used) -> bool {
    placeholder::value_state(used.name, false) == ValueState::Known
}

pub(super) fn undefined(file: &File, found: &mut Findings) {
    let Some(others) = file.others else { return };
    for used in file.uses.iter().filter(|used| is_known(used) && !needs_no_definition(used.name)) {
        if others.has(used.workspace, used.name) {
            continue;
        }
        let mut names = others.names(used.workspace).peekable();
        // If the run has no connections, they are stored elsewhere.
        if names.peek().is_some() {
            found.add(undefined_connection(used.span, used.name, names));
        }
    }
}

pub(super) fn wrong_stage(file: &File, found: &mut Findings) {
    let Some(others) = file.others else { return };
    for used in file.uses.iter().filter(|used| is_known(used)) {
        let kind = others.kind(used.workspace, used.name);
        let wrong = kind.and_then(|kind| wrong_connection(used.stage, used.span, used.name, kind));
        if let Some(wrong) = wrong {
            found.add(wrong);
        }
    }
}
