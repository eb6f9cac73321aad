//! Keys that somebody asks for by name, as small numbers: whoever reads a key looks it up once, and what looks for members
//! afterwards compares numbers.

use crate::atlas::fields::{CONFIG_KEYS, Member, REMARKS};

/// A key of the list below, or none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Word(u8);

const ERROR_CODE: &str = "errorCode";

/// Keys in the outermost object by which a document is known to be more than a definition, or none.
const MARKS: &[&str] = &[
    ERROR_CODE,
    "apiVersion",
    "Resources",
    "desiredResourceState",
    "ConnectionName",
    "format_version",
    "pipeline",
    "request",
    "response",
];

/// No key: the place of what stands in no list.
const NONE: u8 = 0;
const FIRST_REMARK: u8 = 1;
#[expect(clippy::cast_possible_truncation, reason = "`LIST` has no room for more")]
const FIRST_MARK: u8 = FIRST_REMARK + REMARKS.len() as u8;
#[expect(clippy::cast_possible_truncation, reason = "`LIST` has no room for more")]
const FIRST_SETTING: u8 = FIRST_MARK + MARKS.len() as u8;
#[expect(clippy::cast_possible_truncation, reason = "`LIST` has no room for more")]
const FIRST_MEMBER: u8 = FIRST_SETTING + CONFIG_KEYS.len() as u8;

/// Words are fewer than this, so that a set of them is one number.
pub(crate) const MOST: usize = 128;

/// The keys by their numbers: remarks, marks, Kafka's settings, and then members, each key once.
static LIST: [&str; MOST] = list();

const fn list() -> [&'static str; MOST] {
    let mut list = [""; MOST];
    let mut count = 1;
    let groups = [REMARKS, MARKS, CONFIG_KEYS];
    let mut group = 0;
    while group < groups.len() {
        let mut at = 0;
        while at < groups[group].len() {
            list[count] = groups[group][at];
            count += 1;
            at += 1;
        }
        group += 1;
    }
    let mut member = 0;
    while member < Member::COUNT {
        let key = Member::ALL[member].key();
        let mut at = FIRST_MEMBER as usize;
        while at < count && !is_same(list[at], key) {
            at += 1;
        }
        if at == count {
            list[count] = key;
            count += 1;
        }
        member += 1;
    }
    list
}

/// Where a key is looked for first; the table has about three places for each.
const SLOTS: usize = 256;
static TABLE: [u8; SLOTS] = table();

