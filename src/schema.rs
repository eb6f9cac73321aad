//! The embedded schemas, one for each connection type.

use serde_json::Value;

mod compiled {
    include!(concat!(env!("OUT_DIR"), "/schemas.rs"));
}

#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub use self::door::*;

/// What `tests/schemas.rs` asks of the compiled schemas.
#[cfg(not(target_arch = "wasm32"))]
mod door {
    use super::{Value, compiled};

    /// The published schemas: the file's name before `.schema.json`, and its text.
    pub fn published() -> &'static [(&'static str, &'static str)] {
        compiled::PUBLISHED
    }

    /// Whether the compiled schema of this type accepts the value; `None` for an unknown type.
    pub fn is_valid(type_name: &str, value: &Value) -> Option<bool> {
        table!(type_name, is_valid, value)
    }

    /// What the compiled schema of this type says is wrong: instance pointer and keyword; `None` for an unknown type.
    pub fn errors(type_name: &str, value: &Value) -> Option<Vec<(String, String)>> {
        let errors = table!(type_name, iter_errors, value)?;
        Some(errors.map(|e| (e.instance_path().to_string(), e.kind().keyword().to_owned())).collect())
    }

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
    use table;
}
