// VS Code's workbench with the extension, which runs in a worker as on vscode.dev. The test serves the initial state as
// `/start.json`.

import editorWorker from "@codingame/monaco-vscode-api/workers/editor.worker?worker&url";
import extensionHostWorker from "@codingame/monaco-vscode-api/workers/extensionHost.worker?worker&url";
import textMateWorker from "@codingame/monaco-vscode-textmate-service-override/worker?worker&url";
import { getService, ICommandService, IEditorService, IFileService, IMarkerService, initialize } from "@codingame/monaco-vscode-api";
import { registerExtension, ExtensionHostKind } from "@codingame/monaco-vscode-api/extensions";
import { VSBuffer } from "@codingame/monaco-vscode-api/vscode/vs/base/common/buffer";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import extensions from "@codingame/monaco-vscode-extensions-service-override";
import files, { RegisteredFileSystemProvider, RegisteredMemoryFile, registerFileSystemOverlay } from "@codingame/monaco-vscode-files-service-override";
import configuration, { initUserConfiguration } from "@codingame/monaco-vscode-configuration-service-override";
import languages from "@codingame/monaco-vscode-languages-service-override";
import model from "@codingame/monaco-vscode-model-service-override";
import workbench from "@codingame/monaco-vscode-workbench-service-override";
import markers from "@codingame/monaco-vscode-markers-service-override";
import quickaccess from "@codingame/monaco-vscode-quickaccess-service-override";
import textmate from "@codingame/monaco-vscode-textmate-service-override";
import theme from "@codingame/monaco-vscode-theme-service-override";
import notifications from "@codingame/monaco-vscode-notifications-service-override";
import dialogs from "@codingame/monaco-vscode-dialogs-service-override";
import log from "@codingame/monaco-vscode-log-service-override";
import keybindings from "@codingame/monaco-vscode-keybindings-service-override";
import trust from "@codingame/monaco-vscode-workspace-trust-service-override";
import statusBar from "@codingame/monaco-vscode-view-status-bar-service-override";
import environment from "@codingame/monaco-vscode-environment-service-override";
import lifecycle from "@codingame/monaco-vscode-lifecycle-service-override";
import output from "@codingame/monaco-vscode-output-service-override";
import snippets from "@codingame/monaco-vscode-snippets-service-override";
import explorer from "@codingame/monaco-vscode-explorer-service-override";
import storage from "@codingame/monaco-vscode-storage-service-override";
import host from "@codingame/monaco-vscode-host-service-override";
import "@codingame/monaco-vscode-theme-defaults-default-extension";
import "@codingame/monaco-vscode-json-default-extension";
import "@codingame/monaco-vscode-markdown-basics-default-extension";
import "@codingame/monaco-vscode-yaml-default-extension";

const workers = { editorWorkerService: editorWorker, extensionHostWorkerMain: extensionHostWorker, TextMateWorker: textMateWorker };
window.MonacoEnvironment = {
  getWorkerUrl: (_, label) => new URL(workers[label], location.href).href,
  getWorkerOptions: () => ({ type: "module" }),
};

const start = await (await fetch("/start.json")).json();
const provider = new RegisteredFileSystemProvider(false);
for (const [path, text] of Object.entries(start.files)) provider.registerFile(new RegisteredMemoryFile(URI.file(path), text));
registerFileSystemOverlay(1, provider);
await initUserConfiguration(JSON.stringify(start.settings));

const overrides = [log, files, configuration, languages, model, workbench, markers, quickaccess, textmate, theme, notifications, dialogs, keybindings, trust, statusBar, environment, lifecycle, output, snippets, explorer, storage, host];
await initialize(
  Object.assign({}, extensions({ enableWorkerExtensionHost: true }), ...overrides.map((override) => override())),
  document.getElementById("app"),
  {
    workspaceProvider: { trusted: start.trusted, workspace: { folderUri: URI.file("/w") }, open: async () => false },
    enableWorkspaceTrust: true,
  },
);

const { registerFileUrl, whenReady } = registerExtension(start.manifest, ExtensionHostKind.LocalWebWorker);
for (const path of start.extensionFiles) registerFileUrl(path, new URL(`/extension${path}`, location.href).href);
const services = [ICommandService, IMarkerService, IEditorService, IFileService];
const [commands, markerService, editors, fileService] = await Promise.all(services.map((service) => getService(service)));
const uriOf = (path) => (path.includes(":") ? URI.parse(path) : URI.file(path));
const control = () => editors.activeTextEditorControl;
window.workbench = {
  whenReady,
  async open(path) {
    await editors.openEditor({ resource: uriOf(path), options: { pinned: true } });
  },
  async run(id, ...args) {
    await commands.executeCommand(id, ...args);
  },
  text: () => control().getModel().getValue(),
  uri: () => control().getModel().uri.toString(),
  replace(text) {
    const model = control().getModel();
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
  },
  /** Puts the cursor before the first occurrence of a text, or after it. */
  select(text, isBehind) {
    const model = control().getModel();
    const position = model.getPositionAt(model.getValue().indexOf(text) + (isBehind ? text.length : 0));
    control().setPosition(position);
    control().focus();
  },
  async actions(text) {
    const model = control().getModel();
    const at = model.getPositionAt(model.getValue().indexOf(text));
    const range = { startLineNumber: at.lineNumber, startColumn: at.column, endLineNumber: at.lineNumber, endColumn: at.column + 1 };
    return (await commands.executeCommand("_executeCodeActionProvider", model.uri, range)).map(({ title, kind, isPreferred }) => ({
      title,
      kind,
      isPreferred: isPreferred ?? false,
    }));
  },
  async hover(text) {
    const model = control().getModel();
    const at = model.getPositionAt(model.getValue().indexOf(text) + 1);
    const hovers = await commands.executeCommand("_executeHoverProvider", model.uri, at);
    return hovers.flatMap(({ contents }) => contents.map(({ value }) => value));
  },
  async complete(text) {
    const model = control().getModel();
    const at = model.getPositionAt(model.getValue().indexOf(text) + text.length);
    const { suggestions } = await commands.executeCommand("_executeCompletionItemProvider", model.uri, at);
    return suggestions.map(({ label }) => label.label ?? label);
  },
  async write(path, text) {
    await fileService.writeFile(uriOf(path), VSBuffer.fromString(text));
  },
  markers: (path) =>
    markerService.read({ resource: uriOf(path) }).map(({ code, message, severity, startLineNumber }) => ({
      rule: code?.value ?? code,
      page: code?.target && URI.revive(code.target).toString(),
      message,
      severity,
      line: startLineNumber,
    })),
};
