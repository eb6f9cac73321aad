// `streamlint lsp` as editors run it: as a separate process, with VS Code's client library on the other end.
// `STREAMLINT` is the command to test.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, test } from "node:test";

import {
  CodeActionRequest,
  CompletionRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  DocumentSymbolRequest,
  ExecuteCommandRequest,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  LogMessageNotification,
  PublishDiagnosticsNotification,
  ShowDocumentRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";

const command = process.env.STREAMLINT;
assert.ok(command, "STREAMLINT says which command to test");

const uri = "file:///w/My%20Files/orders.json";
const text = `{
  "name": "orders 😀",
  "type": "Kafka",
  "bootstrapServers": "broker.example.com:9092",
  "authentication": { "mechanism": "PLAIN", "username": "u", "password": "\${P}" },
  "security": { "protocol": "sasl_ssl" }
}
`;

const capabilities = {
  general: { positionEncodings: ["utf-16"] },
  window: { showDocument: { support: true } },
  workspace: { workspaceEdit: { documentChanges: true } },
  textDocument: {
    publishDiagnostics: { relatedInformation: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source"] } }, isPreferredSupport: true },
    completion: { completionItem: { snippetSupport: true } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    hover: { contentFormat: ["markdown"] },
  },
};

/** Stopped after the tests, so that a failed test leaves no server that Node waits for. */
const children = [];
after(() => children.forEach((child) => child.kill()));

/** Starts a server process and connects to it. */
async function start(can = capabilities, options = {}) {
  const child = spawn(command, ["lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"], ...options });
  const ended = once(child, "exit").then(([code, signal]) => code ?? signal);
  children.push(child);
  const client = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const diagnostics = [];
  const waiting = [];
  client.onNotification(PublishDiagnosticsNotification.type, (params) => {
    const next = waiting.shift();
    if (next) next(params);
    else diagnostics.push(params);
  });
  client.onNotification(LogMessageNotification.type, () => {});
  client.onError(() => {});
  client.listen();
  const published = () => (diagnostics.length ? diagnostics.shift() : new Promise((resolve) => waiting.push(resolve)));
  const answer = can && (await client.sendRequest(InitializeRequest.type, { processId: process.pid, rootUri: null, capabilities: can }));
  if (can) await client.sendNotification(InitializedNotification.type, {});
  const open = (content = text, name = uri) =>
    client.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri: name, languageId: "json", version: 1, text: content },
    });
  const change = (version, ...contentChanges) =>
    client.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri, version }, contentChanges });
  const stop = async () => {
    await client.sendRequest(ShutdownRequest.type);
    await client.sendNotification(ExitNotification.type);
    return ended;
  };
  return { child, client, ended, answer, published, open, change, stop };
}

const at = (line, character) => ({ line, character });
const range = (start, end = start) => ({ start, end });

test("a session of an editor", async () => {
  const { answer, client, published, open, change, stop } = await start();
  assert.equal(answer.serverInfo.name, "streamlint");
  assert.equal(answer.capabilities.positionEncoding, "utf-16");

  await open();
  const first = await published();
  assert.equal(first.uri, uri);
  assert.deepEqual(
    first.diagnostics.map(({ code, severity, range }) => [code, severity, range.start, range.end]),
    [
      ["malformed-name", 2, at(1, 10), at(1, 21)],
      ["unknown-value", 1, at(5, 28), at(5, 38)],
    ],
  );

  // Applies a fix as an editor does.
  const actions = await client.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: first.diagnostics[1].range,
    context: { diagnostics: [first.diagnostics[1]] },
  });
  assert.equal(actions[0].title, "Use SASL_SSL");
  const [edit] = actions[0].edit.documentChanges[0].edits;
  await change(2, { range: edit.range, text: edit.newText });
  const second = await published();
  assert.equal(second.version, 2);
  assert.deepEqual(second.diagnostics.map(({ code }) => code), ["malformed-name"]);

  // Deletes the second half of the emoji and then the first; the rest keeps its position.
  await change(3, { range: range(at(1, 19), at(1, 20)), text: "" }, { range: range(at(1, 17), at(1, 19)), text: "" });
  const third = await published();
  assert.deepEqual(third.diagnostics, []);

  const hover = await client.sendRequest(HoverRequest.type, { textDocument: { uri }, position: at(5, 20) });
  assert.match(hover.contents.value, /^\*\*Protocol\*\*/);
  const symbols = await client.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
  assert.deepEqual(symbols.map(({ name, detail }) => [name, detail]), [["orders", "Kafka"]]);
  await change(4, { range: range(at(5, 2)), text: '"net' });
  await published();
  const offered = await client.sendRequest(CompletionRequest.type, { textDocument: { uri }, position: at(5, 6) });
  assert.ok(offered.items.some(({ label }) => label === "networking"), JSON.stringify(offered));

  const shown = new Promise((resolve) =>
    client.onRequest(ShowDocumentRequest.type, (params) => {
      resolve(params.uri);
      return { success: true };
    }),
  );
  await client.sendRequest(ExecuteCommandRequest.type, { command: "streamlint.explain", arguments: ["malformed-name"] });
  assert.match(await shown, /\/src\/rules\/malformed_name\.md$/);

  await client.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  assert.deepEqual((await published()).diagnostics, []);
  assert.equal(await stop(), 0);
});

