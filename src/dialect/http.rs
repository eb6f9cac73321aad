//! Request files and recorded requests: the method decides the mode of a body, the target its workspace.

use super::admin_api::looks_like_a_connection;
use super::{DetectOptions, DialectMatch};
use crate::atlas::secret::quoted;
use crate::atlas::{Mode, formats};
use crate::connection::{Definition, Dialect};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::{MALFORMED_ID, MALFORMED_NAME, WRONG_TYPE};
use crate::document::{Document, Entry, EntryId, Head, ROOT};
#[cfg(feature = "shell")]
use crate::parse::{BodyOf, Sender};
use crate::text::Span;

/// The parts of a target that affect the body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Target<'t> {
    group_id: Option<&'t str>,
    tenant_name: Option<&'t str>,
    is_failover: bool,
    /// Whether it is an address of connections, or may be one.
    is_ours: bool,
}

impl<'t> Target<'t> {
    fn of(target: &'t str) -> Self {
        // A name with a space in it is still a name; its problem is reported.
        let path = target.split(['?', '#', '\r', '\n']).next().unwrap_or_default().trim_end();
        let parts = path.split('/').collect::<Vec<_>>();
        let after = |word: &str| parts.iter().rposition(|part| *part == word).and_then(|at| parts.get(at + 1).copied());
        let tenant_name = after("streams");
        let is_connections = parts.contains(&"connections") && tenant_name.is_some();
        Self {
            group_id: after("groups"),
            tenant_name,
            is_failover: parts.contains(&"failoverConnections"),
            // A target that consists of a variable may be anything.
            is_ours: is_connections || !parts.iter().skip(3).any(|part| !part.contains("{{") && !part.contains('$')),
        }
    }
}

/// Whether a tool fills this in.
fn is_filled_in(text: &str) -> bool {
    let is_variable =
        |rest: &str| !rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    text.is_empty()
        || text.contains(['{', '$', '<'])
        || text.starts_with(':')
        || text.split('%').skip(1).any(is_variable)
}

/// A part of a path with its percent-encoding decoded (RFC 3986, 2.1); characters beyond ASCII stay encoded.
fn decoded(part: &str) -> String {
    let mut pieces = part.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let code = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(u8::is_ascii);
        code.map_or_else(|| format!("{text}%{piece}"), |code| format!("{text}{}{}", char::from(code), &piece[2..]))
    })
}

pub(super) fn find(document: &Document, options: DetectOptions) -> Option<DialectMatch> {
    let mut found = DialectMatch { mode: options.mode.unwrap_or(Mode::Create), ..DialectMatch::nothing(Dialect::Http) };
    if let Some(messages) = &document.messages {
        let text = document.source.text();
        let mut target = None;
        for message in messages {
            match message.head {
                Head::Request { method, target: span } => {
                    let method = method.map_or("GET", |method| &text[method.start..method.end]);
                    let to = Target::of(&text[span.start..span.end]);
                    target = Some(to);
                    if to.is_ours {
                        let text = &document.source.text()[span.start..span.end];
                        found.notes.append(&mut about_target(text, span, to));
                        found.request(document, method, to, message.body);
                    }
                }
                Head::Answer { status } => {
                    let is_ours = target.take().is_none_or(|target: Target| target.is_ours);
                    found.answer(document, status, message.body.filter(|_| is_ours));
                }
            }
        }
        found.recognized = !found.definitions.is_empty() || !found.notes.is_empty() || document.damaged;
        found.settle_mode(options.mode);
        return Some(found);
    }
    let (request, response) = (document.child(ROOT, "request")?, document.child(ROOT, "response")?);
    let string_at = |object: EntryId, key: &str| {
        document.child(object, key).and_then(|id| Some((id, document.value(id).as_str()?)))
    };
    if document.child(ROOT, "type").is_some() || !document.entry(request).has(Entry::OBJECT) {
        return None;
    }
    let path = string_at(request, "path").or_else(|| string_at(request, "url"));
    let to = path.map_or(Target { is_ours: true, ..Target::default() }, |(_, path)| Target::of(path));
    if to.is_ours {
        if let Some((id, path)) = path {
            let span = document.span_within(id, path, &(0..path.len())).unwrap_or(document.entry(id).span());
            let text = &document.source.text()[span.start..span.end];
            found.notes.append(&mut about_target(text, span, to));
        }
        let method = string_at(request, "method").map_or("GET", |(_, method)| method);
        found.request(document, method, to, document.child(request, "body"));
        let status = document.child(response, "status").map(|id| document.text(id)).unwrap_or_default();
        let status = status.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or(200);
        found.answer(document, status, document.child(response, "body"));
    }
    found.recognized = !found.definitions.is_empty();
    found.settle_mode(options.mode);
    Some(found)
}

