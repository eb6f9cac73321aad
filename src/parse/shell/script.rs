//! The commands of a shell script, with their words, redirections and heredocs (POSIX.1-2024, Shell Command Language, 2.2,
//! 2.3 and 2.7.4). Nothing is run or expanded. The text is read once.

use std::ops::Range;

/// Maximum nesting of command substitutions. Deeper ones are not parsed.
const MAX_LEVELS: u8 = 32;

/// The result of a part of a word in the shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Passed on unchanged.
    Text,
    /// A backslash and a character, which is passed on alone.
    Escaped,
    /// A quotation mark or a line continuation: nothing is passed on.
    Removed,
    /// A variable, or the output of the commands with these indices.
    Expansion(Range<usize>),
}

/// A word, as parts without gaps between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    pub pieces: Vec<(Piece, Range<usize>)>,
}

/// A text of several lines that a command reads.
#[derive(Debug, Clone, Default)]
pub(super) struct Heredoc {
    /// The lines without that of the delimiter.
    pub body: Word,
    /// Whether the shell expands variables in it.
    pub is_expanded: bool,
}

/// A command.
#[derive(Debug, Default)]
pub(super) struct Command {
    pub words: Vec<Word>,
    /// Its standard input: heredocs by their indices, and words after `<<<`.
    pub heredocs: Vec<usize>,
    pub here_strings: Vec<Word>,
    /// The command whose output is its input.
    pub reads_from: Option<usize>,
    /// The files that it reads or writes.
    pub inputs: Vec<Word>,
    pub outputs: Vec<Word>,
}

/// A script. A command follows the commands inside its words.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub commands: Vec<Command>,
    pub heredocs: Vec<Heredoc>,
}

impl Word {
    /// The text, if it is one piece with or without quotes around it.
    pub fn plain<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut written = self.pieces.iter().filter(|(piece, _)| *piece != Piece::Removed);
        match (written.next(), written.next()) {
            (Some((Piece::Text, range)), None) => text.get(range.clone()),
            _ => None,
        }
    }

    /// The text that the word starts with, without quotes.
    pub fn start<'t>(&self, text: &'t str) -> &'t str {
        match self.pieces.first() {
            Some((Piece::Text, range)) => &text[range.clone()],
            _ => "",
        }
    }

    /// The word without its first `length` bytes, which are text.
    pub fn behind(&self, length: usize) -> Self {
        let mut pieces = self.pieces.clone();
        if let Some((_, range)) = pieces.first_mut() {
            range.start += length;
        }
        pieces.retain(|(_, range)| !range.is_empty());
        Self { pieces }
    }

    /// Its span, without the quotes around it.
    pub fn inside(&self) -> Option<Range<usize>> {
        let is_written = |(piece, _): &&(Piece, Range<usize>)| *piece != Piece::Removed;
        let first = self.pieces.iter().find(is_written)?;
        let last = self.pieces.iter().rfind(is_written)?;
        Some(first.1.start..last.1.end)
    }

    /// The only expansion that it consists of.
    pub fn expansion(&self) -> Option<(&Range<usize>, &Range<usize>)> {
        let mut written = self.pieces.iter().filter(|(piece, _)| *piece != Piece::Removed);
        match (written.next(), written.next()) {
            (Some((Piece::Expansion(commands), range)), None) => Some((commands, range)),
            _ => None,
        }
    }
}

/// Parses a script. For a console session, `prompts` is the text with its prompts, which are blank in `text`: lines
/// without a prompt are output. With `is_indented`, all lines may start with blanks, as in a list of Markdown.
pub(super) fn read(text: &str, prompts: Option<&str>, is_indented: bool) -> Script {
    let mut reader = Reader {
        text,
        prompts,
        is_indented,
        at: 0,
        end: text.len(),
        levels: 0,
        in_backticks: false,
        pending: Vec::new(),
        script: Script::default(),
    };
    while reader.at < reader.end {
        reader.commands(None);
    }
    reader.script
}

struct Reader<'t> {
    text: &'t str,
    prompts: Option<&'t str>,
    is_indented: bool,
    at: usize,
    /// The end of the parsed part.
    end: usize,
    levels: u8,
    in_backticks: bool,
    /// Heredocs that start on the next line: index, delimiter, and whether leading tabs are removed.
    pending: Vec<(usize, String, bool)>,
    script: Script,
}

