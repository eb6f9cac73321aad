//! Tests of the two parsers: the accepted texts, the reported mistakes, and the values after a mistake.

use serde_json::Value;

use super::{Flavor, end_of_run, parse};
use crate::document::{Document, EntryId, ROOT};
use crate::parse::Parsed;
use crate::text::pointer::escape;
use crate::text::{Source, Span};

// These take long, and the parser is the same in each set of features.
#[cfg(feature = "cli")]
mod mistakes;
mod properties;
mod sentences;

/// Valid definitions with every layout, in which the tests make mistakes.
const VALID: &[&str] = &[
    KAFKA,
    SAMPLE,
    CLUSTER,
    HTTPS,
    S3,
    LAMBDA,
    KINESIS,
    REGISTRY,
    MINIFIED,
    MINIFIED_REGISTRY,
    MINIFIED_ROLE,
    ARRAY,
    MINIFIED_ARRAY,
    WRAPPER,
    NETWORKING,
    CRLF,
    STRANGE_TEXTS,
    MINIFIED_STRANGE_TEXTS,
    TABS,
];

const KAFKA: &str = r#"{
  "name": "orders",
  "type": "Kafka",
  "bootstrapServers": "broker-1.example.com:9092,broker-2.example.com:9092",
  "authentication": {
    "mechanism": "SCRAM-256",
    "username": "app",
    "password": "hunter2 and more"
  },
  "security": {
    "brokerPublicCertificate": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "protocol": "SASL_SSL"
  },
  "config": {
    "auto.offset.reset": "earliest",
    "group.id": "a"
  },
  "networking": {
    "access": {
      "type": "PRIVATE_LINK",
      "connectionId": "32b6e34b3d91647abb20e7b8"
    }
  }
}
"#;

const SAMPLE: &str = r#"{
    "name": "sample_stream_solar",
    "type": "Sample"
}"#;

const CLUSTER: &str = r#"{
  "clusterGroupId": "32b6e34b3d91647abb20e7b8",
  "clusterName": "Cluster0",
  "dbRoleToExecute": {
    "role": "readAnyDatabase",
    "type": "BUILT_IN"
  },
  "name": "target",
  "type": "Cluster"
}
"#;

const HTTPS: &str = r#"{
  "name": "hook",
  "type": "Https",
  "url": "https://api.example.com:8443/v1/hooks?x=1",
  "headers": {
    "X-Source": "atlas",
    "Accept": "application/json, text/plain"
  }
}
"#;

const S3: &str = r#"{
  "aws": {
    "roleArn": "arn:aws:iam::123456789012:role/Streams",
    "testBucket": "bucket"
  },
  "networking": {
    "access": {
      "type": "PUBLIC"
    }
  },
  "name": "archive",
  "type": "S3"
}
"#;

const LAMBDA: &str = r#"{
  "type": "AWSLambda",
  "name": "",
  "aws": { "roleArn": "arn:aws:iam::123456789012:role/x" },
  "publicPrivateNetworking": {}
}
"#;

const KINESIS: &str = r#"{
  "name" : "k",
  "type" : "AWSKinesisDataStreams",
  "aws" :
  {
    "roleArn" : "arn:aws:iam::123456789012:role/x"
  },
  "networking" :
  {
    "access" :
    {
      "type" : "PRIVATE_LINK",
      "connectionId" : "32b6e34b3d91647abb20e7b8"
    }
  }
}
"#;

const REGISTRY: &str = r#"{
  "name": "registry",
  "type": "SchemaRegistry",
  "provider": "CONFLUENT",
  "schemaRegistryUrls": [
    "https://one.example.com",
    "https://two.example.com"
  ],
  "schemaRegistryAuthentication": {
    "type": "USER_INFO",
    "username": "u",
    "password": "p"
  }
}
"#;

const MINIFIED: &str = r#"{"name":"orders","type":"Kafka","bootstrapServers":"a.example.com:9092,b.example.com:9092","authentication":{"mechanism":"PLAIN","username":"app","password":"hunter2"},"config":{"acks":"all","group.id":"g"},"security":{"protocol":"SASL_SSL","brokerPublicCertificate":""},"networking":{"access":{"type":"VPC","name":"peer"}}}"#;

const MINIFIED_REGISTRY: &str = r#"{"type":"SchemaRegistry","schemaRegistryUrls":["https://one.example.com","https://two.example.com"],"name":"r","provider":"CONFLUENT","schemaRegistryAuthentication":{"type":"SASL_INHERIT"}}"#;

const MINIFIED_ROLE: &str = r#"{"clusterName":"Cluster0","dbRoleToExecute":{"role":"atlasAdmin","type":"BUILT_IN"},"type":"Cluster","name":"c"}"#;

const ARRAY: &str = r#"[
  {
    "name": "one",
    "type": "Sample"
  },
  {
    "name": "two",
    "type": "Https",
    "url": "https://example.com",
    "headers": {
      "A": "b"
    }
  },
  {
    "name": "three",
    "type": "Kafka",
    "authentication": {
      "mechanism": "PLAIN"
    },
    "security": {
      "protocol": "SASL_SSL"
    }
  }
]
"#;

const MINIFIED_ARRAY: &str = r#"[{"name":"one","type":"Kafka","authentication":{"mechanism":"PLAIN","username":"u"},"security":{"protocol":"SASL_PLAINTEXT"}},{"type":"Cluster","name":"two","clusterName":"C","dbRoleToExecute":{"type":"CUSTOM","role":"r"}},{"name":"three","type":"Sample"}]"#;

