// The extension in every host. In browsers this file is the whole extension; src/node.js adds the desktop app's
// features.

import { commands, FileType, languages, StatusBarAlignment, ThemeColor, Uri, window, workspace } from "vscode";

import { createClient, selector, SETTINGS } from "./client.js";
import { EXPLAIN, servePages, showPage } from "./pages.js";
import { Server } from "./server.js";
import { completeSettings } from "./settings.js";
import { transports } from "./transports.js";
import { fromServer, uriOf } from "./uris.js";
import rules from "../generated/rules.json";

/** @typedef {import("vscode").ExtensionContext} Context */
/** @typedef {import("vscode-languageclient/browser").LanguageClient} LanguageClient */
/** @typedef {import("vscode-languageclient/browser").MessageTransports} MessageTransports */

/**
 * A feature of hosts that can run the native command as the server.
 *
 * @typedef {{ connect(path: string, log: (line: string) => void): Promise<MessageTransports> }} Native
 */

/** @type {Extension | undefined} */
let extension;

/** @param {Context} context @param {Native} [native] */
export async function activate(context, native) {
  extension = new Extension(context, native);
  await extension.start();
  return extension;
}

export async function deactivate() {
  await extension?.stop();
}

class Extension {
  #context;
  #native;
  #output = window.createOutputChannel("streamlint", { log: true });
  #status = window.createStatusBarItem("streamlint.status", StatusBarAlignment.Right, 90);
  /** @type {LanguageClient | undefined} */
  #client;
  /** @type {Promise<WebAssembly.Module> | undefined} */
  #module;
  /** Runs starts and stops one after the other. */
  #last = Promise.resolve();
  /** The state of the server in the status bar. */
  #about = "";
  #isFailed = false;

  /** @param {Context} context @param {Native | undefined} native */
  constructor(context, native) {
    this.#context = context;
    this.#native = native;
    this.#status.name = "streamlint";
    this.#status.command = "workbench.actions.view.problems";
    context.subscriptions.push(
      this.#output,
      this.#status,
      ...completeSettings({ pattern: SETTINGS }),
      servePages((rule) => this.#page(rule)),
      commands.registerCommand("streamlint.openRule", (rule) => this.#openRule(rule)),
      commands.registerCommand("streamlint.fixAll", () =>
        commands.executeCommand("editor.action.codeAction", { kind: "source.fixAll.streamlint", apply: "ifSingle" }),
      ),
      commands.registerCommand("streamlint.restart", () => this.restart()),
      commands.registerCommand("streamlint.showOutput", () => this.#output.show()),
      window.onDidChangeActiveTextEditor(() => this.#showStatus()),
      languages.onDidChangeDiagnostics(() => this.#showStatus()),
      workspace.onDidGrantWorkspaceTrust(() => this.restart()),
      workspace.onDidChangeConfiguration((change) => {
        const keys = ["enable", "languages", "path", "skipUnrecognized"];
        if (keys.some((key) => change.affectsConfiguration(`streamlint.${key}`))) void this.restart();
      }),
    );
  }

  start() {
    return this.#then(() => this.#start());
  }

  stop() {
    return this.#then(() => this.#stop());
  }

  restart() {
    return this.#then(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  /** @param {() => Promise<void>} work */
  #then(work) {
    this.#last = this.#last.then(work, work);
    return this.#last;
  }

  async #start() {
    const settings = workspace.getConfiguration("streamlint");
    if (!settings.get("enable", true)) return this.#showStatus();
    const path = settings.get("path", "").trim();
    const isNative = path !== "" && this.#native !== undefined && workspace.isTrusted;
    this.#about = isNative ? `The server is \`${path}\`.` : "The server is part of the extension.";
    this.#isFailed = false;
    if (path !== "" && !isNative) {
      const reason = this.#native ? "this workspace is not trusted" : "this host cannot start commands";
      this.#output.info(`streamlint.path is not used: ${reason}`);
    }
    const connect = () => (isNative ? this.#connectNative(path) : this.#connect());
    this.#client = createClient(connect, this.#output, () => this.#showStatus());
    try {
      await this.#client.start();
    } catch (error) {
      this.#isFailed = true;
      this.#client = undefined;
      this.#output.error(`the server cannot be started: ${/** @type {Error} */ (error).message}`);
      if (isNative) {
        void window
          .showErrorMessage(`streamlint cannot start \`${path}\`.`, "Open Settings", "Show Output")
          .then((choice) => {
            if (choice === "Open Settings") void commands.executeCommand("workbench.action.openSettings", "streamlint.path");
            if (choice === "Show Output") this.#output.show();
          });
      }
    }
    this.#showStatus();
  }

  async #stop() {
    const client = this.#client;
    this.#client = undefined;
    // A server that has stopped on its own cannot be stopped.
    await client?.dispose().catch(() => {});
  }

  /** Connects to the server in this process. */
  async #connect() {
    this.#module ??= this.#compile();
    const [folder] = workspace.workspaceFolders ?? [];
    const path = folder?.uri.scheme === "file" ? folder.uri.path : "/";
    return transports(new Server(await this.#module, disk, path));
  }

  /** @param {string} path */
  #connectNative(path) {
    return /** @type {Native} */ (this.#native).connect(path, (line) => this.#output.info(line));
  }

  async #compile() {
    const bytes = await workspace.fs.readFile(Uri.joinPath(this.#context.extensionUri, "dist", "server.wasm"));
    return WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
  }

  /** Returns the page of a rule. @param {string} rule */
  async #page(rule) {
    const request = { command: EXPLAIN, arguments: [rule] };
    if (this.#client) return this.#client.sendRequest("workspace/executeCommand", request);
    return "The server of streamlint is not running.";
  }

  /** @param {string | undefined} rule */
  async #openRule(rule) {
    const items = rules.map(({ name, summary }) => ({ label: name, description: summary }));
    const placeHolder = "The rule to explain";
    const name = rule ?? (await window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.label;
    if (name) await showPage(name);
  }

  #showStatus() {
    const document = window.activeTextEditor?.document;
    if (!document || !workspace.getConfiguration("streamlint").get("enable", true) || !languages.match(selector(), document)) {
      return this.#status.hide();
    }
    const found = languages.getDiagnostics(document.uri).filter(({ source }) => source === "streamlint");
    const icon = this.#isFailed ? "error" : found.length > 0 ? "warning" : "check";
    this.#status.text = `$(${icon}) streamlint${found.length > 0 ? ` ${found.length}` : ""}`;
    this.#status.backgroundColor = this.#isFailed ? new ThemeColor("statusBarItem.errorBackground") : undefined;
    const count = found.length === 1 ? "1 finding" : `${found.length || "no"} findings`;
    this.#status.tooltip = this.#isFailed ? "The server of streamlint is not running." : `${count}. ${this.#about}`;
    this.#status.accessibilityInformation = { label: `streamlint: ${this.#isFailed ? "not running" : count}` };
    this.#status.show();
  }
}

/** The file system of the server in this process. @type {import("./files.js").Disk} */
const disk = {
  async kind(path) {
    const { type } = await workspace.fs.stat(fromServer(uriOf(path)));
    if (type & FileType.Directory) return "folder";
    return type & FileType.File ? "file" : undefined;
  },
  async names(path) {
    const entries = await workspace.fs.readDirectory(fromServer(uriOf(path)));
    return entries.filter(([, type]) => type & FileType.File).map(([name]) => name);
  },
  async bytes(path) {
    return workspace.fs.readFile(fromServer(uriOf(path)));
  },
};
