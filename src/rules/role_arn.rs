//! ARNs of the roles that Atlas assumes. Exactly one of the three rules reports a value.

use std::ops::Range;

use crate::atlas::fields::Field;
use crate::atlas::{Kind, formats};
use crate::connection::{Connection, Node};
use crate::diagnostic::{Findings, Rule, Target};

/// Checks the values for all three rules.
pub(crate) static MALFORMED_ARN: Rule = Rule::error("malformed-arn", "an invalid ARN of an IAM role").on(&[
    Kind::Kafka,
    Kind::S3,
    Kind::AWSLambda,
    Kind::AWSKinesisDataStreams,
]);

/// Reported by the check of [`MALFORMED_ARN`].
pub(crate) static NOT_A_ROLE: Rule = Rule::warning("not-a-role", "an IAM ARN that is not a role").on(&[
    Kind::Kafka,
    Kind::S3,
    Kind::AWSLambda,
    Kind::AWSKinesisDataStreams,
]);

/// Reported by the check of [`MALFORMED_ARN`].
pub(crate) static UNSUPPORTED_PARTITION: Rule =
    Rule::warning("unsupported-partition", "a role in an AWS partition without stream processing").on(&[
        Kind::Kafka,
        Kind::S3,
        Kind::AWSLambda,
        Kind::AWSKinesisDataStreams,
    ]);

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    for field in [Field::AwsRoleArn, Field::AuthenticationAwsRoleArn] {
        let has = connection.has_field(field);
        let node = connection.get(field);
        if let Some(arn) = node.known_str().filter(|arn| has && !arn.is_empty()) {
            report(node, arn, found);
        }
    }
}

fn report(node: Node, arn: &str, found: &mut Findings) {
    match look(arn) {
        ArnShape::Role => {}
        ArnShape::Elsewhere(part) => {
            let message = format!("`{}` is a role in an AWS partition that Atlas does not support", node.spelling());
            found
                .report(&UNSUPPORTED_PARTITION, message)
                .pointer(node.pointer())
                .mark(node.span_within(&part), "unsupported partition")
                .help("use a role in the partition `aws`; stream processing does not run in GovCloud or China");
        }
        ArnShape::Other(part, what) => {
            let message = format!("`{}` is the ARN of {what}, not of a role", node.spelling());
            found
                .report(&NOT_A_ROLE, message)
                .pointer(node.pointer())
                .mark(node.span_within(&part), "expected `role/` and a name")
                .help("use the IAM role of your account from the project's cloud provider access");
        }
        ArnShape::Malformed(part, flaw) => {
            found
                .report(&MALFORMED_ARN, format!("`{}` is not the ARN of an IAM role: {flaw}", node.spelling()))
                .pointer(node.pointer())
                .mark(node.span_within(&part), "here")
                .help("write `arn:aws:iam::`, the 12 digits of the account, `:role/` and the role's name");
        }
    }
}

/// The form of an ARN; the ranges are of its bytes.
#[derive(Debug, PartialEq, Eq)]
enum ArnShape {
    /// A role in the commercial partition.
    Role,
    /// A role in this partition.
    Elsewhere(Range<usize>),
    /// Something in IAM, or a session, that is not a role.
    Other(Range<usize>, &'static str),
    Malformed(Range<usize>, String),
}

fn look(arn: &str) -> ArnShape {
    if arn.starts_with("arn:aws:") && formats::is_role_arn(arn) {
        return ArnShape::Role;
    }
    let whole = 0..arn.len();
    let flaw = |part: &Range<usize>, flaw: &str| ArnShape::Malformed(part.clone(), flaw.to_owned());
    if arn.trim() != arn {
        return flaw(&whole, "it has whitespace around it");
    }
    let mut parts = Vec::with_capacity(6);
    let mut start = 0;
    for part in arn.splitn(6, ':') {
        parts.push(start..start + part.len());
        start += part.len() + 1;
    }
    let [prefix, partition, service, region, account, resource] = parts.as_slice() else {
        return flaw(&whole, if arn.starts_with("arn:") { "parts of it are missing" } else { "it is not an ARN" });
    };
    let text = |part: &Range<usize>| &arn[part.clone()];
    let is_session = text(service) == "sts" && text(resource).starts_with("assumed-role/");
    let digits = text(account).bytes().filter(u8::is_ascii_digit).count();
    if text(prefix) != "arn" {
        flaw(prefix, "it does not start with `arn:`")
    } else if !matches!(text(partition), "aws" | "aws-us-gov" | "aws-cn") {
        flaw(partition, "it has no valid AWS partition")
    } else if text(service) != "iam" && !is_session {
        flaw(service, "its service is not IAM")
    } else if !text(region).is_empty() {
        flaw(region, "it has a region, and roles have none")
    } else if digits != text(account).len() || digits == 0 {
        flaw(account, "its account id is not numeric")
    } else if digits != 12 {
        let plural = if digits == 1 { "digit" } else { "digits" };
        ArnShape::Malformed(account.clone(), format!("its account id has {digits} {plural} instead of 12"))
    } else if formats::is_role_arn(arn) {
        ArnShape::Elsewhere(partition.clone())
    } else {
        match text(resource).split('/').next() {
            Some("role") if text(resource).starts_with("role/") && text(resource).len() > "role/".len() => {
                flaw(resource, "it has an invalid role path or name")
            }
            Some("role" | "") | None => flaw(resource, "it has no role name"),
            Some("root") => ArnShape::Other(resource.clone(), "an account"),
            Some("user") => ArnShape::Other(resource.clone(), "a user"),
            Some("group") => ArnShape::Other(resource.clone(), "a group"),
            Some("policy") => ArnShape::Other(resource.clone(), "a policy"),
            Some("instance-profile") => ArnShape::Other(resource.clone(), "an instance profile"),
            Some("assumed-role") => ArnShape::Other(resource.clone(), "a role's session"),
            Some(_) => ArnShape::Other(resource.clone(), "something other than a role"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ArnShape, look};

    #[test]
    fn each_value_has_one_classification() {
        let malformed = |arn| matches!(look(arn), ArnShape::Malformed(..));
        assert_eq!(look("arn:aws:iam::123456789012:role/a"), ArnShape::Role);
        assert_eq!(look("arn:aws:iam::123456789012:role/path/to/a"), ArnShape::Role);
        assert_eq!(look("arn:aws-cn:iam::123456789012:role/a"), ArnShape::Elsewhere(4..10));
        assert!(matches!(look("arn:aws:iam::123456789012:root"), ArnShape::Other(..)));
        assert!(matches!(look("arn:aws-cn:iam::123456789012:user/a"), ArnShape::Other(..)));
        assert!(matches!(look("arn:aws:sts::123456789012:assumed-role/a/b"), ArnShape::Other(..)));
        assert!(matches!(look("arn:aws:iam::123456789012:role:a"), ArnShape::Other(..)));
        for arn in [
            "rn:aws:iam::123456789012:role/a",
            "arn:aws:iam::123456789:role/a",
            "arn:aws:iam::123456789:root",
            "arn:aws:iam::12345678901x:role/a",
            "arn:aws:iam:us-east-1:123456789012:role/a",
            "arn:aws:s3:::bucket",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::123456789012:role",
            "arn:aws:iam::123456789012:role/a b",
            "arn:aws:iam::123456789012:",
            "arn:aws:iam::123456789012",
            "arn:nowhere:iam::123456789012:role/a",
            " arn:aws:iam::123456789012:role/a",
            "role",
        ] {
            assert!(malformed(arn), "{arn}: {:?}", look(arn));
        }
    }
}
