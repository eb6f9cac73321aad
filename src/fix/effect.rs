//! The effect of edits on a text: the text is parsed again, and everything that the edits do not name must be
//! unchanged.

use crate::diagnostic::rules::SYNTAX_ERROR;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::document::{Comment, Document, Entry, EntryId};
use crate::parse;
use crate::text::order::sort_by_key;
use crate::text::{Span, Syntax};

/// Maximum number of bytes that are parsed to try each fix alone. Above it, fixes are tried together.
const ALONE: usize = 1 << 18;

/// Maximum number of times that a text is parsed to try fixes together.
const TOGETHER: usize = 24;

/// Removes the fixes that would make a text worse: more syntax errors, or a different value elsewhere. `flaws` is the
/// number of syntax errors of the parser. Only a text with fixes costs anything.
pub(crate) fn drop_harmful(document: &Document, flaws: usize, size_limit: usize, found: &mut [Diagnostic]) {
    let text = document.source.text();
    let mut untried = (0..found.len()).filter(|&at| found[at].fix.is_some()).collect::<Vec<_>>();
    untried.retain(|&at| !is_plain_replacement(document, &found[at]));
    if untried.is_empty() {
        return;
    }
    let mut trial = Trial { document, flaws, size_limit, left: TOGETHER };
    let mut harmful = Vec::new();
    if untried.len().saturating_mul(text.len().max(64)) <= ALONE {
        trial.left = usize::MAX;
        harmful.extend(untried.into_iter().filter(|&at| !trial.allows(found, &[at])));
    } else {
        // Safe fixes are applied without review, so they are tried first.
        let is_first = |at: &usize| found[*at].fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe);
        let (first, second): (Vec<_>, Vec<_>) = untried.into_iter().partition(is_first);
        for group in [first, second] {
            let (mistakes, rest): (Vec<_>, Vec<_>) = group.into_iter().partition(|&at| is_syntax(&found[at]));
            for group in [mistakes, rest] {
                trial.try_together(found, group, &mut harmful);
            }
        }
    }
    for at in harmful {
        found[at].fix = None;
    }
}

fn is_syntax(found: &Diagnostic) -> bool {
    found.rule == &SYNTAX_ERROR
}

/// Whether a fix only replaces a scalar with a string in JSON, which changes nothing else.
fn is_plain_replacement(document: &Document, found: &Diagnostic) -> bool {
    let Some([edit]) = found.fix.as_ref().map(|fix| fix.edits.as_slice()) else { return false };
    let is_json = matches!(document.syntax, Syntax::Json | Syntax::Jsonc) && document.messages.is_none();
    if !is_json || document.damaged || !is_string(&edit.text) {
        return false;
    }
    let entries = &document.table.entries;
    let next = entries.partition_point(|entry| entry.whole().start <= edit.span.start);
    let entry = next.checked_sub(1).map(|at| &entries[at]);
    entry.is_some_and(|entry| entry.span() == edit.span && !entry.has(Entry::OBJECT | Entry::ARRAY))
}

/// Whether a text is one JSON string, without escapes.
fn is_string(text: &str) -> bool {
    let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inside.is_some_and(|inside| !inside.contains(|c: char| c == '"' || c == '\\' || c.is_control()))
}

struct Trial<'d> {
    document: &'d Document,
    flaws: usize,
    size_limit: usize,
    /// The number of times that the text may still be parsed.
    left: usize,
}

