// The extension in the desktop app and on remote machines, where `streamlint.path` can select a command.

import { spawn } from "node:child_process";

import { StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";

// esbuild keeps this import, because the file is next to this one.
import { activate as start, deactivate } from "./extension.js";

/** Milliseconds after which a command that does not exit is killed. */
const PATIENCE = 2000;

/** @param {import("vscode").ExtensionContext} context */
export const activate = (context) => start(context, { connect });
export { deactivate };

/** @type {import("./extension.js").Native["connect"]} */
async function connect(path, log) {
  const child = spawn(path, ["lsp"], { stdio: "pipe" });
  await new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  child.stderr.setEncoding("utf8").on("data", (text) => log(text.trimEnd()));
  const reader = new StreamMessageReader(child.stdout);
  const writer = new StreamMessageWriter(child.stdin);
  const end = writer.end.bind(writer);
  writer.end = () => {
    end();
    setTimeout(() => child.kill(), PATIENCE).unref();
  };
  return { reader, writer };
}
