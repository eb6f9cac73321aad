//! Names of connections: duplicates, and problems in import ids.

use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::atlas::secret::{is_hostile, quoted_name, quoted_pattern};
use crate::connection::Connection;
use crate::diagnostic::rules::MALFORMED_NAME;
use crate::diagnostic::{Finding, Findings, Rule};
use crate::rules::file::{File, Named, Workspace};
use crate::rules::unknown_sample;
use crate::text::order::sort_by;

pub(crate) static DUPLICATE_NAME: Rule =
    Rule::error("duplicate-name", "two connections of one workspace with the same name");

pub(crate) static AMBIGUOUS_IMPORT_ID: Rule =
    Rule::warning("ambiguous-import-id", "a name that Terraform mistakes for a project id on import");

pub(super) fn duplicate(file: &File, found: &mut Findings) {
    // An empty name counts as missing.
    let mut all = file.connections.iter().filter(|named| !named.name.is_empty()).collect::<Vec<_>>();
    sort_by(&mut all, |a, b| identity(a).cmp(&identity(b)));
    for same in all.chunk_by(|a, b| identity(a) == identity(b)) {
        let first = same[0];
        let others = file.others.filter(|_| first.condition.is_none());
        match others.and_then(|others| others.position(first.workspace, first.name)) {
            Some((file, line)) => same.iter().for_each(|named| {
                taken(named, &format!(", at {}:{line}", shown(&file)), found);
            }),
            None => same[1..].iter().for_each(|named| {
                taken(named, "", found).mark(first.span, "first used here");
            }),
        }
    }
}

/// The parts that duplicates share. Under different conditions, one may replace the other.
fn identity<'r>(named: &Named<'r>) -> (Workspace<'r>, &'r str, Option<&'r str>) {
    (named.workspace, named.name, named.condition)
}

/// Reports a duplicate name.
fn taken<'f>(named: &Named, place: &str, found: &'f mut Findings) -> Finding<'f> {
    let message = match quoted_name(named.name) {
        Some(name) => format!("this workspace already has a connection {name}{place}"),
        None => format!("another connection of this workspace has the same name{place}"),
    };
    found
        .report(&DUPLICATE_NAME, message)
        .of(named.connection)
        .pointer(Field::Name.pointer())
        .mark(named.span, "duplicate name")
        .help("rename one of them; names are unique in a workspace")
}

fn shown(path: &str) -> String {
    path.chars().map(|c| if is_hostile(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

pub(super) fn ambiguous(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Field::Name);
    let Some(at) = node.known_str().and_then(id_inside) else { return };
    let message = format!("`{}` contains 24 hexadecimal digits between hyphens, like a project id", node.spelling());
    found
        .report(&AMBIGUOUS_IMPORT_ID, message)
        .pointer(Field::Name.pointer())
        .mark(node.span_within(&(at..at + ID)), "looks like a project id")
        .help("use another name if you may import the connection into Terraform");
}

/// Reports a name that Atlas accepts but the user's own pattern rejects.
pub(super) fn forbidden(connection: &Connection, found: &mut Findings) {
    let Some(pattern) = &connection.conventions.connection_names else { return };
    let node = connection.get(Field::Name);
    let is_sound =
        |name: &&str| node.entry().is_some_and(|entry| connection.document.is_sound(entry)) && !name.is_empty();
    let Some(name) = node.known_str().filter(is_sound) else { return };
    // The name of a sample source cannot be changed.
    let is_given = connection.kind == Some(Kind::Sample) && unknown_sample::is_source(connection, name);
    if is_given || pattern.matches(name) || found.has(&MALFORMED_NAME, Field::Name.pointer()) {
        return;
    }
    let message = format!("the settings do not allow {} for `{}`", node.quoted(), node.spelling());
    found
        .report(&MALFORMED_NAME, message)
        .at(node, "does not match the pattern")
        .help(format!("use a name that matches {}", quoted_pattern(pattern.as_str())));
}

/// The length of an id.
const ID: usize = 24;

/// The offset of the first digit of `-24 hexadecimal digits-`.
fn id_inside(name: &str) -> Option<usize> {
    let bytes = name.as_bytes();
    bytes
        .windows(ID + 2)
        .position(|w| w[0] == b'-' && w[ID + 1] == b'-' && w[1..=ID].iter().all(u8::is_ascii_hexdigit))
        .map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::linter::Linter;
    use crate::text::Source;

    const SAMPLE: &str = "{\n  \"type\": \"Sample\",\n  \"name\": \"sample_stream_solar\"\n}";

    fn messages(tenant_name: Option<&str>) -> Vec<Vec<String>> {
        let config = Config::builder().tenant_name(tenant_name.map(str::to_owned)).build();
        let linter = Linter::new(config.unwrap());
        let sources = ["a.json", "b.json"].map(|name| Source::new(name, SAMPLE));
        let reports = linter.check_all(&sources);
        reports.iter().map(|report| report.diagnostics().iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn files_of_one_workspace_are_compared() {
        let taken = "this workspace already has a connection `sample_stream_solar`, at a.json:3";
        assert_eq!(messages(Some("analytics")), [vec![], vec![taken.to_owned()]]);
        assert_eq!(messages(None), [vec![] as Vec<String>, vec![]]);
    }
}
