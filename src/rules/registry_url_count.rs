//! How many addresses a schema registry has: one to ten, each once.

use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::connection::{Connection, Item};
use crate::diagnostic::{Findings, Fix, Rule, Target};
use crate::document::value::Value;

/// The published schema says the same to editors, with `minItems`, `maxItems` and `uniqueItems`.
pub(crate) static REGISTRY_URL_COUNT: Rule =
    Rule::error("registry-url-count", "no schema registry URL, more than ten, or the same one twice")
        .on(&[Kind::SchemaRegistry])
        .sometimes_fixed();

/// The longest list the API takes. Source: evidence.md SRG-002.
const MOST: usize = 10;

/// One finding about the list, however much is wrong with it.
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
            .report(&REGISTRY_URL_COUNT, format!("`{field}` lists no URL"))
            .at(list, "empty")
            .help("list the registry's address: `[\"https://…\"]`");
        return;
    }
    let (message, help) = if items.len() > MOST {
        (
            format!("`{field}` lists {} URLs, and the API takes at most {MOST}", items.len()),
            "keep the URLs of one registry",
        )
    } else {
        (format!("`{field}` lists the same URL twice"), "list each address once")
    };
    let mut finding = found.report(&REGISTRY_URL_COUNT, message).pointer(list.pointer()).help(help);
    if let Some(item) = items.get(MOST) {
        finding = finding.mark(item.span(), "above the limit");
    }
    for (first, second) in &twice {
        finding = finding.mark(second.span(), "here again").mark(first.span(), "already listed");
    }
    // Taking out neighbours at once would fight over the comma between them; the next round takes out the next.
    finding.fix(twice.first().map(|(_, second)| Fix::safe("Delete the second", second.remove())));
}

/// The known URLs that the list repeats, each with its first position. Templates may repeat without being the same URL.
fn repeated<'i, 'c>(items: &'i [Item<'c>]) -> Vec<(&'i Item<'c>, &'i Item<'c>)> {
    let is_same = |first: &Item<'c>, second: &Item<'c>| {
        first.value.as_str() == second.value.as_str() && [first, second].iter().all(|it| it.known_str(false).is_some())
    };
    let first = |at: usize| items[..at].iter().find(|item| is_same(item, &items[at]));
    // The API's limit is far below; the bound keeps a list of thousands from being compared with itself.
    (1..items.len().min(100)).filter_map(|at| Some((first(at)?, &items[at]))).collect()
}
