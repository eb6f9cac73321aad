//! Template expressions of Helm and similar engines, `{{ … }}` and `{% … %}`. In YAML they are flow collections or
//! invalid, so they are replaced before the text is parsed, byte for byte, and their results are unknown.

use std::borrow::Cow;

use super::node::{Node, Shape};
use crate::document::Branch;
use crate::text::Span;

/// The template expressions of one YAML document, in order.
#[derive(Debug, Default)]
pub(super) struct Templates {
    list: Vec<Template>,
    /// The branch of the text from a byte on, if the template has an alternative to it.
    stretches: Vec<(usize, Option<usize>)>,
    branches: Vec<Branch>,
}

/// Deeper branches are not distinguished.
const MOST_LEVELS: usize = 64;

#[derive(Debug)]
struct Template {
    /// Bytes of the document, from the first brace to after the last.
    span: Span,
    /// The start of its line's content, if the line has only expressions.
    column: Option<usize>,
    /// Whether it controls the text around it and generates nothing itself.
    is_control: bool,
    step: Step,
}

/// The effect of an expression on the branches around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    None,
    Opens,
    /// Ends one branch and starts another.
    Parts,
    Closes,
}

impl Templates {
    pub fn find(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut list = Vec::new();
        let mut at = 0;
        while let Some(length) = bytes[at..].iter().position(|&byte| byte == b'{') {
            let start = at + length;
            let close = match bytes.get(start + 1) {
                Some(b'{') => "}}",
                Some(b'%') => "%}",
                _ => {
                    at = start + 1;
                    continue;
                }
            };
            let inside = &text[start + 2..];
            let word = inside.trim_start_matches(['-', '+']).trim_start_matches(' ');
            let from = if word.starts_with("/*") { inside.find("*/").unwrap_or(0) } else { 0 };
            // After an unclosed expression, no other expression is closed.
            let Some(length) = inside[from..].find(close) else { break };
            let end = start + 2 + from + length + 2;
            let (is_control, step) = control(word);
            list.push(Template { span: Span::new(start, end), column: None, is_control, step });
            at = end;
        }
        let mut templates = Self { list, ..Self::default() };
        templates.find_alone(text);
        templates.find_branches();
        templates
    }

    /// Finds the expressions that have lines to themselves, alone or together.
    fn find_alone(&mut self, text: &str) {
        let mut first = 0;
        while first < self.list.len() {
            let start = self.list[first].span.start;
            let before = text[..start].trim_end_matches([' ', '\t']);
            let opens = before.is_empty() || before.ends_with(['\n', '\r']);
            let mut last = first;
            let closes = loop {
                let rest = text[self.list[last].span.end..].trim_start_matches([' ', '\t']);
                if rest.is_empty() || rest.starts_with(['\n', '\r', '#']) {
                    break true;
                }
                match self.list.get(last + 1) {
                    Some(next) if next.span.start == text.len() - rest.len() => last += 1,
                    _ => break false,
                }
            };
            for template in &mut self.list[first..=last] {
                template.column = (opens && closes).then_some(start - before.len());
            }
            first = last + 1;
        }
    }

    fn find_branches(&mut self) {
        /// A branch, before it is known whether it has an alternative.
        struct Part {
            span: Span,
            fork: usize,
            around: Option<usize>,
        }
        let (mut parts, mut open) = (Vec::<Part>::new(), Vec::<usize>::new());
        // The start of each fork, and whether it has more than one branch.
        let mut forks: Vec<(usize, bool)> = Vec::new();
        let mut stretches = Vec::new();
        for template in &self.list {
            let (fork, around) = match template.step {
                Step::None => continue,
                Step::Opens => {
                    forks.push((template.span.start, false));
                    (forks.len() - 1, open.last().copied())
                }
                Step::Parts | Step::Closes => {
                    // Some branches start above the `---` line.
                    let Some(ended) = open.pop() else { continue };
                    parts[ended].span.end = template.span.start;
                    (parts[ended].fork, parts[ended].around)
                }
            };
            if template.step != Step::Closes {
                forks[fork].1 |= template.step == Step::Parts;
                open.push(parts.len());
                parts.push(Part { span: Span::new(template.span.end, usize::MAX), fork, around });
            }
            if open.len() > MOST_LEVELS {
                return;
            }
            stretches.push((template.span.start, open.last().copied()));
        }
        let has_other = |part: &usize| forks[parts[*part].fork].1;
        for (start, part) in stretches {
            let innermost = std::iter::successors(part, |&part| parts[part].around).find(has_other);
            self.stretches.push((start, innermost));
        }
        // Their indices among the branches that have an alternative.
        let mut indexes = vec![None; parts.len()];
        for (at, part) in parts.iter().enumerate().filter(|(_, part)| forks[part.fork].1) {
            indexes[at] = Some(self.branches.len());
            let around = std::iter::successors(part.around, |&around| parts[around].around);
            let around = around.into_iter().find_map(|around| indexes[around]);
            self.branches.push(Branch { span: part.span, fork: forks[part.fork].0, around });
        }
    }