impl Trial<'_> {
    /// Tries fixes together, and in halves if that fails. Overlapping fixes come later; fixes that cannot be tried
    /// count as harmful.
    fn try_together(&mut self, found: &[Diagnostic], mut group: Vec<usize>, harmful: &mut Vec<usize>) {
        while !group.is_empty() {
            let (together, later) = without_overlaps(found, group);
            self.halve(found, &together, harmful);
            group = later;
        }
    }

    fn halve(&mut self, found: &[Diagnostic], group: &[usize], harmful: &mut Vec<usize>) {
        if self.allows(found, group) {
            return;
        }
        if group.len() == 1 || self.left == 0 {
            harmful.extend(group);
            return;
        }
        let (first, second) = group.split_at(group.len() / 2);
        self.halve(found, first, harmful);
        self.halve(found, second, harmful);
    }

    /// Whether these fixes, which do not overlap, leave everything else unchanged.
    fn allows(&mut self, found: &[Diagnostic], group: &[usize]) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        let fixes = group.iter().filter_map(|&at| found[at].fix.as_ref());
        let (edits, applied) = super::chosen(self.document.source.text(), fixes.clone().map(|fix| &*fix.edits));
        if applied < group.len() {
            return false;
        }
        let text = super::written(self.document.source.text(), &edits);
        let after = parse::parse(&self.document.source.with_text(text), self.size_limit);
        let deletions = deletions(fixes);
        let change = Change {
            edits: &edits,
            deletions: &deletions,
            fixes_syntax: group.iter().any(|&at| is_syntax(&found[at])),
        };
        is_harmless(self.document, self.flaws, change, &after.document, after.flaws.len())
    }
}

/// Splits overlapping fixes: the first ones, and the others.
fn without_overlaps(found: &[Diagnostic], group: Vec<usize>) -> (Vec<usize>, Vec<usize>) {
    let mut end = 0;
    let mut is_free = |at: &usize| {
        let edits = found[*at].fix.as_ref().map(|fix| fix.edits.as_slice()).unwrap_or_default();
        let (Some(first), Some(last)) = (edits.first(), edits.last()) else { return true };
        // Two insertions at one position depend on their order.
        let is_free = end == 0 || first.span.start > end;
        end = if is_free { last.span.end } else { end };
        is_free
    };
    let mut group = group;
    sort_by_key(&mut group, |&at| found[at].fix.as_ref().and_then(|fix| fix.edits.first()).map(|edit| edit.span));
    group.into_iter().partition(|at| is_free(at))
}

/// The ranges that fixes delete on purpose, in order.
pub(crate) fn deletions<'f>(fixes: impl IntoIterator<Item = &'f Fix>) -> Vec<Span> {
    let deleting = fixes.into_iter().filter(|fix| fix.title.contains("elete"));
    let mut spans = deleting.flat_map(|fix| fix.edits.iter().map(|edit| edit.span)).collect::<Vec<_>>();
    sort_by_key(&mut spans, |&item| item);
    spans
}

/// Edits of a text, in order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<'e> {
    pub edits: &'e [(Span, &'e str)],
    /// The edits that may remove values.
    pub deletions: &'e [Span],
    /// Whether the edits fix syntax errors.
    pub fixes_syntax: bool,
}

/// Whether a change adds no syntax error and keeps all values that it does not name. The numbers are those of syntax
/// errors.
pub(crate) fn is_harmless(before: &Document, flaws: usize, change: Change, after: &Document, left: usize) -> bool {
    if change.fixes_syntax {
        return left < flaws && keeps_tokens(before.source.text(), change);
    }
    left <= flaws
        && after.table.duplicates.len() <= before.table.duplicates.len()
        && Comparison::new(before, change, after).finds_no_change()
}

/// Whether an edit removes only punctuation and comments.
fn keeps_tokens(text: &str, change: Change) -> bool {
    change.edits.iter().all(|(span, new)| {
        let words = |text: &str| text.chars().filter(|character| character.is_alphanumeric()).collect::<String>();
        change.deletions.binary_search(span).is_ok() || words(new).contains(&words(&text[span.start..span.end]))
    })
}

/// The shifts of positions by edits.
struct Shift<'e> {
    edits: &'e [(Span, &'e str)],
    /// The number of bytes that the edits before each have removed and added.
    before: Vec<(usize, usize)>,
}

