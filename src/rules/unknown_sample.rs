//! Names of Sample connections: the name selects the data.

use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::atlas::stages::SAMPLES;
use crate::connection::Connection;
use crate::diagnostic::rules::MALFORMED_NAME;
use crate::diagnostic::{Findings, Fix, Rule};
use crate::text::suggest;

pub(crate) static UNKNOWN_SAMPLE: Rule =
    Rule::warning("unknown-sample", "a Sample connection whose name is not a sample data source")
        .on(&[Kind::Sample])
        .sometimes_fixed();

/// The topic of each source, in the order of [`SAMPLES`].
const SUBJECTS: &[&str] = &["solar", "stock", "weather", "iot", "log", "commerce"];

/// Whether the name is a sample source, of Atlas or of the user's settings.
pub(crate) fn is_source(connection: &Connection, name: &str) -> bool {
    SAMPLES.contains(&name) || connection.conventions.known_samples.iter().any(|known| known == name)
}

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Field::Name);
    // Without a known type, the name may not be meant as a sample source.
    if connection.kind != Some(Kind::Sample) || found.has(&MALFORMED_NAME, Field::Name.pointer()) {
        return;
    }
    let Some(name) = node.known_str().filter(|name| !name.is_empty() && !is_source(connection, name)) else { return };
    let guess = nearest(name);
    let label = guess.map_or_else(|| "unknown sample".to_owned(), |guess| format!("did you mean `{guess}`?"));
    found
        .report(
            &UNKNOWN_SAMPLE,
            format!("`{}` is {}, which is not a sample data source", node.spelling(), node.quoted()),
        )
        .at(node, label)
        .help(format!("use one of {}", SAMPLES.join(", ")))
        .fix(guess.map(|guess| Fix::unsafe_(format!("Use {guess}"), node.replace_with(guess))));
}

fn nearest(name: &str) -> Option<&'static str> {
    suggest::nearest(name, SAMPLES.iter().copied()).or_else(|| {
        let words = name.to_ascii_lowercase();
        let mut words = words.split(['_', '-', '.']).map(|word| word.trim_start_matches("sample"));
        let at = words.find_map(|word| SUBJECTS.iter().position(|subject| *subject == word))?;
        Some(SAMPLES[at])
    })
}
