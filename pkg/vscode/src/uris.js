// The server knows paths in `file:` URIs only. Documents of another file system (a repository on vscode.dev) get a path in
// a folder of their own, so that their settings and their Terraform modules are found as well.

import { Uri } from "vscode";

const FOLDER = ".vfs";

/** A URI as the server gets it. @param {Uri} uri */
export function toServer(uri) {
  if (uri.scheme === "file" || uri.scheme === "untitled") return uri.toString();
  const { scheme, authority, path } = uri;
  return Uri.from({ scheme: "file", path: `/${FOLDER}/${scheme}/_${encodeURIComponent(authority)}${path}` }).toString();
}

/** The URI that the server means. @param {string} text */
export function fromServer(text) {
  const uri = Uri.parse(text);
  const [, folder, scheme, authority, ...rest] = uri.path.split("/");
  if (uri.scheme !== "file" || folder !== FOLDER || authority === undefined) return uri;
  return Uri.from({ scheme, authority: decodeURIComponent(authority.slice(1)), path: `/${rest.join("/")}` });
}

/** The path of a document in the server's file system; nothing for a document without a path. @param {string} uri */
export function pathOf(uri) {
  const { scheme, path } = Uri.parse(uri);
  return scheme === "file" ? path : undefined;
}

/** The server's URI of a path in its file system. @param {string} path */
export const uriOf = (path) => Uri.from({ scheme: "file", path }).toString();
