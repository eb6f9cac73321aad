//! One document, from text to report, compared with other validators on the same documents in the same run. The ratios
//! matter, not the times.
//! `make bench` runs it. The other validators: `jsonschema` with validators built at run time, and ajv 8 in Node
//! (JSON.parse included), both with our published schemas.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a program for us, not for users")]
#![allow(clippy::cast_precision_loss, reason = "nanoseconds are shown, not counted with")]

mod workload;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use serde_json::Value;
use streamlint::{Applicability, Linter, Source};

const DOCUMENTS: usize = 10_000;
const ROUNDS: usize = 15;

/// Returns the median of nanoseconds per document.
fn measure(documents: usize, mut round: impl FnMut()) -> f64 {
    round();
    let mut times = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            round();
            start.elapsed().as_nanos() as f64 / documents as f64
        })
        .collect::<Vec<_>>();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn sources(texts: &[String]) -> Vec<Source> {
    texts.iter().map(|text| Source::new("connection.json", text.as_str())).collect()
}

fn main() {
    let valid = workload::valid(DOCUMENTS);
    let broken = workload::broken(DOCUMENTS);
    let bytes = valid.iter().map(String::len).sum::<usize>() / DOCUMENTS;
    let linter = Linter::default();

    let (valid_sources, broken_sources) = (sources(&valid), sources(&broken));
    for (sources, count) in [(&valid_sources, 0), (&broken_sources, 1)] {
        for source in sources {
            let report = linter.check(source);
            assert_eq!(report.diagnostics().len(), count, "{:?}\n{}", report.diagnostics(), source.text());
        }
    }

    let validators = run_time_validators();
    let validator = |value: &Value| &validators[value["type"].as_str().unwrap()];

    let parse =
        measure(DOCUMENTS, || valid.iter().for_each(|text| drop(black_box(serde_json::from_str::<Value>(text)))));
    let ours = measure(DOCUMENTS, || valid_sources.iter().for_each(|source| drop(black_box(linter.check(source)))));
    let run_time = measure(DOCUMENTS, || {
        for text in &valid {
            let value: Value = serde_json::from_str(text).unwrap();
            black_box(validator(&value).is_valid(&value));
        }
    });
    let ours_broken =
        measure(DOCUMENTS, || broken_sources.iter().for_each(|source| drop(black_box(linter.check(source)))));
    let run_time_broken = measure(DOCUMENTS, || {
        for text in &broken {
            let value: Value = serde_json::from_str(text).unwrap();
            black_box(validator(&value).iter_errors(&value).count());
        }
    });
    let fixed = measure(DOCUMENTS, || {
        for source in &broken_sources {
            black_box(linter.check(source).fixed(Applicability::Unsafe));
        }
    });
    let node = node(&valid, &broken);
    let of_node = |pointer: &str| node.as_ref().and_then(|node| node.pointer(pointer)).and_then(Value::as_f64);
    let row = |name: &str, ns: f64, ours: f64, budget: &str| {
        println!("  {name:<40}{ns:>6.0}{:>9.2}{budget:>10}", ours / ns);
    };
    let first_row = |name: &str, ns: f64| println!("  {name:<40}{ns:>6.0}");

    println!("{DOCUMENTS} documents of {bytes} bytes on average; medians of {ROUNDS} rounds, ns a document");
    println!("\nvalid text → verdict                          ns  ours÷it    budget");
    first_row("streamlint, every rule, spans kept", ours);
    row("serde_json::Value alone", parse, ours, "");
    row("jsonschema built at run time, is_valid", run_time, ours, "1.10");
    if let Some(first) = of_node("/first") {
        row("ajv 8, JSON.parse + first error", first, ours, "0.90");
    }
    println!("\none mistake → report                          ns  ours÷it    budget");
    first_row("streamlint, every rule, spans", ours_broken);
    first_row("streamlint, fixed and linted again", fixed);
    row("jsonschema built at run time, all", run_time_broken, ours_broken, "");
    if let Some(all) = of_node("/all") {
        row("ajv 8, JSON.parse + all errors", all, ours_broken, "1.50");
    } else {
        println!("  (no node with ajv: run `make bench`)");
    }
    let of_module = |figure: &str| of_node(&format!("/wasm/{figure}"));
    if let (Some(first), Some(all), Some(positions), Some(valid), Some(broken), Some(cold)) = (
        of_node("/first"),
        of_node("/all"),
        of_node("/positions"),
        of_module("valid"),
        of_module("broken"),
        of_module("cold"),
    ) {
        println!("\nthe npm package in Node                       ns  ours÷it    budget");
        first_row("streamlint, valid text", valid);
        row("ajv 8, JSON.parse + first error", first, valid, "2.00");
        row("ajv 8, json-source-map + first error", positions, valid, "0.40");
        first_row("streamlint, one mistake", broken);
        row("ajv 8, JSON.parse + all errors", all, broken, "5.50");
        println!("  cold start over an empty node: {cold:.1} ms");
    }
}

fn run_time_validators() -> BTreeMap<&'static str, jsonschema::Validator> {
    let validator = |kind: streamlint::Kind| {
        let schema: Value = serde_json::from_str(streamlint::schema(kind)).unwrap();
        (kind.name(), jsonschema::validator_for(&schema).unwrap())
    };
    streamlint::Kind::ALL.iter().copied().map(validator).collect()
}

/// Returns the results of benches/peers/node.mjs, if Node and the packages are installed.
fn node(valid: &[String], broken: &[String]) -> Option<Value> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, texts: &[String]| {
        let path = folder.path().join(name);
        std::fs::write(&path, serde_json::to_string(texts).unwrap()).unwrap();
        path
    };
    let peers = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers");
    let output = Command::new("node")
        .current_dir(peers)
        .arg("node.mjs")
        .args([file("valid.json", valid), file("broken.json", broken)])
        .output()
        .ok()?;
    if !output.status.success() {
        println!("{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    serde_json::from_slice(&output.stdout).ok()
}
