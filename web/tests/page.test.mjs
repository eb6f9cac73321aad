// The built page in Chromium, used as a user does.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { serve } from "../../pkg/tests/browser.mjs";
import { browser, copied, forgetRequests, formOf, found, input, openFile, page, requests, rules, server, text, write, wrote } from "./session.mjs";
import { many } from "./texts.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

test("a typed mistake is marked at its exact characters, even after an emoji", async () => {
  await write('{ "name": "👩‍🚀é", "type": "Sample" }');
  await found("malformed-name");
  for (let left = 0; left < 3; left++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("a");
  await found("unknown-type");
  const marked = await page.$$eval(".cm-lintRange-error", (marks) => marks.map((mark) => mark.textContent).join(""));
  assert.equal(marked, '"Sampla"');
});

test("a fix in the list changes the text, and undo reverts it", async () => {
  const wrong = '{ "name": "hook", "type": "https", "url": "https://a.example.com" }';
  await write(wrong);
  await found("unknown-type");
  await page.click('.problem[data-rule="unknown-type"] .fix');
  await wrote('"Https"');
  await page.waitForFunction(() => document.querySelectorAll(".problem").length === 0);
  assert.equal(await page.textContent(".counts"), "No findings");
  await page.click(".cm-content");
  await page.keyboard.press("Control+Z");
  assert.equal(await text(), wrong);
});

test("all safe fixes are applied at once, and guesses are not", async () => {
  await write('{ "name": "a", "type": "https", "uri": "https://a.example.com" }');
  await found("unknown-type");
  assert.equal(await page.textContent('.problem[data-rule="unknown-field"] .fix'), "Rename it to url (a guess)");
  await page.click("text=Fix all safe (1)");
  await wrote('"Https"');
  assert.match(await text(), /"uri"/);
});

test("a finding leads to its position in the text", async () => {
  await write(`{\n  "name": "a",\n  "type": "Https",\n  "url": "nonsense"\n}`);
  await found("malformed-url");
  await page.click('.problem[data-rule="malformed-url"] .place');
  const selected = await page.evaluate(() => {
    const { state, hasFocus } = document.querySelector(".cm-content").cmTile.view;
    return [hasFocus, state.sliceDoc(state.selection.main.from, state.selection.main.to)];
  });
  assert.deepEqual(selected, [true, '"nonsense"']);
  assert.match(await page.textContent('.problem[data-rule="malformed-url"] .place'), /line 4/);
});

test("a rule is explained in place", async () => {
  await write("{}");
  await found("unknown-type");
  await page.click('.problem[data-rule="unknown-type"] [aria-haspopup]');
  assert.match(await page.textContent(".sheet .page"), /Why/);
  await page.keyboard.press("Escape");
  await page.waitForSelector(".sheet", { state: "detached" });
});

test("typing into the form changes only its value in the text", async () => {
  const before = `{\n    "type": "Https",\n    "url": "https://a.example.com",\n    "name": "hook",\n    "unknown": [1, 2]\n}\n`;
  await write(before);
  await input("URL required").fill("");
  await found("missing-field");
  assert.equal(await input("URL required").getAttribute("aria-invalid"), "true");
  await input("URL required").pressSequentially("https://b.example.com");
  await wrote("https://b.example.com");
  assert.equal((await text()).replace(/,?\s*"url": "[^"]*"/, ""), before.replace(/,?\s*"url": "[^"]*"/, ""));
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-invalid") === "false");
});

test("a new field has the layout of its neighbors", async () => {
  const kafka = (...rest) => [`{`, `\t"name": "a",`, `\t"type": "Kafka",`, `\t"bootstrapServers": "b.example.com:9092", // both`, ...rest, `}`].join("\n");
  const file = (text) => ({ name: "a.jsonc", mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.setInputFiles("input[type=file]", file(kafka(`\t"authentication": { "mechanism": "PLAIN" } // theirs`)));
  await wrote("// theirs");
  await page.waitForFunction(() => document.querySelector("#root_authentication_mechanism")?.selectedOptions[0].label === "PLAIN");
  await input("User name").fill("u");
  await wrote('"username": "u"');
  await page.selectOption("#root_security_protocol", { label: "SASL_SSL" });
  await wrote("SASL_SSL");
  assert.equal(
    await text(),
    kafka(
      `\t"authentication": { "mechanism": "PLAIN", "username": "u" }, // theirs`,
      `\t"security": {`,
      `\t\t"protocol": "SASL_SSL"`,
      `\t}`,
    ),
  );
});

test("typing into the text updates the form", async () => {
  await write('{ "name": "a", "type": "Kafka", "bootstrapServers": "b.example.com:9092", "authentication": { "mechanism": "PLAIN" }, "security": { "protocol": "SASL_SSL" } }');
  await page.waitForFunction(() => document.querySelector("#form input").value === "a");
  // The input of a missing password is visible although it is empty.
  await page.waitForFunction(() => document.querySelector("#root_authentication_password").getAttribute("aria-invalid") === "true");
  assert.equal(await page.isVisible("#root_authentication_password"), true);
  assert.equal(await page.isVisible("#root_authentication_sslKey"), false);
  await input("Password").fill("p");
  await wrote('"password": "p"');
  await page.selectOption("#root_authentication_mechanism", { label: "SCRAM-512" });
  await wrote('"SCRAM-512"');
});

test("settings and headers are named in the form", async () => {
  await write('{ "name": "a", "type": "Https", "url": "https://a.example.com" }');
  await page.click('summary:has-text("Headers")');
  await page.getByLabel("Name for Headers").fill("X-Team");
  await page.keyboard.press("Enter");
  await wrote('"headers": {');
  await input("X-Team").fill("streams");
  await wrote('"X-Team": "streams"');
  await page.click('[aria-label="Remove X-Team"]');
  await page.waitForFunction(() => !document.querySelector(".cm-content").innerText.includes("X-Team"));
});

test("the form is disabled while the text is damaged", async () => {
  await write('{ "name": "a", "type": "Sample" ');
  await page.waitForSelector("text=The text has a syntax error.");
  assert.equal(await input("Name required").isDisabled(), true);
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("}");
  await page.waitForFunction(() => !document.querySelector("#form input").disabled);
});

test("the type is selected outside of the form, and the form changes with it", async () => {
  await page.selectOption("#form .bar select", "Sample");
  await wrote('"type": "Sample"');
  assert.deepEqual(await page.$$eval("#form .form label", (labels) => labels.map((label) => label.textContent)), ["Name required"]);
  await page.selectOption(".tools select", "S3");
  await formOf("S3");
  assert.deepEqual(await rules(), []);
});

test("every example of a type is valid, and its form shows all fields", async () => {
  const types = await page.$$eval(".tools option:not([disabled])", (options) => options.map((option) => option.value));
  assert.equal(types.length, 10);
  for (const type of types) {
    await page.selectOption(".tools select", type);
    await formOf(type);
    assert.deepEqual(await rules(), [], type);
    const value = JSON.parse(await text());
    const shown = await page.$$eval("#form .form :is(input:not([list]), textarea, select)", (inputs) =>
      inputs.map((input) => (input.tagName === "SELECT" ? input.selectedOptions[0].textContent : input.value)),
    );
    const leaves = (held) => (typeof held === "object" ? Object.values(held).flatMap(leaves) : [String(held)]);
    delete value.type;
    for (const leaf of leaves(value).filter((leaf) => !["true", "false"].includes(leaf))) assert.ok(shown.includes(leaf), `${type}: ${leaf}`);
  }
});

test("one of several connections is selected, and a finding selects its own", async () => {
  await write('[{ "name": "a", "type": "Sample" }, { "name": "b", "type": "Https" }]');
  await found("missing-field");
  await page.click('.problem[data-rule="missing-field"] .place');
  await page.waitForFunction(() => document.querySelector("#form input").value === "b");
  await input("URL required").fill("https://b.example.com");
  await wrote('"url": "https://b.example.com"');
  assert.deepEqual(JSON.parse(await text())[0], { name: "a", type: "Sample" });
});

test("a file is opened, dropped, or rejected with a message", async () => {
  const buffer = Buffer.from('// mine\n{ "name": "a", "type": "Sample" }');
  await page.setInputFiles("input[type=file]", { name: "a.jsonc", mimeType: "text/plain", buffer });
  await wrote("// mine");
  // Comments are valid in .jsonc.
  await page.waitForFunction(() => document.querySelectorAll(".problem.error").length === 0);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['{ "name": "dropped", "type": "Sample" }'], "b.json"));
    document.querySelector(".cm-content").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await wrote('"dropped"');
  assert.equal((await text()).split("dropped").length, 2);
  await page.setInputFiles("input[type=file]", { name: "c.json", mimeType: "text/plain", buffer: Buffer.from([0xff, 0xfe, 0x00]) });
  await page.waitForSelector("text=c.json is not text in UTF-8.");
});

test("the dialect and the mode of a text can be selected", async () => {
  await write('{ "name": "a", "type": "Https" }');
  await found("missing-field");
  await page.getByLabel("Mode").selectOption("response");
  await page.waitForFunction(() => !document.querySelector('.problem[data-rule="missing-field"]'));
  await page.getByLabel("Dialect").selectOption("admin-api");
  await page.getByLabel("Mode").selectOption("");
  await found("missing-field");
});

test("Terraform is marked and fixed, its secrets are dotted, and its form only shows", async () => {
  const terraform = `resource "mongodbatlas_stream_connection" "orders" {
  project_id        = var.project_id
  workspace_name    = "w"
  connection_name   = "orders"
  type              = "Kafka"
  bootstrap_servers = "b.example.com:9092"
  authentication    = { mechanism = "SCRAM-SHA-512", username = "u", password = "hunter2" }
  security = {
    protocol = "SASL_SSL"
    broker_public_certificate = <<EOT
-----BEGIN CERTIFICATE-----
EOT
  }
  config = {
    "sasl.jaas.config" = "hunter3"
  }
}
`;
  await write(terraform);
  await found("unknown-value");
  assert.match(await page.textContent("#form .notice"), /It shows this Terraform and cannot change it/);
  assert.equal(await input("Bootstrap servers required").inputValue(), "b.example.com:9092");
  assert.equal(await input("User name").isEditable(), false);
  assert.equal(await page.isDisabled("#root_security_protocol"), true);
  assert.equal(await page.locator("#form .bar select").isDisabled(), true);
  assert.equal(await page.$eval("#root_authentication_password", (input) => getComputedStyle(input).webkitTextSecurity), "disc");
  const dotted = await page.$$eval(".cm-streamlint-secret", (marks) => marks.map((mark) => mark.textContent));
  assert.deepEqual(dotted, ["hunter2", "<<EOT", "-----BEGIN CERTIFICATE-----", "EOT", "hunter3"]);
  assert.equal(await page.$eval(".cm-streamlint-secret", (mark) => getComputedStyle(mark).webkitTextSecurity), "disc");
  assert.equal(await page.textContent(".cm-lintRange-error"), '"SCRAM-SHA-512"');
  await page.click('.problem[data-rule="unknown-value"] .fix');
  await wrote('"SCRAM-512"');
  assert.equal(await text(), terraform.replace("SCRAM-SHA-512", "SCRAM-512"));
  // Switching back to JSON shows the form again.
  await page.selectOption(".tools select", "Kafka");
  await formOf("Kafka");
  await input("Name required").waitFor();
});

test("a manifest of Kubernetes in JSON is checked, and its form only shows", async () => {
  await write(JSON.stringify({ apiVersion: "atlas.mongodb.com/v1", kind: "AtlasStreamConnection", metadata: { name: "c" }, spec: { name: "orders", type: "Kafka" } }));
  await found("missing-field");
  assert.match(await page.textContent("#form .notice"), /It shows this Kubernetes/);
  assert.equal(await input("Name required").inputValue(), "orders");
  await page.getByLabel("Dialect").selectOption("admin-api");
  await page.waitForFunction(() => !document.querySelector("#form .notice")?.textContent.includes("Kubernetes"));
});

const SECRET = "hunter2-Zq9";
const KAFKA = {
  name: "orders's",
  type: "Kafka",
  bootstrapServers: "b.example.com:9092",
  authentication: { mechanism: "PLAIN", username: "u", password: SECRET, sslKey: `${SECRET}-key` },
  security: { protocol: "SASL_SSL" },
  config: { "auto.offset.reset": "earliest", "sasl.jaas.config": `${SECRET}-jaas` },
};

test("secrets are dotted, and no copy contains them", async () => {
  await write(JSON.stringify(KAFKA, null, 2));
  await page.waitForFunction((secret) => document.querySelector("#root_authentication_password")?.value === secret, SECRET);
  const dotted = await page.$$eval(".cm-streamlint-secret", (marks) => marks.map((mark) => mark.textContent));
  assert.deepEqual(dotted, [SECRET, `${SECRET}-key`, `${SECRET}-jaas`]);
  for (const id of ["root_authentication_password", "root_authentication_sslKey"]) {
    assert.equal(await page.$eval(`#${id}`, (input) => getComputedStyle(input).webkitTextSecurity), "disc", id);
  }
  for (const name of ["Admin API JSON", "curl", "Atlas CLI", "Terraform"]) {
    assert.ok(!(await copied(name)).includes("hunter2"), name);
    assert.match(await page.textContent(".status"), /without secrets\. Set .*KAFKA_PASSWORD/i);
  }
  assert.ok(!(await page.textContent(".problems")).includes("hunter2"));
  // The browser stores only the theme.
  const kept = await page.evaluate(async () => [
    Object.keys(localStorage),
    Object.keys(sessionStorage),
    document.cookie,
    await indexedDB.databases(),
    await caches.keys(),
    location.href,
  ]);
  assert.deepEqual(kept, [["streamlint-theme"], [], "", [], [], `${server.url}/`]);
  await page.getByLabel("Show secrets").check();
  assert.equal(await page.$$eval(".cm-streamlint-secret", (marks) => marks.length), 0);
  assert.equal(await page.$eval("#root_authentication_password", (input) => getComputedStyle(input).webkitTextSecurity), "none");
});

/** Runs a copied command in a shell with mocks of `jq`, `curl` and `atlas` that print their input. */
function shell(script, more = {}) {
  const reported = `jq() { cat >/dev/null; printf '%s\\n' "$1"; }
curl() { printf '%s\\n' "$@" >&2; cat; }
atlas() { printf '%s|' "\${@:1:6}"; cat "$8"; dirname "$8" > "$SEEN"; }
`;
  return execFileSync("bash", ["-eu", "-c", `${reported}${script}`], {
    encoding: "utf8",
    env: { ...process.env, ATLAS_PUBLIC_KEY: "k", ATLAS_PRIVATE_KEY: "p", ATLAS_PROJECT_ID: "g", ATLAS_WORKSPACE: "w", ...more },
    stdio: ["ignore", "pipe", "ignore"],
  });
}

test("a copy works in its tool", async () => {
  await write(JSON.stringify(KAFKA));
  await page.waitForFunction((secret) => document.querySelector("#root_authentication_password")?.value === secret, SECRET);
  const body = JSON.parse(await copied("Admin API JSON"));
  assert.deepEqual(body.authentication, { mechanism: "PLAIN", username: "u", password: "${KAFKA_PASSWORD}", sslKey: "${KAFKA_SSL_KEY}" });

  // The shell expands the variables, and the tool gets the body.
  const brought = (keys, name) => `.${keys} = (env.${name} // error("${name} is not set"))`;
  const filter = `${[
    brought('["authentication"]["password"]', "KAFKA_PASSWORD"),
    brought('["authentication"]["sslKey"]', "KAFKA_SSL_KEY"),
    brought('["config"]["sasl.jaas.config"]', "KAFKA_SASL_JAAS_CONFIG"),
  ].join(" | ")}\n`;
  const variables = "KAFKA_PASSWORD, KAFKA_SSL_KEY, KAFKA_SASL_JAAS_CONFIG";
  const curl = await copied("curl");
  assert.equal(shell(curl), filter);
  assert.equal(
    curl.split("\n")[0],
    `# Needs curl and jq, and these variables exported: ATLAS_PUBLIC_KEY, ATLAS_PRIVATE_KEY, ATLAS_PROJECT_ID, ATLAS_WORKSPACE, ${variables}`,
  );

  // The file with the secrets is deleted after the Atlas CLI has read it.
  const folder = mkdtempSync(join(tmpdir(), "streamlint-copy-"));
  const seen = join(folder, "seen");
  const cli = await copied("Atlas CLI");
  assert.equal(shell(cli, { SEEN: seen, TMPDIR: folder }), `streams|connections|create|orders's|-i|w|${filter}`);
  assert.equal(existsSync(readFileSync(seen, "utf8").trim()), false);
  assert.deepEqual(readdirSync(folder), ["seen"]);
  rmSync(folder, { recursive: true });
  assert.equal(cli.split("\n")[0], `# Needs atlas and jq, and these variables exported: ATLAS_WORKSPACE, ${variables}`);

  assert.equal(
    await copied("Terraform"),
    `variable "project_id" {
  type = string
}

variable "workspace_name" {
  type = string
}

variable "kafka_password" {
  type      = string
  sensitive = true
}

variable "kafka_sasl_jaas_config" {
  type      = string
  sensitive = true
}

resource "mongodbatlas_stream_connection" "kafka" {
  project_id        = var.project_id
  workspace_name    = var.workspace_name
  connection_name   = "orders's"
  type              = "Kafka"
  bootstrap_servers = "b.example.com:9092"
  authentication = {
    mechanism = "PLAIN"
    username  = "u"
    password  = var.kafka_password
  }
  security = {
    protocol = "SASL_SSL"
  }
  config = {
    "auto.offset.reset" = "earliest"
    "sasl.jaas.config"  = var.kafka_sasl_jaas_config
  }
}
`,
  );
  assert.match(await page.textContent(".status"), /Set project_id, workspace_name, kafka_password, .*authentication\.sslKey/);
  assert.match(await copied("CloudFormation"), /KafkaPassword:\n    Type: String\n    NoEcho: true\n[^]*Password: !Ref KafkaPassword/);
  assert.match(await copied("Kubernetes"), /kind: AtlasStreamConnection\n[^]*credentials:\n        name: \S+-login/);
  assert.match(await page.textContent(".status"), /authentication\.password is left out: it belongs in the Secret/);
  await write('{ "name": "archive", "type": "S3", "aws": { "roleArn": "arn:aws:iam::123456789012:role/a" } }');
  await page.waitForFunction(() => document.querySelector("#root_aws_roleArn")?.value.endsWith("role/a"));
  await page.click('.copies button:text-is("Kubernetes")');
  assert.match(await page.textContent(".status"), /^Not copied as Kubernetes: the Kubernetes operator does not support/);
});

const RESOURCE = `resource "mongodbatlas_stream_connection" "NAME" {
  project_id        = var.project_id
  workspace_name    = "w"
  connection_name   = "NAME"
  type              = "Kafka"
  bootstrap_servers = "b.example.com:9092"
  authentication    = { mechanism = "PLAN", username = "u", password = "p" }
  security          = { protocol = "SASL_SSL" }
}
`;

test("200 KB are pasted, and typing goes on", async () => {
  const members = Array.from({ length: 12_000 }, (_, at) => `"x${at}": ${at}`).join(", ");
  const texts = [
    many(200_000),
    JSON.stringify(JSON.parse(many(200_000))),
    many(200_000).replaceAll("Kafka", "kafka"),
    `{ "name": "a", "type": "Sample", "x": "${"é".repeat(100_000)}" }`,
    `{ ${members}, "type": "Kafka" }`,
    `{${'"a": 1, '.repeat(22_000)}"type": "Kafka" }`,
    Array.from({ length: 700 }, (_, at) => RESOURCE.replaceAll("NAME", `orders${at}`)).join("\n"),
  ];
  for (const [at, pasted] of texts.entries()) {
    await page.evaluate(() => {
      globalThis.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
      }).observe({ type: "longtask" });
    });
    await write(pasted);
    assert.equal((await text()).length, pasted.length);
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("x");
    await wrote("x");
    await found(at === texts.length - 1 ? "unknown-value" : "syntax-error");
    // Linear time takes a tenth of this; quadratic time takes minutes.
    const longest = await page.evaluate(() => globalThis.longest);
    assert.ok(longest < 5000, `text ${at}: the page stood still for ${longest} ms`);
  }
});

