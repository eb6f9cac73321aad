//! streamlint

pub mod formats;
#[doc(hidden)]
pub mod schema;
