//! The rules that layers below `rules` report: the parsers, the dialects, the schemas and the ignore comments. A rule
//! with its own check function is declared beside that function.

use super::Rule;
use crate::atlas::Kind;

/// Reported by the parsers.
pub(crate) static SYNTAX_ERROR: Rule =
    Rule::error("syntax-error", "text that is not valid JSON, YAML or HCL").sometimes_fixed();

/// Reported by the linter, from the data of the parser.
pub(crate) static DUPLICATE_KEY: Rule = Rule::error("duplicate-key", "the same field twice in one object");

/// Reported by the parsers.
pub(crate) static TOO_DEEP: Rule = Rule::error("too-deep", "text that is too large or too deeply nested");

/// Reported by `suppress.rs`, after all other findings.
pub(crate) static UNUSED_IGNORE: Rule =
    Rule::warning("unused-ignore", "an ignore comment that suppresses nothing").sometimes_fixed();

/// Reported by `suppress.rs`.
pub(crate) static IGNORE_WITHOUT_REASON: Rule =
    Rule::warning("ignore-without-reason", "an ignore comment without a reason");

pub(crate) static ATTRIBUTE_AS_BLOCK: Rule =
    Rule::error("attribute-as-block", "a block in Terraform where the provider has an attribute").sometimes_fixed();

pub(crate) static CONFLICTING_ATTRIBUTES: Rule = Rule::error("conflicting-attributes", "two names for the workspace");

/// Reported by the dialect of plans.
pub(crate) static IMMUTABLE_FIELD_CHANGE: Rule =
    Rule::error("immutable-field-change", "a plan that changes an immutable field");

pub(crate) static UNSUPPORTED_BY_DIALECT: Rule =
    Rule::error("unsupported-by-dialect", "a field or value that the dialect does not support");

pub(crate) static API_FIELD_NAME: Rule =
    Rule::error("api-field-name", "a field with its API name instead of the dialect's name").sometimes_fixed();

pub(crate) static UNKNOWN_TYPE: Rule =
    Rule::error("unknown-type", "a missing or unknown connection type").sometimes_fixed();

pub(crate) static MISSING_FIELD: Rule = Rule::error("missing-field", "a missing required field").sometimes_fixed();

pub(crate) static LEFTOVER_PLACEHOLDER: Rule =
    Rule::warning("leftover-placeholder", "a placeholder that was not replaced");

pub(crate) static UNKNOWN_FIELD: Rule =
    Rule::error("unknown-field", "a field that no connection type has").sometimes_fixed();

pub(crate) static MISPLACED_FIELD: Rule =
    Rule::error("misplaced-field", "a field in the wrong place or of another connection type").sometimes_fixed();

pub(crate) static WRONG_TYPE: Rule = Rule::error("wrong-type", "a value of the wrong JSON type").sometimes_fixed();

pub(crate) static UNKNOWN_VALUE: Rule =
    Rule::error("unknown-value", "a value that is not one of the allowed values").sometimes_fixed();

pub(crate) static MALFORMED_ID: Rule =
    Rule::error("malformed-id", "an id that is not 24 lowercase hexadecimal digits").sometimes_fixed();

pub(crate) static MALFORMED_NAME: Rule =
    Rule::warning("malformed-name", "a name with characters that Atlas does not accept");

pub(crate) static RESPONSE_ONLY_FIELD: Rule =
    Rule::warning("response-only-field", "a field that only API responses have").sometimes_fixed();

/// Reported by the linter for a document that is an error body.
pub(crate) static API_ERROR: Rule = Rule::info("api-error", "an error body of the Atlas API, explained");

pub(crate) static DEPRECATED_ATTRIBUTE: Rule =
    Rule::warning("deprecated-attribute", "a deprecated field").sometimes_fixed();

/// Reported by the linter, from the data of the dialect.
pub(crate) static NOT_A_CONNECTION: Rule =
    Rule::info("not-a-connection", "a wrapper around connections instead of one request body");

pub(crate) static UNDEFINED_CONNECTION: Rule =
    Rule::error("undefined-connection", "a pipeline that uses an undefined connection");

pub(crate) static WRONG_STAGE_FOR_CONNECTION: Rule =
    Rule::error("wrong-stage-for-connection", "a stage of a pipeline that cannot use a connection of this type");

pub(crate) static EMPTY_SECRET: Rule =
    Rule::error("empty-secret", "a password or key that is empty").on(&[Kind::Kafka, Kind::SchemaRegistry]);

pub(crate) static MALFORMED_SERVICE_PRINCIPAL: Rule =
    Rule::error("malformed-service-principal", "an Azure service principal that is not a UUID")
        .on(&[Kind::AzureBlobStorage]);

pub(crate) static MALFORMED_STORAGE_ACCOUNT: Rule =
    Rule::error("malformed-storage-account", "an invalid Azure storage account name").on(&[Kind::AzureBlobStorage]);

pub(crate) static MALFORMED_SERVICE_ACCOUNT: Rule =
    Rule::error("malformed-service-account", "an invalid email address of a Google Cloud service account")
        .on(&[Kind::GCPPubSub]);
