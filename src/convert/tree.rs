//! The connections of a report as trees in Admin API shape, with their comments and variables.

use super::comments::Comments;
use crate::atlas::fields::{Field, REMARKS, Shape};
use crate::atlas::secret::{is_secret_config_key, is_secret_header};
use crate::atlas::{Kind, Mode};
use crate::connection::{Definition, Dialect};
use crate::document::{Document, Entry, EntryId};
use crate::linter::Report;
use crate::text::placeholder::{ValueState, placeholder, reference, upper_snake, value_state};
use crate::text::{Span, Syntax};

/// A variable.
#[derive(Clone)]
pub(super) struct Variable {
    /// In upper case with underscores.
    pub name: String,
    pub is_secret: bool,
    /// Whether the name was derived from the field, because the source has none.
    pub is_made_up: bool,
}

/// A part of a text.
#[derive(Clone)]
pub(super) enum Segment {
    Text(String),
    Variable(Variable),
}

/// A value. Fields keep their order.
#[derive(Clone)]
pub(super) enum Tree {
    Object(Vec<Member>),
    Array(Vec<Self>),
    Text(Vec<Segment>),
    /// A number, `true`, `false` or `null`.
    Word(String),
}

/// A field.
#[derive(Clone)]
pub(super) struct Member {
    pub key: String,
    pub value: Tree,
    /// Lines without their signs.
    pub comments: Vec<String>,
    pub span: Span,
}

/// A connection.
#[derive(Clone)]
pub(super) struct Connection {
    pub kind: Option<Kind>,
    /// The dialect that it comes from.
    pub dialect: Dialect,
    pub members: Vec<Member>,
    pub comments: Vec<String>,
    pub project: Option<Tree>,
    pub workspace: Option<Tree>,
    /// Whether it is the body of a request that changes a connection.
    pub is_change: bool,
    pub span: Span,
}

impl Variable {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), is_secret: false, is_made_up: false }
    }
}

impl Tree {
    /// A text that consists of one variable.
    pub fn variable(name: &str) -> Self {
        Self::Text(vec![Segment::Variable(Variable::new(name))])
    }

    /// A text without variables.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(segments) => match segments.as_slice() {
                [] => Some(""),
                [Segment::Text(text)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn for_each_variable(&self, act: &mut impl FnMut(&Variable)) {
        match self {
            Self::Object(members) => members.iter().for_each(|member| member.value.for_each_variable(act)),
            Self::Array(items) => items.iter().for_each(|item| item.for_each_variable(act)),
            Self::Text(segments) => {
                for segment in segments {
                    if let Segment::Variable(variable) = segment {
                        act(variable);
                    }
                }
            }
            Self::Word(_) => {}
        }
    }

    fn for_each_variable_mut(&mut self, act: &mut impl FnMut(&mut Variable)) {
        match self {
            Self::Object(members) => members.iter_mut().for_each(|member| member.value.for_each_variable_mut(act)),
            Self::Array(items) => items.iter_mut().for_each(|item| item.for_each_variable_mut(act)),
            Self::Text(segments) => {
                for segment in segments {
                    if let Segment::Variable(variable) = segment {
                        act(variable);
                    }
                }
            }
            Self::Word(_) => {}
        }
    }
}

impl Connection {
    /// The value at a pointer of field names.
    pub fn at(&self, pointer: &str) -> Option<&Tree> {
        let mut members = &self.members;
        let mut found = None;
        for key in pointer.split('/').skip(1) {
            let value = &members.iter().find(|member| member.key == key)?.value;
            found = Some(value);
            if let Tree::Object(inner) = value {
                members = inner;
            }
        }
        found
    }

    /// The text at a pointer, if it has no variables.
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.at(pointer)?.text()
    }

    /// Replaces the text at a pointer.
    pub fn set(&mut self, pointer: &str, text: &str) {
        let keys = pointer.split('/').skip(1).collect::<Vec<_>>();
        let mut members = &mut self.members;
        for (depth, key) in keys.iter().enumerate() {
            let Some(member) = members.iter_mut().find(|member| member.key == *key) else { return };
            if depth + 1 == keys.len() {
                member.value = Tree::Text(vec![Segment::Text(text.to_owned())]);
                return;
            }
            let Tree::Object(inner) = &mut member.value else { return };
            members = inner;
        }
    }

    pub fn has_comments(&self) -> bool {
        fn any(members: &[Member]) -> bool {
            members
                .iter()
                .any(|member| !member.comments.is_empty() || matches!(&member.value, Tree::Object(inner) if any(inner)))
        }
        !self.comments.is_empty() || any(&self.members)
    }