    pub const fn has_branches(&self) -> bool {
        !self.branches.is_empty()
    }

    /// The branch that contains this byte of the document, if it has an alternative.
    pub fn branch_at(&self, at: usize) -> Option<usize> {
        let behind = self.stretches.partition_point(|(start, _)| *start <= at);
        self.stretches[..behind].last().and_then(|(_, branch)| *branch)
    }

    /// All branches with alternatives; the document starts at `base`. `others` is the number of branches before them.
    pub fn branches(&self, base: usize, others: usize) -> impl Iterator<Item = Branch> + '_ {
        self.branches.iter().map(move |branch| Branch {
            span: Span::new(base + branch.span.start, branch.span.end.saturating_add(base)),
            fork: base + branch.fork,
            around: branch.around.map(|around| others + around),
        })
    }

    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The text with a word in place of each expression, or with blanks if it is alone on its line; of the same length.
    pub fn neutralized<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut neutral = String::with_capacity(text.len());
        let mut at = 0;
        for template in &self.list {
            neutral.push_str(&text[at..template.span.start]);
            let paint = |byte: u8| match byte {
                b'\n' | b'\r' if template.column.is_some() => char::from(byte),
                _ if template.column.is_some() => ' ',
                _ => 'x',
            };
            neutral.extend(text[template.span.start..template.span.end].bytes().map(paint));
            at = template.span.end;
        }
        neutral.push_str(&text[at..]);
        Cow::Owned(neutral)
    }

    /// Marks the nodes that expressions generate or extend.
    pub fn apply(&self, text: &str, base: usize, nodes: &mut [Node]) {
        if self.is_empty() {
            return;
        }
        for node in nodes.iter_mut() {
            let Shape::Scalar(value, _) = &mut node.shape else { continue };
            let (start, end) = (node.span.start - base, node.span.end - base);
            let next = self.list.partition_point(|template| template.span.end <= start);
            if self.list.get(next).is_some_and(|template| template.span.start < end) {
                *value = text[start..end].trim_matches(['"', '\'']).into();
                node.is_templated = true;
            }
        }
        let parents = parents(nodes);
        for template in self.list.iter().filter(|template| !template.is_control) {
            let Some(column) = template.column else { continue };
            let at = base + template.span.start;
            let before = nodes.partition_point(|node| node.span.start < at);
            let Some(last) = before.checked_sub(1) else { continue };
            let source = &text[template.span.start..template.span.end];
            // The value of an empty scalar is the expression's result.
            if let Shape::Scalar(value, _) = &mut nodes[last].shape
                && value.trim().is_empty()
            {
                *value = source.into();
                nodes[last].is_templated = true;
                continue;
            }
            // Otherwise it adds fields to the object that its indentation selects.
            let indent = indentation(source).unwrap_or(column);
            let holders = || std::iter::successors(parents[last], |&id| parents[id]);
            let is_at_indent = |id: usize| nodes[id].column(text, base) == indent;
            match holders().find(|&id| is_at_indent(id)) {
                Some(id) => nodes[id].is_templated = true,
                None => holders().collect::<Vec<_>>().into_iter().for_each(|id| nodes[id].is_templated = true),
            }
        }
    }

    /// Whether an expression is in these bytes; the document starts at `base`.
    pub fn stand_between(&self, span: Span, base: usize) -> bool {
        let next = self.list.partition_point(|template| template.span.start + base < span.start);
        self.list.get(next).is_some_and(|template| span.contains(template.span.shifted(base)))
    }
}

/// Whether an expression that starts like this generates nothing itself, and its effect on the branches around it.
fn control(expression: &str) -> (bool, Step) {
    match expression.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default() {
        "if" | "range" | "with" | "define" | "block" | "for" => (true, Step::Opens),
        "else" | "elif" => (true, Step::Parts),
        "end" | "endif" | "endfor" => (true, Step::Closes),
        "endblock" | "endwith" => (false, Step::Closes),
        "set" | "break" => (true, Step::None),
        _ => {
            let is_assignment = expression.starts_with('$') && expression.contains(":=");
            (is_assignment || expression.starts_with("/*"), Step::None)
        }
    }
}

/// The column at which `nindent 4` or `indent 4` writes.
fn indentation(expression: &str) -> Option<usize> {
    let rest = expression.rsplit_once("indent ")?.1.trim_start();
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
}

/// The parent of each node.
fn parents(nodes: &[Node]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(nodes.len());
    for (id, node) in nodes.iter().enumerate() {
        while open.last().is_some_and(|&last| nodes[last].next <= id) {
            open.pop();
        }
        parents.push(open.last().copied());
        if node.next > id + 1 {
            open.push(id);
        }
    }
    parents
}

impl Node {
    /// The number of bytes before it on its line. Blocks start near the start of their line.
    fn column(&self, text: &str, base: usize) -> usize {
        const FAR: usize = 1024;
        let at = self.span.start - base;
        let head = &text.as_bytes()[at.saturating_sub(FAR)..at];
        head.iter().rev().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(head.len())
    }
}
