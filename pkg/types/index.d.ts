import type { ConnectionType, RuleName, SchemaName } from "./names.d.ts";

export type { ConnectionType, RuleName, SchemaName };

export type Severity = "error" | "warning" | "info";

/** The mode of a definition: the body of a POST, of a PATCH, a response, an error body, or a failover connection. */
export type Mode = "create" | "update" | "response" | "error" | "failover";

/** The dialect of definitions, instead of detecting it in each text. */
export type Dialect = "admin-api" | "kubernetes" | "cloudformation" | "terraform" | "terraform-plan" | "processor" | "http";

/** The severity of a rule's findings; `off` turns the rule off unless it is selected. */
export type Level = Severity | "off";

/** Settings that may also be set for some paths. */
export interface PathConfig {
  /** Severities of rules that differ from the default. */
  rules?: Partial<Record<RuleName, Level | undefined>> | undefined;
  /** The workspace of the definitions. Names are unique in a workspace, so texts of one workspace are compared. */
  workspace?: string | undefined;
  /**
   * Regular expressions, evaluated by the host's `RegExp` with the flag `u`; look-around and back-references are an
   * error. Values that match are filled in later, and are not checked.
   */
  placeholders?: string[] | undefined;
  /** A regular expression that must match the full name of a connection. */
  connectionNames?: string | undefined;
  /** The same for the name of a workspace, which `tenantName` sets. */
  workspaceNames?: string | undefined;
  /** Types that must not use public access; `true` for all types with a choice. */
  requirePrivateNetworking?: boolean | ConnectionType[] | undefined;
  /** The only hosts that brokers and URLs may point to: names, `*.` and a domain, addresses, networks. */
  allowedHosts?: string[] | undefined;
  /** Hosts that Atlas reaches although they look private. */
  reachableHosts?: string[] | undefined;
  /** Additional sample sources. */
  knownSamples?: string[] | undefined;
  /** Additional built-in roles. */
  knownBuiltInRoles?: string[] | undefined;
}

/** Settings for some paths. */
export interface Override extends PathConfig {
  /** Globs as in `.gitignore`, for the text's `filename`. */
  paths: string[];
  /** Takes precedence over the `mode` beside `config`. */
  mode?: Mode | undefined;
}

/** The keys of `streamlint.toml` in camel case, without `mode`, and some options of the command. */
export interface Config extends PathConfig {
  /** Settings for some paths. A later override takes precedence over an earlier one; rules are set one by one. */
  overrides?: Override[] | undefined;
  /** An option of the command, which walks folders; ignored here. */
  include?: string[] | undefined;
  /** An option of the command, which walks folders; ignored here. */
  exclude?: string[] | undefined;
  /** An option of the command, which has an exit status; ignored here. */
  failOn?: Severity | undefined;
  /** An option of the command; ignored here. */
  baseline?: string | undefined;
  /** Run only these rules. */
  select?: RuleName[] | undefined;
  /** Skip these rules. */
  ignore?: RuleName[] | undefined;
  /** Skip a text that does not look like a definition. */
  skipUnrecognized?: boolean | undefined;
  /** The maximum length of a text, in bytes of UTF-8; 16 MiB by default. */
  sizeLimit?: number | undefined;
  /** The project's id, from the path of the request. */
  groupId?: string | undefined;
  /** The workspace's name, from the path of the request. All texts of a call then belong to this workspace. */
  tenantName?: string | undefined;
  /** The query parameter `envelope` of the request. */
  envelope?: string | undefined;
  /** The query parameter `pretty` of the request. */
  pretty?: string | undefined;
}

export interface Options {
  /** The name of the file. Its extension selects the syntax: `.jsonc` allows comments. */
  filename?: string | undefined;
  dialect?: Dialect | "auto" | undefined;
  /** The type of a definition without `type`. */
  type?: ConnectionType | undefined;
  /** The mode, instead of detecting it in each text. */
  mode?: Mode | undefined;
  config?: Config | undefined;
}

/** The options of the entries for editors. */
export interface EditorOptions extends Options {
  /**
   * Milliseconds between the last keystroke and the check; 50 by default. With 0, CodeMirror paints the marks in the
   * same frame as the keystroke, unless the text is long, and runs its other linters as often.
   */
  delay?: number | undefined;
  /** A promise to wait for before the first check; `init()` by default. */
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
  /** Whether the fix certainly keeps the meaning. */
  safe: boolean;
  edits: Edit[];
}

/** A further location of a diagnostic. */
export interface Related {
  message: string;
  from: number;
  to: number;
}

export interface Diagnostic {
  rule: RuleName;
  severity: Severity;
  /** The problem. Never quotes a secret. */
  message: string;
  /** The help, if there is any. */
  help: string | null;
  /** The address of the page about the rule. */
  url: string;
  /** The name of the connection. */
  connection: string | null;
  /** The index of the connection in the text, counted from 0. */
  connectionIndex: number | null;
  /** JSON pointer inside the connection, in Admin API spelling. A missing field has the pointer where it belongs. */
  pointer: string;
  /** The first UTF-16 code unit of the mark. */
  from: number;
  /** The UTF-16 code unit after the mark. */
  to: number;
  related: Related[];
  fix: Fix | null;
}

/** A rule of the catalog. */
export interface Rule {
  name: RuleName;
  severity: Severity;
  /** The connection types that it checks; empty for all types. */
  kinds: ConnectionType[];
  fixable: "always" | "sometimes" | "never";
  summary: string;
  url: string;
}

export type InitInput = WebAssembly.Module | BufferSource | Response | Request | URL | string;

/**
 * Loads the module. In Node, the import loads it. Elsewhere, call this once and wait for it; calling it again does
 * nothing. Without an argument, the module is fetched from the folder of the package.
 */
export default function init(module?: InitInput | Promise<InitInput>): Promise<void>;

/** The findings in a text, in the order of the text. */
export function check(text: string, options?: Options): Diagnostic[];

/** The findings in texts that are linted together: in each text, and across texts. In the order of the sources. */
export function checkAll(
  sources: readonly { text: string; filename?: string | undefined }[],
  options?: Omit<Options, "filename">,
): Diagnostic[][];

/** The findings in a value that is not text, such as the state of a form. All positions are 0, and there are no fixes. */
export function checkValue(value: unknown, options?: Omit<Options, "filename" | "dialect">): Diagnostic[];

/** The text after fixing, repeated until no fix is left: with the safe fixes, or with `unsafe` all of them. */
export function fix(
  text: string,
  options?: Options & { unsafe?: boolean | undefined },
): { text: string; applied: number; remaining: Diagnostic[] };

/** The JSON report, equal to the output of `streamlint check --format json`. */
export function reportJson(text: string, options?: Options): string;

/** The page about a rule, in Markdown. */
export function explain(rule: RuleName): string;

/** Every rule, in the order of the catalog. */
export function rules(): Rule[];

/** A published JSON Schema (2020-12): of a connection type, or by its name. */
export function schema(name: SchemaName): Record<string, unknown>;
