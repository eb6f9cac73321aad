//! Connections as pipelines use them. In Terraform the dialect reports, because only there a name may be a reference; the
//! files of processors are compared here with the connections of the run.

use super::{Check, Findings, FixAvailability, Rule};
use crate::across::{Others, Run, Used};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::pipeline::BUILT_IN;
use crate::kind::Kinds;
use crate::placeholder::{self, Standing};
use crate::secret::quoted;
use crate::source::Span;
use crate::{read::Flaw, suggest};

pub(crate) static UNDEFINED_CONNECTION: Rule = Rule {
    name: "undefined-connection",
    summary: "a pipeline that names a connection which nobody defines",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Run(undefined),
};

pub(crate) static WRONG_STAGE_FOR_CONNECTION: Rule = Rule {
    name: "wrong-stage-for-connection",
    summary: "a stage of a pipeline that cannot use a connection of this type",
    severity: Severity::Error,
    kinds: Kinds::ALL,
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Run(wrong_stage),
};

/// What to say of a name that none of the connections there has.
pub(crate) fn undefined_flaw<'n>(span: Span, name: &str, others: impl Iterator<Item = &'n str>) -> Flaw {
    let message = format!("no connection of this workspace is called {}", quoted(name));
    let help = suggest::nearest(name, others).map_or_else(
        || "define it, or name one that is defined".to_owned(),
        |nearest| format!("did you mean {}?", quoted(nearest)),
    );
    Flaw::of(&UNDEFINED_CONNECTION, span, message, "not defined").help(help)
}

fn is_judged(used: &Used) -> bool {
    placeholder::standing(used.name, false) == Standing::Known
}

/// The connections of the run, where a pipeline can name one: pipelines come from dialects alone.
fn others<'r>(run: &'r Run) -> Option<&'r Others<'r>> {
    run.others.as_ref().filter(|_| cfg!(feature = "dialects"))
}

fn undefined(run: &Run, found: &mut Findings) {
    let Some(others) = others(run) else { return };
    for used in run.uses.iter().filter(|used| is_judged(used) && !BUILT_IN.contains(&used.name)) {
        if others.has(used.workspace, used.name) {
            continue;
        }
        let mut there = others.names(used.workspace).peekable();
        // Without a single one, the connections are kept somewhere else.
        if there.peek().is_some() {
            report(undefined_flaw(used.span, used.name, there), found);
        }
    }
}

fn wrong_stage(run: &Run, found: &mut Findings) {
    let Some(others) = others(run) else { return };
    for used in run.uses.iter().filter(|used| is_judged(used)) {
        let kind = others.kind(used.workspace, used.name);
        let flaw = kind.and_then(|kind| used.stage.flaw(used.span, used.name, kind));
        if let Some(flaw) = flaw.filter(|_| !used.stage.takes_anything()) {
            report(flaw, found);
        }
    }
}

fn report(flaw: Flaw, found: &mut Findings) {
    let help = flaw.help.unwrap_or_default();
    found.report(flaw.rule, flaw.message).mark(flaw.span, flaw.label).help(help);
    debug_assert!(found.diagnostics.last().is_none_or(|found: &Diagnostic| found.connection.is_none()));
}
