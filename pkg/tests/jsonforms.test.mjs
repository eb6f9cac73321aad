// The form examples of the README in Chromium: each finding is at its own input, and no code is evaluated.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";

import { opened } from "./browser.mjs";
import { root } from "./packed.mjs";

const folder = mkdtempSync(join(tmpdir(), "streamlint-jsonforms-"));
let browser, server, page;

/** The example of the README that contains this text. */
const printed = (part) => [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```jsx\n([^]*?)```/g)].map(([, code]) => code).find((code) => code.includes(part));
const EXAMPLES = { "rjsf.jsx": printed("@rjsf/core"), "jsonforms.jsx": printed("@jsonforms/react") };

const SCRIPT = `
  import { createElement } from "react";
  import { createRoot } from "react-dom/client";
  import init from "streamlint";
  import { JsonFormsForm } from "jsonforms.jsx";
  import { RjsfForm } from "rjsf.jsx";

  const shown = (component) => async (start) => {
    await init();
    globalThis.root?.unmount();
    globalThis.root = createRoot(document.getElementById("form"));
    root.render(createElement(component, { start, save: (data) => { globalThis.data = data; } }));
  };
  globalThis.show = shown(JsonFormsForm);
  globalThis.showRjsf = shown(RjsfForm);
`;

/** Passes the README's examples to esbuild. */
const examples = {
  name: "examples",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(rjsf|jsonforms)\.jsx$/ }, ({ path }) => ({ path, namespace: "printed" }));
    onLoad({ filter: /./, namespace: "printed" }, ({ path }) => ({ contents: EXAMPLES[path], loader: "jsx", resolveDir: join(root, "tests") }));
  },
};

before(async () => {
  mkdirSync(join(folder, "js"));
  const options = { bundle: true, format: "esm", target: "es2022", conditions: ["browser"], logLevel: "error", define: { "process.env.NODE_ENV": '"production"' }, jsx: "automatic", plugins: [examples] };
  await build({ ...options, stdin: { contents: SCRIPT, resolveDir: join(root, "tests") }, outfile: join(folder, "js", "page.js") });
  copyFileSync(join(root, "streamlint.wasm"), join(folder, "streamlint.wasm"));
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><title>a</title><link rel="icon" href="data:,"><div id="form"></div><script type="module" src="/js/page.js"></script>',
  );
  ({ server, browser, page } = await opened(folder, "show"));
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true });
});

/** The labels of the inputs with an error, each with the message below it. */
const lit = () =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll(".control:has(.invalid)")].map((control) => [
        control.querySelector("label").textContent,
        control.querySelector(".validation_error").textContent,
      ]),
    ),
  );

const input = (label) => page.getByLabel(label, { exact: true });

/** Waits until exactly these inputs have an error. */
const litAre = (...labels) =>
  page.waitForFunction(
    (labels) => [...document.querySelectorAll(".control:has(.invalid) label")].map((label) => label.textContent).join() === labels,
    labels.join(),
  );

test("a missing field marks its own input until it is filled in", async () => {
  await page.evaluate((start) => show(start), {
    name: "orders",
    type: "Kafka",
    bootstrapServers: "broker-1.example.com",
    authentication: { mechanism: "PLAIN", username: "app" },
    security: { protocol: "SASL_SSL" },
  });
  await litAre("Bootstrap servers*", "Password");
  const reported = await lit();
  assert.match(reported["Bootstrap servers*"], /^a broker in `bootstrapServers` has no port: write host:port/);
  assert.match(reported.Password, /^missing field `authentication.password`, which `PLAIN` requires: /);

  assert.equal(await input("Password").getAttribute("type"), "password");
  await input("Password").pressSequentially("${KAFKA_PASSWORD}");
  await litAre("Bootstrap servers*");
  await input("Bootstrap servers*").press("End");
  await input("Bootstrap servers*").pressSequentially(":9092");
  await litAre();
  await page.waitForFunction(() => data.bootstrapServers.endsWith(":9092"));
  assert.deepEqual(await page.evaluate(() => data), {
    name: "orders",
    type: "Kafka",
    bootstrapServers: "broker-1.example.com:9092",
    authentication: { mechanism: "PLAIN", username: "app", password: "${KAFKA_PASSWORD}" },
    security: { protocol: "SASL_SSL" },
  });

  // An empty required input has an error again.
  await input("Password").fill("");
  await litAre("Password");
  // Nothing violated the policy.
  assert.deepEqual(page.errors, []);
});

test("RJSF shows each finding at its own input, hides the password, and adds nothing", async () => {
  const start = { name: "orders", type: "Kafka", bootstrapServers: "broker-1.example.com:9092", authentication: { mechanism: "PLAIN", username: "app" }, security: { protocol: "SASL_SSL" } };
  await page.evaluate((start) => showRjsf(start), start);
  const password = page.locator("#root_authentication_password");
  assert.equal(await password.getAttribute("type"), "password");
  await page.waitForSelector("#root_authentication_password__error");
  assert.match(await page.locator("#root_authentication_password__error").innerText(), /PLAIN/);
  assert.equal(await page.locator("[id$=__error]").count(), 1);
  await password.fill("${KAFKA_PASSWORD}");
  await page.waitForSelector("#root_authentication_password__error", { state: "detached" });
  await page.locator("button[type=submit]").click();
  await page.waitForFunction(() => data?.authentication?.password && !document.querySelector("[id$=__error]"));
  const kept = await page.evaluate(() => JSON.parse(JSON.stringify(data)));
  assert.deepEqual(kept, { ...start, authentication: { ...start.authentication, password: "${KAFKA_PASSWORD}" } });
  for (const hidden of ["clientSecret", "sslKey", "sslKeyPassword"]) {
    assert.equal(await page.locator(`#root_authentication_${hidden}`).getAttribute("type"), "password", hidden);
  }
  assert.deepEqual(page.errors, []);
});
