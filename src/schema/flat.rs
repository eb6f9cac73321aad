//! Whether a connection is all that the schema of its type asks for, without walking through it: a connection knows its
//! members already, so each is looked up once. The walk is for those that are not, and says what is wrong.

use super::compiled;
use super::walk::{self, Schema};
use crate::connection::Connection;
use crate::kind::Kind;
use crate::members::Member;

/// A member of a connection type, and what the schema asks of its value.
#[derive(Debug)]
pub(crate) struct Row {
    pub member: Member,
    /// Whether it may not be absent from what it stands in, if that is there.
    pub is_required: bool,
    pub schema: Schema,
}

/// The member at a pointer, for the tables that build.rs writes; stops the build where there is none.
pub(super) const fn of(pointer: &str) -> Member {
    let mut at = 0;
    while at < Member::COUNT {
        if is_same(Member::ALL[at].pointer(), pointer) {
            return Member::ALL[at];
        }
        at += 1;
    }
    panic!("a schema has a member that src/members.rs does not know");
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Whether the walk would find no mistake; where this says no it may still find none.
pub(super) fn is_valid(connection: &Connection, kind: Kind) -> bool {
    let mut known = 0;
    for row in compiled::flat(kind) {
        match connection.get(row.member).value() {
            Some(value) if !walk::mistakes(row.schema, value).is_empty() => return false,
            Some(_) => known += 1,
            None if row.is_required && row.member.parent().is_none_or(|parent| connection.get(parent).is_present()) => {
                return false;
            }
            None => {}
        }
    }
    known == connection.members_known() && !connection.has_strangers()
}