test("an editor that requests diagnostics, with columns in bytes", async () => {
  const can = { general: { positionEncodings: ["utf-8", "utf-16"] }, textDocument: { diagnostic: {} } };
  const { answer, client, open, stop } = await start(can);
  assert.equal(answer.capabilities.positionEncoding, "utf-8");
  await open();
  const ask = (previousResultId) =>
    client.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri }, previousResultId });
  const first = await ask();
  assert.deepEqual(first.items[0].range, range(at(1, 10), at(1, 23)));
  assert.deepEqual(await ask(first.resultId), { kind: "unchanged", resultId: first.resultId });
  assert.equal(await stop(), 0);
});

test("consecutive edits produce diagnostics of the newest version, and requests get their responses", async () => {
  const { client, published, open, change, stop } = await start();
  await open("");
  await published();
  for (let version = 2; version <= text.length + 1; version++) {
    void change(version, { range: range(at(0, 0)), text: text.at(1 - version) });
  }
  const symbols = client.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
  let last;
  do last = await published();
  while (last.version <= text.length);
  assert.deepEqual(last.diagnostics.map(({ code }) => code), ["malformed-name", "unknown-value"]);
  assert.equal((await symbols).length, 1);
  assert.equal(await stop(), 0);
});

test("an invalid message ends the session with an error that does not quote it", async () => {
  const frame = (body) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const invalid = /^streamlint: the editor sent an invalid message\n$/;
  const noId = /^streamlint: the editor sent `textDocument\/hover` without a valid id/;
  for (const [bad, expected] of [
    ["no header at all zq1\r\n\r\n", invalid],
    ["Content-Length: zq1\r\n\r\n", invalid],
    [frame("{ zq1"), invalid],
    [frame("[]"), invalid],
    [frame('{ "jsonrpc": "2.0", "method": 5, "params": "zq1" }'), invalid],
    [Buffer.concat([Buffer.from("Content-Length: 4\r\n\r\n"), Buffer.from([0xff, 0xfe, 0x00, 0x7b])]), invalid],
    [frame(`{ "jsonrpc": "2.0", "method": "x", "params": ${"[".repeat(1000)}${"]".repeat(1000)} }`), invalid],
    [frame('{ "jsonrpc": "2.0", "id": 1.5, "method": "textDocument/hover", "params": "zq1" }'), noId],
    [frame('{ "jsonrpc": "2.0", "id": 9223372036854775808, "method": "textDocument/hover" }'), noId],
    [frame('{ "jsonrpc": "2.0", "id": null, "method": "textDocument/hover" }'), noId],
  ]) {
    const { child, ended, open, published } = await start(capabilities, { stdio: "pipe" });
    child.stderr.setEncoding("utf8");
    const errors = child.stderr.toArray();
    // Earlier messages are still handled.
    await open();
    child.stdin.write(bad);
    assert.equal((await published()).diagnostics.length, 2);
    assert.equal(await ended, 1, bad);
    assert.match((await errors).join(""), expected, bad);
  }
});

test("the process ends if its client disappears", async () => {
  const quiet = await start();
  quiet.client.onClose(() => {});
  quiet.child.stdin.end();
  assert.equal(await quiet.ended, 1);

  const early = await start(null);
  early.child.stdin.end();
  assert.equal(await early.ended, 1);

  const halfway = await start();
  halfway.child.stdin.end("Content-Length: 1000\r\n\r\n{");
  assert.equal(await halfway.ended, 1);

  // A client that stops reading.
  const stalled = await start();
  stalled.child.stdout.destroy();
  void stalled.open().catch(() => {});
  void stalled.change(2, { text: "{}" }).catch(() => {});
  assert.equal(await stalled.ended, 1);
});

test("exit fails without shutdown, and succeeds after it", async () => {
  const rude = await start();
  await rude.client.sendNotification(ExitNotification.type);
  assert.equal(await rude.ended, 1);
  const polite = await start();
  await polite.client.sendRequest(ShutdownRequest.type);
  await assert.rejects(polite.client.sendRequest(HoverRequest.type, { textDocument: { uri }, position: at(0, 0) }), { code: -32600 });
  polite.child.stdin.end();
  assert.equal(await polite.ended, 0);
});

test("a keystroke in 10 KB costs far less than a frame", async () => {
  const one = JSON.parse(text.replace("sasl_ssl", "SASL_SSL").replace(" 😀", ""));
  const many = JSON.stringify(Array.from({ length: 40 }, (_, index) => ({ ...one, name: `orders-${index}` })), null, 2);
  assert.ok(many.length > 10_000 && many.length < 12_000, `${many.length}`);
  const { published, open, change, stop } = await start();
  await open(many);
  await published();
  const took = [];
  for (let version = 2; version < 402; version++) {
    const start = performance.now();
    await change(version, { range: range(at(5, 5), at(5, version % 2 ? 6 : 5)), text: version % 2 ? "" : "x" });
    const { version: linted } = await published();
    took.push(performance.now() - start);
    assert.equal(linted, version);
  }
  took.sort((one, other) => one - other);
  const [p50, p95] = [took[took.length >> 1], took[Math.floor(took.length * 0.95)]];
  console.log(`# a keystroke, there and back: p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms of 400 in ${many.length} bytes`);
  assert.ok(p50 < 16, `half of the keystrokes took more than ${p50} ms`);
  assert.equal(await stop(), 0);
});
