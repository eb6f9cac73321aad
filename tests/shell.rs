//! Connections in shell scripts: heredocs and arguments that are request bodies.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use streamlint::{Applicability, Config, Format, LineIndex, Linter, Mode, Source, Style, diff};

/// The findings in a text: rule, line, column and marked text.
fn found_in(name: &str, text: &str) -> Vec<String> {
    let report = streamlint::check(&Source::new(name, text));
    let lines = LineIndex::new(text);
    let one = |found: &streamlint::Diagnostic| {
        let (span, at) = (found.span(), lines.position(text, found.span().start));
        format!("{} {}:{} {}", found.rule.name, at.line, at.column, &text[span.start..span.end])
    };
    report.diagnostics().iter().map(one).collect()
}

fn found(text: &str) -> Vec<String> {
    found_in("a.sh", text)
}

/// The rules and pointers of the findings.
fn rules(text: &str) -> Vec<String> {
    let report = streamlint::check(&Source::new("a.sh", text));
    report.diagnostics().iter().map(|found| format!("{}@{}", found.rule.name, found.pointer)).collect()
}

fn fixed(text: &str) -> String {
    streamlint::check(&Source::new("a.sh", text)).fixed(Applicability::Unsafe)
}

const POST: &str = "curl -X POST \"$BASE/groups/$GROUP/streams/ws/connections\"";
const HOOK: &str = "{ \"name\": \"a\", \"type\": \"https\", \"url\": \"https://a.example.com\" }";

#[test]
fn bodies_are_found_in_heredocs_and_arguments() {
    let hook = HOOK;
    let escaped = HOOK.replace('"', "\\\"");
    for text in [
        format!("{POST} -d '{hook}'"),
        format!("{POST} -d'{hook}'"),
        format!("{POST} -sSd '{hook}'"),
        format!("{POST} --data '{hook}'"),
        format!("{POST} --data='{hook}'"),
        format!("{POST} --data-raw '{hook}'"),
        format!("{POST} --data-binary '{hook}'"),
        format!("{POST} --json '{hook}'"),
        format!("{POST} -d $'{hook}'"),
        format!("{POST} -d \"{escaped}\""),
        format!("{POST} \\\r\n  -d '{hook}'"),
        format!("if ! {POST} -d '{hook}'; then exit 1; fi"),
        format!("status=$({POST} -d '{hook}' | jq .)"),
        format!("echo \"$({POST} -d \"{escaped}\")\""),
        format!("x=`{POST} -d '{hook}'`"),
        format!("(cd x && {POST} -d '{hook}') || exit"),
        format!("{POST} -d @- <<EOF\n{hook}\nEOF"),
        format!("{POST} -d @- <<'EOF'\n{hook}\nEOF"),
        format!("{POST} -d @- <<\\EOF\n{hook}\nEOF"),
        format!("{POST} -d @- <<-\"END OF IT\"\n\t{hook}\n\tEND OF IT"),
        format!("{POST} -d @- <<EOF\r\n{hook}\r\nEOF\r\n"),
        format!("{POST} -d @- <<EOF") + &format!("\n{hook}\n"),
        format!("{POST} -d @- <<<'{hook}'"),
        format!("echo '{hook}' | {POST} -d @-"),
        format!("cat <<EOF | {POST} --data @/dev/stdin\n{hook}\nEOF"),
        format!("{POST} -d \"$(cat <<EOF\n{hook}\nEOF\n)\""),
        format!("BODY='{hook}'\n{POST} -d \"$BODY\""),
        format!("export BODY=\"{escaped}\"\n{POST} -d \"${{BODY}}\""),
        format!("BODY=$(cat <<EOF\n{hook}\nEOF\n)\n{POST} -d \"$BODY\""),
        format!("read -r -d '' BODY <<EOF\n{hook}\nEOF"),
        format!("cat > a.json <<EOF\n{hook}\nEOF\n{POST} -d @a.json"),
        format!("cat <<EOF >\"$DIR/a.json\"\n{hook}\nEOF\n{POST} -d @\"$DIR/a.json\""),
        format!("tee a.json <<EOF >/dev/null\n{hook}\nEOF"),
        format!("cat <<EOF >a.json\n{hook}\nEOF\natlas streams connections create a -i ws --file a.json"),
        format!("atlas streams connections create a --instance ws -f - <<EOF\n{hook}\nEOF"),
        format!("atlas streams connections create a --instance ws -f <(echo '{hook}')"),
        format!("atlas api streams createStreamConnection --groupId \"$P\" --tenantName ws <<EOF\n{hook}\nEOF"),
        format!("#!/bin/sh\n# don't\ncase \"$1\" in a) {POST} -d '{hook}' ;; esac"),
        format!("(( x = 1 << 2 ))\n: $(( 1 << 2 ))\n{POST} -d '{hook}'"),
        format!("cat <<A; cat <<B\n# don't\nA\n\"\nB\n{POST} -d '{hook}'"),
    ] {
        let all = rules(&text);
        assert_eq!(all, ["unknown-type@/type"], "{text}");
        let at = found(&text);
        assert!(at[0].ends_with("\"https\"") || at[0].ends_with("\"https\\"), "{at:?}");
    }
}

