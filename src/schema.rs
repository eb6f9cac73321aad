//! The embedded schemas, one for each connection type.

mod compiled {
    include!(concat!(env!("OUT_DIR"), "/schemas.rs"));
}

#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub mod door;

pub(crate) fn check(_connection: &crate::connection::Connection, _found: &mut crate::rules::Findings) {}