#[expect(clippy::cast_possible_truncation, reason = "there are fewer than `MOST`")]
const fn table() -> [u8; SLOTS] {
    let list = list();
    let mut table = [NONE; SLOTS];
    let mut word = 1;
    while word < MOST && !list[word].is_empty() {
        let mut slot = slot_of(list[word].as_bytes());
        while table[slot] != NONE {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = word as u8;
        word += 1;
    }
    table
}

/// Length, ends and middle tell most keys apart.
#[expect(clippy::cast_possible_truncation, reason = "of a length that long the end does as well")]
const fn slot_of(key: &[u8]) -> usize {
    let length = key.len();
    if length == 0 {
        return 0;
    }
    let parts = [key[0], key[length / 2], key[length - 1], length as u8];
    (u32::from_le_bytes(parts).wrapping_mul(0x9E37_79B1) >> 24) as usize
}

/// The members that share a key, one after the other: the first of each word, and the next of each member.
static FIRST: [Option<Member>; MOST] = first();
static NEXT: [Option<Member>; Member::COUNT] = next();

const fn first() -> [Option<Member>; MOST] {
    let list = list();
    let mut first = [None; MOST];
    let mut word = FIRST_MEMBER as usize;
    while word < MOST && !list[word].is_empty() {
        first[word] = member_behind(list[word], 0);
        word += 1;
    }
    first
}

const fn next() -> [Option<Member>; Member::COUNT] {
    let mut next = [None; Member::COUNT];
    let mut member = 0;
    while member < Member::COUNT {
        next[member] = member_behind(Member::ALL[member].key(), member + 1);
        member += 1;
    }
    next
}

/// The first member with this key, from one in the order of the table.
const fn member_behind(key: &str, mut from: usize) -> Option<Member> {
    while from < Member::COUNT {
        if is_same(Member::ALL[from].key(), key) {
            return Some(Member::ALL[from]);
        }
        from += 1;
    }
    None
}

/// Whether two texts are the same, for what is computed when the program is built.
pub(crate) const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

impl Word {
    /// No word of the list.
    pub const NONE: Self = Self(NONE);
    /// The code of an error of the API.
    pub const ERROR_CODE: Self = Self::known(ERROR_CODE);
    /// The type, of a connection or of something inside one.
    pub const TYPE: Self = Self::known(Member::Type.key());

    /// A key of the list, for what is computed when the program is built; stops the build where there is none.
    pub const fn known(key: &str) -> Self {
        let mut slot = slot_of(key.as_bytes());
        while !is_same(LIST[TABLE[slot] as usize], key) {
            assert!(TABLE[slot] != NONE, "src/words.rs does not have this key");
            slot = (slot + 1) % SLOTS;
        }
        Self(TABLE[slot])
    }

    /// The word that a key is.
    #[inline(always)]
    pub fn of(key: impl AsRef<[u8]>) -> Self {
        let key = key.as_ref();
        let mut slot = slot_of(key);
        loop {
            let word = TABLE[slot];
            if word == NONE || LIST[word as usize].as_bytes() == key {
                return Self(word);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// The key; nothing for what is no word of the list.
    pub fn text(self) -> &'static str {
        LIST[self.index()]
    }

    /// Its number, below [`MOST`]; 0 for what is no word of the list.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// What a dialect knows its documents by.
    pub const fn is_mark(self) -> bool {
        self.0 >= FIRST_MARK && self.0 < FIRST_SETTING
    }

    /// All members with this key, in the order of their table.
    #[inline(always)]
    pub fn members(self) -> impl Iterator<Item = Member> + Clone {
        let mut at = FIRST[self.index()];
        std::iter::from_fn(move || {
            let member = at?;
            at = NEXT[member as usize];
            Some(member)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_and_nothing_else() {
        for (word, key) in LIST.iter().enumerate().skip(1).take_while(|(_, key)| !key.is_empty()) {
            assert_eq!(Word::of(key).index(), word, "{key}");
            assert_eq!(Word::of(format!("{key}x")), Word::NONE);
            assert_eq!(Word::of(&key[1..]), Word::NONE, "{key}");
        }
        for key in ["", "x", "Name", "nam", "\u{1F600}"] {
            assert_eq!(Word::of(key), Word::NONE, "{key:?}");
        }
    }

    #[test]
    fn every_reader_looks_keys_up() {
        let texts = [
            ("a.json", r#"{"name": 1, "\u006eame": 2, "x": [{"type": 3}], "n\u0061me ": 4}"#),
            ("a.json", r#"{"name": 1 "type": {"access" 2}, x: 3, url: 4"#),
            #[cfg(feature = "dialects")]
            ("a.tf", "resource \"a\" \"b\" {\n  name = 1\n  access { type = 2 }\n  x = { \"role\" = 3 }\n}"),
            #[cfg(feature = "yaml")]
            ("a.yaml", "name: 1\n\"type\": 2\n'url': {x: 3, access: 4}\n"),
        ];
        for (name, text) in texts {
            let document = crate::parse::parse(&crate::Source::new(name, text), 1000).document;
            for id in 0..u32::try_from(document.entries.len()).unwrap() {
                assert_eq!(document.entry(id).key_word(), Word::of(document.key(id)), "{name}: {}", document.key(id));
            }
            assert!(document.entries.iter().filter(|entry| entry.key_word() != Word::NONE).count() > 2, "{name}");
        }
    }

    #[test]
    fn words_know_what_they_are() {
        for key in MARKS {
            assert!(Word::of(key).is_mark());
        }
        for &member in Member::ALL {
            let found = Word::of(member.key()).members().collect::<Vec<_>>();
            let all = Member::ALL.iter().copied().filter(|other| other.key() == member.key()).collect::<Vec<_>>();
            assert_eq!(found, all);
            let word = Word::of(member.key());
            assert!(!word.is_mark());
        }
    }
}