    /// Moves it by this number of bytes.
    pub fn shift(&mut self, by: usize) {
        fn all(members: &mut [Member], by: usize) {
            for member in members {
                member.span = member.span.shifted(by);
                if let Tree::Object(inner) = &mut member.value {
                    all(inner, by);
                }
            }
        }
        self.span = self.span.shifted(by);
        all(&mut self.members, by);
    }

    fn values(&self) -> impl Iterator<Item = &Tree> {
        let address = [self.project.as_ref(), self.workspace.as_ref()];
        address.into_iter().flatten().chain(self.members.iter().map(|member| &member.value))
    }

    pub fn all_values(connections: &[Self]) -> impl Iterator<Item = &Tree> {
        connections.iter().flat_map(Self::values)
    }
}

/// The connections of a report.
pub(super) fn connections(report: &Report) -> Vec<Connection> {
    let written = report.document();
    let translation = report.translation();
    let mut comments = Comments::of(written);
    let definitions = report.definitions().iter().zip(report.summaries());
    let one = |(definition, summary): (&Definition, &crate::Summary)| {
        let document = translation.map_or(written, |translation| &translation.document);
        let origin = |id: EntryId| match translation {
            Some(translation) => translation.origin(id),
            None => Some(id),
        };
        let mut reader = Reader {
            written,
            document,
            origin: &origin,
            comments: &mut comments,
            kind: summary.kind,
            dialect: report.dialect(),
        };
        let base = document.entry(definition.base);
        let heading = base.key_span().unwrap_or(base.span()).start;
        // A manifest and a resource start with other fields.
        let around = origin(definition.base)
            .filter(|_| matches!(report.dialect(), Dialect::Kubernetes | Dialect::CloudFormation))
            .and_then(|id| written.parent_of(id))
            .map(|id| written.entry(id).whole().start);
        let mut comments = around.map_or_else(Vec::new, |start| reader.comments.above(start));
        comments.append(&mut reader.comments.above(heading));
        let mut members = Vec::new();
        for (field, id) in &definition.elsewhere {
            members.push(reader.member(field.key(), *id, Some(*field)));
        }
        let had = members.len();
        let inner = reader.members(definition.base, None);
        members.extend(inner);
        // The order of the API: name and type first.
        let rank = |member: &Member| match member.key.as_str() {
            "name" => 0,
            "type" => 1,
            _ => 2,
        };
        members.sort_by_key(rank);
        debug_assert!(members.len() >= had);
        let project = definition.project_id.map(|id| Tree::Text(reader.segments(written, id, "PROJECT_ID", false)));
        let workspace =
            definition.workspace_name.map(|id| Tree::Text(reader.segments(written, id, "WORKSPACE_NAME", false)));
        Connection {
            kind: summary.kind,
            dialect: report.dialect(),
            members,
            comments,
            project,
            workspace,
            is_change: definition.mode.unwrap_or(report.mode()) == Mode::Update,
            span: base.key_span().unwrap_or(base.span().first_character(written.source.text())),
        }
    };
    definitions.map(one).collect()
}

impl Connection {
    /// Converts fields that replace comments in JSON to comments. Other remarks, such as `$schema`, describe the file.
    pub fn take_remarks(&mut self) {
        fn texts(value: &Tree, comments: &mut Vec<String>) {
            match value {
                Tree::Array(items) => items.iter().for_each(|item| texts(item, comments)),
                value => comments.extend(value.text().into_iter().flat_map(str::lines).map(str::to_owned)),
            }
        }
        fn take(members: &mut Vec<Member>, comments: &mut Vec<String>) {
            members.retain_mut(|member| {
                if matches!(member.key.as_str(), "//" | "$comment") {
                    texts(&member.value, comments);
                }
                if REMARKS.contains(&member.key.as_str()) {
                    return false;
                }
                if let (Tree::Object(inner), false) =
                    (&mut member.value, matches!(member.key.as_str(), "headers" | "config"))
                {
                    take(inner, &mut member.comments);
                }
                true
            });
        }
        take(&mut self.members, &mut self.comments);
    }
}

/// Converts the values of a connection.
struct Reader<'r> {
    /// The original text.
    written: &'r Document,
    /// The definitions in the shape of the API.
    document: &'r Document,
    origin: &'r dyn Fn(EntryId) -> Option<EntryId>,
    comments: &'r mut Comments,
    kind: Option<Kind>,
    dialect: Dialect,
}

