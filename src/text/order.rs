//! Stable sorts. Each instance of std's sort for a new type adds up to 12 KB to the WebAssembly module, so all sorts
//! are reduced to the one instance here. `collect` into a `BTreeMap` or `BTreeSet` also sorts; `insert` and `extend` do
//! not.

use std::cmp::Ordering;

/// Sorts by a comparison.
pub(crate) fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let mut order = (0..items.len()).collect::<Vec<_>>();
    sort_positions(&mut order, &|one, other| compare(&items[one], &items[other]));
    let mut taken = std::mem::take(items).into_iter().map(Some).collect::<Vec<_>>();
    items.extend(order.into_iter().filter_map(|at| taken[at].take()));
}

/// Sorts by a key of each item.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

fn sort_positions(order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    order.sort_by(|&one, &other| compare(one, other));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_keep_their_order() {
        let mut words = vec!["cc", "a", "bb", "b", "aa"];
        sort_by_key(&mut words, |word| word.len());
        assert_eq!(words, ["a", "b", "cc", "bb", "aa"]);
    }
}
