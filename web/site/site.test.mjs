// The built site in Chromium, in a folder of a static file server.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, serve } from "../../pkg/tests/browser.mjs";
import packaged from "../../pkg/package.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SITE = process.env.SITE;
const REPOSITORY = packaged.repository.url.replace(/^git\+|\.git$/g, "");
const RULES = readdirSync(join(ROOT, "src/rules"), { recursive: true })
  .filter((file) => file.endsWith(".md"))
  .map((file) => file.replace(".md", "").replaceAll("_", "-"));

const FILES = readdirSync(SITE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(SITE, join(entry.parentPath, entry.name)));
const PAGES = FILES.filter((file) => file.endsWith(".html"));

let server, browser, page, complaints, requests;
const at = (file) => `${server.url}/site/${file}`;

before(async () => {
  // The page of web/ contains a stricter policy.
  server = await serve(join(SITE, ".."), { policy: "default-src 'self' data: 'unsafe-inline' 'wasm-unsafe-eval'" });
  browser = await launch();
  browser.context.on("request", (request) => requests.push(request.url()));
});
after(async () => {
  await browser?.close();
  server?.close();
});
beforeEach(async () => {
  page = await browser.context.newPage();
  page.setDefaultTimeout(10_000);
  [complaints, requests] = [[], []];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("response", (response) => response.status() >= 400 && complaints.push(response.url()));
});
afterEach(async () => {
  assert.deepEqual(complaints, []);
  assert.deepEqual(requests.filter((url) => !url.startsWith(at("")) && !url.startsWith("data:")), []);
  await page.close();
});

test("every rule has a page, and every schema its file", async () => {
  assert.ok(RULES.length >= 70);
  for (const rule of RULES) assert.ok(PAGES.includes(`rules/${rule}.html`), rule);
  const schemas = readdirSync(join(ROOT, "schemas"));
  for (const schema of schemas) assert.ok(FILES.includes(`schemas/${schema}`), schema);
});

test("every link leads to an existing file and anchor", async () => {
  await page.goto(at("index.html"));
  const read = (files) =>
    Promise.all(
      files.map(async (file) => {
        const base = new URL(file, location.href);
        const document = new DOMParser().parseFromString(await (await fetch(base)).text(), "text/html");
        const urls = [...document.querySelectorAll("[href], [src]")].map((it) => it.getAttribute("href") ?? it.getAttribute("src"));
        return {
          file,
          ids: [...document.querySelectorAll("[id]")].map(({ id }) => id),
          links: urls.map((url) => new URL(url, base).href),
        };
      }),
    );
  const pages = await page.evaluate(read, PAGES);
  const ids = new Map(pages.map(({ file, ids }) => [file, new Set(ids)]));
  const broken = [];
  let internal = 0;
  for (const { file, links } of pages) {
    for (const link of links) {
      const [address, fragment] = link.split("#");
      if (address.startsWith(at(""))) {
        internal++;
        const target = decodeURIComponent(address.slice(at("").length));
        const isThere = FILES.includes(target) && (!fragment || ids.get(target)?.has(decodeURIComponent(fragment)));
        if (!isThere) broken.push(`${file}: ${link}`);
      } else if (address.startsWith(server.url)) {
        broken.push(`${file}: ${link} is outside of the site`);
      } else {
        const path = address.match(new RegExp(`^${REPOSITORY}/blob/[^/]+/(.*)`))?.[1];
        if (path && !existsSync(join(ROOT, path))) broken.push(`${file}: ${link}`);
      }
    }
  }
  assert.ok(pages.length > RULES.length && internal > 2000, `${pages.length} pages, ${internal} links`);
  assert.deepEqual(broken, []);
});

/** Types, because mdBook's search listens to key events. */
async function search(words) {
  await page.fill("#mdbook-searchbar", "");
  await page.locator("#mdbook-searchbar").pressSequentially(words);
}

test("the search finds words of the text and rules", async () => {
  await page.goto(at("editors.html"));
  for (const [words, wanted] of [["SASL_PLAINTEXT", /^rules\//], ["bootstrap-scheme", /^rules\/bootstrap-scheme\.html/], ["playground", /^try\//]]) {
    if (!(await page.isVisible("#mdbook-searchbar"))) await page.click("#mdbook-search-toggle");
    await search(words);
    const results = page.locator("#mdbook-searchresults a");
    await results.first().waitFor();
    await page.waitForFunction((words) => document.querySelector("#mdbook-searchresults-header").textContent.includes(words), words);
    const found = await results.evaluateAll((links) => links.map(({ href }) => href));
    assert.ok(found.slice(0, 5).some((href) => wanted.test(href.slice(at("").length))), `${words}: ${found.join("\n")}`);
  }
  await search("bootstrap-scheme");
  await page.locator("#mdbook-searchresults a", { hasText: "bootstrap-scheme" }).first().click();
  await page.waitForURL(/\/rules\/bootstrap-scheme\.html/);
  assert.equal(await page.textContent("main h1"), "bootstrap-scheme");
});

test("the page of web/ runs in its folder, and links back", async () => {
  await page.goto(at("index.html"));
  await page.locator("mdbook-sidebar-scrollbox a", { hasText: "Try it" }).click();
  await page.waitForSelector(".problem[data-rule]");
  assert.equal(await page.textContent(".counts"), "1 error, 3 warnings");
  assert.equal(new URL(page.url()).pathname, "/site/try/index.html");
  await page.evaluate(() => document.querySelector("footer a").removeAttribute("target"));
  await page.click("footer a:has-text('Documentation')");
  await page.waitForURL(at("index.html"));
});

test("nothing is wider than the window, in either theme", async () => {
  const shots = process.env.SHOTS;
  if (shots) mkdirSync(shots, { recursive: true });
  const wide = [];
  // The initial width determines whether the sidebar is open.
  const look = async (widths) => {
    const page = await browser.context.newPage();
    for (const file of PAGES.filter((file) => file !== "toc.html")) {
      await page.setViewportSize({ width: widths[0], height: 900 });
      await page.goto(at(file));
      for (const [width, colorScheme] of widths.flatMap((width) => [[width, "light"], [width, "dark"]])) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        // Clipped content counts, too: the page itself does not scroll sideways.
        const excess = await page.evaluate(() => {
          const boxes = [document.documentElement, ...document.querySelectorAll("main, main > *, #root > *")];
          return Math.max(...boxes.map((box) => Math.max(box.getBoundingClientRect().right, box === boxes[0] ? box.scrollWidth : 0))) - innerWidth;
        });
        if (excess > 0) wide.push(`${file}: ${excess} px more than ${width}, ${colorScheme}`);
        if (shots) await page.screenshot({ path: join(shots, `${file.replaceAll("/", "-")}-${colorScheme}-${width}.png`) });
      }
    }
    await page.close();
  };
  await Promise.all([look([360, 768]), look([1440])]);
  assert.deepEqual(wide, []);
});
