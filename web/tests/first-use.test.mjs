// The page as a new user sees it: each test covers a past bug.

import assert from "node:assert/strict";
import { test } from "node:test";

import { copied, formOf, found, input, openFile, page, rules, server, text, write, wrote } from "./session.mjs";

const gone = (rule) => page.waitForFunction((rule) => !document.querySelector(`.problem[data-rule="${rule}"]`), rule);
/** Waits until the status line contains this text. */
const statusShows = (words) =>
  page.waitForFunction((words) => document.querySelector('.status [role="status"]').textContent.includes(words), words);
const KAFKA = {
  name: "orders",
  type: "Kafka",
  bootstrapServers: "b.example.com:9092",
  authentication: { mechanism: "PLAIN", username: "u", password: "${KAFKA_PASSWORD}" },
  security: { protocol: "SASL_SSL" },
};
const TERRAFORM = `resource "mongodbatlas_stream_connection" "orders" {
  project_id        = var.project_id
  workspace_name    = "w"
  connection_name   = "orders"
  type              = "Kafka"
  bootstrap_servers = "b.example.com:9092"
  authentication    = { mechanism = "PLAIN", username = "u", password = var.kafka_password }
  security          = { protocol = "SASL_SSL" }
}
`;

test("the first view has four findings, one of them fixable, and describes the page", async () => {
  await found("unknown-type");
  assert.equal((await rules()).length, 4);
  await page.waitForSelector("text=Fix all safe (1)");
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const sentence = page.getByText("Lints MongoDB Atlas Stream Processing connections as you type.");
    assert.equal(await sentence.isVisible(), true, `${width}`);
  }
  // All four are visible on a laptop screen, beside the text.
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const row of await page.$$(".problem")) assert.ok((await row.boundingBox()).y < 860);
  const links = await page.$$eval("footer a", (links) => links.map(({ textContent, href }) => [textContent, href]));
  const repository = "https://github.com/streamlint/streamlint";
  assert.deepEqual(links, [
    ["Documentation", `${repository}/blob/v0.1.0/README.md`],
    ["Rules", `${repository}/blob/v0.1.0/docs/rules.md`],
    ["GitHub", repository],
  ]);
  assert.match(await page.textContent("footer p"), /streamlint \d+\.\d+\.\d+ · MIT OR Apache-2\.0/);
});

test("the name of an opened file is shown, and is dropped with its text", async () => {
  await openFile("main.tf", TERRAFORM);
  await wrote("resource");
  assert.equal(await page.textContent(".chip span"), "main.tf");
  await write(JSON.stringify(KAFKA, null, 2));
  await page.waitForFunction(() => !document.querySelector(".chip"));
  await page.waitForFunction(() => document.querySelector("#root_name")?.readOnly === false);
  await page.waitForFunction(() => document.querySelector(".counts").textContent === "No findings");
  // Editing keeps the file name, and the user can remove it.
  await openFile("a.jsonc", '{ "name": "a", "type": "Sample" } // mine');
  await wrote("// mine");
  await page.click(".cm-content");
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" and yours");
  assert.equal(await page.textContent(".chip span"), "a.jsonc");
  await page.click('[aria-label="Forget the name a.jsonc"]');
  assert.equal(await page.locator(".chip").count(), 0);
});

test("stream processors are counted", async () => {
  await write('{ "name": "p", "pipeline": [{ "$source": { "connectionName": "a" } }, { "$emit": { "connectionName": "b" } }] }');
  await page.waitForSelector("text=rules found nothing in 1 stream processor.");
  assert.match(await page.textContent("#form .empty"), /only 1 stream processor. Stream processors have no form./);
  await write(`${TERRAFORM}\nresource "mongodbatlas_stream_processor" "p" {\n  pipeline = jsonencode([])\n}\nvariable "project_id" {}\n`);
  await page.waitForSelector("text=in 1 connection and 1 stream processor.");
});

