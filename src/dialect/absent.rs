//! What stands in the place of the other dialects in a build that has only the Admin API's.

use super::translation::Note;
use super::{Found, Wanted};
use crate::document::{Document, ROOT};
use crate::members::Member;
use crate::rules::reading::SYNTAX_ERROR;

/// A document is found in no other dialect; somebody who names one is told so.
pub fn find(document: &Document, wanted: Wanted) -> Option<Found> {
    let dialect = wanted.dialect?;
    let note = Note::new(None, &SYNTAX_ERROR, "", document.entry(ROOT).span())
        .says(format!("this build of streamlint does not know the dialect `{}`", dialect.name()), "");
    Some(Found { notes: vec![note], recognised: true, ..Found::nothing(dialect) })
}

/// Nothing is written in a dialect that is not there.
pub fn path<T>(_: Member) -> Option<T> {
    None
}

pub fn words(_: Member) -> Option<&'static [&'static str]> {
    None
}

pub(super) mod cloudformation {
    pub use super::{find, path, words};
}

pub(super) mod http {
    pub use super::find;
}

pub(super) mod kubernetes {
    pub use super::{find, path, words};
}

pub(crate) mod pipeline {
    use crate::kind::Kind;
    use crate::read::Flaw;
    use crate::source::Span;

    pub const BUILT_IN: &[&str] = &[];

    #[derive(Debug, Clone)]
    pub struct Use {
        pub name: String,
        pub span: Span,
        pub stage: Stage,
    }

    /// There is none, and the compiler leaves out what would judge one.
    #[derive(Debug, Clone, Copy)]
    pub enum Stage {}

    impl Stage {
        pub fn takes_anything(self) -> bool {
            match self {}
        }

        pub fn flaw(self, _: Span, _: &str, _: Kind) -> Option<Flaw> {
            match self {}
        }
    }
}

pub(super) mod processor {
    pub use super::find;
}

pub(crate) mod terraform {
    use std::borrow::Cow;

    use super::{Document, Found, Member, Wanted};

    pub fn find(document: &Document, wanted: Wanted, _: &module::Context) -> Option<Found> {
        super::find(document, wanted)
    }

    pub fn path(member: Member) -> Cow<'static, str> {
        member.key().into()
    }

    pub mod plan {
        pub use super::super::find;
    }

    pub mod module {
        use super::Document;

        #[derive(Debug, Default)]
        pub struct Context {}

        impl Context {
            pub fn of(_: Vec<Document>, _: bool) -> Self {
                Self {}
            }
        }

        pub fn is_terraform(_: &str) -> bool {
            false
        }

        pub fn folder(_: &str) -> &'static str {
            ""
        }
    }
}
