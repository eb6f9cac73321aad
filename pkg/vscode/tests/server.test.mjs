// The server in WebAssembly, compared with the command. `STREAMLINT` is the command.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { URI } from "vscode-uri";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const capabilities = { textDocument: { diagnostic: {}, publishDiagnostics: { relatedInformation: true } } };

/** Loads a module of the extension with the URI library that VS Code is based on. */
async function load(name) {
  const folder = mkdtempSync(join(tmpdir(), "streamlint-server-"));
  const outfile = join(folder, "module.mjs");
  writeFileSync(join(folder, "vscode.js"), 'export { URI as Uri } from "vscode-uri";');
  await build({
    entryPoints: [fileURLToPath(new URL(`../src/${name}`, import.meta.url))],
    bundle: true,
    format: "esm",
    alias: { vscode: join(folder, "vscode.js") },
    nodePaths: [fileURLToPath(new URL("../node_modules", import.meta.url))],
    outfile,
  });
  return import(pathToFileURL(outfile));
}

const disk = {
  async kind(path) {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isDirectory() ? "folder" : found && "file";
  },
  names: async (path) => readdirSync(path),
  bytes: async (path) => readFileSync(path),
};

/** A client of the server in WebAssembly. */
async function inWebAssembly(folder) {
  const { Server } = await load("server.js");
  const module = await WebAssembly.compile(readFileSync(new URL("../dist/server.wasm", import.meta.url)));
  const server = new Server(module, disk, folder);
  let id = 0;
  const request = async (method, params) => {
    id += 1;
    const current = id;
    const responses = await server.handle([{ jsonrpc: "2.0", id: current, method, params }]);
    return responses.find((message) => message.id === current && message.method === undefined).result;
  };
  const notify = (method, params) => server.handle([{ jsonrpc: "2.0", method, params }]);
  return { request, notify, end() {} };
}

/** A client of the native command. */
function ofCommand(folder) {
  const child = spawn(process.env.STREAMLINT, ["lsp"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const client = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  client.onRequest(() => null);
  client.listen();
  return {
    request: (method, params) => client.sendRequest(method, params),
    notify: (method, params) => client.sendNotification(method, params),
    end: () => child.kill(),
  };
}

/** The findings in some files of a folder. */
async function findings({ request, notify }, folder, paths) {
  const rootUri = pathToFileURL(folder).href;
  await request("initialize", { processId: null, rootUri, workspaceFolders: [{ uri: rootUri, name: "w" }], capabilities });
  await notify("initialized", {});
  const all = [];
  for (const path of paths) {
    const uri = pathToFileURL(join(folder, path)).href;
    const text = readFileSync(join(folder, path), "utf8");
    await notify("textDocument/didOpen", { textDocument: { uri, languageId: "", version: 1, text } });
    const { items } = await request("textDocument/diagnostic", { textDocument: { uri } });
    all.push({ path, items });
  }
  return all;
}

test("the server in WebAssembly finds what the command finds", async () => {
  const folder = join(root, "examples");
  const isRead = (path) => /\.(?:json|jsonc|ya?ml|tf|tfvars|http|toml)$/.test(path);
  const paths = readdirSync(folder, { recursive: true }).filter(isRead).sort();
  const [one, other] = [await inWebAssembly(folder), ofCommand(folder)];
  const [found, expected] = [await findings(one, folder, paths), await findings(other, folder, paths)];
  other.end();
  assert.deepEqual(found, expected);
  const count = found.flatMap(({ items }) => items).length;
  console.log(`${paths.length} files, ${count} findings`);
  assert.ok(paths.length > 20 && count > 20);
});

test("a keystroke takes a few milliseconds", async () => {
  const client = await inWebAssembly("/");
  const text = JSON.stringify(Array.from({ length: 100 }, (_, at) => ({ name: `c${at}`, type: "kafka", url: "x" })), null, 2);
  const uri = "untitled:a.connections.json";
  await client.request("initialize", { processId: null, rootUri: null, capabilities });
  await client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "json", version: 1, text } });
  const times = [];
  for (let version = 2; version < 30; version += 1) {
    const start = performance.now();
    const change = { range: { start: { line: 0, character: 1 }, end: { line: 0, character: 1 } }, text: " " };
    await client.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [change] });
    const { items } = await client.request("textDocument/diagnostic", { textDocument: { uri } });
    times.push(performance.now() - start);
    assert.ok(items.length > 0);
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1];
  console.log(`${text.length} bytes: ${median.toFixed(1)} ms after a keystroke`);
  assert.ok(median < 200, `${median} ms`);
});

test("documents of other file systems have a path for the server, and the conversion is reversible", async () => {
  const { fromServer, toServer } = await load("uris.js");
  for (const uri of [
    "vscode-vfs://github/owner/repo/a%20b/main.tf",
    "vscode-remote://ssh-remote%2Bhost/home/me/a.json",
    "memfs:/a/b.json",
    "file:///home/me/a%20b.json",
    "untitled:Untitled-1",
  ]) {
    const parsed = URI.parse(uri);
    const sent = toServer(parsed);
    assert.equal(fromServer(sent).toString(), parsed.toString());
    if (!uri.startsWith("untitled")) assert.match(sent, /^file:\/\/\//);
  }
});