const WRAPPER: &str = r#"{
  "connections": [
    { "name": "one", "type": "Sample" },
    { "name": "two", "type": "Https", "url": "https://example.com" }
  ],
  "description": "both"
}
"#;

const NETWORKING: &str = r#"{"type": "S3", "networking": {"access": {"type": "PRIVATE_LINK", "connectionId": "32b6e34b3d91647abb20e7b8"}}, "aws": {"roleArn": "arn:aws:iam::123456789012:role/x", "testBucket": "b"}, "name": "n"}
"#;

const CRLF: &str = "{\r\n  \"name\": \"crlf\",\r\n  \"type\": \"Https\",\r\n  \"url\": \"https://example.com\",\r\n  \"headers\": {\r\n    \"A\": \"b\",\r\n    \"C\": \"d\"\r\n  }\r\n}\r\n";

const STRANGE_TEXTS: &str = r#"{
  "name": "a, b: {c} [d]",
  "type": "Https",
  "url": "https://example.com/\"quoted\"/{id},[1]",
  "headers": {
    "X-Json": "{\"a\": [1, 2], \"b\": \"c\"}",
    "X-Empty": "",
    "X-Comma": ",",
    "X-Colon": " : ",
    "X-Slash": "a\\",
    "X-Comment": "// no /* comment # here",
    "Größe": "ü, ö"
  }
}
"#;

const MINIFIED_STRANGE_TEXTS: &str = r#"{"name":"a, b: {c} [d]","type":"Https","headers":{"X-Json":"{\"a\":[1,2],\"b\":\"c\"}","X-Comma":",","X-Brace":"}","X-Slash":"a\\"},"url":"https://example.com/\"quoted\"/{id},[1]"}"#;

const TABS: &str = "{\n\t\"name\": \"tabs\",\n\t\"type\": \"Cluster\",\n\t\"dbRoleToExecute\": {\n\t\t\"role\": \"r\",\n\t\t\"type\": \"CUSTOM\"\n\t},\n\t\"clusterName\": \"C\"\n}\n";

fn strict(text: &str) -> Parsed {
    parse(&Source::new("a.json", text), Flavor::Strict)
}

fn with_comments(text: &str) -> Parsed {
    parse(&Source::new("a.jsonc", text), Flavor::WithComments)
}

/// A value without others inside, and all its spans.
#[derive(Debug, Clone, PartialEq)]
struct Leaf {
    pointer: String,
    value: Value,
    span: Span,
    /// From the key to the end of each member on the way to it.
    members: Vec<Span>,
}

fn leaves(document: &Document) -> Vec<Leaf> {
    fn walk(document: &Document, id: EntryId, pointer: &str, members: &[Span], leaves: &mut Vec<Leaf>) {
        let entry = document.entry(id);
        let mut members = members.to_vec();
        members.extend(entry.key_span().map(|key| Span::new(key.start, entry.span().end)));
        let children = document.children(id).collect::<Vec<_>>();
        if children.is_empty() {
            let (pointer, value) = (pointer.to_owned(), document.value(id).to_json());
            leaves.push(Leaf { pointer, value, span: entry.span(), members });
            return;
        }
        for (index, child) in children.into_iter().enumerate() {
            let is_member = document.entry(child).key_span().is_some();
            let key = if is_member { document.key(child).to_owned() } else { index.to_string() };
            walk(document, child, &format!("{pointer}/{}", escape(&key)), &members, leaves);
        }
    }
    let mut leaves = Vec::new();
    walk(document, ROOT, "", &[], &mut leaves);
    leaves
}

/// Every span lies on characters inside the text, children lie inside their parents and in order.
fn check_spans(document: &Document) {
    let text = document.source.text();
    let good = |span: Span| span.start <= span.end && text.get(span.start..span.end).is_some();
    for id in 0..document.table.entries.len() {
        #[expect(clippy::cast_possible_truncation, reason = "a test's text is short")]
        let id = id as EntryId;
        let entry = document.entry(id);
        assert!(good(entry.span()), "{:?} in {text:?}", entry.span());
        let mut at = entry.span().start;
        for child in document.children(id) {
            let inner = document.entry(child);
            if let Some(key) = inner.key_span() {
                assert!(good(key) && key.start >= at && key.end <= inner.span().start, "{key:?} in {text:?}");
            }
            assert!(inner.span().start >= at && inner.span().end <= entry.span().end, "{:?} in {text:?}", inner.span());
            at = inner.span().end;
        }
    }
    for comment in &document.comments {
        assert!(good(comment.span));
    }
    // Every entry can be looked up.
    leaves_of_any(document);
}

fn leaves_of_any(document: &Document) {
    for id in 0..document.table.entries.len() {
        #[expect(clippy::cast_possible_truncation, reason = "a test's text is short")]
        let id = id as EntryId;
        let _ = (document.key(id), document.value(id).to_json());
    }
}

fn check_flaws(reading: &Parsed) {
    let text = reading.document.source.text();
    for flaw in &reading.flaws {
        let spans = flaw.labels.iter().map(|label| label.span);
        for span in spans {
            assert!(text.get(span.start..span.end).is_some(), "{} at {span:?} in {text:?}", flaw.message);
        }
    }
}
