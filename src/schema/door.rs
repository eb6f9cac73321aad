//! What `tests/schemas.rs` asks of the compiled schemas.

use jsonschema::ValidationError;
use serde_json::Value;

use super::compiled;

macro_rules! table {
    ($type_name:expr, $method:ident, $value:expr) => {
        Some(match $type_name {
            "Kafka" => compiled::Kafka::$method($value),
            "Cluster" => compiled::Cluster::$method($value),
            "Sample" => compiled::Sample::$method($value),
            "Https" => compiled::Https::$method($value),
            "S3" => compiled::S3::$method($value),
            "AWSLambda" => compiled::AWSLambda::$method($value),
            "AWSKinesisDataStreams" => compiled::AWSKinesisDataStreams::$method($value),
            "AzureBlobStorage" => compiled::AzureBlobStorage::$method($value),
            "GCPPubSub" => compiled::GCPPubSub::$method($value),
            "SchemaRegistry" => compiled::SchemaRegistry::$method($value),
            _ => return None,
        })
    };
}

/// The published schemas: the file's name before `.schema.json`, and its text.
pub fn published() -> &'static [(&'static str, &'static str)] {
    compiled::PUBLISHED
}

/// Whether the compiled schema of this type accepts the value; `None` for an unknown type.
pub fn is_valid(type_name: &str, value: &Value) -> Option<bool> {
    table!(type_name, is_valid, value)
}

/// What the compiled schema of this type finds wrong with the value; `None` for an unknown type.
pub fn errors<'v>(type_name: &str, value: &'v Value) -> Option<Vec<ValidationError<'v>>> {
    let errors: Option<jsonschema::ErrorIterator<'v>> = table!(type_name, iter_errors, value);
    errors.map(Iterator::collect)
}
