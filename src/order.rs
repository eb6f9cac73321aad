//! Sorting, compiled once for all types: each instance of the standard library's sort is four kilobytes of what a browser
//! has to load, and what is sorted here is short.

use std::cmp::Ordering;

/// Sorts; what compares as equal keeps its order.
pub(crate) fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    if items.len() < 2 {
        return;
    }
    let mut order = (0..items.len()).collect::<Vec<_>>();
    sort_indices(&mut order, &|a, b| compare(&items[a], &items[b]));
    let mut slots = items.drain(..).map(Some).collect::<Vec<_>>();
    items.extend(order.into_iter().filter_map(|at| slots[at].take()));
}

/// Sorts by a number or a few; what has equal ones keeps its order.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

fn sort_indices(order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    order.sort_unstable_by(|&a, &b| compare(a, b).then(a.cmp(&b)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(items in proptest::collection::vec((0..5_u8, any::<u8>()), 0..60)) {
            let (mut ours, mut theirs) = (items.clone(), items);
            super::sort_by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
