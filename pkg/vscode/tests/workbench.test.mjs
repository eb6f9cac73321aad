// The extension in VS Code's own workbench and extension host, as on vscode.dev.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openWorkbench } from "./workbench.mjs";

const SECRET = "hunter2-kafka-secret";

const kafka = `{
  "name": "orders",
  "type": "kafka",
  "bootstrapServers": "broker.example.com:9092",
  "authentication": { "mechanism": "PLAIN", "username": "u", "password": "${SECRET}" },
  "security": { "protocol": "sasl_ssl" }
}
`;

const files = {
  "/w/orders.json": kafka,
  "/w/saved.json": kafka,
  "/w/ignored.jsonc": kafka,
  "/w/comment.jsonc": kafka,
  "/w/package.json": '{ "name": "orders", "version": "1.0.0" }\n',
  "/w/hook.yaml": "name: hook\ntype: Https\nurl: http://hooks.example.com/a\n",
  "/w/hook.http":
    'POST https://cloud.mongodb.com/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/streams/w/connections\nContent-Type: application/json\n\n{ "name": "hook", "type": "https", "url": "https://hooks.example.com/a" }\n',
  "/w/notes.md": '```json\n{ "name": "hook", "type": "https", "url": "https://hooks.example.com/a" }\n```\n',
  "/w/tf/main.tf":
    'resource "mongodbatlas_stream_connection" "hook" {\n  project_id      = var.project\n  workspace_name  = "w"\n  connection_name = "hook"\n  type            = var.kind\n  url             = "https://hooks.example.com/a"\n}\n',
  "/w/tf/variables.tf": 'variable "project" {}\nvariable "kind" {\n  default = "https"\n}\n',
  "/w/strict/streamlint.toml": 'connection-names = "prod-.*"\n\n[[policies]]\nname = "short"\nschema = "policies/short.json"\n',
  "/w/strict/policies/short.json": '{ "properties": { "name": { "maxLength": 3 } } }\n',
  "/w/strict/hook.json": '{ "name": "hook", "type": "Https", "url": "https://hooks.example.com/a" }\n',
  "/w/empty/streamlint.toml":
    'fail-on = "warning"\n\n\nrequire-private-networking = ["\n[rules]\ninsecure-url = \n\n[[overrides]]\n\n',
  "/w/broken/streamlint.toml": 'conection-names = "x"\n',
};

const settings = { "[jsonc]": { "editor.codeActionsOnSave": { "source.fixAll.streamlint": "explicit" } } };

let vscode;
before(async () => {
  vscode = await openWorkbench({
    files,
    settings: { ...settings, "editor.codeActionsOnSave": { "source.fixAll.streamlint": "explicit" } },
  });
});
after(() => vscode?.close());

const KAFKA = ["hardcoded-secret", "unknown-type", "unknown-value"];

test("findings are marked in every language, and no secret shows", async () => {
  await vscode.open("/w/orders.json");
  const found = await vscode.findings("/w/orders.json", KAFKA);
  assert.equal(found.find(({ rule }) => rule === "unknown-type").line, 3);
  assert.ok(!JSON.stringify(found).includes(SECRET));
  for (const [path, rules] of [
    ["/w/hook.yaml", ["insecure-url"]],
    ["/w/hook.http", ["unknown-type"]],
  ]) {
    await vscode.open(path);
    await vscode.findings(path, rules);
  }
  await vscode.open("/w/package.json");
  await vscode.findings("/w/package.json", []);
});

test("the Problems panel and the status bar show the findings without a secret", async () => {
  await vscode.open("/w/orders.json");
  await vscode.findings("/w/orders.json", KAFKA);
  await vscode.call("run", "workbench.actions.view.problems");
  const panel = vscode.page.locator(".markers-panel");
  await panel.getByText("hardcoded-secret").waitFor();
  assert.ok(!(await panel.innerText()).includes(SECRET));
  await vscode.page.locator('.statusbar-item[id*="streamlint"]').getByText("streamlint 3").waitFor();
});