impl DialectMatch {
    /// The mode of the document is that of its first request; a document of only responses is one.
    fn settle_mode(&mut self, mode_of_user: Option<Mode>) {
        let modes = || self.definitions.iter().filter_map(|definition| definition.mode);
        let of_request = modes().find(|mode| *mode != Mode::Response);
        if let (None, Some(mode)) = (mode_of_user, of_request.or_else(|| modes().next())) {
            self.mode = mode;
        }
    }

    fn request(&mut self, document: &Document, method: &str, to: Target, body: Option<EntryId>) {
        let (Some(mode), Some(body)) = (mode_of(method, to), body) else { return };
        let is_known = to.tenant_name.is_some() && document.entry(body).has(Entry::OBJECT);
        if is_known || is_connection(document, body) {
            let workspace = to.group_id.zip(to.tenant_name).filter(|_| mode == Mode::Create);
            self.body(document, body, mode, workspace);
        }
    }

    /// A body that is a connection. The body of an update, or of its response, may have the name of another connection,
    /// so it has its own workspace.
    fn body(&mut self, document: &Document, body: EntryId, mode: Mode, workspace: Option<(&str, &str)>) {
        let workspace = match workspace {
            Some((group, tenant)) => format!("http {group} {tenant}"),
            None => format!("http {} {}", document.source.name(), self.definitions.len()),
        };
        self.definitions.push(Definition {
            mode: Some(mode),
            workspace: Some(workspace.into()),
            ..Definition::at(body)
        });
    }

    fn answer(&mut self, document: &Document, status: u16, body: Option<EntryId>) {
        let Some(body) = body.filter(|_| (200..300).contains(&status)) else { return };
        let list = document.child(body, "results").filter(|&list| document.entry(list).has(Entry::ARRAY));
        let bodies = list.map_or_else(|| vec![body], |list| document.children(list).collect());
        for body in bodies.into_iter().filter(|&body| is_connection(document, body)) {
            self.body(document, body, Mode::Response, None);
        }
    }
}

fn is_connection(document: &Document, id: EntryId) -> bool {
    document.value(id).as_object().is_some_and(looks_like_a_connection)
}

/// The mode of a request's body, if the request has one that is a connection.
fn mode_of(method: &str, to: Target) -> Option<Mode> {
    match method {
        "PATCH" | "PUT" => Some(Mode::Update),
        "POST" if to.is_failover => Some(Mode::Failover),
        "POST" => Some(Mode::Create),
        _ => None,
    }
}

/// A request that a script sends to Atlas.
#[cfg(feature = "shell")]
pub(crate) struct Sent {
    pub mode: Mode,
    /// Whether the target is that of connections, so that the body is one.
    pub is_known: bool,
    /// Whether the name of the connection may be missing, as in the files of the Atlas CLI.
    pub is_bare: bool,
    /// Whether the command sets the name of the connection.
    pub is_named: bool,
    /// The findings about the target.
    pub notes: Vec<Diagnostic>,
}