test("a misspelled type keeps the form open and offers the correct one", async () => {
  await write(JSON.stringify({ ...KAFKA, type: "kafka" }));
  await page.waitForFunction(() => document.querySelector("#root_bootstrapServers")?.value === "b.example.com:9092");
  await input("Name required").fill("other");
  await wrote('"other"');
  assert.match(await page.textContent("#form .notice"), /kafka is not a connection type; this looks like Kafka/);
  assert.equal(await page.locator(".copies button:disabled").count(), 0);
  assert.match(await copied("Terraform"), /kafka_password/);
  await page.click('#form .notice button:text("Use Kafka")');
  await wrote('"Kafka"');
  await formOf("Kafka");
});

test("an unavailable copy has a reason", async () => {
  const why = async (words) => {
    await page.waitForFunction((words) => document.querySelector("#why")?.textContent === words, words);
    for (const button of await page.$$(".copies [aria-labelledby] button")) {
      assert.deepEqual([await button.isDisabled(), await button.getAttribute("aria-describedby")], [true, "why"]);
    }
  };
  await write('{ "name": "a", "type": "RabbitMQ" }');
  await why("Set a known type first, then copy.");
  await write('{ "name": "a", "type": "Sample" ');
  await why("Fix the syntax error first, then copy.");
  await write('{ "pipeline": [{ "$source": { "connectionName": "a" } }] }');
  await why("There is no connection to copy.");
  await page.click(".cm-content");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await why("There is no text to copy yet.");
});

test("a placeholder is shown, and a secret is dotted", async () => {
  await write(JSON.stringify(KAFKA, null, 2));
  await page.waitForFunction(() => document.querySelector("#root_authentication_password")?.value === "${KAFKA_PASSWORD}");
  assert.equal(await page.locator(".cm-streamlint-secret").count(), 0);
  const dots = () => page.$eval("#root_authentication_password", (input) => getComputedStyle(input).webkitTextSecurity);
  assert.equal(await dots(), "none");
  await input("Password").fill("hunter2");
  await wrote("hunter2");
  assert.equal(await dots(), "disc");
  assert.deepEqual(await page.$$eval(".cm-streamlint-secret", (marks) => marks.map((mark) => mark.textContent)), ["hunter2"]);
});

test("dots stay while a text is damaged, and typing adds none", async () => {
  await write('{\n  "type": "Kafka",\n  "authentication": {\n    "password": "hunter2"\n  },\n  "name": "orders"\n}');
  const dotted = () => page.$$eval(".cm-streamlint-secret", (marks) => marks.map((mark) => mark.textContent));
  await page.waitForFunction(() => document.querySelector(".cm-streamlint-secret"));
  assert.deepEqual(await dotted(), ["hunter2"]);
  // Types a second key before all others.
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowRight");
  for (const key of '"netw') {
    await page.keyboard.type(key);
    assert.deepEqual(await dotted(), ["hunter2"]);
  }
  // Text that is pasted after a syntax error is covered.
  await page.keyboard.press("Control+End");
  await page.evaluate(() => navigator.clipboard.writeText(',\n{ "password": "hunter3" '));
  await page.keyboard.press("Control+V");
  await wrote("hunter3");
  assert.ok((await dotted()).join().includes("hunter3"));
});

test("messages of the page disappear with their text", async () => {
  await copied("curl");
  await statusShows("Copied as curl");
  await page.click("text=Fix all safe (1)");
  await statusShows("1 fix applied.");
  await openFile("a.json", '{ "name": "a", "type": "Sample" }');
  await wrote('"a"');
  await statusShows("Opened a.json. It stays in this page.");
  await write('{ "name": "b", "type": "Sample" }');
  assert.equal(await page.textContent('.status [role="status"]'), "");
});