test("findings follow the keystrokes", async () => {
  await vscode.open("/w/hook.yaml");
  await vscode.call("replace", files["/w/hook.yaml"].replace("http:", "https:"));
  await vscode.findings("/w/hook.yaml", []);
  await vscode.call("replace", files["/w/hook.yaml"]);
  await vscode.findings("/w/hook.yaml", ["insecure-url"]);
});

test("safe fixes are preferred, guesses are called guesses, and a finding can be ignored", async () => {
  await vscode.open("/w/ignored.jsonc");
  await vscode.findings("/w/ignored.jsonc", KAFKA);
  const actions = await vscode.call("actions", '"kafka"');
  const fix = actions.find(({ title }) => title === "Use Kafka");
  assert.equal(fix?.isPreferred, true, JSON.stringify(actions));
  assert.ok(actions.some(({ title }) => title.startsWith("Ignore `unknown-type` here")), JSON.stringify(actions));
  assert.ok(actions.some(({ title }) => title.startsWith("Explain `unknown-type`")), JSON.stringify(actions));
  await vscode.open("/w/hook.yaml");
  await vscode.findings("/w/hook.yaml", ["insecure-url"]);
  const guesses = await vscode.call("actions", "http:");
  assert.ok(guesses.some(({ title, isPreferred }) => title.endsWith("(a guess)") && !isPreferred), JSON.stringify(guesses));
});

test("an ignore comment is written with the reason left to fill in", async () => {
  await vscode.open("/w/comment.jsonc");
  await vscode.findings("/w/comment.jsonc", KAFKA);
  await vscode.call("select", "kafka");
  await vscode.call("run", "editor.action.quickFix");
  // The test uses the keyboard, because the menu accepts no clicks without a mouse. The second entry follows the fix.
  await vscode.page.locator(".action-widget").getByText("Ignore `unknown-type` here").waitFor();
  await vscode.page.keyboard.press("ArrowDown");
  await vscode.page.keyboard.press("Enter");
  await vscode.until("text", [], (text) => text.includes("streamlint-ignore"));
  await vscode.page.keyboard.type("a test");
  await vscode.findings("/w/comment.jsonc", ["hardcoded-secret", "unknown-value"]);
  assert.match(await vscode.call("text"), /streamlint-ignore.*unknown-type.*a test/);
});

test("saving applies all safe fixes", async () => {
  await vscode.open("/w/saved.json");
  await vscode.findings("/w/saved.json", KAFKA);
  await vscode.call("replace", kafka.replace("orders", "orders-2"));
  await vscode.findings("/w/saved.json", KAFKA);
  await vscode.call("run", "workbench.action.files.save");
  await vscode.findings("/w/saved.json", ["hardcoded-secret"]);
  assert.equal(await vscode.call("text"), kafka.replace("orders", "orders-2").replace("kafka", "Kafka").replace("sasl_ssl", "SASL_SSL"));
});

test("the files of a Terraform folder are checked together, as they are in the editor", async () => {
  await vscode.open("/w/tf/main.tf");
  await vscode.findings("/w/tf/main.tf", ["unknown-type"]);
  await vscode.open("/w/tf/variables.tf");
  await vscode.call("replace", files["/w/tf/variables.tf"].replace('"https"', '"Https"'));
  await vscode.findings("/w/tf/main.tf", []);
  await vscode.call("replace", files["/w/tf/variables.tf"]);
  await vscode.findings("/w/tf/main.tf", ["unknown-type"]);
});

test("the nearest streamlint.toml applies with its policies, and a change of it counts", async () => {
  await vscode.open("/w/strict/hook.json");
  await vscode.findings("/w/strict/hook.json", ["malformed-name", "policy/short"]);
  await vscode.open("/w/strict/streamlint.toml");
  await vscode.call("replace", 'connection-names = "hook"\n');
  await vscode.call("run", "workbench.action.files.save");
  await vscode.findings("/w/strict/hook.json", []);
});

test("a mistake in streamlint.toml is marked", async () => {
  await vscode.open("/w/broken/streamlint.toml");
  const [found] = await vscode.until("markers", ["/w/broken/streamlint.toml"], (found) => found.length === 1);
  assert.match(found.message, /conection-names/);
});

