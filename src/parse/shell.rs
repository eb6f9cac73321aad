//! JSON in shell scripts: the bodies that `curl` and the Atlas CLI send, as heredocs and as arguments.

mod body;
mod script;

use std::collections::BTreeMap;
use std::ops::Range;

use super::embedded::{BodyOf, Embedded, Sender};
use crate::text::Span;
use body::body;
use script::{Command, Script, Word};

/// The bodies in a script, in order. `is_block` is whether it is a block of Markdown, which may be a console session.
pub(super) fn bodies(text: &str, is_block: bool) -> Vec<Embedded> {
    let session = (is_block && text.lines().any(script::is_prompt)).then(|| without_prompts(text));
    let script = script::read(session.as_deref().unwrap_or(text), session.as_ref().map(|_| text), is_block);
    let mut reader = Reader {
        text: session.as_deref().unwrap_or(text),
        script: &script,
        found: Vec::new(),
        latest: BTreeMap::new(),
    };
    for (index, command) in script.commands.iter().enumerate() {
        reader.command(index, command);
    }
    let mut bodies = reader.found;
    bodies.sort_by_key(|found| found.body.span.start);
    let mut end = 0;
    bodies.retain(|found| {
        // The output of a command inside a word is in the body of that word.
        let is_apart = found.body.span.start >= end;
        end = end.max(found.body.span.end);
        is_apart
    });
    let embedded = |found: Found| {
        let body::Body { span, instead, marks } = found.body;
        let written = &text[span.start..span.end];
        let view = &session.as_deref().unwrap_or(text)[span.start..span.end];
        let instead = instead.or_else(|| (view != written).then(|| view.to_owned()));
        Embedded { span, extension: "json", instead, marks, body_of: found.body_of, reserved: found.reserved }
    };
    bodies.into_iter().map(embedded).collect()
}

/// A console session with blanks for the prompts.
fn without_prompts(text: &str) -> String {
    let mut session = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start_matches([' ', '\t']);
        let indentation = line.len() - rest.len();
        let is_marked = rest.starts_with("$ ") || rest.starts_with("> ");
        let blank = if is_marked { indentation + 2 } else { 0 };
        session.push_str(&" ".repeat(blank));
        session.push_str(&line[blank..]);
    }
    session
}

/// A body in a script.
struct Found {
    body: body::Body,
    /// The command that has it as an argument or as its input.
    command: usize,
    body_of: Option<BodyOf>,
    /// The characters with a special meaning, which an edit cannot insert.
    reserved: &'static [char],
}

struct Reader<'t> {
    text: &'t str,
    script: &'t Script,
    found: Vec<Found>,
    /// The latest body in each variable (`$name`) and file.
    latest: BTreeMap<String, usize>,
}

/// The source of a command's body.
enum Input<'w> {
    Stdin,
    File(&'w str),
    Word(Word),
}

/// Commands whose input is a text, not a program.
const READERS: &[&str] = &["atlas", "cat", "curl", "jq", "read", "tee"];

/// The words before the name of a command.
const BEFORE: &[&str] = &[
    "!", "builtin", "command", "do", "elif", "else", "env", "eval", "exec", "export", "if", "local", "declare",
    "nohup", "readonly", "sudo", "then", "time", "typeset", "until", "while", "{",
];

/// The short options of curl that have a value.
const WITH_VALUE: &str = "AbcCdDeEFHKmoPQrtTuUwxXyYz";

/// The options of curl that give a body.
const DATA: &[&str] = &["--data", "--data-raw", "--data-binary", "--data-ascii", "--json"];

