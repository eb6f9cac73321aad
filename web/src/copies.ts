// A connection in the forms that people apply it with. Secrets stay in the page: a copy names a variable for each, and for
// each value that is not known, as `streamlint init` does.

import { secretPointers } from "streamlint/forms";
import type { ConnectionType } from "streamlint";

import { isObject, type Path, snake, type Value } from "./definition";

export interface Copy {
  text: string;
  /** The variables to set, in the order of the text. */
  variables: string[];
}

interface Variable {
  path: Path;
  name: string;
  isSecret: boolean;
}

interface Open {
  /** The connection with `${NAME}` for each value to bring. */
  value: Value;
  variables: Variable[];
}

/** The connection with a placeholder for each secret and each value that is not known. */
function opened(connection: Value, type: ConnectionType): Open {
  const value = structuredClone({ ...connection, type: connection["type"] ?? type });
  const secrets = new Set(secretPointers(value, type));
  const variables: Variable[] = [];
  const walk = (held: unknown, path: Path): unknown => {
    if (Array.isArray(held)) return held.map((inner, at) => walk(inner, [...path, at]));
    if (isObject(held)) return Object.fromEntries(Object.entries(held).map(([key, inner]) => [key, walk(inner, [...path, key])]));
    const isSecret = secrets.has(path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""));
    if (!isSecret && !(typeof held === "string" && held.includes("${"))) return held;
    const name = named(held, path, type, variables);
    variables.push({ path, name, isSecret: isSecret || /(PASSWORD|SECRET|KEY)$/.test(name) });
    return `\${${name}}`;
  };
  return { value: walk(value, []) as Value, variables };
}

/** The variable for a value: the one that is written there, or one of its type and field (`KAFKA_PASSWORD`). */
function named(value: unknown, path: Path, type: ConnectionType, taken: Variable[]): string {
  const [, own] = /^\$\{([A-Za-z_]\w*)\}$/.exec(String(value)) ?? [];
  if (own) return own;
  const [, input] = /^\$\{var\.([A-Za-z_]\w*)\}$/.exec(String(value)) ?? [];
  if (input) return input.toUpperCase();
  const key = path.findLast((key) => typeof key === "string") ?? "";
  const field = upperSnake(String(key)).replace(/URLS$/, "URL");
  const name = field.startsWith(upperSnake(type)) ? field : `${upperSnake(type)}_${field}`;
  let free = name;
  for (let number = 2; taken.some(({ name }) => name === free); number++) free = `${name}_${number}`;
  return free;
}

/** `bootstrapServers` as `BOOTSTRAP_SERVERS`, `AWSLambda` as `AWS_LAMBDA`. */
const upperSnake = (name: string) =>
  name.replace(/([a-z\d])([A-Z])/g, "$1_$2").replace(/([A-Z])([A-Z][a-z])/g, "$1_$2").replace(/\W+/g, "_").toUpperCase();

const namesOf = (variables: Variable[]) => [...new Set(variables.map(({ name }) => name))];

/** The body of the request, with `${NAME}` in the place of each variable. */
export function adminApi(connection: Value, type: ConnectionType): Copy {
  const { value, variables } = opened(connection, type);
  return { text: `${JSON.stringify(value, null, 2)}\n`, variables: namesOf(variables) };
}

/** A shell command that writes the body and goes on; jq puts values in from the environment, so that none is quoted. */
function body({ value, variables }: Open, then: string): string {
  const keys = (path: Path) => path.map((key) => `[${JSON.stringify(key)}]`).join("");
  const steps = variables.map(({ path, name }) => `.${keys(path)} = (env.${name} // error("${name} is not set"))`);
  const command = steps.length === 0 ? "cat" : `jq ${quoted(steps.join(" | "))}`;
  return `${command} <<'JSON' ${then}\n${JSON.stringify(value, null, 2)}\nJSON\n`;
}

