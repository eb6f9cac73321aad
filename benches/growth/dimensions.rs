//! The dimensions: texts with N parts of one kind, and the operation to measure.

use streamlint::{Applicability, Config, Format, Linter, Report, Source, Style};

/// One dimension of an input.
pub struct Dimension {
    pub name: &'static str,
    /// The name of the file, which determines the syntax.
    file: &'static str,
    text: fn(usize) -> String,
    task: Task,
}

#[derive(Clone, Copy)]
enum Task {
    Check,
    /// Linting many files, which are the parts of the text between NULs.
    CheckAll,
    Fix,
    Render(&'static str),
    /// The queries at bytes throughout the text, and the fields that can be added there.
    Query,
}

const fn check(name: &'static str, file: &'static str, text: fn(usize) -> String) -> Dimension {
    Dimension { name, file, text, task: Task::Check }
}

const fn files(name: &'static str, file: &'static str, text: fn(usize) -> String) -> Dimension {
    Dimension { name, file, text, task: Task::CheckAll }
}

const fn fix(name: &'static str, file: &'static str, text: fn(usize) -> String) -> Dimension {
    Dimension { name, file, text, task: Task::Fix }
}

const fn render(name: &'static str, format: &'static str) -> Dimension {
    Dimension { name, file: "a.json", text: wrong_connections, task: Task::Render(format) }
}

const fn query(name: &'static str, file: &'static str, text: fn(usize) -> String) -> Dimension {
    Dimension { name, file, text, task: Task::Query }
}

impl Dimension {
    /// Prepares everything and returns the operation to measure.
    pub fn prepare(&self, size: usize) -> Box<dyn Fn() -> usize> {
        let config = Config::builder().size_limit(1 << 30).workspace("w".to_owned()).build().unwrap();
        let linter = Linter::new(config);
        let text = (self.text)(size);
        let source = Source::new(self.file, text.as_str());
        match self.task {
            Task::Check => Box::new(move || linter.check(&source).diagnostics().len()),
            Task::CheckAll => {
                let (stem, extension) = self.file.split_once('.').unwrap();
                let name = |at| format!("{stem}{at}.{extension}");
                let sources = text.split('\0').enumerate().map(|(at, text)| Source::new(name(at), text));
                let sources = sources.collect::<Vec<_>>();
                Box::new(move || linter.check_all(&sources).len())
            }
            Task::Fix => Box::new(move || linter.check(&source).fixed(Applicability::Unsafe).len()),
            Task::Render(format) => {
                let format = format.parse::<Format>().unwrap();
                let report = linter.check(&source);
                Box::new(move || format.render(std::slice::from_ref(&report), Style::default()).len())
            }
            Task::Query => {
                let report = linter.check(&source);
                Box::new(move || places(&report))
            }
        }
    }
}

/// Returns the number of fields that can be added at a hundred positions of the text.
fn places(report: &Report) -> usize {
    let length = report.source().text().len();
    let places = (0..100).filter_map(|at| report.place_at(length / 100 * at));
    places.map(|place| report.openings(&place).len()).sum()
}

fn join(count: usize, separator: &str, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(separator)
}

/// Concatenates lines, or other complete parts.
fn repeat(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

const KAFKA: &str = r#""name": "k", "type": "Kafka", "security": {"protocol": "SASL_SSL"}, "authentication": {"mechanism": "PLAIN", "username": "u", "password": "${P}"}"#;

fn https(inside: &str) -> String {
    format!("{{\"name\": \"h\", \"type\": \"Https\", \"url\": \"https://h.example.com\",\n{inside}\n}}")
}

fn headers(inside: &str) -> String {
    https(&format!("\"headers\": {{\n{inside}\n}}"))
}

fn kafka(brokers: &str) -> String {
    format!("{{{KAFKA}, \"bootstrapServers\": \"{brokers}\"}}")
}

fn brokers(count: usize, separator: &str, part: impl Fn(usize) -> String) -> String {
    kafka(&join(count, separator, part))
}

fn wrong_connections(count: usize) -> String {
    let one = |at| format!("{{\"name\": \"h{at}\", \"type\": \"https\", \"url\": \"https://h.example.com\"}}");
    format!("[\n{}\n]", join(count, ",\n", one))
}

fn connections(count: usize) -> String {
    wrong_connections(count).replace("\"https\"", "\"Https\"")
}

const RESOURCE: &str = "  project_id = \"64f1a2b3c4d5e6f708192a3b\"\n  workspace_name = \"w\"\n  type = \"Https\"\n  url = \"https://h.example.com\"\n";

fn resource(at: usize, inside: &str) -> String {
    format!(
        "resource \"mongodbatlas_stream_connection\" \"r{at}\" {{\n{RESOURCE}  connection_name = \"c{at}\"\n{inside}}}\n"
    )
}

fn hcl_object(count: usize, part: impl Fn(usize) -> String) -> String {
    resource(0, &format!("  headers = {{\n{}  }}\n", repeat(count, part)))
}

fn manifest(at: usize, spec: &str) -> String {
    format!(
        "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nmetadata:\n  name: c{at}\nspec:\n  name: c{at}\n{spec}---\n"
    )
}

fn kafka_manifest(at: usize) -> String {
    let spec = "  type: Kafka\n  kafkaConfig:\n    bootstrapServers: h.example.com:9092\n    authentication:\n      mechanism: PLAIN\n      credentials:\n        name: s";
    manifest(at, &format!("{spec}{at}\n    security:\n      protocol: SSL\n"))
}

fn planned(at: usize) -> String {
    format!(
        r#"{{"address": "mongodbatlas_stream_connection.r{at}", "mode": "managed", "type": "mongodbatlas_stream_connection", "values": {{"project_id": "64f1a2b3c4d5e6f708192a3b", "workspace_name": "w", "connection_name": "c{at}", "type": "Https"}}}}"#
    )
}

fn change(at: usize) -> String {
    format!(
        r#"{{"address": "mongodbatlas_stream_connection.r{at}", "type": "mongodbatlas_stream_connection", "change": {{"actions": ["create"], "after_unknown": {{"url": true}}}}}}"#
    )
}

fn template(parameters: &str, resources: &str) -> String {
    format!(
        "{{\"AWSTemplateFormatVersion\": \"2010-09-09\", \"Parameters\": {{{parameters}}}, \"Resources\": {{\n{resources}\n}}}}"
    )
}

fn cfn_resource(at: usize, url: &str) -> String {
    format!(
        r#""R{at}": {{"Type": "MongoDB::Atlas::StreamConnection", "Properties": {{"ProjectId": "64f1a2b3c4d5e6f708192a3b", "WorkspaceName": "w", "ConnectionName": "c{at}", "Type": "Https", "Url": {url}}}}}"#
    )
}

fn processor(stages: &str) -> String {
    format!(
        r#"{{"name": "p", "pipeline": [{{"$source": {{"connectionName": "c", "topic": "t"}}}}, {stages}, {{"$emit": {{"connectionName": "d", "topic": "t"}}}}]}}"#
    )
}

fn request(at: usize, body: &str) -> String {
    format!(
        "### {at}\nPOST https://cloud.mongodb.com/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/streams/w/connections\nContent-Type: application/json\n\n{body}\n\n"
    )
}

/// Nests the opening text `count` times, and closes it as often.
fn nested(count: usize, open: &str, inside: &str, close: &str) -> String {
    [open.repeat(count).as_str(), inside, close.repeat(count).as_str()].concat()
}

pub static DIMENSIONS: &[Dimension] = &[
    // JSON
    check("json: headers", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x-{at}\": \"v\"")))),
    check("json: headers on one line", "a.json", |n| headers(&join(n, ",", |at| format!("\"x-{at}\": \"v\"")))),
    check("json: wrong headers", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x {at}\": \"v\"")))),
    check("json: headers of a wrong type", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x-{at}\": 1")))),
    check("json: headers with secrets", "a.json", |n| {
        headers(&join(n, ",\n", |at| format!("\"x-api-key-{at}\": \"hunter2zq\"")))
    }),
    check("json: config keys", "a.json", |n| {
        let keys = join(n, ",\n", |at| format!("\"k.{at:06}\": \"v\""));
        format!("{{{KAFKA}, \"bootstrapServers\": \"h.example.com:9092\", \"config\": {{{keys}}}}}")
    }),
    check("json: config keys of a wrong type", "a.json", |n| {
        let keys = join(n, ",\n", |at| format!("\"k.{at:06}\": {at}"));
        format!("{{{KAFKA}, \"bootstrapServers\": \"h.example.com:9092\", \"config\": {{{keys}}}}}")
    }),
    check("json: unknown fields", "a.json", |n| https(&join(n, ",\n", |at| format!("\"f{at}\": 1")))),
    check("json: unknown objects", "a.json", |n| https(&join(n, ",\n", |at| format!("\"f{at}\": {{\"g\": 1}}")))),
    check("json: misspelled fields", "a.json", |n| https(&join(n, ",\n", |at| format!("\"header{at}\": {{}}")))),
    check("json: one field again and again", "a.json", |n| https(&join(n, ",\n", |_| "\"headers\": {}".to_owned()))),
    check("json: one unknown field again and again", "a.json", |n| https(&join(n, ",\n", |_| "\"f\": 1".to_owned()))),
    check("json: misplaced fields", "a.json", |n| {
        https(&join(n, ",\n", |at| format!("\"x{at}\": {{\"mechanism\": \"PLAIN\"}}")))
    }),
    check("json: misplaced field again and again", "a.json", |n| {
        https(&join(n, ",\n", |_| "\"mechanism\": \"PLAIN\"".to_owned()))
    }),
    check("json: fields in other letters", "a.json", |n| {
        let name = |at: usize| {
            let letter = |(bit, letter): (usize, char)| {
                if at >> bit & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
            };
            "bootstrapserversxx".chars().enumerate().map(letter).take(16).collect::<String>()
        };
        format!("{{{KAFKA}, {}}}", join(n, ",\n", |at| format!("\"{}\": 1", name(at))))
    }),
    check("json: urls", "a.json", |n| {
        let urls = join(n, ",\n", |at| format!("\"http://u:p@r{at}.example.com\""));
        format!(
            "{{\"name\": \"s\", \"type\": \"SchemaRegistry\", \"provider\": \"CONFLUENT\", \"schemaRegistryUrls\": [{urls}]}}"
        )
    }),
    check("json: urls of a wrong type", "a.json", |n| {
        let urls = join(n, ",\n", |at| at.to_string());
        format!(
            "{{\"name\": \"s\", \"type\": \"SchemaRegistry\", \"provider\": \"CONFLUENT\", \"schemaRegistryUrls\": [{urls}]}}"
        )
    }),
    check("json: one value is an array", "a.json", |n| {
        let items = join(n, ",\n", |at| format!("\"h{at}.example.com:9092\""));
        format!("{{{KAFKA}, \"bootstrapServers\": [{items}]}}")
    }),
    check("json: brokers", "a.json", |n| brokers(n, ",", |at| format!("h{at}.example.com:9092"))),
    check("json: brokers without port", "a.json", |n| brokers(n, ",", |at| format!("h{at}.example.com"))),
    check("json: brokers with blanks", "a.json", |n| brokers(n, ", ", |at| format!("h{at}.example.com:9092"))),
    check("json: brokers separated by blanks", "a.json", |n| brokers(n, " ", |at| format!("h{at}.example.com:9092"))),
    check("json: brokers separated by semicolons", "a.json", |n| {
        brokers(n, ";", |at| format!("h{at}.example.com:9092"))
    }),
    check("json: brokers with scheme", "a.json", |n| {
        brokers(n, ",", |at| format!("SASL_SSL://h{at}.example.com:9092"))
    }),
    check("json: brokers that are no address", "a.json", |n| brokers(n, ",", |at| format!("h{at}/@x"))),
    check("json: unreachable brokers", "a.json", |n| brokers(n, ",", |at| format!("h{at}.internal:9092"))),
    check("json: brokers on localhost", "a.json", |n| {
        brokers(n, ",", |at| format!("127.{}.{}.{}:9092", at >> 16, (at >> 8) & 255, at & 255))
    }),
    check("json: brokers of a managed service", "a.json", |n| {
        brokers(n, ",", |at| format!("h{at}.servicebus.windows.net:9092"))
    }),
    check("json: brokers with escapes", "a.json", |n| brokers(n, ",", |at| format!("\\u0068{at}.example.com"))),
    check("json: one broker again and again", "a.json", |n| brokers(n, ",", |_| "h.example.com:9092".to_owned())),
    check("json: empty brokers", "a.json", |n| brokers(n, ",", |_| String::new())),
    check("json: brokers with templates", "a.json", |n| brokers(n, ",", |at| format!("${{H{at}}}:9092"))),
    check("json: brokers with logins", "a.json", |n| brokers(n, ",", |at| format!("u{at}:p@h.example.com:9092"))),
    check("json: connections", "a.json", connections),
    check("json: wrong connections", "a.json", wrong_connections),
    check("json: connections of one name", "a.json", |n| format!("[{}]", join(n, ",\n", |_| https("\"headers\": {}")))),
    check("json: connections with missing fields", "a.json", |n| {
        format!("[{}]", join(n, ",\n", |_| "{\"type\": \"Kafka\"}".to_owned()))
    }),
    check("json: elements that are no connections", "a.json", |n| format!("[{}]", join(n, ",\n", |at| at.to_string()))),
    check("json: string", "a.json", |n| format!("{{\"name\": \"{}\", \"type\": \"Https\"}}", "ab".repeat(n * 10))),
    check("json: string with escapes", "a.json", |n| {
        format!("{{\"name\": \"{}\", \"type\": \"Https\"}}", "\\u00e9\\n".repeat(n * 10))
    }),
    check("json: string as type", "a.json", |n| format!("{{\"name\": \"h\", \"type\": \"{}\"}}", "ab".repeat(n * 10))),
    check("json: key", "a.json", |n| https(&format!("\"{}\": 1", "ab".repeat(n * 10)))),
    check("json: url", "a.json", |n| {
        format!(
            "{{\"name\": \"h\", \"type\": \"Https\", \"url\": \"https://h.example.com/{}\"}}",
            "a:@/".repeat(n * 10)
        )
    }),
    check("json: password of templates", "a.json", |n| {
        https(&format!("\"headers\": {{\"a\": \"{}\"}}", "${A}{{b}}<c>".repeat(n)))
    }),
    check("json: number", "a.json", |n| https(&format!("\"x\": {}", "1".repeat(n * 10)))),
    check("json: blanks", "a.json", |n| https(&format!("\"headers\": {}{{}}", " \n".repeat(n * 10)))),
    check("json: nesting", "a.json", |n| nested(n, "[", "", "]")),
    check("json: nested objects", "a.json", |n| nested(n, "{\"a\":", "1", "}")),
    check("json: nesting in a field", "a.json", |n| https(&format!("\"headers\": {}", nested(n, "{\"a\":", "1", "}")))),
    check("json: duplicate keys in connections", "a.json", |n| {
        format!("[{}]", join(n, ",\n", |_| https("\"headers\": {}, \"headers\": {}")))
    }),
    check("jsonc: comments", "a.jsonc", |n| {
        https(&format!("\"headers\": {{{}}}", repeat(n, |at| format!("// {at}\n"))))
    }),
    check("jsonc: comments between headers", "a.jsonc", |n| {
        headers(&join(n, ",\n", |at| format!("// {at}\n\"x-{at}\": \"v\"")))
    }),
    check("jsonc: comments between unknown fields", "a.jsonc", |n| {
        https(&join(n, ",\n", |at| format!("/* {at} */ \"f{at}\": 1 /* end */")))
    }),
    check("jsonc: ignores that are used", "a.jsonc", |n| {
        https(&join(n, ",\n", |at| format!("\"f{at}\": 1 // streamlint-ignore[unknown-field]: {at}\n")))
    }),
    check("jsonc: ignores above", "a.jsonc", |n| {
        https(&join(n, ",\n", |at| format!("// streamlint-ignore[unknown-field]: {at}\n\"f{at}\": 1")))
    }),
    check("jsonc: ignores on top of each other", "a.jsonc", |n| {
        https(&(repeat(n, |at| format!("// streamlint-ignore[unknown-field]: {at}\n")) + "\"f\": 1"))
    }),
    check("jsonc: ignores that are not used", "a.jsonc", |n| {
        headers(&join(n, ",\n", |at| format!("\"x{at}\": \"v\" // streamlint-ignore[unknown-field]: {at}\n")))
    }),
    check("jsonc: ignores of the file", "a.jsonc", |n| {
        https(&join(n, ",\n", |at| format!("\"f{at}\": 1 // streamlint-ignore-file[wrong-type]: {at}\n")))
    }),
    check("jsonc: names in an ignore", "a.jsonc", |n| {
        let names = join(n, ", ", |at| format!("rule-{at:06}"));
        https(&format!("\"f\": 1 // streamlint-ignore[{names}]: r\n"))
    }),
    check("jsonc: one name in an ignore", "a.jsonc", |n| {
        let names = join(n, ", ", |_| "wrong-type".to_owned());
        https(&format!("\"f\": 1 // streamlint-ignore[unknown-field, {names}]: r\n"))
    }),
    check("jsonc: ignores on one line", "a.jsonc", |n| {
        https(&join(n, ",", |at| format!("\"f{at}\": 1 /* streamlint-ignore[unknown-field]: {at} */")))
    }),
    check("json: remarks", "a.json", |n| {
        let remark = |at| format!("\"//\": \"streamlint-ignore[unknown-type]: {at}\"");
        format!("[{}]", join(n, ",\n", |at| format!("{{{}, \"name\": \"h{at}\", \"type\": \"https\"}}", remark(at))))
    }),
    check("json: nested remarks", "a.json", |n| {
        let inside = nested(n.min(60), "{\"//\": \"streamlint-ignore[unknown-type]: r\", \"a\": ", "1", "}");
        format!("[{}]", join(n / 60 + 1, ",", |_| inside.clone()))
    }),
    check("json: remarks in one array", "a.json", |n| {
        https(&format!("\"//\": [{}]", join(n, ",\n", |at| format!("\"streamlint-ignore[unknown-field]: {at}\""))))
    }),
    // JSON with mistakes
    check("json: unquoted names", "a.json", |n| headers(&join(n, ",\n", |at| format!("x{at}: \"v\"")))),
    check("json: single quotes", "a.json", |n| headers(&join(n, ",\n", |at| format!("'x{at}': 'v'")))),
    check("json: missing commas", "a.json", |n| headers(&join(n, "\n", |at| format!("\"x{at}\": \"v\"")))),
    check("json: trailing commas", "a.json", |n| format!("[{}]", repeat(n, |at| format!("[{at},],\n")))),
    check("json: missing values", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x{at}\": ")))),
    check("json: unterminated strings", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x{at}\": \"v")))),
    check("json: unopened strings", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x{at}\": v\"")))),
    check("json: unclosed brackets", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x{at}\": [1")))),
    check("json: opening brackets", "a.json", |n| "[".repeat(n)),
    check("json: opening braces", "a.json", |n| "{".repeat(n)),
    check("json: closing brackets", "a.json", |n| format!("[1{}", "]".repeat(n))),
    check("json: mixed brackets", "a.json", |n| "[}".repeat(n)),
    check("json: quotes", "a.json", |n| format!("{{\"a\": \"{}", "\" ".repeat(n))),
    check("json: colons", "a.json", |n| format!("{{\"a\"{}}}", ":".repeat(n))),
    check("json: commas", "a.json", |n| format!("[1{}]", ",".repeat(n))),
    check("json: words", "a.json", |n| format!("{{{}}}", join(n, " ", |at| format!("w{at}")))),
    check("json: unknown escapes", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x{at}\": \"\\q\"")))),
    check("json: python words", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x{at}\": True")))),
    check("json: bad numbers", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x{at}\": 0x1")))),
    check("json: tabs in strings", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x{at}\": \"a\tb\"")))),
    check("json: equals signs", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x{at}\" = \"v\"")))),
    check("json: text without structure", "a.json", |n| repeat(n, |at| format!("some text {at}: x\n"))),
    check("json: several documents", "a.json", |n| {
        repeat(n, |at| format!("{{\"name\": \"h{at}\", \"type\": \"Https\"}}\n"))
    }),
    check("json: comments", "a.json", |n| https(&format!("\"headers\": {{{}}}", repeat(n, |at| format!("// {at}\n"))))),
    check("json: one mistake before headers", "a.json", |n| {
        headers(&join(n, ",\n", |at| format!("\"x{at}\": \"v\""))).replacen(',', "", 1)
    }),
    check("json: one mistake before wrong connections", "a.json", |n| wrong_connections(n).replacen(':', "", 1)),
    // YAML
    check("yaml: documents", "a.yaml", |n| {
        repeat(n, |at| format!("name: h{at}\ntype: Https\nurl: https://h.example.com\n---\n"))
    }),
    check("yaml: wrong documents", "a.yaml", |n| {
        repeat(n, |at| format!("name: h{at}\ntype: https\nurl: https://h.example.com\n---\n"))
    }),
    check("yaml: broken documents", "a.yaml", |n| repeat(n, |at| format!("name: [h{at}\n---\n"))),
    check("yaml: items", "a.yaml", |n| {
        repeat(n, |at| format!("- name: h{at}\n  type: Https\n  url: https://h.example.com\n"))
    }),
    check("yaml: wrong items", "a.yaml", |n| {
        repeat(n, |at| format!("- name: h{at}\n  type: https\n  url: https://h.example.com\n"))
    }),
    check("yaml: headers", "a.yaml", |n| yaml(&repeat(n, |at| format!("  x-{at}: v\n")))),
    check("yaml: wrong headers", "a.yaml", |n| yaml(&repeat(n, |at| format!("  x {at}: v\n")))),
    check("yaml: headers of a wrong type", "a.yaml", |n| yaml(&repeat(n, |at| format!("  x-{at}: {at}\n")))),
    check("yaml: unknown fields", "a.yaml", |n| yaml("") + &repeat(n, |at| format!("f{at}: 1\n"))),
    check("yaml: one field again and again", "a.yaml", |n| yaml("") + &repeat(n, |_| "f: 1\n".to_owned())),
    check("yaml: anchors that are not used", "a.yaml", |n| yaml(&repeat(n, |at| format!("  x-{at}: &a{at} v\n")))),
    check("yaml: anchors and aliases", "a.yaml", |n| {
        yaml(&repeat(n.min(20_000), |at| format!("  x-{at}: &a{at} v\n  y-{at}: *a{at}\n")))
    }),
    check("yaml: aliases of one anchor", "a.yaml", |n| {
        yaml(&("  x: &a v\n".to_owned() + &repeat(n.min(19_000), |at| format!("  y-{at}: *a\n"))))
    }),
    check("yaml: wrong aliases of one anchor", "a.yaml", |n| {
        yaml(&("  x: &a 1\n".to_owned() + &repeat(n.min(19_000), |at| format!("  y-{at}: *a\n"))))
    }),
    check("yaml: too many aliases", "a.yaml", |n| {
        yaml(&("  x: &a v\n".to_owned() + &repeat(n + 20_000, |at| format!("  y-{at}: *a\n"))))
    }),
    check("yaml: merge keys", "a.yaml", |n| {
        "- &b\n  type: https\n".to_owned() + &repeat(n.min(19_000), |at| format!("- name: h{at}\n  <<: *b\n"))
    }),
    check("yaml: merge keys in one object", "a.yaml", |n| {
        "- &b\n  type: Https\n- name: h\n".to_owned() + &repeat(n.min(19_000), |_| "  <<: *b\n".to_owned())
    }),
    check("yaml: merged fields", "a.yaml", |n| {
        let fields = repeat(n.min(19_000), |at| format!("    x-{at}: v\n"));
        format!("- name: b\n  headers: &b\n{fields}- name: h\n  type: Https\n  headers:\n    <<: *b\n    y: z\n")
    }),
    check("yaml: merged list", "a.yaml", |n| {
        let count = n.min(19_000);
        let anchors = repeat(count, |at| format!("- &b{at} {{x{at}: 1}}\n"));
        format!("{anchors}- name: h\n  <<: [{}]\n", join(count, ", ", |at| format!("*b{at}")))
    }),
    check("yaml: ignores", "a.yaml", |n| {
        yaml("") + &repeat(n, |at| format!("f{at}: 1 # streamlint-ignore[unknown-field]: r\n"))
    }),
    check("yaml: ignores above block scalars", "a.yaml", |n| {
        yaml("") + &repeat(n, |at| format!("# streamlint-ignore[unknown-field]: r\nf{at}: |\n  a\n  b\n"))
    }),
    check("yaml: comments", "a.yaml", |n| yaml(&repeat(n, |at| format!("  # {at}\n  x-{at}: v # {at}\n")))),
    check("yaml: block scalar", "a.yaml", |n| yaml(&format!("  x: |\n{}", "    line\n".repeat(n)))),
    check("yaml: quoted string over lines", "a.yaml", |n| yaml(&format!("  x: \"a\n{}\"\n", "    line\n".repeat(n)))),
    check("yaml: plain string over lines", "a.yaml", |n| yaml(&format!("  x: a\n{}", "    line\n".repeat(n)))),
    check("yaml: flow sequence", "a.yaml", |n| format!("a: [{}]\n", join(n, ", ", |at| at.to_string()))),
    check("yaml: flow without colons", "a.yaml", |n| {
        yaml("") + &format!("x: {{{}}}\n", join(n, ", ", |at| format!("f{at}")))
    }),
    check("yaml: brokers with blanks", "a.yaml", |n| {
        format!("name: k\ntype: Kafka\nbootstrapServers: {}\n", join(n, ", ", |at| format!("h{at}.example.com")))
    }),
    check("yaml: brokers in a block scalar", "a.yaml", |n| {
        format!("name: k\ntype: Kafka\nbootstrapServers: >-\n{}", repeat(n, |at| format!("  h{at}.example.com,\n")))
    }),
    check("yaml: flow nesting", "a.yaml", |n| nested(n, "[", "", "]")),
    check("yaml: block nesting", "a.yaml", |n| format!("{}1\n", "- ".repeat(n))),
    check("yaml: opening brackets", "a.yaml", |n| "[".repeat(n)),
    check("yaml: tabs", "a.yaml", |n| repeat(n, |at| format!("a{at}:\n\tb: c\n"))),
    check("yaml: wrong indentation", "a.yaml", |n| repeat(n, |at| format!("a{at}: b\n   c: d\n"))),
    check("yaml: unterminated string", "a.yaml", |n| format!("a: \"{}", "line\n  ".repeat(n))),
    check("yaml: templates", "a.yaml", |n| yaml(&repeat(n, |at| format!("  x-{at}: {{{{ .Values.x{at} }}}}\n")))),
    check("yaml: template branches", "a.yaml", |n| {
        yaml(&repeat(n, |at| {
            format!("  {{{{ if .a{at} }}}}\n  x-{at}: v\n  {{{{ else }}}}\n  x-{at}: w\n  {{{{ end }}}}\n")
        }))
    }),
    check("yaml: wrong template branches", "a.yaml", |n| {
        repeat(n, |at| {
            format!(
                "- name: h{at}\n  {{{{- if .a }}}}\n  type: https\n  {{{{- else }}}}\n  type: kafka\n  {{{{- end }}}}\n"
            )
        })
    }),
    check("yaml: nested templates", "a.yaml", |n| yaml(&nested(n, "  {{ if .a }}\n", "  x: v\n", "  {{ end }}\n"))),
    check("yaml: unclosed templates", "a.yaml", |n| yaml(&repeat(n, |at| format!("  x-{at}: {{{{ a\n")))),
    check("yaml: tags", "a.yaml", |n| yaml(&repeat(n, |at| format!("  x-{at}: !Sub v{at}\n")))),
    // Terraform
    check("hcl: resources", "a.tf", |n| repeat(n, |at| resource(at, ""))),
    check("hcl: wrong resources", "a.tf", |n| repeat(n, |at| resource(at, "").replace("\"Https\"", "\"https\""))),
    check("hcl: resources of one name", "a.tf", |n| repeat(n, |_| resource(0, ""))),
    check("hcl: headers", "a.tf", |n| hcl_object(n, |at| format!("    x{at} = \"v\"\n"))),
    check("hcl: wrong headers", "a.tf", |n| hcl_object(n, |at| format!("    \"x {at}\" = \"v\"\n"))),
    check("hcl: unknown attributes", "a.tf", |n| resource(0, &repeat(n, |at| format!("  f{at} = 1\n")))),
    check("hcl: unknown blocks", "a.tf", |n| resource(0, &repeat(n, |at| format!("  f{at} {{\n  }}\n")))),
    check("hcl: attributes as blocks", "a.tf", |n| resource(0, &repeat(n, |_| "  headers {\n  }\n".to_owned()))),
    check("hcl: API field names", "a.tf", |n| {
        repeat(n, |at| resource(at, "").replace("connection_name", "connectionName"))
    }),
    check("hcl: dynamic blocks", "a.tf", |n| {
        resource(0, &repeat(n, |at| format!("  dynamic \"f{at}\" {{\n    for_each = var.x\n    content {{}}\n  }}\n")))
    }),
    check("hcl: resources with for_each", "a.tf", |n| repeat(n, |at| resource(at, "  for_each = local.all\n"))),
    check("hcl: items of for_each", "a.tf", |n| {
        resource(0, &format!("  for_each = {{\n{}  }}\n", repeat(n, |at| format!("    k{at} = {{ url = \"u\" }}\n"))))
    }),
    check("hcl: locals", "a.tf", |n| {
        format!("locals {{\n{}}}\n{}", repeat(n, |at| format!("  l{at} = \"v\"\n")), resource(0, ""))
    }),
    check("hcl: blocks of locals", "a.tf", |n| {
        repeat(n, |at| {
            format!(
                "locals {{\n  l{at} = \"x {at}\"\n}}\n{}",
                resource(at, "").replace("\"https://h.example.com\"", &format!("local.l{at}"))
            )
        })
    }),
    check("hcl: resources that share a local", "a.tf", |n| {
        "locals {\n  u = \"http://h.example.com\"\n}\n".to_owned()
            + &repeat(n, |at| resource(at, "").replace("\"https://h.example.com\"", "local.u"))
    }),
    check("hcl: headers from one local", "a.tf", |n| {
        format!("locals {{\n  v = \"v\"\n}}\n{}", hcl_object(n.min(19_000), |at| format!("    x{at} = local.v\n")))
    }),
    check("hcl: headers from locals", "a.tf", |n| {
        let count = n.min(19_000);
        format!(
            "locals {{\n{}}}\n{}",
            repeat(count, |at| format!("  l{at} = \"v\"\n")),
            hcl_object(count, |at| format!("    x{at} = local.l{at}\n"))
        )
    }),
    check("hcl: headers from fields of one local", "a.tf", |n| {
        let count = n.min(19_000);
        let fields = repeat(count, |at| format!("    f{at} = \"v\"\n"));
        format!(
            "locals {{\n  l = {{\n{fields}  }}\n}}\n{}",
            hcl_object(count, |at| format!("    x{at} = local.l.f{at}\n"))
        )
    }),
    check("hcl: locals that name each other", "a.tf", |n| {
        let locals = repeat(n, |at| format!("  l{} = local.l{at}\n", at + 1));
        format!("locals {{\n  l0 = \"v\"\n{locals}}}\n{}", resource(0, &format!("  headers = {{ x = local.l{n} }}\n")))
    }),
    check("hcl: locals that name others twice", "a.tf", |n| {
        let locals = repeat(n, |at| format!("  l{} = {{ a = local.l{at}, b = local.l{at} }}\n", at + 1));
        format!("locals {{\n  l0 = {{ a = \"x\" }}\n{locals}}}\n{}", resource(0, &format!("  headers = local.l{n}\n")))
    }),
    check("hcl: variables", "a.tf", |n| {
        repeat(n, |at| {
            format!(
                "variable \"v{at}\" {{\n  default = \"https://h.example.com\"\n}}\n{}",
                resource(at, "").replace("\"https://h.example.com\"", &format!("var.v{at}"))
            )
        })
    }),
    check("hcl: workspaces by name", "a.tf", |n| {
        repeat(n, |at| {
            format!(
                "resource \"mongodbatlas_stream_workspace\" \"w{at}\" {{\n  workspace_name = \"w{at}\"\n}}\n{}",
                resource(at, "").replace("\"w\"", &format!("mongodbatlas_stream_workspace.w{at}.workspace_name"))
            )
        })
    }),
    check("hcl: processors", "a.tf", |n| {
        repeat(n, |at| {
            format!(
                "resource \"mongodbatlas_stream_processor\" \"p{at}\" {{\n  workspace_name = \"w\"\n  project_id = \"64f1a2b3c4d5e6f708192a3b\"\n  pipeline = jsonencode([{{ \"$source\" = {{ connectionName = \"c{at}\" }} }}])\n}}\n{}",
                resource(at, "")
            )
        })
    }),
    check("hcl: stages of a processor", "a.tf", |n| {
        let stages =
            join(n, ",\n", |at| format!("    {{ \"$lookup\" = {{ from = {{ connectionName = \"c{at}\" }} }} }}"));
        format!(
            "resource \"mongodbatlas_stream_processor\" \"p\" {{\n  workspace_name = \"w\"\n  project_id = \"64f1a2b3c4d5e6f708192a3b\"\n  pipeline = jsonencode([\n{stages}\n  ])\n}}\n{}",
            resource(0, "")
        )
    }),
    check("hcl: references", "a.tf", |n| hcl_object(n, |at| format!("    x{at} = data.t.n{at}.v\n"))),
    check("hcl: templates", "a.tf", |n| hcl_object(n, |at| format!("    x{at} = \"a-${{local.l{at}}}\"\n"))),
    check("hcl: template in one string", "a.tf", |n| hcl_object(1, |_| format!("    x = \"{}\"\n", "${a}".repeat(n)))),
    check("hcl: nested templates", "a.tf", |n| {
        hcl_object(1, |_| format!("    x = {}\n", nested(n, "\"${", "a", "}\"")))
    }),
    check("hcl: expressions", "a.tf", |n| hcl_object(1, |_| format!("    x = a{}\n", " + a".repeat(n)))),
    check("hcl: nested parentheses", "a.tf", |n| hcl_object(1, |_| format!("    x = {}\n", nested(n, "(", "1", ")")))),
    check("hcl: nested lists", "a.tf", |n| hcl_object(1, |_| format!("    x = {}\n", nested(n, "[", "1", "]")))),
    check("hcl: nested blocks", "a.tf", |n| nested(n, "a {\n", "", "}\n")),
    check("hcl: heredoc", "a.tf", |n| hcl_object(1, |_| format!("    x = <<EOT\n{}EOT\n", "line\n".repeat(n)))),
    check("hcl: heredocs", "a.tf", |n| hcl_object(n, |at| format!("    x{at} = <<EOT\nline\nEOT\n"))),
    check("hcl: unterminated heredocs", "a.tf", |n| repeat(n, |at| format!("x{at} = <<EOT{at}\nline\n"))),
    check("hcl: comments", "a.tf", |n| hcl_object(n, |at| format!("    # {at}\n    x{at} = \"v\" # {at}\n"))),
    check("hcl: ignores", "a.tf", |n| {
        resource(0, &repeat(n, |at| format!("  f{at} = 1 # streamlint-ignore[unknown-field]: r\n")))
    }),
    check("hcl: unclosed comments", "a.tf", |n| repeat(n, |at| format!("x{at} = /* a\n"))),
    check("hcl: unclosed blocks", "a.tf", |n| {
        repeat(n, |at| format!("resource \"mongodbatlas_stream_connection\" \"r{at}\" {{\n"))
    }),
    check("hcl: unclosed strings", "a.tf", |n| repeat(n, |at| format!("x{at} = \"v\n"))),
    check("hcl: unclosed strings in blocks", "a.tf", |n| repeat(n, |at| resource(at, "  x = \"v\n"))),
    check("hcl: unclosed templates", "a.tf", |n| repeat(n, |at| format!("x{at} = \"${{v\n"))),
    check("hcl: unclosed brackets", "a.tf", |n| repeat(n, |at| format!("x{at} = [1,\n"))),
    check("hcl: closing braces", "a.tf", |n| "}\n".repeat(n)),
    check("hcl: mistakes in one block", "a.tf", |n| resource(0, &repeat(n, |at| format!("  f{at}: 1\n")))),
    check("hcl: attributes twice", "a.tf", |n| repeat(n, |at| resource(at, "  url = \"https://h.example.com\"\n"))),
    check("hcl: brokers without port", "a.tf", |n| {
        resource(0, &format!("  bootstrap_servers = \"{}\"\n", join(n, ",", |at| format!("h{at}.example.com"))))
            .replace("\"Https\"", "\"Kafka\"")
    }),
    check("hcl: brokers in a heredoc", "a.tf", |n| {
        resource(0, &format!("  bootstrap_servers = <<EOT\n{}EOT\n", repeat(n, |at| format!("h{at}.example.com,\n"))))
            .replace("\"Https\"", "\"Kafka\"")
    }),
    check("tf.json: resources", "a.tf.json", |n| {
        let one = |at| {
            format!(
                "\"r{at}\": {{\"project_id\": \"64f1a2b3c4d5e6f708192a3b\", \"workspace_name\": \"w\", \"connection_name\": \"c{at}\", \"type\": \"https\", \"url\": \"${{local.u}}\"}}"
            )
        };
        format!(
            "{{\"locals\": {{\"u\": \"http://h.example.com\"}}, \"resource\": {{\"mongodbatlas_stream_connection\": {{{}}}}}}}",
            join(n, ",\n", one)
        )
    }),
    files("hcl: files of a module", "m/a.tf", |n| {
        join(n / 16, "\0", |at| {
            format!(
                "locals {{\n  l{at} = \"https://h.example.com\"\n}}\n{}",
                resource(at, "").replace("\"https://h.example.com\"", &format!("local.l{}", n / 16 - 1 - at))
            )
        })
    }),
    check("plan: resources", "plan.json", |n| {
        format!(
            "{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {{\"resources\": [\n{}\n]}}}}}}",
            join(n, ",\n", planned)
        )
    }),
    check("plan: resources with changes", "plan.json", |n| {
        format!(
            "{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {{\"resources\": [\n{}\n]}}}}, \"resource_changes\": [{}]}}",
            join(n, ",\n", planned),
            join(n, ",\n", change)
        )
    }),
    check("plan: changes alone", "plan.json", |n| {
        let one = |at| {
            change(at).replace(
                "\"after_unknown\"",
                "\"after\": {\"workspace_name\": \"w\", \"type\": \"Https\"}, \"after_unknown\"",
            )
        };
        format!("{{\"format_version\": \"1.2\", \"resource_changes\": [{}]}}", join(n, ",\n", one))
    }),
    check("plan: modules", "plan.json", |n| {
        let one = |at| format!("{{\"address\": \"module.m{at}\", \"resources\": [{}]}}", planned(at));
        format!(
            "{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {{\"child_modules\": [\n{}\n]}}}}}}",
            join(n, ",\n", one)
        )
    }),
    // Kubernetes
    check("kubernetes: connections", "a.yaml", |n| repeat(n, |at| manifest(at, "  type: Sample\n"))),
    check("kubernetes: wrong connections", "a.yaml", |n| repeat(n, |at| manifest(at, "  type: Sample\n  f: 1\n"))),
    check("kubernetes: connections in an instance", "a.yaml", |n| {
        let names = repeat(n, |at| format!("    - name: c{at}\n"));
        format!(
            "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamInstance\nmetadata:\n  name: i\nspec:\n  name: i\n  connectionRegistry:\n{names}---\n{}",
            repeat(n, |at| manifest(at, "  type: Sample\n"))
        )
    }),
    check("kubernetes: instances", "a.yaml", |n| {
        repeat(n, |at| {
            format!(
                "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamInstance\nmetadata:\n  name: i{at}\nspec:\n  connectionRegistry:\n    - name: c{at}\n---\n{}",
                manifest(at, "  type: Sample\n")
            )
        })
    }),
    check("kubernetes: secrets and connections", "a.yaml", |n| {
        repeat(n, |at| {
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s{at}\nstringData:\n  username: u\n  password: \"\"\n---\n{}",
                kafka_manifest(at)
            )
        })
    }),
    check("kubernetes: list", "a.yaml", |n| {
        let item = |at| {
            format!(
                "  - apiVersion: atlas.mongodb.com/v1\n    kind: AtlasStreamConnection\n    metadata: {{name: c{at}}}\n    spec: {{name: c{at}, type: sample}}\n"
            )
        };
        format!("apiVersion: v1\nkind: List\nitems:\n{}", repeat(n, item))
    }),
    // CloudFormation
    check("cloudformation: resources", "a.json", |n| {
        template("", &join(n, ",\n", |at| cfn_resource(at, "\"https://h.example.com\"")))
    }),
    check("cloudformation: wrong resources", "a.json", |n| {
        template("", &join(n, ",\n", |at| cfn_resource(at, "\"http://h.example.com\"")))
    }),
    check("cloudformation: parameters", "a.json", |n| {
        let parameter = |at| format!("\"P{at}\": {{\"Type\": \"String\", \"Default\": \"http://h.example.com\"}}");
        template(&join(n, ",\n", parameter), &join(n, ",\n", |at| cfn_resource(at, &format!("{{\"Ref\": \"P{at}\"}}"))))
    }),
    check("cloudformation: joins", "a.json", |n| {
        template(
            "",
            &cfn_resource(0, &format!("{{\"Fn::Join\": [\"\", [{}]]}}", join(n, ",", |at| format!("\"a{at}\"")))),
        )
    }),
    check("cloudformation: nested joins", "a.json", |n| {
        let join = (0..8).fold("\"a\"".to_owned(), |inner, _| format!("{{\"Fn::Join\": [\"\", [{inner}]]}}"));
        template("", &self::join(n, ",\n", |at| cfn_resource(at, &join)))
    }),
    check("cloudformation: yaml", "a.yaml", |n| {
        let one = |at| {
            format!(
                "  R{at}:\n    Type: MongoDB::Atlas::StreamConnection\n    Properties:\n      ProjectId: 64f1a2b3c4d5e6f708192a3b\n      WorkspaceName: w\n      ConnectionName: c{at}\n      Type: Https\n      Url: !Ref P{at}\n"
            )
        };
        let parameter = |at| format!("  P{at}:\n    Type: String\n    Default: http://h.example.com\n");
        format!("Parameters:\n{}Resources:\n{}", repeat(n, parameter), repeat(n, one))
    }),
    check("cloudformation: parameters with many values", "a.json", |n| {
        let values = join(n, ", ", |at| format!("\"v{at}\""));
        let parameter = format!("\"P\": {{\"Type\": \"String\", \"AllowedValues\": [{values}]}}");
        template(&parameter, &join(n, ",\n", |at| cfn_resource(at, "{\"Ref\": \"P\"}")))
    }),
    // Processors, requests and streams
    check("processor: stages", "a.json", |n| {
        processor(&join(n, ",\n", |at| format!("{{\"$match\": {{\"a\": {at}}}}}")))
    }),
    check("processor: stages that name connections", "a.json", |n| {
        processor(&join(n, ",\n", |at| format!("{{\"$lookup\": {{\"from\": {{\"connectionName\": \"c{at}\"}}}}}}")))
    }),
    files("processor: connections of other files", "a.json", |n| {
        let stages = join(n, ",\n", |at| format!("{{\"$lookup\": {{\"from\": {{\"connectionName\": \"x{at}\"}}}}}}"));
        format!("{}\0{}", processor(&stages), connections(n))
    }),
    check("http: requests", "a.http", |n| repeat(n, |at| request(at, "{\"name\": \"h\", \"type\": \"https\"}"))),
    check("http: headers", "a.http", |n| {
        request(0, "{\"name\": \"h\", \"type\": \"https\"}")
            .replace("Content-Type", &(repeat(n, |at| format!("X-{at}: v\n")) + "Content-Type"))
    }),
    check("http: broken bodies", "a.http", |n| repeat(n, |at| request(at, "{\"name\": \"h\""))),
    check("http: requests without a body", "a.http", |n| repeat(n, |at| request(at, ""))),
    check("http: lines", "a.http", |n| repeat(n, |at| format!("line {at}\n"))),
    check("http: ignores", "a.http", |n| {
        repeat(n, |at| request(at, "{\n  // streamlint-ignore[unknown-type]: r\n  \"type\": \"https\"}"))
    }),
    files("files: one name", "a.json", |n| join(n, "\0", |_| https("\"headers\": {}"))),
    files("files: names", "a.json", |n| {
        join(n, "\0", |at| https("\"headers\": {}").replace("\"h\"", &format!("\"h{at}\"")))
    }),
    files("files: processors", "a.json", |n| join(n, "\0", |_| processor("{\"$match\": {}}"))),
    // Fixes
    fix("fix: connections", "a.json", wrong_connections),
    fix("fix: unknown fields", "a.json", |n| https(&join(n, ",\n", |at| format!("\"f{at}\": 1")))),
    fix("fix: brokers with blanks", "a.json", |n| brokers(n, ", ", |at| format!("h{at}.example.com:9092"))),
    fix("fix: one broker again and again", "a.json", |n| brokers(n, ",", |_| "h.example.com:9092".to_owned())),
    fix("fix: headers of a wrong type", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x-{at}\": 1")))),
    fix("fix: quoted numbers in yaml", "a.yaml", |n| yaml(&repeat(n, |at| format!("  x-{at}: {at}\n")))),
    fix("fix: wrong items in yaml", "a.yaml", |n| {
        repeat(n, |at| format!("- name: h{at}\n  type: https\n  url: https://h.example.com\n"))
    }),
    fix("fix: ignores that are not used", "a.jsonc", |n| {
        headers(&join(n, ",\n", |at| format!("\"x{at}\": \"v\" // streamlint-ignore[unknown-field]: {at}\n")))
    }),
    fix("fix: resources", "a.tf", |n| repeat(n, |at| resource(at, "").replace("\"Https\"", "\"https\""))),
    fix("fix: ignored config keys", "a.json", |n| {
        let one = |at| {
            format!(
                "{{\"name\": \"k{at}\", \"type\": \"Kafka\", \"bootstrapServers\": \"SASL_SSL://h.example.com:9092, i.example.com:9092\"}}"
            )
        };
        format!("[{}]", join(n, ",\n", one))
    }),
    // Formats and editors
    render("format: human", "human"),
    render("format: concise", "concise"),
    render("format: json", "json"),
    render("format: sarif", "sarif"),
    render("format: github", "github"),
    render("format: gitlab", "gitlab"),
    render("format: junit", "junit"),
    Dimension { name: "format: human, on one line", file: "a.json", text: one_line, task: Task::Render("human") },
    Dimension {
        name: "format: sarif, one finding of many parts",
        file: "a.json",
        text: many_parts,
        task: Task::Render("sarif"),
    },
    Dimension {
        name: "format: human, one finding of many parts",
        file: "a.json",
        text: many_parts,
        task: Task::Render("human"),
    },
    Dimension { name: "format: human, yaml with anchors", file: "a.yaml", text: anchors, task: Task::Render("human") },
    Dimension {
        name: "format: human, hcl",
        file: "a.tf",
        text: |n| repeat(n, |at| resource(at, "").replace("\"Https\"", "\"https\"")),
        task: Task::Render("human"),
    },
    Dimension {
        name: "format: human, ignores",
        file: "a.jsonc",
        text: |n| https(&join(n, ",\n", |at| format!("\"f{at}\": 1 // streamlint-ignore[wrong-type]: {at}\n"))),
        task: Task::Render("human"),
    },
    Dimension {
        name: "format: human, damaged",
        file: "a.json",
        text: |n| wrong_connections(n).replacen(':', "", 1),
        task: Task::Render("human"),
    },
    Dimension {
        name: "format: human, several mistakes",
        file: "a.json",
        text: |n| headers(&join(n, "\n", |at| format!("\"x{at}\": \"v\""))),
        task: Task::Render("human"),
    },
    query("query: connections", "a.json", connections),
    query("query: headers", "a.json", |n| headers(&join(n, ",\n", |at| format!("\"x-{at}\": \"v\"")))),
    query("query: resources", "a.tf", |n| repeat(n, |at| resource(at, ""))),
    query("query: documents", "a.yaml", |n| repeat(n, |at| format!("name: h{at}\ntype: Https\n---\n"))),
];

fn yaml(headers: &str) -> String {
    format!("name: h\ntype: Https\nurl: https://h.example.com\nheaders:\n  a: b\n{headers}")
}

fn one_line(count: usize) -> String {
    wrong_connections(count).replace('\n', " ")
}

fn many_parts(count: usize) -> String {
    brokers(count, ",", |at| format!("h{at}.example.com"))
}

fn anchors(count: usize) -> String {
    let one = |at| format!("- name: &n{at} h{at}\n  type: https\n  url: *n{at}\n");
    repeat(count.min(19_000), one)
}
