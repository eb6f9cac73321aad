// The client of the language server: the documents that it serves, and the differences from other editors.

import { MarkdownString, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";

import { EXPLAIN, linkTo, pageOf, showPage } from "./pages.js";
import { fromServer, toServer } from "./uris.js";

/** @typedef {import("vscode-languageclient/browser").MessageTransports} MessageTransports */
/** @typedef {import("vscode").Diagnostic} Diagnostic */

/** The URI schemes of documents that can be edited. Other schemes show old versions or differences. */
const SCHEMES = ["file", "untitled", "vscode-vfs", "vscode-remote"];

/** File names in languages that VS Code does not have built in. */
const NAMES = "**/*.{tf,tofu,tfvars,tf.json,tofu.json,tfvars.json,http,rest}";

export const SETTINGS = "**/streamlint.toml";

/** The documents that are linted. */
export function selector() {
  const schemes = new Set([...SCHEMES, ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)]);
  /** @type {string[]} */
  const languages = workspace.getConfiguration("streamlint").get("languages", []);
  return [...schemes].flatMap((scheme) => [
    ...languages.map((language) => ({ scheme, language })),
    { scheme, pattern: NAMES },
    { scheme, pattern: SETTINGS },
  ]);
}

/**
 * @param {() => Promise<MessageTransports>} connect starts a server
 * @param {import("vscode").LogOutputChannel} output
 * @param {() => void} onFindings
 */
export function createClient(connect, output, onFindings) {
  const skipUnrecognized = workspace.getConfiguration("streamlint").get("skipUnrecognized", true);
  return new Client("streamlint", "streamlint", connect, {
    documentSelector: selector(),
    initializationOptions: { skipUnrecognized },
    outputChannel: output,
    uriConverters: { code2Protocol: toServer, protocol2Code: fromServer },
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
    middleware: {
      handleDiagnostics(uri, diagnostics, next) {
        next(uri, diagnostics.map(withPage));
        onFindings();
      },
      async provideDiagnostics(document, previous, token, next) {
        const report = await next(document, previous, token);
        if (report?.kind === "full") report.items = report.items.map(withPage);
        // VS Code shows the diagnostics after this returns.
        setTimeout(onFindings);
        return report;
      },
      async provideHover(document, position, token, next) {
        const hover = await next(document, position, token);
        if (hover) hover.contents = hover.contents.map(withLinks);
        return hover;
      },
      async executeCommand(command, [rule], next) {
        if (command !== EXPLAIN) return next(command, [rule]);
        return showPage(rule);
      },
      // Otherwise the server would open pages in the browser.
      window: { showDocument: async () => ({ success: false }) },
    },
  });
}

/** `LanguageClient` requires the class `Worker`, which Node lacks. */
class Client extends LanguageClient {
  #connect;

  /**
   * @param {string} id
   * @param {string} name
   * @param {() => Promise<MessageTransports>} connect
   * @param {import("vscode-languageclient/browser").LanguageClientOptions} options
   */
  constructor(id, name, connect, options) {
    super(id, name, connect, options);
    this.#connect = connect;
  }

  /** @override */
  createMessageTransports() {
    return this.#connect();
  }
}

/** Links a finding to the page of its rule. The URL of a policy is kept. @param {Diagnostic} found */
function withPage(found) {
  const { code } = found;
  if (typeof code === "object" && !isPolicy(code.value)) found.code = { ...code, target: pageOf(String(code.value)) };
  return found;
}

/** The same for the content of a hover. @param {import("vscode").MarkdownString | import("vscode").MarkedString} content */
function withLinks(content) {
  if (!(content instanceof MarkdownString)) return content;
  const linked = content.value.replace(/^\[([a-z][a-z-]*)\]\(\S+\)$/gm, (_, rule) => `[${rule}](${linkTo(rule)})`);
  const hover = new MarkdownString(linked);
  hover.isTrusted = { enabledCommands: [EXPLAIN] };
  return hover;
}

/** @param {unknown} code */
const isPolicy = (code) => String(code).startsWith("policy/");