test("no code is evaluated, and no request is sent after the page has loaded", async () => {
  const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', "content");
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
  assert.match(policy, /connect-src 'self';/);
  // The policy is enforced, and violations are reported.
  const body = 'try { Function(""); globalThis.tried = "done"; } catch (error) { globalThis.tried = error.name; }';
  await page.route("**/tries.js", (route) => route.fulfill({ body, contentType: "text/javascript" }));
  await page.addScriptTag({ url: "tries.js" });
  assert.equal(await page.evaluate(() => globalThis.tried), "EvalError");
  // One violation of the page's policy, and one of the test server's.
  await page.waitForFunction(() => globalThis.barred.join() === "eval,eval");
  await page.evaluate(() => globalThis.barred.splice(0));
  const before = requests.length;
  await browser.context.setOffline(true);
  await write('{ "name": "a", "type": "https", "url": "https://a.example.com" }');
  await found("unknown-type");
  await page.click(".problem [aria-haspopup]");
  await page.keyboard.press("Escape");
  await page.click(".problem .fix");
  await wrote('"Https"');
  await page.selectOption(".tools select", "S3");
  await wrote('"S3"');
  await copied("Terraform");
  await page.click("text=Theme: system");
  await browser.context.setOffline(false);
  assert.deepEqual(requests.slice(before), []);
});