impl<'t> Reader<'t> {
    fn command(&mut self, index: usize, command: &'t Command) {
        let mut words = command.words.iter();
        let mut name = "";
        for word in words.by_ref() {
            if self.assignment(index, word) {
                continue;
            }
            let plain = word.plain(self.text).unwrap_or_default();
            if !BEFORE.contains(&plain) {
                name = plain.rsplit('/').next().unwrap_or_default();
                break;
            }
        }
        let arguments = words.as_slice();
        if READERS.contains(&name) || name.is_empty() {
            for &heredoc in &command.heredocs {
                let heredoc = &self.script.heredocs[heredoc];
                let reserved: &[char] = if heredoc.is_expanded { &['$', '`', '\\'] } else { &[] };
                self.add(index, &heredoc.body, reserved);
            }
            for word in &command.here_strings {
                self.add(index, word, &['\'']);
            }
        }
        match name {
            "curl" => self.curl(index, arguments),
            "atlas" => self.atlas(index, arguments),
            "echo" | "printf" => arguments.iter().for_each(|word| self.add(index, word, &['\''])),
            _ => {}
        }
        let files = command.outputs.iter().chain(arguments.iter().filter(|_| name == "tee"));
        for file in files {
            if let Some(last) = self.last_of(index..index + 1) {
                let name = self.written(file);
                self.latest.insert(name.to_owned(), last);
            }
        }
    }