/// The request of a script, `text`, that sends a body; `None` if it sends it elsewhere.
#[cfg(feature = "shell")]
pub(crate) fn sent(text: &str, body_of: &BodyOf) -> Option<Sent> {
    let of = |span: Span| &text[span.start..span.end];
    let (to, span) = match body_of.sender {
        Sender::Request(span) => {
            (span.map_or(Target { is_ours: true, ..Target::default() }, |at| Target::of(of(at))), span)
        }
        Sender::Cli { project, workspace, is_named } => {
            let to = Target { group_id: project.map(of), tenant_name: workspace.map(of), ..Target::default() };
            // In a script with a mistake, any word may follow the option.
            let mut notes = Vec::from_iter(about_project(to, false, |_| project.unwrap_or_default()));
            notes.extend(about_workspace(to, |_| workspace.unwrap_or_default()));
            let mode = mode_of(&body_of.method, to)?;
            return Some(Sent { mode, is_known: true, is_bare: true, is_named, notes });
        }
    };
    let mode = mode_of(&body_of.method, to).filter(|_| to.is_ours)?;
    let notes = span.map_or_else(Vec::new, |span| about_target(of(span), span, to));
    Some(Sent { mode, is_known: to.tenant_name.is_some(), is_bare: false, is_named: false, notes })
}

/// The findings about the target: `text` of the source at `span`.
fn about_target(text: &str, span: Span, to: Target) -> Vec<Diagnostic> {
    // In JSON, the target is a string that may have escapes: then the whole string is marked.
    let find = |part: &str| {
        let at = text.find(part);
        at.map_or(span, |at| Span::new(span.start + at, span.start + at + part.len()))
    };
    let mut notes = Vec::from_iter(about_project(to, true, find));
    notes.extend(about_workspace(to, find));
    let query = text.split_once('?').map_or("", |(_, query)| query);
    for pair in query.split(['&', ' ', '\t', '\r', '\n']) {
        let Some((key @ ("envelope" | "pretty"), value)) = pair.trim_start_matches('?').split_once('=') else {
            continue;
        };
        if !matches!(value, "true" | "false") && !is_filled_in(value) {
            let shown = quoted(value, "").unwrap_or("another value".to_owned());
            let message = format!("expected true or false for the query parameter `{key}`, found {shown}");
            let found = Diagnostic::new(&WRONG_TYPE, find(value), message, "expected true or false")
                .help("use `true` or `false`");
            notes.push(found.about(None, format!("/{key}")));
        }
    }
    notes
}

fn about_project(to: Target, is_shown: bool, find: impl Fn(&str) -> Span) -> Option<Diagnostic> {
    let id = to.group_id.filter(|id| !is_filled_in(id) && !formats::is_object_id(id))?;
    let shown = quoted(id, "").filter(|_| is_shown).map_or_else(String::new, |id| id + " ");
    let message = format!("the group id {shown}is not 24 lowercase hexadecimal digits");
    let found = Diagnostic::new(&MALFORMED_ID, find(id), message, "not an Atlas id")
        .help("use the project id that `atlas projects list` shows");
    Some(found.about(None, "/groupId"))
}

fn about_workspace(to: Target, find: impl Fn(&str) -> Span) -> Option<Diagnostic> {
    let is_name = |name: &str| formats::is_connection_name(&decoded(name));
    let name = to.tenant_name.filter(|name| !is_filled_in(name) && !is_name(name))?;
    let message = "the workspace name contains invalid characters";
    let found = Diagnostic::new(&MALFORMED_NAME, find(name), message, "invalid name")
        .help("use letters, digits, `.`, `-`, `*` and `_`");
    Some(found.about(None, "/tenantName"))
}

#[cfg(test)]
mod tests {
    use crate::{Config, Linter, Source};

    #[test]
    fn a_space_in_the_workspace_is_reported_and_keeps_the_body() {
        let rules = |workspace: &str| {
            let text = format!(
                "POST https://cloud.mongodb.com/api/atlas/v2/groups/66f0c0ffee0c0ffee0c0ffee/streams/{workspace}/connections HTTP/1.1\n\n\
                 {{ \"name\": \"a\", \"type\": \"Https\", \"url\": \"http://x.example.com\" }}\n"
            );
            let report = crate::check(&Source::new("a.http", text.as_str()));
            report.diagnostics().iter().map(|found| found.rule.name).collect::<Vec<_>>()
        };
        assert_eq!(rules("ws"), ["insecure-url"]);
        assert_eq!(rules("w%2As"), ["insecure-url"]);
        assert_eq!(rules("%WS%"), ["insecure-url"]);
        assert_eq!(rules("my ws"), ["malformed-name", "insecure-url"]);
        assert_eq!(rules("my%20ws"), ["malformed-name", "insecure-url"]);
    }

