// The entry for the desktop app, with a command as the server. `STREAMLINT` is the command.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import Module from "node:module";
import { join } from "node:path";
import { test } from "node:test";

import { createMessageConnection } from "vscode-jsonrpc/node";

import { unpacked } from "./workbench.mjs";

/** The object that the entry passes to the rest of the extension. */
async function native() {
  const entry = join(unpacked(), "dist", "node.js");
  const require = createRequire(entry);
  const beside = require.resolve("./extension.js");
  let given;
  const fake = new Module(beside);
  fake.exports = { activate: (context, native) => (given = { context, native }), deactivate: () => "stopped" };
  fake.loaded = true;
  require.cache[beside] = fake;
  const { activate, deactivate } = require(entry);
  activate("context");
  assert.equal(given.context, "context");
  assert.equal(deactivate(), "stopped");
  return given.native;
}

test("a command is the server", async () => {
  const { connect } = await native();
  const { reader, writer } = await connect(process.env.STREAMLINT, () => {});
  const client = createMessageConnection(reader, writer);
  client.listen();
  const { serverInfo } = await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  assert.equal(serverInfo.name, "streamlint");
  const closed = new Promise((resolve) => client.onClose(resolve));
  await client.sendRequest("shutdown");
  await client.sendNotification("exit");
  client.end();
  await closed;
});

test("a command that does not exist is an error", async () => {
  const { connect } = await native();
  await assert.rejects(connect("/does/not/exist", () => {}), { code: "ENOENT" });
});

test("the whole extension loads in Node", () => {
  const anything = () => new Proxy(class {}, { get: (members, name) => (members[name] ??= anything()) });
  const usual = Module._load;
  Module._load = (name, ...rest) => (name === "vscode" ? anything() : usual(name, ...rest));
  try {
    const entry = join(unpacked(), "dist", "node.js");
    const { activate, deactivate } = createRequire(entry)(entry);
    assert.deepEqual([typeof activate, typeof deactivate], ["function", "function"]);
  } finally {
    Module._load = usual;
  }
});