    /// `name=value`, with a body or with the output of commands that hold one.
    fn assignment(&mut self, index: usize, word: &Word) -> bool {
        let Some((name, _)) = word.start(self.text).split_once('=') else { return false };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            return false;
        }
        let value = word.behind(name.len() + 1);
        self.add(index, &value, &['\'']);
        let commands = value.expansion().map_or(index..index + 1, |(commands, _)| commands.clone());
        if let Some(last) = self.last_of(commands) {
            self.latest.insert(format!("${name}"), last);
        }
        true
    }

    fn add(&mut self, command: usize, word: &Word, reserved: &'static [char]) {
        if let Some(body) = body(self.text, word) {
            self.found.push(Found { body, command, body_of: None, reserved });
        }
    }

    /// The last body of some commands.
    fn last_of(&self, commands: Range<usize>) -> Option<usize> {
        let is_before = |found: &Found| found.command < commands.end;
        let end = self.found.partition_point(is_before);
        end.checked_sub(1).filter(|&last| self.found[last].command >= commands.start)
    }

    /// The source of a word, with its variables, without quotes around it.
    fn written(&self, word: &Word) -> &'t str {
        word.inside().map_or("", |range| &self.text[range])
    }

    fn span(word: &Word) -> Option<Span> {
        word.inside().map(|range| Span::new(range.start, range.end))
    }

    /// The body from a command's input.
    fn sent(&mut self, index: usize, input: Input) -> Option<usize> {
        let word = match input {
            Input::File("-" | "/dev/stdin") | Input::Stdin => {
                let input = self.last_of(index..index + 1);
                let from = self.script.commands[index].reads_from;
                let file = self.script.commands[index].inputs.last();
                return input
                    .or_else(|| from.and_then(|from| self.last_of(from..from + 1)))
                    .or_else(|| self.latest.get(self.written(file?)).copied());
            }
            Input::File(name) => return self.latest.get(name).copied(),
            Input::Word(word) => word,
        };
        if let Some((commands, range)) = word.expansion() {
            let name = self.text[range.clone()].trim_start_matches(['$', '{']).trim_end_matches('}');
            return self.last_of(commands.clone()).or_else(|| self.latest.get(&format!("${name}")).copied());
        }
        let before = self.found.len();
        self.add(index, &word, &['\'']);
        (self.found.len() > before).then_some(before)
    }

    /// Records the sender of a body; the first one counts.
    fn send(&mut self, body: Option<usize>, method: &str, sender: Sender) {
        if let Some(body) = body {
            self.found[body].body_of.get_or_insert_with(|| BodyOf { method: method.to_owned(), sender });
        }
    }

    fn curl(&mut self, index: usize, arguments: &[Word]) {
        let (mut method, mut inputs, mut targets, mut is_query) = (None, Vec::new(), Vec::new(), false);
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let start = word.start(self.text);
            let mut value = |length: usize| {
                if length < self.written(word).len() { Some(word.behind(length)) } else { words.next().cloned() }
            };
            let (option, given) = if let Some((option, _)) = start.split_once('=').filter(|_| start.starts_with("--")) {
                (option, value(option.len() + 1))
            } else if start.starts_with("--") {
                let has_value = DATA.contains(&start) || matches!(start, "--request" | "--url" | "--header" | "--user");
                (start, if has_value { value(start.len()) } else { None })
            } else if let Some(letters) = start.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                is_query |= letters.contains('G') && !letters.contains(|c| WITH_VALUE.contains(c));
                let Some(at) = letters.find(|c| WITH_VALUE.contains(c)) else { continue };
                (&letters[at..=at], value(at + 2))
            } else {
                targets.push(word.clone());
                continue;
            };
            match (option, given) {
                ("X" | "--request", Some(word)) => method = Some(self.written(&word).to_owned()),
                ("--url", Some(word)) => targets.push(word),
                ("--data-raw", Some(word)) => inputs.push(Input::Word(word)),
                ("--get", _) => is_query = true,
                (option, Some(word)) if option == "d" || DATA.contains(&option) => {
                    // `@` precedes the name of a file.
                    let is_file = word.pieces.iter().find_map(|(piece, range)| {
                        (*piece != script::Piece::Removed).then(|| self.text[range.clone()].starts_with('@'))
                    });
                    inputs.push(match self.written(&word).strip_prefix('@').filter(|_| is_file == Some(true)) {
                        Some(name) => Input::File(name),
                        None => Input::Word(word),
                    });
                }
                _ => {}
            }
        }
        if is_query {
            return;
        }
        let is_of_streams = |word: &&Word| self.written(word).contains("/streams/");
        let target = targets.iter().find(is_of_streams).or(targets.first()).and_then(Self::span);
        let method = method.unwrap_or_else(|| "POST".to_owned());
        for input in inputs {
            let sent = self.sent(index, input);
            self.send(sent, &method, Sender::Request(target));
        }
    }

    fn atlas(&mut self, index: usize, arguments: &[Word]) {
        let plain = |word: &Word| word.plain(self.text).unwrap_or_default();
        let commands = arguments.iter().map(plain).filter(|word| !word.starts_with('-')).take(4).collect::<Vec<_>>();
        let method = match commands.as_slice() {
            ["streams" | "stream", "connections" | "connection", "create", ..]
            | ["api", "streams", "createStreamConnection", ..] => "POST",
            ["streams" | "stream", "connections" | "connection", "update", ..]
            | ["api", "streams", "updateStreamConnection", ..] => "PATCH",
            _ => return,
        };
        let option = |names: &[&str]| {
            arguments.iter().enumerate().find_map(|(at, word)| {
                let start = word.start(self.text);
                match start.split_once('=') {
                    Some((name, _)) if names.contains(&name) => Some(word.behind(name.len() + 1)),
                    _ if names.contains(&start) => arguments.get(at + 1).cloned(),
                    _ => None,
                }
            })
        };
        // A word after an option is its value.
        let is_value = |at: usize| {
            at > 0
                && arguments[at - 1].start(self.text).starts_with('-')
                && !arguments[at - 1].start(self.text).contains('=')
        };
        let positional =
            (0..arguments.len()).filter(|&at| !is_value(at) && !arguments[at].start(self.text).starts_with('-'));
        let is_named = commands[0] != "api" && positional.count() > 3;
        let project = option(&["--projectId", "--groupId"]);
        let workspace = option(&["--instance", "-i", "--workspace", "-w", "--tenantName"]);
        let file = option(&["--file", "-f"]);
        let input = match &file {
            Some(word) if word.expansion().is_some() => Input::Word(word.clone()),
            Some(word) => Input::File(self.written(word)),
            None => Input::Stdin,
        };
        let sender = Sender::Cli {
            project: project.as_ref().and_then(Self::span),
            workspace: workspace.as_ref().and_then(Self::span),
            is_named,
        };
        let sent = self.sent(index, input);
        self.send(sent, method, sender);
    }
}
