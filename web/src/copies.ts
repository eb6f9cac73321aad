// Copies of connections in other formats. Secrets stay on the page: a copy has a variable for each secret and each
// unknown value, as `streamlint init` does.

import { secretPointers } from "streamlint/forms";
import type { ConnectionType, Options } from "streamlint";

import { convert, secrets } from "./core";
import { isObject, type Path, type Value } from "./definition";

export interface Copy {
  text: string;
  /** The variables to set, in the order of the text. */
  variables: string[];
  /** Fields that the target format lacks. */
  warnings?: string[];
}

/** A connection to copy. */
export interface Subject {
  value: Value;
  type: ConnectionType;
}

/** The text that contains the copied connections. */
export interface Original {
  text: string;
  options: Options;
  /** Whether all of its connections are copied. */
  isWhole: boolean;
}

interface Variable {
  path: Path;
  name: string;
  isSecret: boolean;
}

interface Open {
  /** The connection with `${NAME}` in place of each secret or unknown value. */
  value: Value;
  variables: Variable[];
}

/** Replaces each secret and each unknown value by a placeholder. No two secrets share one. */
function opened(subjects: Subject[]): Open[] {
  const taken: Variable[] = [];
  return subjects.map(({ value, type }) => {
    const open = openedOne(value, type, taken);
    taken.push(...open.variables);
    return open;
  });
}

function openedOne(connection: Value, type: ConnectionType, taken: Variable[]): Open {
  const value = structuredClone({ ...connection, type: connection["type"] ?? type });
  const secrets = new Set(secretPointers(value, type));
  const variables: Variable[] = [];
  const walk = (held: unknown, path: Path): unknown => {
    if (Array.isArray(held)) return held.map((inner, at) => walk(inner, [...path, at]));
    if (isObject(held)) return Object.fromEntries(Object.entries(held).map(([key, inner]) => [key, walk(inner, [...path, key])]));
    const isSecret = secrets.has(path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""));
    if (!isSecret && !(typeof held === "string" && held.includes("${"))) return held;
    const name = named(held, path, type, [...taken, ...variables]);
    variables.push({ path, name, isSecret: isSecret || /(PASSWORD|SECRET|KEY)$/.test(name) });
    return `\${${name}}`;
  };
  return { value: walk(value, []) as Value, variables };
}

/** Returns the variable for a value: the existing one, or one named after its type and field (`KAFKA_PASSWORD`). */
function named(value: unknown, path: Path, type: ConnectionType, taken: Variable[]): string {
  const [, existing] = /^\$\{([A-Za-z_]\w*)\}$/.exec(String(value)) ?? [];
  if (existing) return existing;
  const [, input] = /^\$\{var\.([A-Za-z_]\w*)\}$/.exec(String(value)) ?? [];
  if (input) return input.toUpperCase();
  const key = path.findLast((key) => typeof key === "string") ?? "";
  const field = upperSnake(String(key)).replace(/URLS$/, "URL");
  const name = field.startsWith(upperSnake(type)) ? field : `${upperSnake(type)}_${field}`;
  let free = name;
  for (let number = 2; taken.some(({ name }) => name === free); number++) free = `${name}_${number}`;
  return free;
}

/** Converts `bootstrapServers` to `BOOTSTRAP_SERVERS`, and `AWSLambda` to `AWS_LAMBDA`. */
const upperSnake = (name: string) =>
  name.replace(/([a-z\d])([A-Z])/g, "$1_$2").replace(/([A-Z])([A-Z][a-z])/g, "$1_$2").replace(/\W+/g, "_").toUpperCase();

const namesOf = (variables: Variable[]) => [...new Set(variables.map(({ name }) => name))];

/** The request body, with `${NAME}` in place of each variable. */
export function adminApi(subjects: Subject[]): Copy {
  const open = opened(subjects);
  return { text: `${JSON.stringify(oneOrAll(open.map(({ value }) => value)), null, 2)}\n`, variables: namesOf(variablesOf(open)) };
}

const variablesOf = (open: Open[]) => open.flatMap(({ variables }) => variables);

/** A single connection is an object, several are an array. */
const oneOrAll = <T>(all: T[]) => (all.length === 1 ? all[0] : all);

