//! JSON texts as we write them: the report, the answers to the browser, strings in fixes.
//!
//! One small writer for all of them. What `serde` compiles for each shape is a tenth of what a browser has to load; the
//! bytes are those of `serde_json`.

/// Writes one JSON text, member by member, in the order of the calls.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    text: String,
    layout: Layout,
    depth: usize,
    /// Nothing stands yet in the innermost object or list.
    is_first: bool,
}

/// Whether a text is for people as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Without any white space.
    #[default]
    Compact,
    /// A line for each member, two spaces for each level.
    Pretty,
}

impl Writer {
    #[cfg(any(browser, test))]
    pub fn new(layout: Layout) -> Self {
        Self { layout, ..Self::default() }
    }

    /// A text that will stand inside another one, this many levels deep.
    #[cfg(not(browser))]
    pub fn inside(layout: Layout, depth: usize) -> Self {
        Self { layout, depth, ..Self::default() }
    }

    pub fn into_text(self) -> String {
        self.text
    }

    /// Starts an object or a list, with its bracket.
    #[inline(never)]
    pub fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
        self.is_first = true;
    }

    /// Ends it, with its other bracket.
    #[inline(never)]
    pub fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if !self.is_first {
            self.line();
        }
        self.is_first = false;
        self.text.push(bracket);
    }

    /// An object as the value that is due.
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.open('{');
        members(self);
        self.close('}');
    }

    /// A list as the value that is due.
    pub fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.open('[');
        for item in items {
            self.next();
            write(self, item);
        }
        self.close(']');
    }

    /// Starts an element of a list; its value is due.
    #[inline(never)]
    fn next(&mut self) {
        if !self.is_first {
            self.text.push(',');
        }
        self.is_first = false;
        self.line();
    }

    /// Starts a member of an object; its value is due.
    #[inline(never)]
    pub fn key(&mut self, key: &str) -> &mut Self {
        self.next();
        self.string(key);
        self.text.push_str(if self.layout == Layout::Pretty { ": " } else { ":" });
        self
    }

    #[inline(never)]
    pub fn string(&mut self, text: &str) {
        write_string(&mut self.text, text);
    }

    #[inline(never)]
    pub fn number(&mut self, number: usize) {
        self.text.push_str(&number.to_string());
    }

    pub fn bool(&mut self, value: bool) {
        self.text.push_str(if value { "true" } else { "false" });
    }

    pub fn null(&mut self) {
        self.text.push_str("null");
    }

    /// A string, or null where there is none.
    #[inline(never)]
    pub fn string_or_null(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.null(),
        }
    }

    /// Starts a line, where the layout has lines.
    pub fn line(&mut self) {
        if self.layout == Layout::Pretty {
            self.text.push('\n');
            for _ in 0..self.depth {
                self.text.push_str("  ");
            }
        }
    }
}

/// A string as JSON text.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    write_string(&mut quoted, text);
    quoted
}

fn write_string(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    out.push('"');
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let short = match byte {
            b'"' => '"',
            b'\\' => '\\',
            8 => 'b',
            b'\t' => 't',
            b'\n' => 'n',
            12 => 'f',
            b'\r' => 'r',
            0..0x20 => 'u',
            _ => continue,
        };
        // What is escaped is ASCII, so these are places between characters.
        out.push_str(text.get(written..at).unwrap_or_default());
        written = at + 1;
        out.push('\\');
        out.push(short);
        if short == 'u' {
            out.push_str("00");
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
    out.push_str(text.get(written..).unwrap_or_default());
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Layout, Writer, quoted};

    proptest! {
        #[test]
        fn strings_are_written_as_serde_json_writes_them(text in "[\\x00-\\x7f€😀]{0,20}") {
            prop_assert_eq!(quoted(&text), serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn layouts_are_those_of_serde_json() {
        let value = json!({ "a": [], "b": [1, { "c": null, "d": {} }], "e": true, "f": "\u{1}" });
        let write = |layout| {
            let mut out = Writer::new(layout);
            out.object(|out| {
                out.key("a").list([0; 0], |_, _| ());
                out.key("b").list([true, false], |out, is_number| {
                    if is_number {
                        out.number(1);
                    } else {
                        out.object(|out| {
                            out.key("c").string_or_null(None);
                            out.key("d").object(|_| ());
                        });
                    }
                });
                out.key("e").bool(true);
                out.key("f").string_or_null(Some("\u{1}"));
            });
            out.into_text()
        };
        assert_eq!(write(Layout::Compact), serde_json::to_string(&value).unwrap());
        assert_eq!(write(Layout::Pretty), serde_json::to_string_pretty(&value).unwrap());
    }
}
