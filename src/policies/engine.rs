//! The schema engine: `jsonschema` with patterns in linear time, and without access to files, the network or formats.

use std::collections::BTreeMap;
use std::error::Error;

use jsonschema::{PatternOptions, Retrieve, Uri, ValidationOptions, Validator};
use serde_json::{Value, json};

use super::PolicyError;
use super::schemas::Schemas;

/// Maximum memory of a compiled pattern, in bytes.
const PATTERN_LIMIT: usize = 1 << 20;

/// Passes files to the engine that have already been read.
#[derive(Debug)]
struct Read(BTreeMap<String, Value>);

impl Retrieve for Read {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        self.0.get(uri.as_str()).cloned().ok_or_else(|| "not one of the policy's files".into())
    }
}

fn options<'o>(read: Read) -> ValidationOptions<'o> {
    jsonschema::options()
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_LIMIT))
        .should_validate_formats(false)
        .with_retriever(read)
}

/// The validator of a policy whose references were resolved and whose size was checked.
pub(super) fn compile(schemas: &Schemas) -> Result<Validator, PolicyError> {
    let root = &schemas.files[0];
    let built = options(Read(schemas.retrievable())).with_base_uri(root.uri.clone()).build(&root.value);
    built.map_err(|error| {
        let pointer = error.instance_path().as_str().to_owned();
        root.error(&pointer, super::words::of_schema_error(&error))
    })
}

/// Whether the engine does not support a pattern.
pub(super) fn is_broken(pattern: &str) -> bool {
    options(Read(BTreeMap::new())).build(&json!({ "pattern": pattern })).is_err()
}