test("nothing moves after a fix, and the list scrolls", async () => {
  await page.setViewportSize({ width: 1440, height: 700 });
  const places = () => page.$$eval(".editor, .problems, #form", (parts) => parts.map((part) => JSON.stringify(part.getBoundingClientRect())));
  await found("unknown-type");
  const before = await places();
  await page.click('.problem[data-rule="unknown-type"] .fix');
  await gone("unknown-type");
  assert.deepEqual(await places(), before);
  await write(JSON.stringify(Array.from({ length: 20 }, (_, at) => ({ name: `é${at}`, type: "Sample" })), null, 2));
  await found("malformed-name");
  assert.deepEqual(await places(), before);
  const [inside, shown] = await page.$eval(".problems > ol", (list) => [list.scrollHeight, list.clientHeight]);
  assert.ok(inside > shown && shown > 100, `${inside} in ${shown}`);
  // The page of a rule opens over the page, at full height.
  await page.click(".problem [aria-haspopup]");
  assert.equal((await (await page.$(".sheet")).boundingBox()).height, 700);
  await page.click('.sheet button:text("Close")');
  assert.deepEqual(await places(), before);
});

test("an empty editor is no error", async () => {
  await page.click(".cm-content");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.waitForFunction(() => document.querySelector(".counts").textContent === "No text yet");
  assert.deepEqual(await rules(), []);
  assert.equal(await page.locator(".cm-lint-marker").count(), 0);
});

test("a finding shows the name of its connection", async () => {
  await write('[{ "name": "a", "type": "Sample" }, { "name": "hook", "type": "Https" }]');
  await found("missing-field");
  assert.equal(await page.textContent('.problem[data-rule="missing-field"] .connection'), "2: hook");
});

test("changing the type offers to remove unsupported fields, and undo reverts both", async () => {
  const before = JSON.stringify({ ...KAFKA, networking: { access: { type: "PUBLIC" } } }, null, 2);
  await write(before);
  await formOf("Kafka");
  await page.selectOption("#form .bar select", "Https");
  await wrote('"Https"');
  assert.equal(await page.locator(".cm-streamlint-secret").count(), 0);
  assert.match(await page.textContent("#form .notice"), /Https has no bootstrapServers, authentication, security, networking/);
  await page.click('#form .notice button:text("Remove these 4 fields")');
  assert.deepEqual(JSON.parse(await text()), { name: "orders", type: "Https" });
  await page.click(".cm-content");
  await page.keyboard.press("Control+Z");
  assert.equal(await text(), before);
  // A change of the text removes the offer.
  await page.selectOption("#form .bar select", "Sample");
  await page.waitForSelector("#form .notice button");
  await input("Name required").fill("x");
  await page.waitForFunction(() => ![...document.querySelectorAll("#form .notice")].some((notice) => notice.textContent.includes("has no")));
});

test("the panels of the editor have the colors of the page", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.click(".cm-content");
    await page.keyboard.press("Control+F");
    await page.waitForSelector(".cm-panel.cm-search");
    const [field, button, sheet] = await page.evaluate(() =>
      [".cm-panel input", ".cm-panel button.cm-button", "#definition"].map((name) => {
        const { backgroundColor, backgroundImage } = getComputedStyle(document.querySelector(name));
        return `${backgroundColor} ${backgroundImage}`;
      }),
    );
    assert.deepEqual([field, button], [sheet, sheet], colorScheme);
    await page.keyboard.press("Escape");
  }
});

test("an address in YAML is a value, not a comment", async () => {
  await write("name: hook\ntype: Https\nurl: https://hooks.example.com/in # ours\n");
  await page.waitForFunction(() => document.querySelector("#root_url")?.value === "https://hooks.example.com/in");
  const color = (words) =>
    page.evaluate((words) => {
      const spans = [...document.querySelectorAll(".cm-line span")];
      return getComputedStyle(spans.find((span) => span.textContent.includes(words))).color;
    }, words);
  const [key, comment] = [await color("url"), await color("# ours")];
  const host = await page.evaluate(() => {
    const line = [...document.querySelectorAll(".cm-line")].find((line) => line.textContent.includes("https://"));
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (walker.currentNode.data.includes("//")) return getComputedStyle(walker.currentNode.parentElement).color;
  });
  assert.ok(host !== comment && host !== key, `${host} ${comment} ${key}`);
  assert.match(await page.textContent("#form .notice"), /It shows this YAML/);
});

