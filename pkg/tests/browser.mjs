// Shared by the tests in a browser: Chromium, a server for a folder, and the native command's reports.

import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

import { chromium } from "playwright-core";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Scripts only from the server, and no evaluated code except WebAssembly. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self'; img-src 'self' data:";

/** Chromium with a temporary profile; `close` ends it and deletes the profile. */
export async function launch() {
  const profile = mkdtempSync(join(tmpdir(), "streamlint-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Serves a folder to this machine only, with a strict policy. `types: false` sends no content types. */
export async function serve(folder, { policy = POLICY, types = true } = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://a").pathname);
    try {
      const file = join(folder, normalize(path === "/" ? "/index.html" : path));
      const body = readFileSync(file);
      const type = types || extname(file) !== ".wasm" ? TYPES[extname(file)] : undefined;
      response.writeHead(200, { ...(type && { "content-type": type }), "content-security-policy": policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((then) => server.listen(0, "127.0.0.1", then));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** A page in a served folder, once it has set the global `ready`. `page.errors` are the errors on it. */
export async function opened(folder, ready, options) {
  const server = await serve(folder, options);
  const browser = await launch();
  const page = await browser.context.newPage();
  page.setDefaultTimeout(20_000);
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  await page.goto(server.url);
  await page.waitForFunction((ready) => globalThis[ready], ready);
  return { server, browser, page };
}
