//! The bucket of an S3 connection.

use crate::atlas::fields::Field;
use crate::atlas::{Kind, formats};
use crate::connection::Connection;
use crate::diagnostic::{Findings, Rule};

pub(crate) static MALFORMED_BUCKET_NAME: Rule =
    Rule::warning("malformed-bucket-name", "an invalid S3 bucket name").on(&[Kind::S3]);

/// Prefixes and suffixes that S3 reserves. Source: evidence.md AWS-005; the S3 user guide on bucket names.
const PREFIXES: &[&str] = &["xn--", "sthree-"];
const SUFFIXES: &[&str] = &["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Field::AwsTestBucket);
    let Some((flaw, help)) = node.known_str().and_then(flaw) else { return };
    found
        .report(&MALFORMED_BUCKET_NAME, format!("`{}` {flaw}", node.spelling()))
        .at(node, "invalid bucket name")
        .help(help);
}

fn flaw(name: &str) -> Option<(&'static str, &'static str)> {
    const BARE: &str = "use only the bucket name";
    const SHAPE: &str = "use 3 to 63 lowercase letters, digits, `-` and `.`; start and end with a letter or digit";
    // A name in a different form may be something else.
    let is_other = !formats::is_bucket_name(name);
    Some(if name.is_empty() {
        ("is empty", "set the name of a bucket, or delete the field")
    } else if is_other && name.starts_with("arn:") {
        ("is an ARN, not a bucket name", BARE)
    } else if is_other && name.contains("://") {
        ("is a URL, not a bucket name", BARE)
    } else if is_other && name.contains('/') {
        ("is a path, not a bucket name", BARE)
    } else if is_other {
        ("is not a valid bucket name", SHAPE)
    } else if name.contains("..") {
        ("has two dots in a row, which S3 does not allow", SHAPE)
    } else if is_address(name) {
        ("looks like an IP address, which S3 does not allow", "use a name with letters")
    } else if PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
    {
        ("starts or ends with text that S3 reserves", "use the name of a general purpose bucket")
    } else {
        return None;
    })
}

/// Four numbers with dots, of any size.
fn is_address(name: &str) -> bool {
    name.split('.').count() == 4
        && name.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}
