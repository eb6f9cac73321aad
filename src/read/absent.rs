//! What stands in the place of the readers that a build does without.

use super::{Flaw, Reading};
use crate::source::{Source, Span};

/// Nothing of a text in this syntax is read.
fn unread(source: &Source, syntax: &str) -> Reading {
    Reading::broken(source, Flaw::syntax(Span::at(0), format!("this build of streamlint reads no {syntax}"), ""))
}

#[cfg(not(feature = "dialects"))]
pub(crate) mod hcl {
    use std::ops::Range;

    use crate::read::Reading;
    use crate::source::{Source, Span};

    /// There is none.
    #[derive(Debug, Clone)]
    pub enum Outline {}

    pub fn read(source: &Source) -> Reading {
        super::unread(source, "HCL")
    }

    pub fn span_within(_: &str, _: Span, _: &str, _: &Range<usize>) -> Option<Span> {
        None
    }
}

#[cfg(not(feature = "dialects"))]
pub(crate) mod http {
    use crate::read::Reading;
    use crate::source::Source;

    /// There is none.
    #[derive(Debug, Clone)]
    pub enum Message {}

    pub fn is_http(name: &str, _: &str) -> bool {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        ["http", "rest"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    }

    pub fn read(source: &Source) -> Reading {
        super::unread(source, "request files")
    }
}

#[cfg(not(feature = "yaml"))]
pub(crate) mod yaml {
    use std::ops::Range;

    use crate::read::Reading;
    use crate::source::{Source, Span};

    pub fn read(source: &Source) -> Reading {
        super::unread(source, "YAML")
    }

    pub fn span_within(_: &str, _: &str, _: &Range<usize>) -> Option<Span> {
        None
    }
}