test("the page works in any folder of a static file server", async () => {
  const above = await serve(fileURLToPath(new URL("..", import.meta.url)));
  await page.goto(`${above.url}/dist/index.html`);
  await page.waitForSelector(".cm-content");
  await page.waitForFunction(() => document.querySelector("header img").naturalWidth > 0);
  assert.equal(await page.textContent(".counts"), "1 error, 3 warnings");
  assert.deepEqual(requests.filter((url) => url.startsWith(above.url) && !url.startsWith(`${above.url}/dist/`)), []);
  forgetRequests();
  above.close();
});

test("a selected theme is kept", async () => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await ground();
  await page.click("text=Theme: system");
  assert.equal(await ground(), light);
  await page.click("text=Theme: light");
  assert.notEqual(await ground(), light);
  await page.reload();
  await page.waitForSelector("text=Theme: dark");
  assert.notEqual(await ground(), light);
});

test("an empty page shows how to start", async () => {
  await write("");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.click('.types button:has-text("SchemaRegistry")');
  await formOf("SchemaRegistry");
  assert.deepEqual(await rules(), []);
});

test("the page has no accessibility violations and fits, in either theme and at each width", async () => {
  await write('[{ "name": "é", "type": "Kafka", "authentication": {}, "config": { "a": "b" } }, { "name": "b", "type": "SchemaRegistry", "schemaRegistryUrls": ["a"] }]');
  await found("malformed-name");
  for (const [theme, width] of ["light", "dark"].flatMap((theme) => [360, 768, 1440].map((width) => [theme, width]))) {
    await page.setViewportSize({ width, height: 1400 });
    await page.emulateMedia({ colorScheme: theme });
    for (const connection of ["0", "1"]) {
      await page.locator('#form label:has-text("Connection") select').selectOption(connection);
      await page.evaluate(axe);
      const broken = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
      assert.deepEqual(
        broken.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 120)} ${any[0]?.message}`).join("\n")}`),
        [],
        `${theme} ${width}`,
      );
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${width} wide`);
  }
});

test("the page works with the keyboard alone", async () => {
  await write('{ "name": "a", "type": "https", "url": "https://a.example.com" }');
  await found("unknown-type");
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("F8");
  const selected = () => page.evaluate(() => getSelection().toString());
  assert.equal(await selected(), '"https"');
  await page.keyboard.press("Control+Shift+M");
  await page.waitForSelector(".cm-panel-lint");
  await page.keyboard.press("Escape");
  // The Tab key leaves the editor and reaches the fix.
  await page.focus(".cm-content");
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement.matches(".problem .fix"))) break;
  }
  await page.keyboard.press("Enter");
  await wrote('"Https"');
});