test("encrypted protocols come first, and deprecated ones are not offered", async () => {
  await write(JSON.stringify({ ...KAFKA, security: {} }));
  await page.waitForFunction(() => document.querySelector("#root_security_protocol"));
  const words = () => page.$$eval("#root_security_protocol option", (options) => options.map((option) => option.textContent));
  assert.deepEqual(await words(), ["(not set)", "SASL_SSL", "SSL", "SASL_PLAINTEXT"]);
  // A deprecated value in the text is still shown.
  await write(JSON.stringify({ ...KAFKA, security: { protocol: "PLAINTEXT" } }));
  await page.waitForFunction(() => document.querySelector("#root_security_protocol").selectedOptions[0].textContent === "PLAINTEXT");
  await write('{ "type": "Kafka", "security": { "protocol": "" } }');
  for (let left = 0; left < 5; left++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Control+Space");
  await page.waitForSelector(".cm-tooltip-autocomplete li");
  const offered = await page.$$eval(".cm-tooltip-autocomplete li", (items) => items.map((item) => item.textContent));
  assert.deepEqual(offered, ['"SASL_SSL"', '"SSL"', '"SASL_PLAINTEXT"']);
});

/** Puts the cursor after the first occurrence of some words. */
const behind = (words) =>
  page.evaluate((words) => {
    const { view } = document.querySelector(".cm-content").cmTile;
    view.dispatch({ selection: { anchor: view.state.doc.toString().indexOf(words) + words.length }, scrollIntoView: true });
    view.focus();
  }, words);

/** The completions at the cursor. */
async function offered() {
  await page.keyboard.press("Control+Space");
  await page.waitForSelector(".cm-tooltip-autocomplete li");
  return page.$$eval(".cm-tooltip-autocomplete .cm-completionLabel", (labels) => labels.map((label) => label.textContent));
}

/** Accepts a completion. */
const take = (label) => page.locator(".cm-tooltip-autocomplete li", { has: page.getByText(label, { exact: true }) }).click();

test("YAML and Terraform have hovers and completions, in the spelling of their dialect", async () => {
  await write("name: orders\ntype: Kafka\nsecurity:\n  protocol: \n");
  await found("missing-field");
  await behind("protocol: ");
  assert.deepEqual(await offered(), ["SASL_SSL", "SSL", "SASL_PLAINTEXT"]);
  await take("SASL_SSL");
  await wrote("  protocol: SASL_SSL\n");
  await behind("SASL_SSL\n");
  const fields = await offered();
  assert.ok(fields.slice(0, 2).includes("bootstrapServers") && fields.includes("networking") && !fields.includes("security"), `${fields}`);
  await page.keyboard.type("auth");
  await page.waitForFunction(() => document.querySelectorAll(".cm-tooltip-autocomplete li").length === 1);
  await take("authentication");
  await wrote("authentication:\n  ");
  await page.keyboard.type("mechanism: PLAIN");
  await wrote("authentication:\n  mechanism: PLAIN");

  await page.getByText("protocol", { exact: true }).first().hover();
  await page.waitForSelector(".cm-streamlint-hover");
  assert.match(await page.textContent(".cm-streamlint-hover"), /^Protocol.*• SASL_SSL: /);

  await write(TERRAFORM);
  await page.waitForFunction(() => document.querySelector("#root_name")?.value === "orders");
  await page.getByText("bootstrap_servers", { exact: true }).first().hover();
  await page.locator(".cm-streamlint-hover", { hasText: "Bootstrap servers" }).waitFor();
  await behind('"Kafka"');
  await page.keyboard.press("Enter");
  const attributes = await offered();
  assert.ok(attributes.includes("networking") && !attributes.includes("bootstrapServers"), `${attributes}`);
  await take("networking");
  await wrote("networking = {  }");

  // JSON of another dialect, with a missing comma.
  await write(`{ "apiVersion": "atlas.mongodb.com/v1", "kind": "AtlasStreamConnection", "metadata": { "name": "a" },\n"spec": { "name": "a"\n\n} }`);
  await found("unknown-type");
  await behind('"spec": { "name": "a"\n');
  await page.keyboard.type('"ty');
  await page.waitForSelector(".cm-tooltip-autocomplete li");
  await take('"type"');
  await wrote('{ "name": "a",\n"type": "');
});

test("the file picker offers all extensions that the command supports", async () => {
  const accepted = (await page.getAttribute("input[type=file]", "accept")).split(",");
  for (const name of [".http", ".tfvars", ".template", ".md"]) assert.ok(accepted.includes(name), name);
  await openFile("orders.http", `POST https://cloud.mongodb.com/api/atlas/v2/groups/5f0000000000000000000000/streams/w/connections\n\n${JSON.stringify(KAFKA)}\n`);
  await wrote("POST");
  await page.waitForFunction(() => document.querySelector("#root_name")?.value === "orders");
});

test("each connection of a Terraform or YAML text has its form, and its copies", async () => {
  await write(TERRAFORM + TERRAFORM.replaceAll("orders", "second").replace('"b.example.com:9092"', "var.brokers"));
  await page.waitForFunction(() => document.querySelectorAll("#form .bar select")[0]?.options.length === 2);
  assert.equal(await input("Name required").inputValue(), "orders");
  assert.equal(await page.inputValue("#root_authentication_password"), "${var.kafka_password}");
  assert.equal(JSON.parse(await copied("Admin API JSON")).authentication.password, "${KAFKA_PASSWORD}");
  await page.locator('#form label:has-text("Connection") select').selectOption("1");
  assert.equal(await input("Name required").inputValue(), "second");
  assert.equal(JSON.parse(await copied("Admin API JSON")).bootstrapServers, "${BROKERS}");
  assert.match(await copied("Terraform"), /variable "brokers" \{\n  type = string\n\}[^]*bootstrap_servers = var\.brokers/);
});

test("a conversion keeps the comments of a text without secrets, and leaves out those of others", async () => {
  await write('# The orders.\nname: orders\ntype: Https\nurl: https://a.example.com # ours\nheaders:\n  Authorization: ${TOKEN}\n');
  const kept = await copied("Terraform");
  assert.match(kept, /# The orders\.\nresource [^]*# ours\n  url /);
  assert.match(kept, /Authorization = var\.token\n/);
  await statusShows("The comments are kept: check that they hold no secrets.");
  await write("# The orders.\nname: orders\ntype: Https\nurl: https://a.example.com\nheaders:\n  Authorization: Bearer hunter2zq\n");
  const without = await copied("Terraform");
  assert.doesNotMatch(without, /hunter2zq|The orders/);
  await statusShows("Copied as Terraform, without secrets. Set project_id, workspace_name, https_authorization. The comments are left out.");
});

test("all connections of a text are copied at once, each with its own secrets", async () => {
  await write(`[${["orders", "clicks"].map((name) => JSON.stringify({ ...KAFKA, name, authentication: { ...KAFKA.authentication, password: name } }))}]`);
  await page.getByLabel("Copy all 2 connections").check();
  const bodies = JSON.parse(await copied("Admin API JSON"));
  assert.deepEqual(bodies.map(({ name, authentication }) => [name, authentication.password]), [
    ["orders", "${KAFKA_PASSWORD}"],
    ["clicks", "${KAFKA_PASSWORD_2}"],
  ]);
  await statusShows("Copied 2 connections as Admin API JSON, without secrets. Set KAFKA_PASSWORD, KAFKA_PASSWORD_2.");
  const terraform = await copied("Terraform");
  assert.match(terraform, /password  = var\.kafka_password\n[^]*password  = var\.kafka_password_2\n/);
  // From Terraform back to JSON.
  await write(terraform);
  await page.waitForFunction(() => document.querySelectorAll("#form .bar select")[0]?.options.length === 2);
  assert.deepEqual(JSON.parse(await copied("Admin API JSON")), bodies);
  assert.match(await copied("Atlas CLI"), /connections create orders [^]*connections create clicks /);
});

test("a link contains the masked text, and nothing is sent", async () => {
  await write(`{\n  "name": "orders", "type": "Kafka", "authentication": { "password": "hunter2" }, "x": 5\n}`);
  await found("unknown-field");
  const link = await copied("Copy link");
  await statusShows("Copied a link that holds the text. Secrets, unknown values and comments are *** in it.");
  assert.ok(link.startsWith(`${server.url}/#text=`), link);
  assert.equal(await page.evaluate(() => location.hash), "");
  await page.goto("about:blank");
  await page.goto(link);
  await page.waitForSelector(".cm-content");
  assert.equal(
    await text(),
    `{\n  "name": "orders", "type": "Kafka", "authentication": { "password": "***" }, "x": "***"\n}`,
  );
  await statusShows("came with the link");
  // Masking keeps valid text valid.
  await found("unknown-field");
  assert.ok(!(await rules()).includes("syntax-error"));
  // The link includes the file name if it determines the syntax.
  await openFile("orders.jsonc", '{ "name": "a", "type": "Sample" } // b');
  await wrote('"Sample"');
  await page.goto(await copied("Copy link"));
  await page.waitForSelector(".chip");
  assert.equal(await page.textContent(".chip span"), "orders.jsonc");
  assert.equal(await text(), '{ "name": "a", "type": "Sample" } // ***');
  // A damaged link opens the example text.
  await page.goto("about:blank");
  await page.goto(`${server.url}/#text=abc`);
  await page.waitForSelector(".cm-content");
  await statusShows("The link is damaged. This is an example instead.");
});

test("the text is downloaded under its name", async () => {
  const download = async () => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.click('.copies button:text("Download")')]);
    return file.suggestedFilename();
  };
  assert.equal(await download(), "connection.json");
  await write(TERRAFORM);
  await page.waitForSelector("#form .notice.calm");
  assert.equal(await download(), "main.tf");
  await openFile("mine.tf", TERRAFORM);
  assert.equal(await download(), "mine.tf");
});

