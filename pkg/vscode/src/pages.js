// The pages of rules, as documents from the server, without network access.

import { EventEmitter, Uri, window, workspace } from "vscode";

/** The command of the server that returns the page of a rule. */
export const EXPLAIN = "streamlint.explain";

const SCHEME = "streamlint-rule";

/** Returns the URI of the page of a rule. @param {string} rule */
export const pageOf = (rule) => Uri.from({ scheme: SCHEME, path: `/${rule}.md` });

/** Returns a link to the page of a rule, for Markdown that is allowed to run this command. @param {string} rule */
export const linkTo = (rule) => `command:${EXPLAIN}?${encodeURIComponent(JSON.stringify([rule]))}`;

/** @param {string} rule */
export async function showPage(rule) {
  const document = await workspace.openTextDocument(pageOf(rule));
  await window.showTextDocument(document, { preview: true });
}

/**
 * Serves the pages.
 *
 * @param {(rule: string) => Promise<string>} read requests a page from the server
 */
export function servePages(read) {
  const changed = new EventEmitter();
  return workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => read(path.replace(/^\//, "").replace(/\.md$/, "")),
  });
}
