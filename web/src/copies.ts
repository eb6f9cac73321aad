// A connection in the forms that people apply it with. Secrets stay in the page: a copy names them, and whoever runs it
// brings them along.

import { secretPointers } from "streamlint/forms";
import type { ConnectionType } from "streamlint";

import { isObject, type Path, snake, type Value } from "./definition";

export interface Copy {
  text: string;
  /** The variables that stand for secrets, in the order of the text. */
  variables: string[];
}

interface Secret {
  path: Path;
  variable: string;
}

/** The connection with a placeholder for each secret, and what the placeholders stand for. */
function withoutSecrets(value: Value, type: ConnectionType): { value: Value; secrets: Secret[] } {
  const kept = structuredClone({ ...value, type: value["type"] ?? type });
  const taken = new Set<string>();
  const secrets = secretPointers(kept, type).map((pointer) => {
    const parts = pointer.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    const path: Path = [];
    let holder: any = kept;
    for (const part of parts) {
      if (path.length > 0) holder = holder[path.at(-1)!];
      path.push(Array.isArray(holder) ? Number(part) : part);
    }
    const last = path.at(-1)!;
    const variable = named(holder[last], path, taken);
    holder[last] = `\${${variable}}`;
    return { path, variable };
  });
  return { value: kept, secrets };
}

/** The name of the variable for a secret: the one that stands there already, or one made of its path. */
function named(value: unknown, path: Path, taken: Set<string>): string {
  const [, own] = /^\$\{([A-Z_][A-Z0-9_]*)\}$/.exec(String(value)) ?? [];
  if (own) return own;
  const name = path.join("_").replace(/([a-z\d])([A-Z])/g, "$1_$2").replace(/\W+/g, "_").toUpperCase().replace(/^(?=\d)/, "_");
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
  taken.add(free);
  return free;
}

const distinct = (secrets: Secret[]) => [...new Set(secrets.map(({ variable }) => variable))];

/** The body of the request, with `${NAME}` in the place of a secret. */
export function adminApi(connection: Value, type: ConnectionType): Copy {
  const { value, secrets } = withoutSecrets(connection, type);
  return { text: `${JSON.stringify(value, null, 2)}\n`, variables: distinct(secrets) };
}

/** A shell command that writes the body and goes on; jq puts secrets in from the environment, so that none is quoted. */
function body({ value, secrets }: { value: Value; secrets: Secret[] }, then: string): string {
  const keys = (path: Path) => path.map((key) => `[${JSON.stringify(key)}]`).join("");
  const steps = secrets.map(({ path, variable }) => `.${keys(path)} = (env.${variable} // error("${variable} is not set"))`);
  const command = steps.length === 0 ? "cat" : `jq ${quoted(steps.join(" | "))}`;
  return `${command} <<'JSON' ${then}\n${JSON.stringify(value, null, 2)}\nJSON\n`;
}

const quoted = (word: string) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export function curl(connection: Value, type: ConnectionType): Copy {
  const shown = withoutSecrets(connection, type);
  const request = [
    '| curl --fail-with-body --digest --user "$ATLAS_PUBLIC_KEY:$ATLAS_PRIVATE_KEY"',
    "--header 'Accept: application/vnd.atlas.2023-02-01+json'",
    "--header 'Content-Type: application/vnd.atlas.2023-02-01+json'",
    "--data-binary @-",
    '"https://cloud.mongodb.com/api/atlas/v2/groups/$ATLAS_PROJECT_ID/streams/$ATLAS_WORKSPACE/connections"',
  ];
  return { text: body(shown, request.join(" \\\n  ")), variables: distinct(shown.secrets) };
}

export function atlasCli(connection: Value, type: ConnectionType): Copy {
  const shown = withoutSecrets(connection, type);
  const { name } = shown.value;
  const words = typeof name === "string" && name ? `${quoted(name)} ` : "";
  const create = `atlas streams connections create ${words}-i "$ATLAS_WORKSPACE" -f connection.json\n`;
  return { text: body(shown, "> connection.json &&") + create, variables: distinct(shown.secrets) };
}