impl Reader<'_> {
    fn members(&mut self, object: EntryId, parent: Option<Field>) -> Vec<Member> {
        let document = self.document;
        let is_root_or_object = parent.is_none_or(|field| field.row().shape == Shape::Object);
        let all = document.members(object).collect::<Vec<_>>();
        let one = |id: EntryId| {
            let key = document.key(id).to_owned();
            let field = if is_root_or_object { Field::child(parent, &key) } else { None };
            self.member_in(&key, id, field, parent)
        };
        all.into_iter().map(one).collect()
    }

    fn member(&mut self, key: &str, id: EntryId, field: Option<Field>) -> Member {
        self.member_in(key, id, field, None)
    }

    fn member_in(&mut self, key: &str, id: EntryId, field: Option<Field>, parent: Option<Field>) -> Member {
        let entry = *self.document.entry(id);
        let whole = entry.key_span().unwrap_or(entry.span());
        let mut comments = self.comments.above(whole.start);
        let is_leaf = !entry.has(Entry::OBJECT | Entry::ARRAY);
        let value = self.value(key, id, field, parent);
        comments.extend(self.comments.behind(if is_leaf { entry.span().end } else { entry.span().start }));
        Member { key: key.to_owned(), value, comments, span: whole }
    }

    fn value(&mut self, key: &str, id: EntryId, field: Option<Field>, parent: Option<Field>) -> Tree {
        let document = self.document;
        let entry = *document.entry(id);
        let is_unknown = entry.has(Entry::UNKNOWN | Entry::FILLED_IN);
        if entry.has(Entry::OBJECT) && !is_unknown {
            return Tree::Object(self.members(id, field.or(parent)));
        }
        if entry.has(Entry::ARRAY) && !is_unknown {
            let items = document.children(id).collect::<Vec<_>>();
            return Tree::Array(items.into_iter().map(|item| self.value(key, item, field, parent)).collect());
        }
        if !is_unknown && !entry.has(Entry::TEXT) {
            let word = if entry.has(Entry::NUMBER) { document.text(id) } else { entry.word() };
            return Tree::Word(word.to_owned());
        }
        let is_secret = field.is_some_and(Field::is_secret)
            || parent == Some(Field::Headers) && is_secret_header(key)
            || parent == Some(Field::Config) && is_secret_config_key(key);
        let kind = self.kind.map_or("connection", Kind::name);
        let made_up = placeholder(kind, &identifier(key));
        let made_up = made_up.trim_start_matches("${").trim_end_matches('}');
        Tree::Text(self.segments(document, id, made_up, is_secret))
    }

    /// The text of a value, with its variables. A value that is known only elsewhere becomes a variable with the name
    /// `made_up`.
    fn segments(&self, document: &Document, id: EntryId, made_up: &str, is_secret: bool) -> Vec<Segment> {
        let entry = document.entry(id);
        let text = document.text(id);
        let is_unknown = entry.has(Entry::UNKNOWN | Entry::FILLED_IN);
        if !is_unknown && value_state(text, is_secret) != ValueState::Unknown {
            return vec![Segment::Text(text.to_owned())];
        }
        let origin = if std::ptr::eq(document, self.written) { Some(id) } else { (self.origin)(id) };
        let variable = |name: &str, is_made_up| {
            let is_secret = is_secret || is_secret_name(name);
            Segment::Variable(Variable { name: name.to_owned(), is_secret, is_made_up })
        };
        let named = origin.and_then(|origin| self.named(origin));
        let Some(parts) = named.filter(|parts| !parts.is_empty()) else {
            let is_text = !is_unknown && entry.has(Entry::TEXT) && !is_template(text);
            return vec![if is_text { Segment::Text(text.to_owned()) } else { variable(made_up, true) }];
        };
        let segment = |part: Part| match part {
            Part::Text(text) => Segment::Text(text),
            Part::Name(name) => variable(&upper_snake(&identifier(&name)), false),
        };
        parts.into_iter().map(segment).collect()
    }

    /// The source text of a filled-in value, if it consists of text and names of variables.
    fn named(&self, id: EntryId) -> Option<Vec<Part>> {
        let (document, entry) = (self.written, self.written.entry(id));
        let raw = document.source.text().get(entry.span().start..entry.span().end)?;
        if document.syntax == Syntax::Hcl {
            if !entry.has(Entry::UNKNOWN) {
                return None;
            }
            let is_name =
                |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
            if let Some(name) = raw.trim().strip_prefix("var.").filter(|name| is_name(name)) {
                return Some(vec![Part::Name(name.to_owned())]);
            }
            let inside = raw.strip_prefix('"')?.strip_suffix('"')?;
            let variable =
                |name: &str| name.trim().strip_prefix("var.").filter(|name| is_name(name)).map(str::to_owned);
            return parts_in_hcl(inside, variable);
        }
        if self.dialect == Dialect::CloudFormation {
            let function = document.tag(id).unwrap_or_default().trim_start_matches('!');
            let argument = |key: &str| document.child(id, key).filter(|&id| document.entry(id).has(Entry::TEXT));
            let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
            let of_ref = if function == "Ref" { Some(id) } else { argument("Ref") };
            if let Some(name) = of_ref.map(|id| document.text(id)).filter(|name| is_name(name)) {
                return Some(vec![Part::Name(name.to_owned())]);
            }
            let of_sub = if function == "Sub" { Some(id) } else { argument("Fn::Sub") };
            return parts(document.text(of_sub?), |name| is_name(name).then(|| name.to_owned()));
        }
        if !entry.has(Entry::TEXT) {
            return None;
        }
        let text = document.text(id);
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if text.contains("${") {
            let of_terraform = |name: &str| name.strip_prefix("var.").unwrap_or(name).to_owned();
            return parts(text, |name| Some(of_terraform(name)).filter(|name| is_name(name)));
        }
        let name = identifier(reference(text)?);
        is_name(&name).then(|| vec![Part::Name(name)])
    }
}