const quoted = (word: string) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A comment that says which programs and variables a command needs. */
function needs(program: string, { variables }: Open, others: string[]): string {
  const programs = variables.length > 0 ? `${program} and jq` : program;
  return `# Needs ${programs}, and these variables exported: ${[...others, ...namesOf(variables)].join(", ")}\n`;
}

export function curl(connection: Value, type: ConnectionType): Copy {
  const open = opened(connection, type);
  const own = ["ATLAS_PUBLIC_KEY", "ATLAS_PRIVATE_KEY", "ATLAS_PROJECT_ID", "ATLAS_WORKSPACE"];
  const request = [
    '| curl --fail-with-body --digest --user "$ATLAS_PUBLIC_KEY:$ATLAS_PRIVATE_KEY"',
    "--header 'Accept: application/vnd.atlas.2023-02-01+json'",
    "--header 'Content-Type: application/vnd.atlas.2023-02-01+json'",
    "--data-binary @-",
    '"https://cloud.mongodb.com/api/atlas/v2/groups/$ATLAS_PROJECT_ID/streams/$ATLAS_WORKSPACE/connections"',
  ];
  const variables = [...own, ...namesOf(open.variables)];
  return { text: needs("curl", open, own) + body(open, request.join(" \\\n  ")), variables };
}

/** In a subshell, so that the file with the secrets is gone whatever happens. The Atlas CLI reads no standard input. */
export function atlasCli(connection: Value, type: ConnectionType): Copy {
  const open = opened(connection, type);
  const { name } = open.value;
  const words = typeof name === "string" && name ? `${quoted(name)} ` : "";
  const lines = [
    "(",
    'folder=$(mktemp -d) && trap \'rm -rf "$folder"\' EXIT',
    `${body(open, '> "$folder/connection.json" &&')}  atlas streams connections create ${words}-i "$ATLAS_WORKSPACE" -f "$folder/connection.json"`,
    ")\n",
  ];
  return { text: needs("atlas", open, ["ATLAS_WORKSPACE"]) + lines.join("\n"), variables: ["ATLAS_WORKSPACE", ...namesOf(open.variables)] };
}

/** Fields whose attribute has another name than the field in snake case (evidence.md TFP-007). */
const RENAMED: Record<string, string> = {
  "/name": "connection_name",
  "/clusterGroupId": "cluster_project_id",
  "/provider": "schema_registry_provider",
  "/publicPrivateNetworking": "networking",
};

/** Fields that the provider has no attribute for (evidence.md TFP-008). */
const ABSENT = /^\/(authentication\/ssl(Certificate|Key|KeyPassword)|aws\/testBucket|(publicPrivateN|n)etworking\/access\/(name|tgwRouteId)|state|id|region|_id|links)$/;

export function terraform(connection: Value, type: ConnectionType): Copy {
  const { value, variables } = opened(connection, type);
  const byPointer = new Map(variables.map((variable) => [`/${variable.path.join("/")}`, variable]));

  const expression = (held: unknown, pointer: string, indent: string): string => {
    const variable = byPointer.get(pointer);
    if (variable) return `var.${variable.name.toLowerCase()}`;
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

  const own = ["project_id", "workspace_name"].map((name) => ({ name, isSecret: false }));
  const used = variables.filter(({ path }) => !ABSENT.test(`/${path.join("/")}`));
  const inputs = new Map([...own, ...used].map(({ name, isSecret }) => [name.toLowerCase(), isSecret]));
  const declared = [...inputs].map(([name, isSecret]) =>
    isSecret ? `variable "${name}" {\n  type      = string\n  sensitive = true\n}\n\n` : `variable "${name}" {\n  type = string\n}\n\n`,
  );
  const label = String(value["name"] ?? "").replace(/[^\w-]/g, "_").replace(/^(?![A-Za-z_])/, "_");
  const resource = `resource "mongodbatlas_stream_connection" "${label}" {\n${attributes(value, "", "  ")}}\n`;
  return { text: declared.join("") + resource, variables: [...inputs.keys()] };
}

/** Attributes as `terraform fmt` writes them: neighbors of one line have their `=` below each other. */
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