    const FILE: &str = "@base = https://cloud.mongodb.com\n# make it\n\
POST {{base}}/api/atlas/v2/groups/64F1/streams/my!ws/connections HTTP/1.1\r\n\
Content-Type: application/json\r\nAuthorization: Bearer hunter2\r\n\r\n\
{\"name\": \"é😀\", \"type\": \"Https\", \"url\": {{url}}}\r\n\r\n\
### change it\n\
PATCH {{base}}/api/atlas/v2/groups/{{groupId}}/streams/ws/connections/hook\n    ?envelope=maybe\n    &pretty=true\n\n\
{\n  \"type\": \"Https\",\n  \"url\": \"http://api.example.com\"\n}\n\n\
> {% client.log(1) %}\n\
###\nGET https://example.com/things\n\n###\nPOST https://example.com/things\n\n{\"name\": \"web\", \"type\": \"module\"}\n\n\
HTTP/1.1 200 OK\nContent-Type: x\n\n{\"name\": \"a\", \"type\": \"module\"}\n";

    fn found(name: &str, text: &str) -> Vec<String> {
        let report = Linter::new(Config::default()).check(&Source::new(name, text));
        assert_eq!(report.dialect().name(), "http", "{name}");
        let place = |found: &crate::Diagnostic| text[found.span().start..found.span().end].to_owned();
        report.diagnostics().iter().map(|it| format!("{}@{} {}", it.rule.name, it.pointer, place(it))).collect()
    }

    #[test]
    fn requests_decide_the_mode_of_their_bodies() {
        assert_eq!(
            found("a.http", FILE),
            [
                "malformed-id@/groupId 64F1",
                "malformed-name@/tenantName my!ws",
                "malformed-name@/name \"é😀\"",
                "wrong-type@/envelope maybe",
                "insecure-url@/url http",
            ]
        );
        let report = Linter::new(Config::default()).check(&Source::new("a.http", FILE));
        let names = report.summaries().iter().map(|it| it.name.as_deref()).collect::<Vec<_>>();
        assert_eq!(names, [Some("***"), None], "requests to others are not checked");
    }

    #[test]
    fn responses_have_response_mode() {
        let answer = "HTTP/2.0 200 OK\nContent-Length: 355\n\n{\"authentication\":{\"mechanism\":\"SCRAM-256\",\"username\":\"admin\"},\
            \"bootstrapServers\":\"example.com:8080\",\"id\":\"6a7941e0c0eb9e7a17723361\",\"name\":\"c\",\"region\":\"VIRGINIA_USA\",\
            \"security\":{\"protocol\":\"SASL_SSL\"},\"state\":\"READY\",\"type\":\"Kafka\"}";
        assert!(found("raw.http", answer).is_empty());
        assert!(found("raw", answer).is_empty());
        let list = "HTTP/1.1 200 OK\n\n{\"results\": [{\"name\": \"s\", \"type\": \"Https\", \"url\": \"x\"}], \"totalCount\": 1}";
        assert!(found("list.http", list).iter().any(|it| it.starts_with("malformed-url@/url")));
    }

    #[test]
    fn recorded_exchanges_are_read_in_json() {
        let text = r#"{"request": {"method": "POST", "path": "/api/atlas/v2/groups/xyz/streams/ws/connections",
            "body": {"name": "hook", "type": "Https"}},
            "response": {"status": "HTTP/2.0 200 OK", "body": {"name": "hook", "type": "Https", "url": "https://a.example.com", "state": "READY"}}}"#;
        assert_eq!(found("a.json", text), ["malformed-id@/groupId xyz", "missing-field@/url \"body\""]);
        let other = r#"{"request": {"snapshot": "x"}, "response": {"status": 200, "body": {"results": [{"_id": "1", "vendor": "x"}]}}}"#;
        assert!(found("b.json", other).is_empty());
    }

    #[test]
    fn mistakes_in_a_body_are_marked_at_their_position() {
        let text = "POST https://x.example.com/groups/g1/streams/w/connections\n\n{\"name\": \"sample_stream_solar\" \"type\": \"Sample\"}\n";
        let found = found("a.rest", text);
        assert!(found[1].starts_with("syntax-error@"), "{found:?}");
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