impl<'e> Shift<'e> {
    fn new(edits: &'e [(Span, &'e str)]) -> Self {
        let sums = edits.iter().scan((0, 0), |sum, (span, text)| {
            let before = *sum;
            *sum = (sum.0 + span.len(), sum.1 + text.len());
            Some(before)
        });
        let before = sums.collect();
        Self { edits, before }
    }

    fn moved(&self, at: usize, edits: usize) -> usize {
        let (removed, added) = match edits.checked_sub(1) {
            None => (0, 0),
            Some(last) => {
                let (span, text) = &self.edits[last];
                (self.before[last].0 + span.len(), self.before[last].1 + text.len())
            }
        };
        at + added - removed.min(at + added)
    }

    /// A range that no edit touches, after the edits.
    fn span(&self, span: Span) -> Span {
        let start = self.edits.partition_point(|(edit, _)| edit.end <= span.start);
        let end = self.edits.partition_point(|(edit, _)| edit.start < span.end);
        Span::new(self.moved(span.start, start), self.moved(span.end, end))
    }

    /// The edits inside a range or partly so.
    fn inside(&self, span: Span) -> &'e [(Span, &'e str)] {
        let start = self.edits.partition_point(|(edit, _)| edit.end <= span.start);
        let end = self.edits.partition_point(|(edit, _)| edit.start < span.end);
        self.edits.get(start..end).unwrap_or_default()
    }

    /// Whether an edit is inside of a range or next to it.
    fn is_near(&self, span: Span) -> bool {
        let start = self.edits.partition_point(|(edit, _)| edit.end < span.start);
        self.edits.get(start).is_some_and(|(edit, _)| edit.start <= span.end)
    }

    /// Whether a range after the edits is near an inserted text.
    fn is_written(&self, span: Span) -> bool {
        let place = |at: usize| {
            let (edit, text) = &self.edits[at];
            let start = edit.start + self.before[at].1 - self.before[at].0;
            Span::new(start, start + text.len())
        };
        let (mut low, mut high) = (0, self.edits.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if place(middle).end < span.start { low = middle + 1 } else { high = middle }
        }
        low < self.edits.len() && place(low).start <= span.end
    }
}

/// Two documents side by side.
struct Comparison<'d> {
    before: &'d Document,
    after: &'d Document,
    shift: Shift<'d>,
    deletions: &'d [Span],
    /// The new id of each object and array, once it is known.
    same: Vec<Option<EntryId>>,
    /// The edit, and the byte in its new text, after the last value that was found to be moved.
    moved_to: (usize, usize),
    parents: [Vec<EntryId>; 2],
}

/// The parent of each entry; that of the root is itself.
fn parents(document: &Document) -> Vec<EntryId> {
    let entries = &document.table.entries;
    let mut open: Vec<EntryId> = Vec::new();
    let mut parents = Vec::with_capacity(entries.len());
    for (id, entry) in (0..).zip(entries) {
        while open.last().is_some_and(|&parent| document.entry(parent).next() <= id) {
            open.pop();
        }
        parents.push(open.last().copied().unwrap_or(id));
        if entry.next() > id + 1 {
            open.push(id);
        }
    }
    parents
}

fn is_scalar(entry: &Entry) -> bool {
    !entry.has(Entry::OBJECT | Entry::ARRAY | Entry::ELSEWHERE) && !entry.span().is_empty()
}

fn scalars(document: &Document) -> impl Iterator<Item = (Span, EntryId)> + '_ {
    (0..).zip(&document.table.entries).filter(|(_, entry)| is_scalar(entry)).map(|(id, entry)| (entry.span(), id))
}

impl<'d> Comparison<'d> {
    fn new(before: &'d Document, change: Change<'d>, after: &'d Document) -> Self {
        let shift = Shift::new(change.edits);
        let parents = [parents(before), parents(after)];
        let same = vec![None; before.table.entries.len()];
        Self { before, after, shift, deletions: change.deletions, same, moved_to: (0, 0), parents }
    }

    fn finds_no_change(mut self) -> bool {
        let mut others = scalars(self.after).collect::<Vec<_>>();
        sort_by_key(&mut others, |&item| item);
        let mut is_known = vec![false; self.after.table.entries.len()];
        for (span, id) in scalars(self.before) {
            if !self.shift.inside(span).is_empty() {
                if !self.is_named(span, id) {
                    return false;
                }
                continue;
            }
            let moved = self.shift.span(span);
            let next = others.partition_point(|(other, _)| other.start < moved.start);
            let exact = others[next..].iter().take_while(|(other, _)| other.start == moved.start);
            let exact = exact.into_iter().find(|(other, _)| *other == moved);
            // A fix may have added quotes around it.
            let quoted =
                || others[..next].last().filter(|(other, _)| other.contains(moved) && self.shift.is_near(span));
            let Some(&(_, other)) = exact.or_else(quoted) else { return false };
            is_known[other as usize] = true;
            if !self.is_equal(id, other) || !self.has_same_place(id, other) {
                return false;
            }
        }
        let is_explained = |(span, id): &(Span, EntryId)| is_known[*id as usize] || self.shift.is_written(*span);
        others.iter().all(is_explained) && self.keeps_comments()
    }