/** Returns a shell command that writes the body. jq inserts the values from the environment, so they need no quoting. */
function body({ value, variables }: Open, then: string): string {
  const keys = (path: Path) => path.map((key) => `[${JSON.stringify(key)}]`).join("");
  const steps = variables.map(({ path, name }) => `.${keys(path)} = (env.${name} // error("${name} is not set"))`);
  const command = steps.length === 0 ? "cat" : `jq ${quoted(steps.join(" | "))}`;
  return `${command} <<'JSON' ${then}\n${JSON.stringify(value, null, 2)}\nJSON\n`;
}

const quoted = (word: string) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Returns a comment with the programs and variables that the commands need. */
function needs(program: string, open: Open[], others: string[]): string {
  const variables = variablesOf(open);
  const programs = variables.length > 0 ? `${program} and jq` : program;
  return `# Needs ${programs}, and these variables exported: ${[...others, ...namesOf(variables)].join(", ")}\n`;
}

export function curl(subjects: Subject[]): Copy {
  const open = opened(subjects);
  const required = ["ATLAS_PUBLIC_KEY", "ATLAS_PRIVATE_KEY", "ATLAS_PROJECT_ID", "ATLAS_WORKSPACE"];
  const request = [
    '| curl --fail-with-body --digest --user "$ATLAS_PUBLIC_KEY:$ATLAS_PRIVATE_KEY"',
    "--header 'Accept: application/vnd.atlas.2023-02-01+json'",
    "--header 'Content-Type: application/vnd.atlas.2023-02-01+json'",
    "--data-binary @-",
    '"https://cloud.mongodb.com/api/atlas/v2/groups/$ATLAS_PROJECT_ID/streams/$ATLAS_WORKSPACE/connections"',
  ];
  const commands = open.map((one) => body(one, request.join(" \\\n  ")));
  return { text: needs("curl", open, required) + commands.join("\n"), variables: [...required, ...namesOf(variablesOf(open))] };
}

/** A subshell, so that the file with the secrets is always deleted. The Atlas CLI does not read standard input. */
export function atlasCli(subjects: Subject[]): Copy {
  const open = opened(subjects);
  const commands = open.map((one) => {
    const { name } = one.value;
    const words = typeof name === "string" && name ? `${quoted(name)} ` : "";
    const lines = [
      "(",
      'folder=$(mktemp -d) && trap \'rm -rf "$folder"\' EXIT',
      `${body(one, '> "$folder/connection.json" &&')}  atlas streams connections create ${words}-i "$ATLAS_WORKSPACE" -f "$folder/connection.json"`,
      ")\n",
    ];
    return lines.join("\n");
  });
  return {
    text: needs("atlas", open, ["ATLAS_WORKSPACE"]) + commands.join("\n"),
    variables: ["ATLAS_WORKSPACE", ...namesOf(variablesOf(open))],
  };
}

/** Patterns for the variables that a converted text declares. */
const DECLARED = { terraform: /^variable "(\w+)"/gm, cloudformation: /^  (\w+):\n    Type: String/gm };

/** A copy in another dialect, converted by the core: from the text, to keep its comments, unless it holds secrets. */
function converted(to: keyof typeof DECLARED | "kubernetes") {
  return (subjects: Subject[], original: Original): Copy => {
    const isKept = isOpen(original) && subjects.every(({ value, type }) => value["type"] === type);
    const { text, warnings } = isKept ? convert(original.text, to, original.options) : convertedValues(subjects, to);
    if (hasComments(original)) warnings.unshift(isKept ? "the comments are kept: check that they hold no secrets" : "the comments are left out");
    const variables = to === "kubernetes" ? [] : [...text.matchAll(DECLARED[to])].map(([, name]) => name!);
    return { text, variables, warnings };
  };
}

function convertedValues(subjects: Subject[], to: keyof typeof DECLARED | "kubernetes") {
  // The text may have a misspelled type, which no target supports.
  const values = opened(subjects).map(({ value }, at) => ({ ...value, type: subjects[at]!.type }));
  return convert(JSON.stringify(oneOrAll(values)), to, { filename: "connection.json" });
}

/** Whether a copy may contain all of a text: no value of it is a secret. */
function isOpen({ text, options, isWhole }: Original): boolean {
  const { isDamaged, ranges } = secrets(text, options);
  return isWhole && !isDamaged && ranges.length === 0;
}

function hasComments({ text, options }: Original): boolean {
  try {
    return convert(text, "admin-api", options).warnings.some((warning) => warning.startsWith("the comments are left out"));
  } catch {
    // Nothing in the text can be converted.
    return false;
  }
}

export const terraform = converted("terraform");
export const kubernetes = converted("kubernetes");
export const cloudFormation = converted("cloudformation");