#[test]
fn other_scripts_are_not_checked() {
    let hook = HOOK;
    for text in [
        String::new(),
        "#!/bin/sh\necho it's\n".to_owned(),
        format!("curl https://api.example.com/things -d '{hook}'"),
        format!("curl -X DELETE \"$BASE/streams/ws/connections\" -d '{hook}'"),
        format!("# {POST} -d '{hook}'"),
        "jq -n --arg n \"$N\" '{name: $n, type: \"Https\", url: $u, bootstrapServers: 1}'".to_owned(),
        "python - <<EOF\n{\"name\": \"a\", \"type\": \"https\", \"url\": 1}\nEOF".to_owned(),
        "cat > package.json <<EOF\n{ \"name\": \"web\", \"type\": \"module\", }\nEOF".to_owned(),
        "curl \"$URL\" -d '{ \"a\": 1, }'".to_owned(),
    ] {
        assert_eq!(found(&text), [""; 0], "{text}");
        let linter = Linter::new(Config::builder().skip_unrecognized(true).build().unwrap());
        assert!(!linter.check(&Source::new("a.sh", text.as_str())).is_checked(), "{text}");
    }
}

#[test]
fn the_command_determines_the_mode_of_a_body() {
    let mode = |text: String| streamlint::check(&Source::new("a.sh", text)).mode();
    let body = "{ \"type\": \"Https\", \"url\": \"http://a.example.com\" }";
    assert_eq!(rules(&format!("{POST} -d '{body}'")), ["missing-field@/name", "insecure-url@/url"]);
    let patch = POST.replace("-X POST", "--request PATCH").replace("connections", "connections/a");
    assert_eq!(rules(&format!("{patch} -d '{body}'")), ["insecure-url@/url"]);
    assert_eq!(mode(format!("{patch} -d '{body}'")), Mode::Update);
    assert_eq!(mode(format!("B='{body}'\n{} -d \"$B\"", patch.replace("--request PATCH", "-XPATCH"))), Mode::Update);
    let failover = POST.replace("connections", "connections/a/failoverConnections");
    assert_eq!(mode(format!("{failover} -d '{body}'")), Mode::Failover);
    // The name is an argument of the command.
    let atlas = |verb: &str| format!("atlas streams connections {verb} a --instance ws --file - <<'E'\n{body}\nE");
    assert_eq!(rules(&atlas("create")), ["insecure-url@/url"]);
    assert_eq!(mode(atlas("update")), Mode::Update);
    // The body of a request to the address of connections is always checked.
    assert_eq!(rules(&format!("{POST} -d '{{ \"name\": \"a\" }}'")), ["unknown-type@/type"]);
    let damaged = rules(&format!("{POST} -d '{{ \"name\": \"a\" \"type\": \"Sample\" }}'"));
    assert_eq!(damaged, ["unknown-sample@/name", "syntax-error@"]);
    assert_eq!(rules("echo '{ \"name\": \"a\" }'"), [""; 0]);
}

#[test]
fn addresses_and_options_are_checked() {
    let body = "{ \"name\": \"sample_stream_solar\", \"type\": \"Sample\" }";
    let url = "https://cloud.mongodb.com/api/atlas/v2/groups/xyz/streams/my!ws/connections?pretty=maybe";
    assert_eq!(
        found(&format!("curl -d '{body}' \\\n  '{url}'")),
        ["malformed-id 2:50 xyz", "malformed-name 2:62 my!ws", "wrong-type 2:87 maybe"]
    );
    let atlas = format!("atlas streams connections create s --projectId 12 -i 'a b' -f - <<E\n{body}\nE\n");
    assert_eq!(found(&atlas), ["malformed-id 1:48 12", "malformed-name 1:55 a b"]);
    let variables = atlas.replace(" 12 ", " \"$PROJECT\" ").replace("'a b'", "${WS}");
    assert_eq!(found(&variables), [""; 0]);
    let block = format!("é\n\n  ```sh\n  {}\n  ```\n", atlas.replace('\n', "\n  "));
    assert_eq!(found_in("a.md", &block), ["malformed-id 4:50 12", "malformed-name 4:57 a b"]);
}

