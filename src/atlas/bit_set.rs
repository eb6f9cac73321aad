//! Sets of small numbers (types, fields, keys), whose count is known at compile time.

/// A set of numbers below `64 * WORDS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BitSet<const WORDS: usize>([u64; WORDS]);

/// The number of words that a set of the numbers below `count` needs.
pub(crate) const fn words_for(count: usize) -> usize {
    count.div_ceil(64)
}

impl<const WORDS: usize> BitSet<WORDS> {
    pub const EMPTY: Self = Self([0; WORDS]);

    pub const fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    pub const fn contains(&self, number: usize) -> bool {
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    pub const fn is_empty(&self) -> bool {
        let mut at = 0;
        while at < WORDS && self.0[at] == 0 {
            at += 1;
        }
        at == WORDS
    }

    /// The numbers that are in both sets.
    pub fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    /// The numbers that are in either set.
    pub const fn or(mut self, other: Self) -> Self {
        let mut at = 0;
        while at < WORDS {
            self.0[at] |= other.0[at];
            at += 1;
        }
        self
    }

    /// The numbers, smallest first.
    pub fn iter(self) -> impl Iterator<Item = usize> + use<WORDS> {
        self.0.into_iter().enumerate().flat_map(|(at, mut word)| {
            std::iter::from_fn(move || {
                let lowest = (word != 0).then(|| word.trailing_zeros() as usize)?;
                word &= word - 1;
                Some(64 * at + lowest)
            })
        })
    }
}

impl<const WORDS: usize> Default for BitSet<WORDS> {
    fn default() -> Self {
        Self::EMPTY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_contain_the_inserted_numbers() {
        let of = |numbers: &[usize]| {
            let mut set = BitSet::<{ words_for(130) }>::EMPTY;
            for &number in numbers {
                set.insert(number);
            }
            set
        };
        let (one, other) = (of(&[129, 0, 64, 63]), of(&[63, 65]));
        assert_eq!(one.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert!(one.contains(129) && !one.contains(128));
        assert_eq!(one.and(other), of(&[63]));
        assert_eq!(one.or(other), of(&[0, 63, 64, 65, 129]));
        assert!(of(&[]).is_empty() && !of(&[129]).is_empty());
    }
}
