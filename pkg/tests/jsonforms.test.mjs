// JSON Forms with its React renderers, in Chromium: each finding is at its own input, and nothing is evaluated.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";

import { opened } from "./browser.mjs";
import { root } from "./packed.mjs";

const folder = mkdtempSync(join(tmpdir(), "streamlint-jsonforms-"));
let browser, server, page;

const SCRIPT = `
  import { JsonForms } from "@jsonforms/react";
  import { vanillaCells, vanillaRenderers } from "@jsonforms/vanilla-renderers";
  import { createElement } from "react";
  import { createRoot } from "react-dom/client";
  import init, { checkValue, schema } from "streamlint";
  import { additionalErrors } from "streamlint/forms";

  const control = (path) => ({ type: "Control", scope: "#/properties/" + path.join("/properties/") });
  const elements = [["name"], ["bootstrapServers"], ["authentication", "mechanism"], ["authentication", "username"], ["authentication", "password"], ["security", "protocol"]];
  const uischema = { type: "VerticalLayout", elements: elements.map(control) };

  const linted = (state, action, reduce) => {
    const next = reduce(state, action);
    return next === state ? state : { ...next, additionalErrors: additionalErrors(checkValue(next.data)) };
  };

  function Form({ of, start }) {
    return createElement(JsonForms, {
      schema: of, uischema, data: start, renderers: vanillaRenderers, cells: vanillaCells,
      validationMode: "NoValidation", middleware: linted, onChange: ({ data }) => { globalThis.data = data; },
    });
  }

  globalThis.show = async (start) => {
    await init();
    createRoot(document.getElementById("form")).render(createElement(Form, { of: schema(start.type), start }));
  };
`;

before(async () => {
  mkdirSync(join(folder, "js"));
  const options = { bundle: true, format: "esm", target: "es2022", conditions: ["browser"], logLevel: "error", define: { "process.env.NODE_ENV": '"production"' } };
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

/** The labels of the inputs that are lit up, each with what is reported below it. */
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

/** Waits until these inputs are lit up and no others. */
const litAre = (...labels) =>
  page.waitForFunction(
    (labels) => [...document.querySelectorAll(".control:has(.invalid) label")].map((label) => label.textContent).join() === labels,
    labels.join(),
  );

test("a missing member lights up its own input, and typing clears it", async () => {
  await page.evaluate((start) => show(start), {
    name: "orders",
    type: "Kafka",
    bootstrapServers: "broker-1.example.com",
    authentication: { mechanism: "PLAIN", username: "app" },
    security: { protocol: "SASL_SSL" },
  });
  await litAre("Bootstrap servers*", "Password");
  const said = await lit();
  assert.match(said["Bootstrap servers*"], /^a broker in `bootstrapServers` has no port: write host:port/);
  assert.match(said.Password, /^`authentication.password` is missing, and `PLAIN` needs it: /);

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

  // Emptied, it is asked for again.
  await input("Password").fill("");
  await litAre("Password");
  // The policy let all of it through.
  assert.deepEqual(page.errors, []);
});