#[test]
fn expansions_are_unknown() {
    let kafka = |values: &str| {
        format!(
            "{POST} -d @- <<EOF\n{{ \"name\": \"k\", \"type\": \"Kafka\", \"bootstrapServers\": \"b.example.com:9092\",\n\
             \"security\": {{ \"protocol\": \"SASL_SSL\" }},\n\"authentication\": {{ \"mechanism\": \"PLAIN\", {values} }} }}\nEOF\n"
        )
    };
    for values in [
        "\"username\": \"u\", \"password\": \"$pw\"",
        "\"username\": \"u\", \"password\": \"${pw}\"",
        "\"username\": \"u\", \"password\": \"x$(cat \"pass word\" | tr -d '\\n')y\"",
        "\"username\": \"u\", \"password\": \"`cat pw`\"",
        "\"username\": \"u\", \"password\": $PW",
        "\"username\": \"u\", \"password\": $( jq .a < b.json )",
        "\"username\": \"u\", \"$NAME\": \"x\"",
    ] {
        assert_eq!(rules(&kafka(values)), [""; 0], "{values}");
    }
    let known = |values: &str, expected: &str| {
        let text = kafka(values);
        assert_eq!(rules(&text), ["hardcoded-secret@/authentication/password"], "{values}");
        assert!(found(&text)[0].ends_with(expected), "{:?}", found(&text));
    };
    known("\"username\": \"$USER\", \"password\": \"pa\\$word\"", "\"pa\\$word\"");
    known("\"username\": \"u\", \"password\": \"pa$ word\"", "\"pa$ word\"");
    // A default value is hardcoded.
    known("\"username\": \"u\", \"password\": \"${PW:-hunter2}\"", "\"${PW:-hunter2}\"");
    // A heredoc with a quoted delimiter has no expansions.
    let quoted = kafka("\"username\": \"u\", \"password\": \"a$(b)`c`\"").replace("<<EOF", "<<'EOF'");
    assert_eq!(rules(&quoted), ["hardcoded-secret@/authentication/password"]);
    let argument = |password: &str| {
        rules(&format!(
            "{POST} -d '{{ \"name\": \"k\", \"type\": \"Https\", \"url\": \"https://a.example.com\", \"headers\": {{ \"Authorization\": {password} }} }}'"
        ))
    };
    for password in ["\"'\"$TOKEN\"'\"", "\"Bearer '$TOKEN'\"", "'\"$TOKEN\"'", "\"'\"$(jq -r '.a' \"x y\")\"'\""] {
        assert_eq!(argument(password), [""; 0], "{password}");
    }
    for password in ["\"Bearer it'\\''s\"", "\"Bearer a$(b)c\"", "\"Bearer a\"'\"b\"'\"c\""] {
        let all = argument(password);
        assert!(all.iter().any(|it| it.starts_with("hardcoded-secret")) || password.contains("\"'\"b"), "{all:?}");
    }
}

#[test]
fn a_body_with_a_variable_shape_is_not_checked() {
    for body in [
        "\"$BODY\"",
        "\"{ $FIELDS }\"",
        "\"{ \\\"name\\\": \\\"a\\\", $REST \\\"type\\\": \\\"https\\\" }\"",
        "'{ \"name\": \"a\", \"type\": \"https\", \"n\": 9'$X' }'",
        "'{ \"name\": \"a\", \"type\": \"https\", \"n\": '$X'9 }'",
        "'{ \"name\": \"a\", \"type\": \"https\" '$X' }'",
    ] {
        assert_eq!(found(&format!("{POST} -d {body}")), [""; 0], "{body}");
    }
}

#[test]
fn escapes_of_the_shell_are_not_those_of_json() {
    let text = format!(
        "{POST} -d \"{{\\\"name\\\": \\\"a\\\", \\\"type\\\": \\\"Https\\\", \\\"url\\\": \\\"http://a.example.com\\\", \
         \\\"headers\\\": {{\\\"X-Text\\\": \\\"a \\\\\\\"b\\\\\\\" \\\\t c\\\", \\\"Authorization\\\": \\\"$T\\\"}}}}\""
    );
    assert_eq!(rules(&text), ["insecure-url@/url"]);
    let report = streamlint::check(&Source::new("a.sh", text.as_str()));
    let Some(streamlint::model::Connection::Https(hook)) = &report.connections()[0] else { panic!() };
    assert_eq!(hook.headers["X-Text"].expose(), "a \"b\" \t c");
    assert!(found(&text)[0].ends_with(" http"), "{:?}", found(&text));
    let json = format!("{POST} -d @- <<EOF\n{{\"name\": \"a\", \"type\": \"Sample\", \"x\\\\ty\": 1}}\nEOF");
    assert!(rules(&json)[0].starts_with("unknown-sample"), "{:?}", rules(&json));
}