impl<'t> Reader<'t> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        let at = self.at + ahead;
        if at < self.end { Some(self.text.as_bytes()[at]) } else { None }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at.min(self.end)..self.end]
    }

    /// Moves after the next `byte`, or to the end.
    fn skip_behind(&mut self, byte: u8) {
        self.at = self.rest().bytes().position(|it| it == byte).map_or(self.end, |length| self.at + length + 1);
    }

    /// Parses commands up to their closing token, and returns their indices.
    fn commands(&mut self, close: Option<u8>) -> Range<usize> {
        let first = self.script.commands.len();
        if self.levels == MAX_LEVELS {
            self.at = self.end;
            return first..first;
        }
        self.levels += 1;
        let mut command = Command::default();
        while let Some(byte) = self.byte(0) {
            if Some(byte) == close {
                self.at += 1;
                break;
            }
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.is_continuation() => self.at += 1 + self.line_break(1),
                b'\n' => {
                    self.at += 1;
                    self.finish(&mut command);
                    self.read_heredocs();
                    self.skip_output();
                }
                b'#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                b'|' => {
                    let is_pipe = !matches!(self.byte(1), Some(b'|'));
                    self.at += if is_pipe && self.byte(1) != Some(b'&') { 1 } else { 2 };
                    command.reads_from = self.finish(&mut command).filter(|_| is_pipe);
                }
                b'(' if self.byte(1) == Some(b'(') && command.words.is_empty() => self.skip_arithmetic(),
                b';' | b'&' | b'(' | b')' => {
                    self.at += 1;
                    self.finish(&mut command);
                }
                b'<' | b'>' if self.byte(1) != Some(b'(') => self.redirection(&mut command),
                _ => {
                    let start = self.at;
                    let word = self.word();
                    command.words.push(word);
                    // A closing token without an opening one.
                    self.at += usize::from(self.at == start);
                }
            }
        }
        self.finish(&mut command);
        self.levels -= 1;
        first..self.script.commands.len()
    }

    /// Reads the commands in `$(…)` and `<(…)`.
    fn substitution(&mut self) -> Range<usize> {
        self.at += 2;
        let was_in_backticks = std::mem::take(&mut self.in_backticks);
        let commands = self.commands(Some(b')'));
        self.in_backticks = was_in_backticks;
        commands
    }

    /// Adds a command to the script.
    fn finish(&mut self, command: &mut Command) -> Option<usize> {
        let command = std::mem::take(command);
        let is_empty = command.words.is_empty() && command.heredocs.is_empty();
        if is_empty {
            return None;
        }
        self.script.commands.push(command);
        Some(self.script.commands.len() - 1)
    }

    fn is_continuation(&self) -> bool {
        self.line_break(1) > 0
    }

    /// The length of the line break at this distance, if there is one.
    fn line_break(&self, ahead: usize) -> usize {
        match (self.byte(ahead), self.byte(ahead + 1)) {
            (Some(b'\n'), _) => 1,
            (Some(b'\r'), Some(b'\n')) => 2,
            _ => 0,
        }
    }

    /// Skips the lines of a console session that are not commands.
    fn skip_output(&mut self) {
        let Some(prompts) = self.prompts else { return };
        while self.at < self.end && !is_prompt(&prompts[self.at..]) {
            self.skip_behind(b'\n');
        }
    }

    /// `(( 1 << 2 ))` is not a heredoc.
    fn skip_arithmetic(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.byte(0) {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' if open == 1 => return,
                b')' => open -= 1,
                _ => {}
            }
        }
    }

    fn redirection(&mut self, command: &mut Command) {
        let is_input = self.byte(0) == Some(b'<');
        let signs = self.rest().bytes().take_while(|byte| matches!(byte, b'<' | b'>' | b'&' | b'|')).take(3).count();
        let sign = &self.rest()[..signs];
        self.at += signs;
        let is_dedented = sign == "<<" && self.byte(0) == Some(b'-');
        self.at += usize::from(is_dedented);
        while matches!(self.byte(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        if matches!(self.byte(0), None | Some(b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')) {
            return;
        }
        let start = self.at;
        let word = self.word();
        if self.at == start {
            self.at += 1;
        } else if sign == "<<" {
            let is_expanded = word.pieces.iter().all(|(piece, _)| *piece == Piece::Text);
            let passed_on = |(piece, range): &(Piece, Range<usize>)| match piece {
                Piece::Removed => "",
                Piece::Escaped => &self.text[range.start + 1..range.end],
                Piece::Text | Piece::Expansion(_) => &self.text[range.clone()],
            };
            let delimiter = word.pieces.iter().map(passed_on).collect();
            command.heredocs.push(self.script.heredocs.len());
            self.pending.push((self.script.heredocs.len(), delimiter, is_dedented));
            self.script.heredocs.push(Heredoc { is_expanded, ..Heredoc::default() });
        } else if sign == "<<<" {
            command.here_strings.push(word);
        } else if is_input {
            command.inputs.push(word);
        } else {
            command.outputs.push(word);
        }
    }

    /// Reads the heredocs that start on this line.
    fn read_heredocs(&mut self) {
        for (index, delimiter, is_dedented) in std::mem::take(&mut self.pending) {
            let start = self.at;
            let mut end = self.end;
            while self.at < self.end {
                let line_start = self.at;
                self.skip_behind(b'\n');
                let line = self.text[line_start..self.at].trim_end_matches(['\n', '\r']);
                let line = if is_dedented { line.trim_start_matches('\t') } else { line };
                if line == delimiter || self.is_indented && line.trim_start() == delimiter {
                    end = line_start;
                    break;
                }
            }
            let body = start..end;
            // Only JSON is relevant.
            if !self.text[body.clone()].trim_start().starts_with(['{', '[']) {
                continue;
            }
            let pieces = if self.script.heredocs[index].is_expanded {
                self.pieces_of_heredoc(&body)
            } else {
                vec![(Piece::Text, body)]
            };
            self.script.heredocs[index].body = Word { pieces };
        }
    }

    fn pieces_of_heredoc(&mut self, body: &Range<usize>) -> Vec<(Piece, Range<usize>)> {
        let (at, end) = (self.at, self.end);
        (self.at, self.end) = (body.start, body.end);
        let mut pieces = Vec::new();
        while self.at < self.end {
            self.quoted_piece(&mut pieces, b"$`\\");
        }
        (self.at, self.end) = (at, end);
        pieces
    }

    fn word(&mut self) -> Word {
        let mut pieces = Vec::new();
        while let Some(byte) = self.byte(0) {
            let start = self.at;
            match byte {
                b'<' | b'>' if self.byte(1) == Some(b'(') => {
                    let commands = self.substitution();
                    pieces.push((Piece::Expansion(commands), start..self.at));
                }
                // Parentheses contain the values of an array, which are separate words.
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => break,
                b'`' if self.in_backticks => break,
                b'\'' => {
                    self.at += 1;
                    pieces.push((Piece::Removed, start..self.at));
                    self.skip_behind(b'\'');
                    let is_closed = self.at > start + 1 && self.text.as_bytes()[self.at - 1] == b'\'';
                    let inside_end = self.at - usize::from(is_closed);
                    push(&mut pieces, Piece::Text, start + 1..inside_end);
                    push(&mut pieces, Piece::Removed, inside_end..self.at);
                }
                b'"' => self.double_quoted(&mut pieces),
                b'$' if self.byte(1) == Some(b'\'') => self.ansi_quoted(&mut pieces),
                b'$' if self.byte(1) == Some(b'"') => {
                    self.at += 1;
                    pieces.push((Piece::Removed, start..self.at));
                    self.double_quoted(&mut pieces);
                }
                b'\\' if self.is_continuation() => {
                    self.at += 1 + self.line_break(1);
                    pieces.push((Piece::Removed, start..self.at));
                }
                b'\\' | b'$' | b'`' => self.special(&mut pieces),
                _ => {
                    let is_special = |byte: u8| b" \t\r\n;&|()<>'\"\\$`".contains(&byte);
                    self.at += self.rest().bytes().position(is_special).unwrap_or(self.rest().len());
                    push(&mut pieces, Piece::Text, start..self.at);
                }
            }
        }
        Word { pieces }
    }

    /// Adds text up to one of these bytes, or the sequence that starts with one.
    fn quoted_piece(&mut self, pieces: &mut Vec<(Piece, Range<usize>)>, special: &[u8]) {
        let start = self.at;
        self.at += self.rest().bytes().position(|byte| special.contains(&byte)).unwrap_or(self.rest().len());
        push(pieces, Piece::Text, start..self.at);
        let at = self.at;
        match (self.byte(0), self.byte(1)) {
            (None, _) => {}
            (Some(b'\\'), _) if self.is_continuation() => {
                self.at += 1 + self.line_break(1);
                pieces.push((Piece::Removed, at..self.at));
            }
            (Some(b'\\'), Some(next)) if !special.contains(&next) => {
                // The backslash is passed on, too.
                self.at += 1;
                push(pieces, Piece::Text, at..self.at);
            }
            _ => self.special(pieces),
        }
    }

    fn double_quoted(&mut self, pieces: &mut Vec<(Piece, Range<usize>)>) {
        pieces.push((Piece::Removed, self.at..self.at + 1));
        self.at += 1;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'"' => {
                    pieces.push((Piece::Removed, self.at..self.at + 1));
                    self.at += 1;
                    return;
                }
                b'`' if self.in_backticks => return,
                _ => {
                    let start = self.at;
                    let stop = |byte: u8| matches!(byte, b'"' | b'$' | b'`' | b'\\');
                    self.at += self.rest().bytes().position(stop).unwrap_or(self.rest().len());
                    push(pieces, Piece::Text, start..self.at);
                    if !matches!(self.byte(0), None | Some(b'"')) {
                        self.quoted_piece(pieces, b"$`\\\"");
                    }
                }
            }
        }
    }

    /// `$'…'` has different escapes than JSON, so its text is unknown if it has one.
    fn ansi_quoted(&mut self, pieces: &mut Vec<(Piece, Range<usize>)>) {
        let start = self.at;
        self.at += 2;
        let mut is_plain = true;
        while let Some(byte) = self.byte(0) {
            self.at += 1;
            match byte {
                b'\'' => break,
                b'\\' => {
                    is_plain = false;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                _ => {}
            }
        }
        if is_plain {
            pieces.push((Piece::Removed, start..start + 2));
            let end = self.at - usize::from(self.at > start + 2);
            push(pieces, Piece::Text, start + 2..end);
            push(pieces, Piece::Removed, end..self.at);
        } else {
            pieces.push((Piece::Expansion(0..0), start..self.at));
        }
    }

    /// Adds the sequence that starts with a backslash, a dollar sign or a backtick.
    fn special(&mut self, pieces: &mut Vec<(Piece, Range<usize>)>) {
        let start = self.at;
        match (self.byte(0), self.byte(1)) {
            (Some(b'\\'), Some(_)) => {
                self.at += 1;
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                pieces.push((Piece::Escaped, start..self.at));
            }
            (Some(b'`'), _) if !self.in_backticks => {
                self.at += 1;
                self.in_backticks = true;
                let commands = self.commands(Some(b'`'));
                self.in_backticks = false;
                pieces.push((Piece::Expansion(commands), start..self.at));
            }
            (Some(b'$'), Some(b'(')) => {
                let commands = if self.byte(2) == Some(b'(') {
                    self.at += 1;
                    self.skip_arithmetic();
                    0..0
                } else {
                    self.substitution()
                };
                pieces.push((Piece::Expansion(commands), start..self.at));
            }
            (Some(b'$'), Some(b'{')) => {
                self.skip_braces();
                pieces.push((Piece::Expansion(0..0), start..self.at));
            }
            (Some(b'$'), Some(next)) if next.is_ascii_alphabetic() || next == b'_' => {
                let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                let name = self.rest().bytes().skip(1).take_while(|&byte| is_of_name(byte)).count();
                self.at += 1 + name;
                pieces.push((Piece::Expansion(0..0), start..self.at));
            }
            (Some(b'$'), Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'!' | b'-')) => {
                self.at += 2;
                pieces.push((Piece::Expansion(0..0), start..self.at));
            }
            _ => {
                self.at += 1;
                push(pieces, Piece::Text, start..self.at);
            }
        }
    }

    /// Skips `${name}` with any content.
    fn skip_braces(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.byte(0) {
            self.at += 1;
            match byte {
                b'{' => open += 1,
                b'}' if open == 1 => return,
                b'}' => open = open.saturating_sub(1),
                b'\\' => self.at += self.rest().chars().next().map_or(0, char::len_utf8),
                _ => {}
            }
        }
    }
}

/// Adds a piece that may be empty. Consecutive text is one piece.
fn push(pieces: &mut Vec<(Piece, Range<usize>)>, piece: Piece, range: Range<usize>) {
    if range.is_empty() {
        return;
    }
    if let (Some((Piece::Text, last)), Piece::Text) = (pieces.last_mut(), &piece)
        && last.end == range.start
    {
        last.end = range.end;
        return;
    }
    pieces.push((piece, range));
}

/// Whether a line starts with the prompt of a shell.
pub(super) fn is_prompt(line: &str) -> bool {
    line.trim_start_matches([' ', '\t']).starts_with("$ ")
}
