// The pages of rules, as documents of the server, without a network.

import { EventEmitter, Uri, window, workspace } from "vscode";

/** The command of the server: its result is the page of a rule. */
export const EXPLAIN = "streamlint.explain";

const SCHEME = "streamlint-rule";

/** The document with the page of a rule. @param {string} rule */
export const pageOf = (rule) => Uri.from({ scheme: SCHEME, path: `/${rule}.md` });

/** A link to the page of a rule, for Markdown that may run this command. @param {string} rule */
export const linkTo = (rule) => `command:${EXPLAIN}?${encodeURIComponent(JSON.stringify([rule]))}`;

/** @param {string} rule */
export async function showPage(rule) {
  const document = await workspace.openTextDocument(pageOf(rule));
  await window.showTextDocument(document, { preview: true });
}

/**
 * Serves the pages.
 *
 * @param {(rule: string) => Promise<string>} read asks the server for a page
 */
export function servePages(read) {
  const changed = new EventEmitter();
  return workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => read(path.replace(/^\//, "").replace(/\.md$/, "")),
  });
}
