//! Reading on after a mistake.

use super::Flavour;
use crate::read::{Flaw, Reading};
use crate::source::{Source, Span};

pub(super) fn read(source: &Source, _flavour: Flavour, at: usize) -> Reading {
    Reading::broken(source, Flaw::syntax(Span::at(at), "this is not JSON", "unexpected"))
}
