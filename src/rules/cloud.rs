//! Identities and names at Azure and Google Cloud, judged by the formats that the schemas have for them.

use super::{Check, FixAvailability, Rule};
use crate::diagnostic::Severity;
use crate::kind::{Kind, Kinds};

pub(crate) static MALFORMED_SERVICE_PRINCIPAL: Rule = Rule {
    name: "malformed-service-principal",
    summary: "an Azure service principal that is not a UUID",
    severity: Severity::Error,
    kinds: Kinds::of(&[Kind::AzureBlobStorage]),
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MALFORMED_STORAGE_ACCOUNT: Rule = Rule {
    name: "malformed-storage-account",
    summary: "a name that no Azure storage account can have",
    severity: Severity::Error,
    kinds: Kinds::of(&[Kind::AzureBlobStorage]),
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Schema,
};

pub(crate) static MALFORMED_SERVICE_ACCOUNT: Rule = Rule {
    name: "malformed-service-account",
    summary: "not the e-mail address of a Google Cloud service account",
    severity: Severity::Error,
    kinds: Kinds::of(&[Kind::GCPPubSub]),
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Schema,
};