/** Members whose attribute has another name than the member in snake case (evidence.md TFP-007). */
const RENAMED: Record<string, string> = {
  "/name": "connection_name",
  "/clusterGroupId": "cluster_project_id",
  "/provider": "schema_registry_provider",
  "/publicPrivateNetworking": "networking",
};

/** Members that the provider has no attribute for (evidence.md TFP-008). */
const ABSENT = /^\/(authentication\/ssl(Certificate|Key|KeyPassword)|aws\/testBucket|(publicPrivateN|n)etworking\/access\/(name|tgwRouteId)|state|id|region|_id|links)$/;

export function terraform(connection: Value, type: ConnectionType): Copy {
  const { value, secrets } = withoutSecrets(connection, type);
  const variables = new Map(secrets.map(({ path, variable }) => [`/${path.join("/")}`, variable.toLowerCase()]));
  const inputs = [...new Set([...variables].filter(([pointer]) => !ABSENT.test(pointer)).map(([, name]) => name))];

  const expression = (held: unknown, pointer: string, indent: string): string => {
    const variable = variables.get(pointer);
    if (variable) return `var.${variable}`;
    if (Array.isArray(held)) return `[${held.map((inner, at) => expression(inner, `${pointer}/${at}`, indent)).join(", ")}]`;
    if (isObject(held)) return `{\n${attributes(held, pointer, `${indent}  `)}${indent}}`;
    return typeof held === "string" ? hcl(held) : JSON.stringify(held);
  };
  const attributes = (object: Value, pointer: string, indent: string): string => {
    const isMap = pointer === "/config" || pointer === "/headers";
    const rows = Object.entries(object).map(([key, held]): [name: string, value: string] => {
      const at = `${pointer}/${key}`;
      if (ABSENT.test(at)) return [`# ${snake(key)}: the provider has no attribute for it`, ""];
      return [isMap ? hcl(key) : (RENAMED[at] ?? snake(key)), expression(held, at, indent)];
    });
    if (pointer === "") rows.unshift(["project_id", "var.project_id"], ["workspace_name", "var.workspace_name"]);
    return aligned(rows, indent);
  };

  const label = String(value["name"] ?? "").replace(/[^\w-]/g, "_").replace(/^(?![A-Za-z_])/, "_");
  const resource = `resource "mongodbatlas_stream_connection" "${label}" {\n${attributes(value, "", "  ")}}\n`;
  const declared = inputs.map((name) => `\nvariable "${name}" {\n  type      = string\n  sensitive = true\n}\n`);
  return { text: resource + declared.join(""), variables: inputs };
}

/** Attributes as `terraform fmt` writes them: neighbours of one line have their `=` below each other. */
function aligned(rows: [name: string, value: string][], indent: string): string {
  const width = (row: (typeof rows)[number] | undefined) =>
    row && !row[0].startsWith("#") && !row[1].includes("\n") ? row[0].length : 0;
  const widest = (at: number, step: number): number => {
    const own = width(rows[at]);
    return own === 0 ? 0 : Math.max(own, widest(at + step, step));
  };
  return rows
    .map(([name, value], at) =>
      name.startsWith("#") ? `${indent}${name}\n` : `${indent}${name.padEnd(Math.max(widest(at, -1), widest(at, 1)))} = ${value}\n`,
    )
    .join("");
}

/** A text as a quoted template of HCL without interpolation. */
function hcl(text: string): string {
  const escapes: Record<string, string> = { "\\b": "\\u0008", "\\f": "\\u000c", "${": "$${", "%{": "%%{" };
  return JSON.stringify(text).replace(/\\[^]|[$%]\{/g, (found) => escapes[found] ?? found);
}