/// Whether a tool fills in a text or a part of it. An incomplete placeholder does not count.
fn is_template(text: &str) -> bool {
    let has = |open: &str, close: &str| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
    !text.contains("${") && !text.contains("{{") || has("${", "}") || has("{{", "}}")
}

/// A part of a text as written in its source.
enum Part {
    Text(String),
    Name(String),
}

/// A text with `${name}` inside, if `name_of` knows all of them.
fn parts(text: &str, name_of: impl Fn(&str) -> Option<String>) -> Option<Vec<Part>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        let (name, after) = behind.split_once('}')?;
        if !before.is_empty() {
            found.push(Part::Text(before.to_owned()));
        }
        found.push(Part::Name(name_of(name)?));
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Part::Text(rest.to_owned()));
    }
    Some(found)
}

/// As [`parts`], for a text in quotes of Terraform, with its escapes.
fn parts_in_hcl(mut rest: &str, name_of: impl Fn(&str) -> Option<String>) -> Option<Vec<Part>> {
    const ESCAPES: &[(&str, &str)] =
        &[("$${", "${"), ("%%{", "%{"), ("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ("\\\"", "\""), ("\\\\", "\\")];
    let mut found = Vec::new();
    let mut text = String::new();
    while let Some(character) = rest.chars().next() {
        if let Some((written, meant)) = ESCAPES.iter().find(|(written, _)| rest.starts_with(written)) {
            text.push_str(meant);
            rest = &rest[written.len()..];
        } else if let Some(behind) = rest.strip_prefix("${") {
            let (name, after) = behind.split_once('}')?;
            if !text.is_empty() {
                found.push(Part::Text(std::mem::take(&mut text)));
            }
            found.push(Part::Name(name_of(name)?));
            rest = after;
        } else if character == '\\' {
            let digits = if rest.starts_with("\\u") { 4 } else { 8 };
            let code = rest.get(2..2 + digits).filter(|_| rest[1..].starts_with(['u', 'U']))?;
            text.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
            rest = &rest[2 + digits..];
        } else if rest.starts_with("%{") {
            return None;
        } else {
            text.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    if !text.is_empty() {
        found.push(Part::Text(text));
    }
    Some(found)
}

/// A text as a name: characters other than letters and digits become one underscore.
pub(super) fn identifier(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// Whether a variable holds a secret, by its name.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "secret", "key", "token"].iter().any(|word| name.ends_with(word))
}

/// Gives different names to made-up variables of different connections.
pub(super) fn name_variables(connections: &mut [Connection]) {
    if connections.len() < 2 {
        return;
    }
    for connection in connections {
        let label = upper_snake(&identifier(&connection.label()));
        let kind = upper_snake(connection.kind.map_or("connection", Kind::name));
        for member in &mut connection.members {
            member.value.for_each_variable_mut(&mut |variable| {
                if variable.is_made_up {
                    let name = variable.name.strip_prefix(&kind).unwrap_or(&variable.name).trim_start_matches('_');
                    variable.name = format!("{label}_{name}");
                }
            });
        }
    }
}