test("the keyboard shortcuts are listed and work", async () => {
  await page.click("text=Keyboard shortcuts");
  const listed = await page.$$eval(".keys kbd", (keys) => keys.map((key) => key.textContent));
  assert.deepEqual(listed.slice(0, 4), ["F8", "Shift+F8", "Ctrl+.", "Ctrl+Shift+F"]);
  await page.keyboard.press("Escape");
  await found("unknown-type");
  await page.click(".cm-content");
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+.");
  await statusShows("No fix at the cursor. F8 goes to the next finding.");
  const selected = () => page.evaluate(() => getSelection().toString());
  await page.keyboard.press("F8");
  assert.equal(await selected(), '"kafka"');
  await page.keyboard.press("F8");
  await page.keyboard.press("Shift+F8");
  assert.equal(await selected(), '"kafka"');
  await page.keyboard.press("Control+.");
  await wrote('"Kafka"');
  await page.keyboard.press("Control+Z");
  await wrote('"kafka"');
  await page.keyboard.press("Control+Shift+F");
  await wrote('"Kafka"');
});

test("a screen reader hears how many findings there are", async () => {
  const counts = page.locator(".counts");
  assert.deepEqual([await counts.getAttribute("role"), await counts.getAttribute("aria-live")], ["status", "polite"]);
  await page.waitForFunction(() => document.querySelector(".counts").textContent === "1 error, 3 warnings");
  // The element must stay the same for screen readers to announce the change.
  await page.evaluate(() => (document.querySelector(".counts").isSame = true));
  await page.click("text=Fix all safe (1)");
  await page.waitForFunction(() => document.querySelector(".counts").textContent === "3 warnings");
  assert.equal(await page.evaluate(() => document.querySelector(".counts").isSame), true);
});
