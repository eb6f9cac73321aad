//! Sorting, compiled once for all types: each instance of the standard library's sort is eight kilobytes of what a browser
//! has to load, and what is sorted here is short.

use std::cmp::Ordering;

/// Sorts; what compares as equal keeps its order.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    if items.len() < 2 {
        return;
    }
    for (one, other) in swaps(items.len(), &|a, b| compare(&items[a], &items[b])) {
        items.swap(one, other);
    }
}

/// Sorts by a number or a few; what has equal ones keeps its order.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// What has to be swapped, one pair after the other, so that everything is in order.
fn swaps(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let order = sorted(count, compare);
    let mut places = vec![0; count];
    for (place, &at) in order.iter().enumerate() {
        places[at] = place;
    }
    let mut swaps = Vec::new();
    for at in 0..count {
        while places[at] != at {
            let place = places[at];
            swaps.push((at, place));
            places.swap(at, place);
        }
    }
    swaps
}

/// A merge sort from the bottom up: which stands where in the end.
fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order = (0..count).collect::<Vec<_>>();
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
        order = merged;
        width *= 2;
    }
    order
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
