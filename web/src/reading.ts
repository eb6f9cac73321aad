// The content of a text: its dialect, its connections, and the number of stream processors.

import { type ConnectionType, type Dialect, type Options, reportJson } from "streamlint";

import { values } from "./core";
import { type Connection, connectionsIn } from "./definition";
import { syntaxOf } from "./languages";

export interface Reading {
  dialect: Dialect;
  /** Whether the form can edit it: only JSON in Admin API shape. */
  isWritable: boolean;
  connections: Connection[];
  /** The type of each connection, even if it is misspelled. */
  types: (ConnectionType | null)[];
  processors: number;
}

const NOTHING: Reading = { dialect: "admin-api", isWritable: true, connections: [], types: [], processors: 0 };

export function readingOf(text: string, options: Options): Reading {
  if (text.trim() === "") return NOTHING;
  const report = JSON.parse(reportJson(text, { ...options, config: { select: ["unknown-type"] } }));
  const [file] = report.files as { dialect: Dialect; connections: { type: ConnectionType | null }[]; processors?: number }[];
  const dialect = file?.dialect ?? "admin-api";
  const isWritable = dialect === "admin-api" && syntaxOf(text) === "json";
  return {
    dialect,
    isWritable,
    connections: isWritable ? connectionsIn(text) : values(text, options).map((value) => ({ value })),
    types: file?.connections.map(({ type }) => type) ?? [],
    processors: file?.processors ?? 0,
  };
}
