// The built page in Chromium, opened for each test of a file, with shared helpers.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, serve } from "../../pkg/tests/browser.mjs";

export let server, browser, page;

/** The errors on the page, and its requests. */
export let complaints, requests;
export const forgetRequests = () => (requests = []);

before(async () => {
  server = await serve(fileURLToPath(new URL("../dist", import.meta.url)));
  browser = await launch();
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
});
after(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  page = await browser.context.newPage();
  page.setDefaultTimeout(10_000);
  complaints = [];
  requests = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("request", (request) => requests.push(request.url()));
  await page.addInitScript(() => {
    globalThis.barred = [];
    addEventListener("securitypolicyviolation", ({ blockedURI }) => globalThis.barred.push(blockedURI));
  });
  await page.goto(server.url);
  await page.waitForSelector(".cm-content");
});
afterEach(async () => {
  assert.deepEqual(complaints, []);
  // The page never violates its policy, not even where it would recover.
  assert.deepEqual(await page.evaluate(() => globalThis.barred), []);
  // All requests go to the page's own server.
  assert.deepEqual(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith("data:")), []);
  await page.evaluate(() => localStorage.clear());
  await page.close();
});

/** Replaces the text by pasting. */
export async function write(text) {
  await page.click(".cm-content");
  await page.keyboard.press("Control+A");
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press("Control+V");
}
/** The full text, including parts that are scrolled out of view or dotted. */
export const text = () => page.evaluate(() => document.querySelector(".cm-content").cmTile.view.state.doc.toString());
export const wrote = (expected) =>
  page.waitForFunction((expected) => document.querySelector(".cm-content").cmTile.view.state.doc.toString().includes(expected), expected);
export const rules = () => page.$$eval(".problem", (items) => items.map((item) => item.dataset.rule));
export const found = (rule) => page.waitForSelector(`.problem[data-rule="${rule}"]`);
/** Waits until the form shows a type; the list of findings is updated at the same time. */
export const formOf = (type) => page.waitForFunction((type) => document.querySelector("#form .bar select")?.value === type, type);
export const input = (label) => page.locator("#form").getByLabel(label, { exact: true });


/** The clipboard after a click on a button. */
export async function copied(name) {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.click(`.copies button:text-is("${name}")`);
  return page.evaluate(async () => {
    for (;;) {
      const text = await navigator.clipboard.readText();
      if (text !== "") return text;
      await new Promise((then) => setTimeout(then, 20));
    }
  });
}

/** Opens a file with the file picker. */
export const openFile = (name, text) => page.setInputFiles("input[type=file]", { name, mimeType: "text/plain", buffer: Buffer.from(text) });