    /// Whether edits are meant for a value: they are inside it, delete it on purpose, or move it.
    fn is_named(&mut self, span: Span, id: EntryId) -> bool {
        let entry = self.before.entry(id);
        let text = if entry.has(Entry::TEXT | Entry::NUMBER) { self.before.text(id) } else { entry.word() };
        let edits = self.shift.inside(span);
        edits.iter().all(|(edit, _)| {
            let is_deletion = self.deletions.binary_search(edit).is_ok();
            span.contains(*edit) || is_deletion || self.is_moved(text)
        })
    }

    /// Whether the new text of an edit contains this text. Values and comments are moved in order, so the search goes
    /// on behind the last one: otherwise, N elements of an array would be searched in N texts of the same length.
    fn is_moved(&mut self, text: &str) -> bool {
        let edits = self.shift.edits;
        let (last, start) = self.moved_to;
        let place = |edit: usize, start: usize| Some((edit, start + edits[edit].1.get(start..)?.find(text)?));
        let next = (last..edits.len()).find_map(|edit| place(edit, if edit == last { start } else { 0 }));
        let anywhere = || (0..edits.len()).find_map(|edit| place(edit, 0));
        let Some((edit, at)) = next.or_else(anywhere) else { return false };
        self.moved_to = (edit, at + text.len());
        true
    }

    fn is_equal(&self, one: EntryId, other: EntryId) -> bool {
        let (before, after) = (self.before.entry(one), self.after.entry(other));
        let text = |document: &Document, id: EntryId| {
            let entry = document.entry(id);
            if entry.has(Entry::TEXT | Entry::NUMBER) { document.text(id).to_owned() } else { entry.word().to_owned() }
        };
        let is_same_kind = before.kind() == after.kind() || self.shift.is_near(before.span());
        is_same_kind && text(self.before, one) == text(self.after, other)
    }

    /// Whether the paths of two values are equal, apart from keys that edits change.
    fn has_same_place(&mut self, one: EntryId, other: EntryId) -> bool {
        let (mut one, mut other) = (one, other);
        loop {
            let is_near = |span: Span| self.shift.is_near(span);
            let key = self.before.entry(one).key_span();
            if key.is_none_or(|key| !is_near(key)) && self.before.key(one) != self.after.key(other) {
                // Whether a value is moved into an array, or out of one.
                return is_near(self.before.entry(one).whole());
            }
            let (parent, other_parent) = (self.parents[0][one as usize], self.parents[1][other as usize]);
            if parent == one || other_parent == other {
                return (parent == one) == (other_parent == other) || is_near(self.before.entry(one).span());
            }
            if let Some(known) = self.same[parent as usize].replace(other_parent) {
                return known == other_parent || is_near(self.before.entry(one).whole());
            }
            (one, other) = (parent, other_parent);
        }
    }

    /// Whether the comments outside of edits are at their places, and those inside are moved or deleted on purpose.
    fn keeps_comments(&mut self) -> bool {
        let mut others = self.after.comments.iter().map(|comment| comment.span.start).collect::<Vec<_>>();
        sort_by_key(&mut others, |&item| item);
        let before = self.before;
        self.moved_to = (0, 0);
        before.comments.iter().all(|&Comment { span }| {
            if let [(edit, _), ..] = self.shift.inside(span) {
                let is_deletion = self.deletions.binary_search(edit).is_ok();
                return !edit.contains(span)
                    || is_deletion
                    || self.is_moved(&before.source.text()[span.start..span.end]);
            }
            self.shift.is_near(span) || others.binary_search(&self.shift.span(span).start).is_ok()
        })
    }
}