test("streamlint.toml is completed and explained by its schema", async () => {
  await vscode.open("/w/empty/streamlint.toml");
  const keys = await vscode.until("complete", ['"warning"\n'], (labels) => labels.includes("connection-names"));
  assert.ok(!keys.includes("fail-on") && !keys.includes("rules") && !keys.includes("paths"), JSON.stringify(keys));
  const levels = await vscode.call("complete", "insecure-url = ");
  assert.deepEqual(levels.filter((label) => ["error", "warning", "info", "off"].includes(label)).length, 4, JSON.stringify(levels));
  const rules = await vscode.call("complete", "insecure-url = \n");
  assert.ok(rules.includes("hardcoded-secret") && !rules.includes("insecure-url"), JSON.stringify(rules));
  const types = await vscode.call("complete", 'networking = ["');
  assert.ok(types.includes("Kafka"), JSON.stringify(types));
  const inOverride = await vscode.call("complete", "[[overrides]]\n");
  assert.ok(inOverride.includes("paths") && !inOverride.includes("fail-on"), JSON.stringify(inOverride));
  const [hover] = await vscode.call("hover", "fail-on");
  assert.match(hover, /exit status/);
});

test("fields are explained and completed", async () => {
  await vscode.open("/w/orders.json");
  await vscode.findings("/w/orders.json", KAFKA);
  const [hover] = await vscode.until("hover", ['"protocol"'], (hover) => hover.length > 0);
  assert.match(hover, /\*\*Protocol\*\*/);
  await vscode.call("replace", kafka.replace('"sasl_ssl"', '""'));
  const labels = await vscode.until("complete", ['"protocol": "'], (labels) => labels.some((label) => label.includes("SASL_SSL")));
  assert.ok(labels.some((label) => label.includes("SASL_PLAINTEXT")), JSON.stringify(labels));
  await vscode.call("replace", kafka);
});

test("the page of a rule opens from a finding, a hover and the palette, without a network", async () => {
  await vscode.open("/w/orders.json");
  const found = await vscode.findings("/w/orders.json", KAFKA);
  const { page } = found.find(({ rule }) => rule === "unknown-type");
  assert.equal(page, "streamlint-rule:/unknown-type.md");
  const hovers = await vscode.until("hover", ['"kafka"'], (hovers) => hovers.some((hover) => hover.includes("command:")));
  assert.ok(hovers.some((hover) => hover.includes("[unknown-type](command:streamlint.explain?")), JSON.stringify(hovers));
  await vscode.open(page);
  assert.match(await vscode.call("text"), /^# .*unknown-type/);
  await vscode.call("run", "streamlint.explain", "hardcoded-secret");
  await vscode.until("uri", [], (uri) => uri === "streamlint-rule:/hardcoded-secret.md");
  await vscode.call("run", "streamlint.openRule", "insecure-url");
  await vscode.until("uri", [], (uri) => uri === "streamlint-rule:/insecure-url.md");
  assert.deepEqual(vscode.outside, []);
});

test("a server that is restarted knows the open documents", async () => {
  await vscode.open("/w/orders.json");
  await vscode.findings("/w/orders.json", KAFKA);
  await vscode.call("run", "streamlint.restart");
  await vscode.findings("/w/orders.json", KAFKA);
});

test("Markdown is linted when its language is added, also in a workspace that is not trusted", async () => {
  const languages = { "streamlint.languages": ["markdown"], "streamlint.path": "/bin/false" };
  const other = await openWorkbench({ files, settings: languages, trusted: false });
  try {
    await other.open("/w/notes.md");
    await other.findings("/w/notes.md", ["unknown-type"]);
    await other.open("/w/orders.json");
    await other.findings("/w/orders.json", []);
  } finally {
    await other.close();
  }
});

test("nothing is linted when the extension is off", async () => {
  const other = await openWorkbench({ files, settings: { "streamlint.enable": false } });
  try {
    await other.open("/w/orders.json");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await other.findings("/w/orders.json", []);
  } finally {
    await other.close();
  }
});
