//! tmp
use crate::connection::{Item, Place};
use crate::rules::Findings;
use serde_json::Value;
pub(crate) fn check(_spot: &impl Place, _value: &Value, _items: &[Item], _found: &mut Findings) {}
