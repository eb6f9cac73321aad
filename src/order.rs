//! Sorting, compiled once for all types: each instance of the standard library's sort is eight kilobytes of what a browser
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

/// A merge sort from the bottom up.
fn sort_indices(order: &mut Vec<usize>, compare: &dyn Fn(usize, usize) -> Ordering) {
    let mut width = 1;
    while width < order.len() {
        let mut merged = Vec::with_capacity(order.len());
        for pair in order.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some(first), Some(second)) = (left.first(), right.first()) {
                let (taken, from) =
                    if compare(*first, *second).is_le() { (first, &mut left) } else { (second, &mut right) };
                merged.push(*taken);
                *from = &from[1..];
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        *order = merged;
        width *= 2;
    }
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
