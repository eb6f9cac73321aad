//! Diagnostics, code actions, hovers, completions and symbols.

use serde_json::{Value, json};

use super::{FULL, Session, URI, published};

const DOCUMENT: &str = r#"{
  "name": "orders",
  "type": "Kafka",
  "bootstrapServers": "SASL_SSL://broker.example.com:9092",
  "authentication": { "mechanism": "SCRAM-SHA-256", "username": "u", "password": "zq1w1" },
  "security": { "protocol": "sasl_ssl" }
}
"#;

/// The actions for a range on one line.
#[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
fn actions(session: &mut Session, line: u32, from: u32, to: u32, context: Value) -> Vec<Value> {
    let place = |character| json!({ "line": line, "character": character });
    let params = json!({
        "textDocument": { "uri": URI }, "range": { "start": place(from), "end": place(to) }, "context": context
    });
    let response = session.ask("textDocument/codeAction", params);
    response["result"].as_array().unwrap_or_else(|| panic!("{response}")).clone()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

#[test]
fn a_diagnostic_has_a_rule_a_range_help_and_related_locations() {
    let mut session = Session::full();
    let received = session.open(URI, "json", &DOCUMENT.replace("\"orders\"", "\"orders 😀\", \"name\": \"x\""));
    let all = received[0]["params"]["diagnostics"].as_array().unwrap();
    let twice = all.iter().find(|one| one["code"] == "duplicate-key").unwrap();
    assert_eq!(
        twice["range"],
        json!({ "start": { "line": 1, "character": 23 }, "end": { "line": 1, "character": 29 } })
    );
    assert_eq!(twice["severity"], 1);
    assert_eq!(twice["source"], "streamlint");
    assert_eq!(twice["codeDescription"]["href"], crate::rule("duplicate-key").unwrap().url());
    assert_eq!(twice["message"], "duplicate field `name`\ndelete one of them");
    assert_eq!(twice["data"], json!({ "rule": "duplicate-key", "connection": 0, "pointer": "/name" }));
    assert_eq!(
        twice["relatedInformation"],
        json!([{
            "location": { "uri": URI, "range": { "start": { "line": 1, "character": 2 }, "end": { "line": 1, "character": 8 } } },
            "message": "this one is ignored"
        }])
    );
    // Without related information, the message lists the other locations.
    let mut session = Session::with(&json!({ "capabilities": {} }));
    let received = session.open(URI, "json", r#"{ "name": "a", "type": "Sample", "name": "sample_stream_solar" }"#);
    let all = received[0]["params"]["diagnostics"].as_array().unwrap();
    assert_eq!(all[0]["message"], "duplicate field `name`\ndelete one of them\nline 1: this one is ignored");
    assert_eq!(all[0].get("relatedInformation"), None);
}

#[test]
fn unused_and_deprecated_text_is_tagged() {
    let mut session = Session::full();
    let text = DOCUMENT.replace("\"name\"", "\"//\": \"streamlint-ignore[duplicate-key]: x\", \"name\"");
    let received = session.open(URI, "json", &text);
    let all = received[0]["params"]["diagnostics"].as_array().unwrap();
    assert_eq!(all.iter().find(|one| one["code"] == "unused-ignore").unwrap()["tags"], json!([1]));
    assert!(all.iter().filter(|one| one["code"] != "unused-ignore").all(|one| one.get("tags").is_none()));
    for (rule, language, tag) in
        [("unused-credentials", "json", 1), ("unused-network-field", "json", 1), ("deprecated-attribute", "yaml", 2)]
    {
        let page = crate::rule(rule).unwrap().page();
        let example = page.split(&format!("```{language} bad\n")).nth(1).unwrap().split("```").next().unwrap();
        let received = session.open(&format!("untitled:{rule}"), language, example);
        let found = &received[0]["params"]["diagnostics"][0];
        assert_eq!((&found["code"], &found["tags"]), (&json!(rule), &json!([tag])));
    }
}

#[test]
fn the_number_of_diagnostics_is_limited() {
    let text = format!("[{}]", vec![r#"{ "name": "a", "type": "Https" }"#; 1100].join(","));
    assert_eq!(published(&Session::full().open(URI, "json", &text)).len(), 1000);
}

#[test]
fn a_finding_can_be_fixed_ignored_and_explained() {
    let mut session = Session::full();
    session.open(URI, "json", DOCUMENT);
    let found = actions(&mut session, 5, 30, 30, json!({ "diagnostics": [] }));
    assert_eq!(
        titles(&found),
        [
            "Use SASL_SSL",
            "Ignore `unknown-value` here",
            "Explain `unknown-value`",
            "Apply all safe fixes of streamlint"
        ]
    );
    assert_eq!(found[0]["kind"], "quickfix");
    assert_eq!(found[0]["isPreferred"], true);
    assert_eq!(found[0]["diagnostics"][0]["code"], "unknown-value");
    let edits = &found[0]["edit"]["documentChanges"][0];
    assert_eq!(edits["textDocument"], json!({ "uri": URI, "version": 1 }));
    assert_eq!(
        edits["edits"],
        json!([{
            "range": { "start": { "line": 5, "character": 28 }, "end": { "line": 5, "character": 38 } }, "newText": "\"SASL_SSL\""
        }])
    );
    for end in [28, 38] {
        assert_eq!(actions(&mut session, 5, end, end, json!({ "diagnostics": [] })), found, "{end}");
    }
    let ignore = &found[1]["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!(ignore["newText"], "\"//\": \"streamlint-ignore[unknown-value]: \", ");
    assert_eq!(ignore["range"]["start"], json!({ "line": 5, "character": 16 }));
    assert_eq!(
        found[2]["command"],
        json!({
            "title": "Explain `unknown-value`", "command": "streamlint.explain", "arguments": ["unknown-value"]
        })
    );
}

#[test]
fn unsafe_fixes_are_called_guesses_and_not_preferred() {
    let mut session = Session::full();
    session.open(URI, "json", &DOCUMENT.replace("security", "securty"));
    let found = actions(&mut session, 5, 4, 4, json!({ "diagnostics": [], "only": ["quickfix"] }));
    assert_eq!(found[0]["title"], "Rename it to `security` (a guess)");
    assert_eq!(found[0].get("isPreferred"), None);
    // Editors do not apply them when they save.
    let found = actions(&mut session, 5, 4, 4, json!({ "diagnostics": [], "only": ["source.fixAll"] }));
    let edits = found[0]["edit"]["documentChanges"][0]["edits"].as_array().unwrap();
    assert!(!edits.is_empty() && edits.iter().all(|edit| edit["range"]["start"]["line"] != 5), "{edits:?}");
}

#[test]
fn fixes_of_errors_come_first_and_each_rule_is_explained_once() {
    let mut session = Session::full();
    let text = r#"{ "name": "hook", "type": "Https", "url": "http://a.example.com", "heders": {}, "urls": 1 }"#;
    let received = session.open(URI, "json", text);
    let found = actions(&mut session, 0, 0, 99, json!({ "diagnostics": [] }));
    assert_eq!(
        titles(&found),
        [
            "Rename it to `headers` (a guess)",
            "Use https (a guess)",
            "Ignore `unknown-field` here: unknown field `heders`",
            "Ignore `unknown-field` here: unknown field `urls`",
            "Ignore `insecure-url` here",
            "Explain `unknown-field`",
            "Explain `insecure-url`"
        ]
    );
    // Of two findings of a rule, the client names one.
    let named = &received[0]["params"]["diagnostics"][2];
    let found = actions(&mut session, 0, 0, 0, json!({ "diagnostics": [named] }));
    assert_eq!(titles(&found), ["Ignore `unknown-field` here", "Explain `unknown-field`"]);
}

#[test]
fn all_safe_fixes_are_one_action_and_move_no_secret() {
    let mut session = Session::full();
    let text = DOCUMENT.replace(['\n', ' '], "");
    session.open(URI, "json", &text);
    for only in ["source", "source.fixAll", "source.fixAll.streamlint", ""] {
        let found = actions(&mut session, 0, 0, 0, json!({ "diagnostics": [], "only": [only] }));
        let all = found.iter().find(|action| action["kind"] == "source.fixAll.streamlint").unwrap();
        let edits = all["edit"]["documentChanges"][0]["edits"].as_array().unwrap();
        let written = edits.iter().map(|edit| edit["newText"].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(written, ["", "\"SCRAM-256\"", "\"SASL_SSL\""]);
    }
    for only in ["refactor", "source.organizeImports", "source.fixAll.other", "source.fix", "quick"] {
        assert_eq!(
            actions(&mut session, 0, 0, 0, json!({ "diagnostics": [], "only": [only] })),
            [] as [Value; 0],
            "{only}"
        );
    }
}

#[test]
fn a_diagnostic_that_the_client_names_is_found_by_its_data() {
    let mut session = Session::full();
    let received = session.open(URI, "json", DOCUMENT);
    let named = received[0]["params"]["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["code"] == "bootstrap-scheme")
        .unwrap()
        .clone();
    let context = json!({ "only": ["quickfix"], "diagnostics": [named, { "message": 5, "code": {}, "data": "of another server" }] });
    let found = actions(&mut session, 0, 0, 0, context);
    assert!(titles(&found).contains(&"Explain `bootstrap-scheme`"), "{found:?}");
}

#[test]
fn edits_fit_the_capabilities_of_the_client() {
    let mut parameters: Value = serde_json::from_str(FULL).unwrap();
    parameters["capabilities"]["workspace"]["workspaceEdit"]["snippetEditSupport"] = json!(true);
    let mut session = Session::with(&parameters);
    session.open(URI, "json", DOCUMENT);
    let found = actions(&mut session, 5, 30, 30, json!({ "diagnostics": [] }));
    assert_eq!(
        found[1]["edit"]["documentChanges"][0]["edits"][0]["snippet"]["value"],
        "\"//\": \"streamlint-ignore[unknown-value]: ${1:why}\", "
    );
    parameters["capabilities"]["workspace"]["workspaceEdit"] = json!({});
    let mut session = Session::with(&parameters);
    session.open(URI, "json", DOCUMENT);
    let found = actions(&mut session, 5, 30, 30, json!({ "diagnostics": [] }));
    assert_eq!(found[0]["edit"]["changes"][URI][0]["newText"], "\"SASL_SSL\"");
    // A client without code actions gets the command, which edits nothing.
    let mut session = Session::with(&json!({ "capabilities": {} }));
    session.open(URI, "json", DOCUMENT);
    assert_eq!(
        actions(&mut session, 5, 30, 30, json!({ "diagnostics": [] })),
        [
            json!({ "title": "Explain `unknown-value`", "command": "streamlint.explain", "arguments": ["unknown-value"] })
        ]
    );
}

#[test]
fn explaining_opens_the_page_or_shows_a_message() {
    let mut session = Session::full();
    let explain = |argument: Value| json!({ "command": "streamlint.explain", "arguments": [argument] });
    let request = session.request("workspace/executeCommand", explain(json!("insecure-url")));
    let received = session.send(&[request]);
    assert_eq!(received[0]["method"], "window/showDocument");
    let url = crate::rule("insecure-url").unwrap().url();
    assert_eq!(received[0]["params"], json!({ "uri": url, "external": true }));
    assert!(received[1]["result"].as_str().unwrap().starts_with("# insecure-url\n"));
    let mut session = Session::with(&json!({ "capabilities": {} }));
    let request = session.request("workspace/executeCommand", explain(json!("insecure-url")));
    let received = session.send(&[request]);
    assert_eq!(received[0]["method"], "window/showMessage");
    assert!(received[0]["params"]["message"].as_str().unwrap().contains(&url));
    for wrong in [
        explain(json!("no-such-rule")),
        explain(json!(5)),
        json!({ "command": "rm", "arguments": ["insecure-url"] }),
        json!({ "command": "streamlint.explain" }),
    ] {
        assert_eq!(session.ask("workspace/executeCommand", wrong)["error"], -32602);
    }
}

fn hover(text: &str) -> Value {
    let mut session = Session::full();
    let there = session.open_at_cursor(URI, text);
    session.ask("textDocument/hover", there)["result"].clone()
}

#[test]
fn hovering_over_a_field_shows_its_description() {
    let key = hover(&DOCUMENT.replace("mechanism", "mech|anism"));
    let content = key["contents"]["value"].as_str().unwrap();
    assert!(
        content.starts_with("**SASL mechanism**\n\n")
            && content.contains("\n- `PLAIN`: ")
            && content.contains("\n- `SCRAM-256`: "),
        "{content}"
    );
    assert_eq!(key["contents"]["kind"], "markdown");
    let mut session = Session::with(&json!({ "capabilities": {} }));
    let there = session.open_at_cursor(URI, &DOCUMENT.replace("mechanism", "mech|anism"));
    assert_eq!(session.ask("textDocument/hover", there)["result"]["contents"]["kind"], "plaintext");
    assert_eq!(key["range"], json!({ "start": { "line": 4, "character": 22 }, "end": { "line": 4, "character": 33 } }));
    let value = hover(&DOCUMENT.replace("\"Kafka\"", "\"Ka|fka\""));
    let content = value["contents"]["value"].as_str().unwrap();
    assert!(content.contains("- `Kafka`: Kafka connection") && !content.contains("Cluster"), "{content}");
}

#[test]
fn hovering_over_a_finding_shows_it_with_a_link_to_its_rule() {
    let content = hover(&DOCUMENT.replace("sasl_ssl", "sasl|_ssl"));
    let content = content["contents"]["value"].as_str().unwrap();
    let finding = "\n\n---\n\n**error**: `sasl\\_ssl` is not a valid `security.protocol`";
    let finding = finding.replace('\\', "");
    let link = format!("\n\n[unknown-value]({})", crate::rule("unknown-value").unwrap().url());
    assert!(content.starts_with("**Protocol**") && content.contains(&finding) && content.ends_with(&link), "{content}");
    let end = hover(&DOCUMENT.replace("\"sasl_ssl\"", "\"sasl_ssl\"|"));
    assert_eq!(end["contents"]["value"].as_str(), Some(content));
    // An unknown field has no description.
    let content = hover(&DOCUMENT.replace("\"security\"", "\"sec|urty\""));
    assert!(content["contents"]["value"].as_str().unwrap().starts_with("**error**: "), "{content}");
    assert_eq!(
        content["range"],
        json!({ "start": { "line": 5, "character": 2 }, "end": { "line": 5, "character": 11 } })
    );
    // It is short, but contains every finding.
    let content = hover(r#"|{ "name": "a", "type": "Kafka", "bootstrapServers": "b.example.com:9092" }"#);
    let content = content["contents"]["value"].as_str().unwrap();
    assert!(content.contains("`authentication.mechanism`") && content.contains("`security.protocol`"), "{content}");
    assert!(content.len() < 600, "{content}");
}

#[test]
fn clients_without_markdown_get_plain_text() {
    let mut session = Session::with(&json!({ "capabilities": {} }));
    let there = session.open_at_cursor(URI, &DOCUMENT.replace("sasl_ssl", "sasl|_ssl"));
    let content = session.ask("textDocument/hover", there)["result"]["contents"].clone();
    assert_eq!(content["kind"], "plaintext");
    let content = content["value"].as_str().unwrap();
    assert!(
        content.starts_with("Protocol\n\n")
            && content.ends_with(&format!("\n\nunknown-value: {}", crate::rule("unknown-value").unwrap().url())),
        "{content}"
    );
    assert!(content.contains("\n- SASL_SSL: "), "{content}");
    assert!(!content.contains("**") && !content.contains('`') && !content.contains("# "), "{content}");
}

#[test]
fn there_are_no_hovers_outside_of_definitions() {
    assert_eq!(hover(r#"{ "na|me": "x", "type": "module" }"#), Value::Null);
    assert_eq!(hover(&DOCUMENT.replacen('{', "{ |", 1)), Value::Null);
    assert!(!hover(&DOCUMENT.replace("zq1w1", "zq1|w1")).to_string().contains("zq1w1"));
}

#[test]
fn a_draft_of_a_definition_has_hovers_for_its_current_text() {
    let mut session = Session::full();
    let there = session.open_at_cursor(URI, r#"{ "type": "Ka|fka" }"#);
    let content = |session: &mut Session| session.ask("textDocument/hover", there.clone())["result"].to_string();
    assert!(content(&mut session).contains("- `Kafka`: "));
    let document = json!({ "uri": URI, "version": 2 });
    let changes = json!([{ "text": r#"{ "type": "Https" }"# }]);
    session.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    assert!(content(&mut session).contains("- `Https`: "));
}

/// The labels and inserted texts of the completions at the cursor.
fn completions(text: &str) -> Vec<(String, String)> {
    let mut session = Session::full();
    let there = session.open_at_cursor(URI, text);
    let result = session.ask("textDocument/completion", there)["result"].clone();
    let items = result["items"].as_array().cloned().unwrap_or_default();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let mut items = items
        .iter()
        .map(|item| (word(&item["sortText"]), word(&item["label"]), word(&item["textEdit"]["newText"])))
        .collect::<Vec<_>>();
    items.sort();
    items.into_iter().map(|(_, label, text)| (label, text)).collect()
}

#[test]
fn the_type_is_completed_in_an_unrecognized_document() {
    for text in [
        r#"{ "name": "k", "type": "|" }"#,
        r#"{ "type": | }"#,
        r#"{ "type": "|", "url": "https://example.com" }"#,
        r#"{ "name": "k", "type": "K|" }"#,
    ] {
        let labels = labels(text);
        assert!(labels.len() == 10 && labels.contains(&"Kafka".to_owned()), "{text}: {labels:?}");
    }
    // An object with other fields is not a connection.
    assert_eq!(labels(r#"{ "name": "a", "version": "1.0.0", "type": "|" }"#), [] as [&str; 0]);
    assert_eq!(labels(r#"{ "compilerOptions": { "type": "|" } }"#), [] as [&str; 0]);
}

fn labels(text: &str) -> Vec<String> {
    completions(text).into_iter().map(|(label, _)| label).collect()
}

#[test]
fn missing_fields_are_completed_the_required_first() {
    let text = "{\n  \"name\": \"a\",\n  \"type\": \"Kafka\",\n  |\n}";
    assert_eq!(labels(text), ["bootstrapServers", "authentication", "security", "config", "networking"]);
    assert_eq!(completions(text)[0].1, "\"bootstrapServers\": \"$1\"");
    assert_eq!(completions(text)[1].1, "\"authentication\": { $1 }");
    // Half a key, with and without quotes; a missing brace; a field that follows.
    for half in ["\"auth|\"", "\"auth|", "auth|", "|"] {
        assert_eq!(labels(&text.replace('|', half)).len(), 5, "{half}");
        assert_eq!(labels(&text.replace('|', half).replace("\n}", "")).len(), 5, "{half}");
        let next = text.replace('|', &format!("{half}\n  \"config\": {{}}"));
        assert_eq!(labels(&next).len(), 4, "{next}");
        assert_eq!(completions(&next)[0].1, "\"bootstrapServers\": \"$1\",", "{next}");
    }
    // A key with a colon keeps it, and the current key is among the completions.
    let key = completions(&text.replace('|', "\"con|fig\": {}"));
    assert!(key.contains(&("config".to_owned(), "\"config\"".to_owned())), "{key:?}");
}

#[test]
fn blocks_and_settings_are_completed_inside() {
    let inside = |block: &str| labels(&format!(r#"{{ "name": "a", "type": "Kafka", {block} }}"#));
    assert_eq!(inside(r#""security": { | }"#), ["protocol", "brokerPublicCertificate"]);
    assert_eq!(inside(r#""networking": { "access": { "type": "VPC", "|" } }"#), ["connectionId", "name", "tgwRouteId"]);
    let settings = inside(r#""config": { "acks": "all", "auto|" }"#);
    assert!(settings.contains(&"auto.offset.reset".to_owned()) && !settings.contains(&"acks".to_owned()));
    assert_eq!(inside(r#""schemaRegistryUrls": [ "|" ]"#), [""; 0]);
    assert_eq!(inside(r#""bootstrapServers": "|""#), [""; 0]);
}

#[test]
fn allowed_values_are_completed() {
    let value = |value: &str| {
        completions(&format!(r#"{{ "name": "a", "type": "Kafka", "security": {{ "protocol":{value} }} }}"#))
    };
    let words = ["SASL_SSL", "SSL", "SASL_PLAINTEXT"];
    for half in [" \"|\"", " \"SASL|\"", " \"SASL|", " SAS|L", " |", "|"] {
        let offered = value(half);
        assert_eq!(offered.iter().map(|(label, _)| label).collect::<Vec<_>>(), words, "{half}");
        assert_eq!(offered[0].1.trim(), "\"SASL_SSL\"", "{half}");
    }
    assert_eq!(value("|")[0].1, " \"SASL_SSL\"");
    let types = labels(r#"{ "type": "K|afka", "bootstrapServers": "a.example.com:9092" }"#);
    assert_eq!(types.len(), 10);
    let mechanisms = completions(r#"{ "type": "Kafka", "authentication": { "mechanism": | } }"#);
    assert_eq!(mechanisms.last().unwrap(), &("\"\"".to_owned(), "\"\"".to_owned()));
}

/// The first completion.
fn first_offered(text: &str) -> Value {
    let mut session = Session::full();
    let there = session.open_at_cursor(URI, text);
    session.ask("textDocument/completion", there)["result"]["items"][0].clone()
}

#[test]
fn a_completion_replaces_the_written_text_and_has_a_description() {
    let key = first_offered("{ \"type\": \"Kafka\", \"name\": \"a\",\n  \"é|boot\": \"\" }");
    assert_eq!(
        key["textEdit"],
        json!({
            "range": { "start": { "line": 1, "character": 2 }, "end": { "line": 1, "character": 9 } },
            "newText": "\"bootstrapServers\""
        })
    );
    assert_eq!((&key["filterText"], &key["detail"]), (&json!("\"bootstrapServers\""), &json!("required")));
    assert!(key["documentation"]["value"].as_str().unwrap().starts_with("**Bootstrap servers**\n\n"), "{key}");
    let word = first_offered("{ \"type\": \"SchemaRegistry\", \"provider\": \"CO|\" }");
    assert_eq!(
        word["textEdit"]["range"],
        json!({ "start": { "line": 0, "character": 40 }, "end": { "line": 0, "character": 44 } })
    );
    assert_eq!(word["filterText"], "\"CONFLUENT\"");
    assert!(word["documentation"]["value"].as_str().unwrap().starts_with("Confluent's schema registry"), "{word}");
    assert_eq!(first_offered("{ \"type\": \"Kafka\", | }").get("filterText"), None);
}

#[test]
fn a_key_is_inserted_with_the_start_of_its_value() {
    assert_eq!(
        completions(r#"{ "name": "a", "type": "SchemaRegistry", | }"#)
            .into_iter()
            .map(|(_, text)| text)
            .collect::<Vec<_>>(),
        ["\"provider\": \"CONFLUENT\"", "\"schemaRegistryUrls\": [\"$1\"]", "\"schemaRegistryAuthentication\": { $1 }"]
    );
}

#[test]
fn a_completion_adds_a_missing_comma() {
    let mut session = Session::full();
    let there = session.open_at_cursor(URI, "{\n  \"type\": \"Kafka\"\n  |\n}");
    let result = session.ask("textDocument/completion", there)["result"].clone();
    assert_eq!(
        result["items"][0]["additionalTextEdits"],
        json!([{
            "range": { "start": { "line": 1, "character": 17 }, "end": { "line": 1, "character": 17 } }, "newText": ","
        }])
    );
    assert_eq!(result["items"][0]["insertTextFormat"], 2);
    assert!(result["items"][0]["documentation"]["value"].as_str().unwrap().starts_with("**Name**"));
    // A client without snippets gets none.
    let mut session = Session::with(&json!({ "capabilities": {} }));
    let there = session.open_at_cursor(URI, "{ \"type\": \"Kafka\", | }");
    let items = session.ask("textDocument/completion", there)["result"]["items"].clone();
    let inserted =
        items.as_array().unwrap().iter().map(|item| item["textEdit"]["newText"].as_str().unwrap()).collect::<Vec<_>>();
    assert!(inserted.contains(&"\"name\": \"\"") && inserted.contains(&"\"config\": {}"), "{inserted:?}");
    assert!(items[0].get("insertTextFormat").is_none());
}

#[test]
fn other_documents_have_no_completions() {
    assert_eq!(labels(r#"{ "name": "x", "ty|": "module" }"#), [""; 0]);
    assert_eq!(labels(r#"{ "name": "x", "type": "|module" }"#), [""; 0]);
    // A text with only a type may become a definition.
    assert!(labels(r#"{ "type": "Https", | }"#).contains(&"url".to_owned()));
}

#[test]
fn the_symbols_are_the_connections() {
    let text = r#"[ { "name": "a😀", "type": "Sample" },
  { "type": "Https", "url": "https://a.example.com" }, { "name": " ", "clusterName": "c" } ]"#;
    let mut session = Session::full();
    session.open(URI, "json", text);
    let symbols =
        session.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }))["result"].clone();
    let summaries = symbols.as_array().unwrap().iter().map(|symbol| {
        let at = |range: &str| format!("{}:{}", symbol[range]["start"]["line"], symbol[range]["start"]["character"]);
        format!("{} {} {} {}", symbol["name"], symbol["detail"], at("range"), at("selectionRange"))
    });
    assert_eq!(
        summaries.collect::<Vec<_>>(),
        ["\"***\" \"Sample\" 0:2 0:12", "\"Https\" \"Https\" 1:2 1:12", "\"connection\" null 1:55 1:65"]
    );
    // Editors reject a selection range outside of the range.
    let arguments = r#"{ "connectionName": "b", "connectionType": "Https", "connectionConfig": { "url": "https://a.example.com" } }"#;
    session.open(URI, "json", arguments);
    let symbols =
        session.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }))["result"].clone();
    assert_eq!((&symbols[0]["name"], &symbols[0]["range"]["start"]["character"]), (&json!("b"), &json!(72)));
    assert_eq!(symbols[0]["selectionRange"]["start"], symbols[0]["range"]["start"]);
    let mut session = Session::with(&json!({ "capabilities": {} }));
    session.open(URI, "json", text);
    let symbols =
        session.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }))["result"].clone();
    assert_eq!(symbols[0]["containerName"], "Sample");
    assert_eq!(symbols[0]["location"]["range"]["end"], json!({ "line": 0, "character": 37 }));
}

#[test]
fn a_missing_field_is_added_with_a_placeholder() {
    let mut session = Session::full();
    session.open(URI, "json", r#"{ "name": "a", "type": "Https" }"#);
    let found = actions(&mut session, 0, 0, 0, json!({ "diagnostics": [] }));
    assert_eq!(found[0]["title"], "Add `url` with a placeholder (a guess)");
    let edit = &found[0]["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!(edit["newText"], ", \"url\": \"${HTTPS_URL}\"");
}
