//! Whether a connection is all that the schema of its type asks for, without walking through it: a connection knows its
//! members already, so each is looked up once. The walk is for those that are not, and says what is wrong.

use super::compiled;
use super::walk::{self, Schema};
use crate::connection::Connection;
use crate::kind::Kind;
use crate::members::Member;
use crate::words::is_same;

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

/// Whether the walk would find no mistake; where this says no it may still find none.
pub(super) fn is_valid(connection: &Connection, kind: Kind) -> bool {
    let present = connection.present();
    let mut known = 0;
    for row in compiled::flat(kind) {
        if !present.contains(row.member) {
            if row.is_required && row.member.parent().is_none_or(|parent| present.contains(parent)) {
                return false;
            }
            continue;
        }
        let node = connection.get(row.member);
        if !node.is_plain() && !node.value().is_some_and(|value| walk::allows(row.schema, value)) {
            return false;
        }
        known += 1;
    }
    // A member that no row has belongs to another type.
    known == present.len() && !connection.has_strangers()
}
