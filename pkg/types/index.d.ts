import type { ConnectionType, RuleName, SchemaName } from "./names.d.ts";

export type { ConnectionType, RuleName, SchemaName };

export type Severity = "error" | "warning" | "info";

/** What a definition is: the body of a POST, of a PATCH, a response, an error body, or a failover connection. */
export type Mode = "create" | "update" | "response" | "error" | "failover";

/** How definitions are written; detected from the text unless it is set. */
export type Dialect = "admin-api" | "kubernetes" | "cloudformation" | "terraform" | "terraform-plan" | "processor" | "http";

/** The severity of what a rule finds, or `off` for a rule that is off unless it is selected. */
export type Level = Severity | "off";

/** What `streamlint.toml` may also set for some paths. */
export interface PathConfig {
  /** Rules with another severity than their own. */
  rules?: Partial<Record<RuleName, Level | undefined>> | undefined;
  /** The workspace that the definitions go to: names are unique in it, so texts with the same one are compared. */
  workspace?: string | undefined;
  /**
   * Regular expressions, evaluated by the host's `RegExp` with the flag `u`; look-around and back-references are an
   * error. A value that one matches is filled in later, and is not checked.
   */
  placeholders?: string[] | undefined;
  /** A regular expression for the whole name of a connection. */
  connectionNames?: string | undefined;
  /** The same for the name of a workspace, as `tenantName` gives it. */
  workspaceNames?: string | undefined;
  /** Types that may not use public access; `true` for all that have a choice. */
  requirePrivateNetworking?: boolean | ConnectionType[] | undefined;
  /** The only hosts that brokers and URLs may point to: names, `*.` and a domain, addresses, networks. */
  allowedHosts?: string[] | undefined;
  /** Hosts that Atlas reaches although they look private. */
  reachableHosts?: string[] | undefined;
  /** Sample sources beside those that streamlint knows. */
  knownSamples?: string[] | undefined;
  /** Built-in roles beside those that streamlint knows. */
  knownBuiltInRoles?: string[] | undefined;
}

/** Settings for some paths. */
export interface Override extends PathConfig {
  /** Globs as in `.gitignore`, for the text's `filename`. */
  paths: string[];
  /** Beats the `mode` beside `config`. */
  mode?: Mode | undefined;
}

/** What `streamlint.toml` may say, in camel case and without `mode`, and what the command takes as flags. */
export interface Config extends PathConfig {
  /** Settings for some paths. A later override beats an earlier one; rules are set one by one. */
  overrides?: Override[] | undefined;
  /** For the command, which walks through folders; ignored here. */
  include?: string[] | undefined;
  /** For the command, which walks through folders; ignored here. */
  exclude?: string[] | undefined;
  /** For the command, which has an exit status; ignored here. */
  failOn?: Severity | undefined;
  /** For the command; ignored here. */
  baseline?: string | undefined;
  /** Only these rules. */
  select?: RuleName[] | undefined;
  /** Not these rules. */
  ignore?: RuleName[] | undefined;
  /** Skip a text that does not look like a definition. */
  skipUnrecognized?: boolean | undefined;
  /** The longest text that is read, in bytes of UTF-8; 16 MiB by default. */
  sizeLimit?: number | undefined;
  /** The project's id, from the path of the request. */
  groupId?: string | undefined;
  /** The workspace's name, from the path of the request. All texts of one call go to this workspace. */
  tenantName?: string | undefined;
  /** The query parameter `envelope` of the request. */
  envelope?: string | undefined;
  /** The query parameter `pretty` of the request. */
  pretty?: string | undefined;
}

export interface Options {
  /** The name of the file: `.jsonc` allows comments. */
  filename?: string | undefined;
  dialect?: Dialect | "auto" | undefined;
  /** The type of a definition without `type`. */
  type?: ConnectionType | undefined;
  /** Detected from the text unless it is set. */
  mode?: Mode | undefined;
  config?: Config | undefined;
}

/** What the entries for editors take. */
export interface EditorOptions extends Options {
  /**
   * Milliseconds between the last keystroke and the marks; 50 by default. With 0 CodeMirror paints the marks of a text of
   * usual length together with the keystroke, and its other linters run as often.
   */
  delay?: number | undefined;
  /** What to wait for before the first check; `init()` by default. */
  ready?: Promise<void> | undefined;
  /** Called with the findings of each check. */
  onCheck?: (found: Diagnostic[]) => void | undefined;
}

/** A replacement in the text; `from` and `to` are UTF-16 code units, as in `text.slice(from, to)`. */
export interface Edit {
  from: number;
  to: number;
  text: string;
}

export interface Fix {
  /** The effect of the fix, as an imperative. */
  title: string;
  /** Whether the meaning certainly stays the same. */
  safe: boolean;
  edits: Edit[];
}

/** A further place that belongs to a diagnostic. */
export interface Related {
  message: string;
  from: number;
  to: number;
}

export interface Diagnostic {
  rule: RuleName;
  severity: Severity;
  /** What is wrong. Never quotes a secret. */
  message: string;
  /** What to do about it. */
  help: string | null;
  /** The address of the page about the rule. */
  url: string;
  /** The name of the connection. */
  connection: string | null;
  /** Which connection of the text that is, counted from 0. */
  connectionIndex: number | null;
  /** JSON pointer inside the connection, in Admin API spelling; of a missing field, where it belongs. */
  pointer: string;
  /** The first UTF-16 code unit of what is marked. */
  from: number;
  /** The UTF-16 code unit behind what is marked. */
  to: number;
  related: Related[];
  fix: Fix | null;
}

/** A rule of the catalogue. */
export interface Rule {
  name: RuleName;
  severity: Severity;
  /** The connection types it looks at; all when empty. */
  kinds: ConnectionType[];
  fixable: "always" | "sometimes" | "never";
  summary: string;
  url: string;
}

export type InitInput = WebAssembly.Module | BufferSource | Response | Request | URL | string;

/**
 * Makes the package ready. In Node it is ready when it has been imported. Elsewhere call this once and wait for it;
 * calling it again does nothing. Without an argument the module is fetched from beside the script.
 */
export default function init(module?: InitInput | Promise<InitInput>): Promise<void>;

/** The findings in a text, in the order of the text. */
export function check(text: string, options?: Options): Diagnostic[];

/** What is wrong with texts that belong together: each by itself, and what spans them. In the order of the sources. */
export function checkAll(
  sources: readonly { text: string; filename?: string | undefined }[],
  options?: Omit<Options, "filename">,
): Diagnostic[][];

/** What is wrong with a value that is no text, such as the state of a form. All places are 0, and there are no fixes. */
export function checkValue(value: unknown, options?: Omit<Options, "filename" | "dialect">): Diagnostic[];

/** The text with its fixes applied, until none is left: those that cannot change the meaning, or with `unsafe` all. */
export function fix(
  text: string,
  options?: Options & { unsafe?: boolean | undefined },
): { text: string; applied: number; remaining: Diagnostic[] };

/** The JSON report, byte for byte what `streamlint check --format json` writes. */
export function reportJson(text: string, options?: Options): string;

/** The page about a rule, in Markdown. */
export function explain(rule: RuleName): string;

/** Every rule, in the order of the catalogue. */
export function rules(): Rule[];

/** A published JSON Schema (2020-12): of a connection type, or by its name. */
export function schema(name: SchemaName): Record<string, unknown>;
