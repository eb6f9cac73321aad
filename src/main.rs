//! The `streamlint` command.
fn main() {}
