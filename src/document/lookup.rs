//! Lookups of values by key and position. Small objects and arrays are searched; large ones have an index, built on
//! first use, so that many lookups in one of them stay fast.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::{Document, Entry, EntryId, ROOT};
use crate::atlas::fields::FieldKey;
use crate::text::order::sort_by_key;

/// Objects and arrays with more values than this have an index.
const SMALL: usize = 16;

/// The values directly inside of each large object and array, in the order of the table.
#[derive(Debug, Clone)]
pub(super) struct Index {
    large: Vec<(EntryId, Children)>,
}

#[derive(Debug, Clone)]
struct Children {
    in_order: Vec<EntryId>,
    /// The fields by the hashes of their keys, without overwritten duplicates. A search for a key compares hashes, which
    /// are next to each other, and not the keys in the text.
    by_hash: Vec<(u64, EntryId)>,
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl Index {
    fn of(document: &Document) -> Self {
        let mut large = Vec::new();
        #[expect(clippy::cast_possible_truncation, reason = "ids are of this width")]
        for id in 0..document.table.entries.len() as EntryId {
            let is_large = document.entry(id).has(Entry::OBJECT | Entry::ARRAY)
                && document.entry(id).next() as usize - id as usize > SMALL
                && document.children(id).nth(SMALL).is_some();
            if is_large {
                let mut by_hash = Vec::new();
                if document.entry(id).has(Entry::OBJECT) {
                    by_hash.extend(document.members(id).map(|member| (hash(document.key(member)), member)));
                    sort_by_key(&mut by_hash, |&(hash, _)| hash);
                }
                large.push((id, Children { in_order: document.children(id).collect(), by_hash }));
            }
        }
        Self { large }
    }

    fn children(&self, id: EntryId) -> Option<&Children> {
        self.large.binary_search_by_key(&id, |(large, _)| *large).ok().map(|at| &self.large[at].1)
    }
}

impl Document {
    /// The index of an object or array; `None` if it is small.
    fn large(&self, id: EntryId) -> Option<&Children> {
        self.children(id).nth(SMALL)?;
        self.index.get_or_init(|| Index::of(self)).children(id)
    }

    /// The field or element that one part of a JSON pointer (unescaped) names; of duplicate fields the last.
    pub fn child(&self, id: EntryId, part: &str) -> Option<EntryId> {
        if self.entry(id).has(Entry::ARRAY) {
            let index = usize::try_from(part.parse::<u64>().ok()?).ok()?;
            return match self.large(id).filter(|_| index >= SMALL) {
                Some(large) => large.in_order.get(index).copied(),
                None => self.children(id).nth(index),
            };
        }
        let key = FieldKey::of(part.as_bytes());
        let is_it = |child: EntryId| {
            let entry = self.entry(child);
            let is_named = entry.field_key() == key && (key != FieldKey::NONE || self.key(child) == part);
            is_named && !entry.has(Entry::SHADOWED)
        };
        let Some(large) = self.large(id) else {
            return self.children(id).find(|&child| is_it(child));
        };
        let hash = hash(part);
        let first = large.by_hash.partition_point(|(other, _)| *other < hash);
        let same = large.by_hash[first..].iter().take_while(|(other, _)| *other == hash);
        same.map(|(_, child)| *child).find(|&child| is_it(child))
    }

    /// The object or array that directly holds an entry.
    pub fn parent_of(&self, id: EntryId) -> Option<EntryId> {
        let mut parent = None;
        let mut at = ROOT;
        while at != id {
            parent = Some(at);
            at = self.child_around(at, id)?;
        }
        parent
    }

    /// The value directly inside of an object or array that holds an entry, or is it.
    fn child_around(&self, parent: EntryId, id: EntryId) -> Option<EntryId> {
        self.before(parent, id + 1).filter(|&child| id < self.entry(child).next())
    }

    /// The last value directly inside of an object or array that comes before an entry.
    pub fn before(&self, parent: EntryId, id: EntryId) -> Option<EntryId> {
        match self.large(parent) {
            Some(large) => large.in_order[..large.in_order.partition_point(|&child| child < id)].last().copied(),
            None => self.children(parent).take_while(|&child| child < id).last(),
        }
    }

    /// The value after an entry inside of the same object or array.
    pub fn after(&self, parent: EntryId, id: EntryId) -> Option<EntryId> {
        let next = self.entry(id).next();
        (next < self.entry(parent).next()).then_some(next)
    }
}
