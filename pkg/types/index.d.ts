import type { ConnectionType, RuleName, SchemaName } from "./names.d.ts";

export type { ConnectionType, RuleName, SchemaName };

export type Severity = "error" | "warning" | "info";

/** What a definition is: the body of a POST, of a PATCH, an answer, an error body, or a failover connection. */
export type Mode = "create" | "update" | "response" | "error" | "failover";

/** How definitions are written down; told from the text where it is not said. */
export type Dialect = "admin-api" | "kubernetes" | "cloudformation" | "terraform" | "terraform-plan" | "processor" | "http";

/** The severity of what a rule finds, or `off` for a rule that is off unless it is selected. */
export type Level = Severity | "off";

/** How texts are judged, as in `streamlint.toml`: what may also be set for some paths. */
export interface Judging {
  /** Rules with another severity than their own. */
  rules?: Partial<Record<RuleName, Level>>;
  /** Told from the text where it is not said; the `mode` beside `config` beats it. */
  mode?: Mode;
  /** The workspace that the definitions go to: names are unique in it, so texts with the same one are compared. */
  workspace?: string;
  /**
   * Regular expressions, evaluated by the host's `RegExp` with the flag `u`; look-around and back-references are not
   * taken. A value in which one is found is filled in by something else, and is not judged.
   */
  placeholders?: string[];
  /** A regular expression for the whole name of a connection. */
  connectionNames?: string;
  /** The same for the name of a workspace, as `tenantName` gives it. */
  workspaceNames?: string;
  /** Types that may not use public access; `true` for all that have a choice. */
  requirePrivateNetworking?: boolean | ConnectionType[];
  /** The only hosts that brokers and URLs may point to: names, `*.` and a domain, addresses, networks. */
  allowedHosts?: string[];
  /** Hosts that Atlas reaches although they look private. */
  reachableHosts?: string[];
  /** Sample sources beside those that streamlint knows. */
  knownSamples?: string[];
  /** Built-in roles beside those that streamlint knows. */
  knownBuiltInRoles?: string[];
}

/** What is different for some paths. */
export interface Override extends Judging {
  /** Globs as in `.gitignore`, for the text's `filename`. */
  paths: string[];
}

/** What `streamlint.toml` may say, in camel case, and what the command takes as flags. */
export interface Config extends Judging {
  /** What is different for some paths. A later override beats an earlier one; rules are set one by one. */
  overrides?: Override[];
  /** For the command, which walks through folders; says nothing here. */
  include?: string[];
  /** For the command, which walks through folders; says nothing here. */
  exclude?: string[];
  /** For the command, which has an exit status; says nothing here. */
  failOn?: Severity;
  /** For the command; says nothing here. */
  baseline?: string;
  /** Only these rules. */
  select?: RuleName[];
  /** Not these rules. */
  ignore?: RuleName[];
  /** Say nothing about a text that does not look like a definition. */
  skipUnrecognized?: boolean;
  /** The longest text that is read, in bytes of UTF-8; 16 MiB where it is not said. */
  sizeLimit?: number;
  /** The project's id, from the path of the request. */
  groupId?: string;
  /** The workspace's name, from the path of the request. It also says that all texts of one call go to one workspace. */
  tenantName?: string;
  /** The query parameter `envelope` of the request. */
  envelope?: string;
  /** The query parameter `pretty` of the request. */
  pretty?: string;
}

export interface Options {
  /** The name of the file: `.jsonc` allows comments. */
  filename?: string;
  dialect?: Dialect | "auto";
  /** The type of a definition that does not say its own. */
  type?: ConnectionType;
  /** Told from the text where it is not said. */
  mode?: Mode;
  config?: Config;
}

/** A replacement in the text; `from` and `to` are UTF-16 code units, as in `text.slice(from, to)`. */
export interface Edit {
  from: number;
  to: number;
  text: string;
}

export interface Fix {
  /** What it does, as an imperative. */
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
  /** The name of the connection it is about. */
  connection: string | null;
  /** Which connection of the text that is, counted from 0. */
  connectionIndex: number | null;
  /** JSON pointer inside the connection, in Admin API spelling; of something missing, where it would stand. */
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

/** What is wrong with a text, in the order of the text. */
export function check(text: string, options?: Options): Diagnostic[];

/** What is wrong with texts that belong together: each by itself, and what spans them. In the order of the sources. */
export function checkAll(
  sources: readonly { text: string; filename?: string }[],
  options?: Omit<Options, "filename">,
): Diagnostic[][];

/** What is wrong with a value that is no text, such as the state of a form. All places are 0, and there are no fixes. */
export function checkValue(value: unknown, options?: Omit<Options, "filename" | "dialect">): Diagnostic[];

/** The text with its fixes applied, until none is left: those that cannot change the meaning, or with `unsafe` all. */
export function fix(
  text: string,
  options?: Options & { unsafe?: boolean },
): { text: string; applied: number; remaining: Diagnostic[] };

/** The JSON report, byte for byte what `streamlint check --format json` writes. */
export function report(text: string, options?: Options): string;

/** The page about a rule, in Markdown. */
export function explain(rule: RuleName): string;

/** Every rule, in the order of the catalogue. */
export function rules(): Rule[];

/** A published JSON Schema (2020-12): of a connection type, or by its name. */
export function schema(name: SchemaName): Record<string, unknown>;
