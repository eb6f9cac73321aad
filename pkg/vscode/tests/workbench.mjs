// VS Code's workbench in Chromium with the packed extension, on the page `tests/workbench`.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };

/** The folder of the packed extension, unpacked as VS Code does it. */
export function unpacked() {
  const folder = mkdtempSync(join(tmpdir(), "streamlint-vscode-"));
  execFileSync("python3", ["-m", "zipfile", "-e", join(here, "..", "streamlint.vsix"), folder]);
  return join(folder, "extension");
}

/**
 * Opens a workbench with files in the folder `/w`.
 *
 * @param {{ files: Record<string, string>, settings?: object, trusted?: boolean }} given
 */
export async function openWorkbench({ files, settings = {}, trusted = true }) {
  const extension = unpacked();
  const manifest = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));
  const extensionFiles = ["/package.json", "/dist/extension.js", "/dist/server.wasm"];
  const start = JSON.stringify({ manifest, extensionFiles, files, settings, trusted });
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://127.0.0.1").pathname;
    if (path === "/start.json") return response.end(start);
    const inExtension = path.startsWith("/extension/");
    const file = inExtension ? join(extension, path.slice(10)) : join(here, "workbench/dist", path === "/" ? "index.html" : path);
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" "),
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  /** Requests to other hosts. */
  const outside = [];
  page.on("request", (request) => {
    if (!/^(?:http:\/\/127\.0\.0\.1|blob:|data:)/.test(request.url())) outside.push(request.url());
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => window.workbench, undefined, { timeout: 60_000 });
  await page.evaluate(() => workbench.whenReady());
  const call = (name, ...args) => page.evaluate(([name, args]) => workbench[name](...args), [name, args]);
  return {
    page,
    outside,
    call,
    open: (path) => call("open", path),
    /** The findings in a file, once they have these rules. */
    async findings(path, rules) {
      const isSame = ([path, rules]) => JSON.stringify(workbench.markers(path).map(({ rule }) => rule).sort()) === JSON.stringify(rules);
      const waiting = page.waitForFunction(isSame, [path, [...rules].sort()], { timeout: 20_000 });
      await waiting.catch(async () => {
        throw new Error(`${path} has ${JSON.stringify(await call("markers", path), null, 1)}`);
      });
      return call("markers", path);
    },
    /** The result of a call, once it matches. */
    async until(name, args, fits) {
      for (let round = 0; ; round += 1) {
        const result = await call(name, ...args);
        if (fits(result)) return result;
        if (round === 100) throw new Error(`${name} stays ${JSON.stringify(result)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