#[test]
fn only_text_that_the_shell_does_not_change_is_fixed() {
    let good = HOOK.replace("https\"", "Https\"");
    for text in [
        format!("{POST} -d '{HOOK}'\n# it's\n"),
        format!("cat <<'EOF' > a.json\r\n  {HOOK}\r\nEOF\r\n"),
        format!("\tcat <<-EOF > a.json\n\t\t{HOOK}\n\tEOF\n"),
    ] {
        let expected = text.replace(HOOK, &good);
        assert_eq!(fixed(&text), expected);
        assert_eq!(found(&expected), [""; 0]);
    }
    let escaped = HOOK.replace('"', "\\\"");
    for text in [
        format!("{POST} -d \"{escaped}\""),
        format!("{POST} -d '{}'", HOOK.replace("//a.", "//'$HOST'.")),
        format!("{POST} -d @- <<EOF\n{}\nEOF", HOOK.replace("//a.", "//$HOST.")),
        format!("{POST} -d @- <<EOF\n{}\nEOF", HOOK.replace("\"a\"", "\"`date`\"")),
    ] {
        assert_eq!(rules(&text), ["unknown-type@/type"], "{text}");
        assert_eq!(fixed(&text), text);
    }
}

#[test]
fn ignores_are_written_where_the_shell_passes_them_on() {
    let text = format!("{POST} -d '{HOOK}'\n");
    let report = streamlint::check(&Source::new("a.sh", text.as_str()));
    let edits = report.ignoring(&report.diagnostics()[0], "a test").unwrap();
    let mut ignored = text.clone();
    for edit in edits.iter().rev() {
        ignored.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    assert_eq!(found(&ignored), [""; 0], "{ignored}");
    assert!(report.ignoring(&report.diagnostics()[0], "it's a test").is_none());
    let heredoc = format!("{POST} -d @- <<EOF\n{HOOK}\nEOF\n");
    let report = streamlint::check(&Source::new("a.sh", heredoc.as_str()));
    assert!(report.ignoring(&report.diagnostics()[0], "it's a test").is_some());
    assert!(report.ignoring(&report.diagnostics()[0], "costs $5").is_none());
}

#[test]
fn sessions_in_markdown_have_prompts_and_output() {
    let session = format!(
        "```console\n$ ls\nit's \"here\n$ {POST} \\\n>   -d '{HOOK}'\n{{ \"name\": \"b\", \"type\": \"https\", \"url\": \"x\" }}\n\
         $ atlas streams connections create a -i w -f - <<EOF\n> {HOOK}\n> EOF\n$ done\n```\n"
    );
    assert_eq!(found_in("a.md", &session), ["unknown-type 5:32 \"https\"", "unknown-type 8:26 \"https\""]);
    // A body with prompts in it is not valid JSON.
    let fixed = streamlint::check(&Source::new("a.md", session.as_str())).fixed(Applicability::Unsafe);
    assert_eq!(fixed, session.replacen("\"https\"", "\"Https\"", 1));
    for language in ["sh", "bash", "shell", "zsh", "console", "shell-session", "shellsession", "bash title=\"x\""] {
        let text = format!("```{language}\n{POST} -d '{HOOK}'\n```\n");
        assert_eq!(found_in("README.md", &text).len(), 1, "{language}");
        let fixed = streamlint::check(&Source::new("a.md", text.as_str())).fixed(Applicability::Safe);
        assert_eq!(fixed, text.replace("\"https\"", "\"Https\""));
    }
    let quote = format!("> ```sh\n> cat > a.json <<EOF\n> {HOOK}\n> EOF\n> ```\n");
    assert_eq!(found_in("a.md", &quote), ["unknown-type 3:26 \"https\""]);
    let source = Source::new("a.md", quote.as_str());
    assert_eq!(streamlint::check(&source).fixed(Applicability::Unsafe), quote);
}

#[test]
fn only_definitions_of_a_script_are_shown() {
    let secret = "zq7w1";
    let text = format!(
        "# {secret}\nexport TOKEN={secret}\ncurl -u \"{secret}:{secret}\" -H 'X: {secret}' -X POST \\\n \
         \"https://{secret}@a.example.com/{secret}/groups/12/streams/w!/connections?x={secret}\" -d '{{ \"name\": \"a\", \
         \"type\": \"https\", \"url\": \"http://a.example.com/{secret}\", \"headers\": {{ \"Authorization\": \"{secret}'\"{secret}$x\"'\" }} }}'\n\
         cat <<EOF > {secret}\n{{ \"name\": \"a\", \"type\": \"https\", \"password\": \"{secret}${{X:-{secret}}}$({secret})\", \"url\": \"x\" }}\nEOF\n\
         echo {secret}\n"
    );
    let report = streamlint::check(&Source::new("a.sh", text.as_str()));
    assert!(report.diagnostics().len() > 4, "{:?}", report.diagnostics());
    for &format in Format::ALL {
        let shown = report.render(format);
        assert!(!shown.contains(secret), "{format:?}: {shown}");
    }
    let after = streamlint::check(&Source::new("a.sh", report.fixed(Applicability::Unsafe)));
    assert!(!diff(&report, &after, Style::default()).contains(secret));
    assert!(!format!("{report:?} {:?}", report.diagnostics()).contains(secret));
    assert!(report.miette().iter().all(|one| !format!("{one:?}").contains(secret)));
}

#[test]
fn hostile_scripts_take_linear_time() {
    let time = |name: &str, text: String| {
        let start = Instant::now();
        let report = streamlint::check(&Source::new(name, text));
        let _ = report.render(Format::Concise);
        start.elapsed()
    };
    let body = format!("curl -d '{HOOK}' \"$B/streams/w/connections\"\n");
    for piece in [
        "'",
        "\"",
        "`",
        "$(",
        "${",
        "\"$(",
        "$((",
        "((",
        "<<A ",
        "<<A\n",
        "cat <<A\n{\nA\n",
        "cat <<A\n{\"a\": \"$x\"}\nA\n",
        "a=$(cat <<A\n{\n",
        "\\\n",
        "curl -d @- ",
        "A='{}' ",
        "A='{}'; curl -d $A; ",
        "echo '{}'\"$x\"",
        "$ a\nb\n",
        "'{'\\''",
        "<(",
        "\"`",
        "`<(",
        "`\"`$(",
        &body,
    ] {
        for name in ["a.sh", "a.md"] {
            let text = |count: usize| match name {
                "a.sh" => piece.repeat(count),
                _ => format!("```sh\n{}\n```\n", piece.repeat(count)),
            };
            let (small, large) = (time(name, text(500)), time(name, text(4000)));
            let limit = small.max(Duration::from_millis(30)) * 40;
            assert!(large < limit, "{name} {piece:?}: {small:?}, {large:?}");
        }
    }
    // A word with many parts, and a body with many placeholders.
    for text in [
        format!("{POST} -d '{{ \"name\": \"{}\" }}'", "'\"$x\"'".repeat(20_000)),
        format!("{POST} -d \"{{ \\\"headers\\\": {{ {} }} }}\"", "\\\"a\\\": \\\"\\\\\\\"$x\\\", ".repeat(20_000)),
        format!("{POST} -d '{{ {} }}'", "\"a\": \"it'\\''s\", ".repeat(20_000)),
    ] {
        let elapsed = time("a.sh", text);
        assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
    }
}

#[test]
fn folders_are_silent_unless_included() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{POST} -d '{HOOK}'\n");
    fs::write(folder.path().join("create.sh"), &text).unwrap();
    fs::write(folder.path().join("other.bash"), "echo\n").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_streamlint"));
        let output =
            command.current_dir(folder.path()).arg("check").args(["--format", "concise"]).args(arguments).output();
        let output = output.unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let finding = "create.sh:1:86: error: `https` is not a connection type [unknown-type]\n";
    assert!(!run(&["."]).0.contains("create.sh"));
    assert!(run(&["create.sh"]).0.starts_with(finding), "{}", run(&["create.sh"]).0);
    assert!(run(&["other.bash"]).1.contains("no connection definition found"));
    fs::write(folder.path().join("streamlint.toml"), "include = [\"*.sh\", \"*.json\"]\n").unwrap();
    assert!(run(&["."]).0.starts_with(finding));
    run(&["create.sh", "--fix"]);
    assert_eq!(fs::read_to_string(folder.path().join("create.sh")).unwrap(), text.replace("\"https\"", "\"Https\""));
}
