//! The Atlas API: connection types, their fields, formats of values, and secret values.

mod bit_set;
pub(crate) mod fields;
pub mod formats;
mod kind;
mod mode;
pub mod model;
pub(crate) mod pem;
mod request;
pub(crate) mod secret;
pub(crate) mod stages;

pub use kind::{Kind, Kinds};
pub use mode::Mode;
pub(crate) use request::Request;
