//! The number of URLs of a schema registry: one to ten, without duplicates.

use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::connection::{Connection, Item};
use crate::diagnostic::{Findings, Fix, Rule, Target};
use crate::document::value::Value;

/// The published schema has the same limits for editors: `minItems`, `maxItems` and `uniqueItems`.
pub(crate) static REGISTRY_URL_COUNT: Rule =
    Rule::error("registry-url-count", "no schema registry URL, a duplicate, or more than ten")
        .on(&[Kind::SchemaRegistry])
        .sometimes_fixed();

/// The maximum length of the list. Source: evidence.md SRG-002.
const MOST: usize = 10;

/// Reports one finding about the list.
pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let list = connection.get(Field::SchemaRegistryUrls);
    if !list.value().is_some_and(Value::is_array) || list.is_unknown() {
        return;
    }
    let items = list.items().collect::<Vec<_>>();
    let twice = repeated(&items);
    if (1..=MOST).contains(&items.len()) && twice.is_empty() {
        return;
    }
    let field = list.spelling();
    if items.is_empty() {
        found
            .report(&REGISTRY_URL_COUNT, format!("`{field}` has no URL"))
            .at(list, "empty")
            .help("add the URL of the registry: `[\"https://…\"]`");
        return;
    }
    let (message, help) = if items.len() > MOST {
        (
            format!("`{field}` has {} URLs, but at most {MOST} are allowed", items.len()),
            "keep only the URLs of one registry",
        )
    } else {
        (format!("`{field}` lists a URL twice"), "list each URL once")
    };
    let mut finding = found.report(&REGISTRY_URL_COUNT, message).pointer(list.pointer()).help(help);
    if let Some(item) = items.get(MOST) {
        finding = finding.mark(item.span(), "above the limit");
    }
    for (first, second) in &twice {
        finding = finding.mark(second.span(), "listed again").mark(first.span(), "first listed here");
    }
    // Edits that remove adjacent URLs at once would overlap in the comma between them, so the next round removes the
    // next one.
    finding.fix(twice.first().map(|(_, second)| Fix::safe("Delete the duplicate", second.remove())));
}

/// The duplicate URLs of the list, each with its first position. Templates may be equal without being the same URL.
fn repeated<'i, 'c>(items: &'i [Item<'c>]) -> Vec<(&'i Item<'c>, &'i Item<'c>)> {
    let is_same = |first: &Item<'c>, second: &Item<'c>| {
        first.value.as_str() == second.value.as_str() && [first, second].iter().all(|it| it.known_str(false).is_some())
    };
    let first = |at: usize| items[..at].iter().find(|item| is_same(item, &items[at]));
    // The API's limit is far below; this limit avoids comparing a list of thousands with itself.
    (1..items.len().min(100)).filter_map(|at| Some((first(at)?, &items[at]))).collect()
}
