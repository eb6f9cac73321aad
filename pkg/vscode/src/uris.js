// Conversion of URIs. The server supports paths only in `file:` URIs. Documents of other file systems (a repository on
// vscode.dev) get a path in a separate folder, so that their settings and Terraform modules are found as well.

import { Uri } from "vscode";

const FOLDER = ".vfs";

/** Converts a URI for the server. @param {Uri} uri */
export function toServer(uri) {
  if (uri.scheme === "file" || uri.scheme === "untitled") return uri.toString();
  const { scheme, authority, path } = uri;
  return Uri.from({ scheme: "file", path: `/${FOLDER}/${scheme}/_${encodeURIComponent(authority)}${path}` }).toString();
}

/** Converts a URI from the server. @param {string} text */
export function fromServer(text) {
  const uri = Uri.parse(text);
  const [, folder, scheme, authority, ...rest] = uri.path.split("/");
  if (uri.scheme !== "file" || folder !== FOLDER || authority === undefined) return uri;
  return Uri.from({ scheme, authority: decodeURIComponent(authority.slice(1)), path: `/${rest.join("/")}` });
}

/** Returns the path of a document in the server's file system; `undefined` for a document without a path. @param {string} uri */
export function pathOf(uri) {
  const { scheme, path } = Uri.parse(uri);
  return scheme === "file" ? path : undefined;
}

/** Returns the server's URI for a path in its file system. @param {string} path */
export const uriOf = (path) => Uri.from({ scheme: "file", path }).toString();
