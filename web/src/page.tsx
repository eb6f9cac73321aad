// The page: a text and a form of the same connection, and its findings.

import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { check, type ConnectionType, type Diagnostic, type Dialect, fix, type Mode, type Options, schema } from "streamlint";

import { mask } from "./core";
import { adminApi, atlasCli, cloudFormation, type Copy, curl, kubernetes, type Original, type Subject, terraform } from "./copies";
import { CopyBar } from "./copy-bar";
import { type Change, type Connection, edited, type Path } from "./definition";
import { Editor, type Text } from "./editor";
import { ConnectionForm } from "./form";
import { stranded } from "./form-schema";
import { Footer, Header } from "./header";
import { Keys } from "./keys";
import { syntaxOf } from "./languages";
import { Notice } from "./notice";
import { Problems } from "./problems";
import { type Reading, readingOf } from "./reading";
import { linkTo, type Shared } from "./share";
import { nextTheme, startTheme, type Theme, useTheme } from "./theme";

const TYPES = (schema("connection")["properties"] as { type: { enum: ConnectionType[] } }).type.enum;
const DIALECTS: Record<Dialect, string> = {
  "admin-api": "Admin API",
  kubernetes: "Kubernetes",
  cloudformation: "CloudFormation",
  terraform: "Terraform",
  "terraform-plan": "Terraform plan",
  processor: "Stream processor",
  http: "HTTP requests",
};
const MODES: Record<Mode, string> = {
  create: "create (POST)",
  update: "update (PATCH)",
  response: "API response",
  error: "API error",
  failover: "failover connection",
};
const COPIES: Record<string, (subjects: Subject[], original: Original) => Copy> = {
  "Admin API JSON": adminApi,
  curl,
  "Atlas CLI": atlasCli,
  Terraform: terraform,
  Kubernetes: kubernetes,
  CloudFormation: cloudFormation,
};

/** Syntax errors that make the meaning of a text uncertain, so that the form must not edit it. */
const UNREADABLE = new Set(["syntax-error", "duplicate-key", "too-deep"]);

/** The initial text: a definition with common mistakes, one of them with a safe fix. */
const START = `{
  "name": "orders",
  "type": "kafka",
  "bootstrapServers": "broker-0.example.com:9092,broker-1.example.com",
  "authentication": {
    "mechanism": "SCRAM-512",
    "username": "atlas-streams",
    "password": "correct-horse-battery"
  },
  "security": {
    "protocol": "SASL_SSL"
  },
  "config": {
    "auto.offset.reset": "newest"
  }
}
`;

/** Returns the purpose of a connection type, in a few words. */
const about = (type: ConnectionType) => String(schema(type)["description"]).split(/[;:.]/)[0];

/** Returns the first example of a published schema, as text. */
const example = (type: ConnectionType) => `${JSON.stringify((schema(type)["examples"] as unknown[])[0], null, 2)}\n`;

interface Checked {
  text: string;
  found: Diagnostic[];
  reading: Reading;
}

/** An offer to remove the fields that a new type lacks. */
interface Offer {
  type: ConnectionType;
  /** The text before and after the change of the type. */
  before: string;
  after: string;
  path: Path;
  fields: Path[];
}

/** The page. `link` is the content of the opened link; `null` if it is damaged. */
export function Page({ link }: { link: Shared | null | undefined }) {
  const [start] = useState(() => link?.text ?? START);
  const editor = useRef<Text>(null);
  const [options, setOptions] = useState<Options>(() => (link?.filename ? { filename: link.filename } : {}));
  const [checked, setChecked] = useState<Checked>(() => ({ text: start, found: [], reading: readingOf(start, options) }));
  const [connections, setConnections] = useState<Connection[]>(checked.reading.connections);
  const [at, setAt] = useState(0);
  const [showsSecrets, setShowsSecrets] = useState(false);
  const [theme, setTheme] = useState<Theme>(startTheme);
  const [status, setStatus] = useState(() => greeting(link));
  const [isOver, setOver] = useState(false);
  const [wantsAll, setWantsAll] = useState(false);
  const [showsKeys, setShowsKeys] = useState(false);
  const [offer, setOffer] = useState<Offer>();
  useTheme(theme);

  const { text, found, reading } = checked;
  const { isWritable, dialect } = reading;
  const isBlank = text.trim() === "";
  const unreadable = found.find(({ rule }) => UNREADABLE.has(rule));
  const selected = Math.min(at, Math.max(connections.length - 1, 0));
  const connection = connections[selected];
  const exactOf = ({ value }: Connection) => TYPES.find((type) => type === value["type"]) ?? options.type;
  // A misspelled type still selects its form.
  const typeOf = (connection: Connection, at: number) => exactOf(connection) ?? reading.types[at] ?? undefined;
  const written = connection?.value["type"];
  const exact = connection ? exactOf(connection) : options.type;
  const type = connection ? typeOf(connection, selected) : options.type;
  const isOfAll = wantsAll && connections.length > 1;
  const copied = isOfAll ? connections.map((one, at) => ({ value: one.value, type: typeOf(one, at) })) : connection && [{ value: connection.value, type }];
  const aboutType = found.find(({ rule, connectionIndex }) => rule === "unknown-type" && connectionIndex === selected);

  // The editor updates its marks itself; the form and the list are updated with low priority.
  const onCheck = useCallback(
    (found: Diagnostic[], text: string) => {
      // A later change has its own check.
      if (text !== editor.current?.read()) return;
      const reading = readingOf(text, options);
      startTransition(() => {
        setChecked({ found, text, reading });
        // While a text is damaged, the form keeps its values.
        setConnections((old) => (reading.connections.length > 0 || !reading.isWritable || text.trim() === "" ? reading.connections : old));
      });
    },
    [options],
  );

  const onChange = useCallback((text: string, isAnother: boolean) => {
    // The status is about the previous text.
    setStatus("");
    setOffer((offer) => (offer?.after === text ? offer : undefined));
    // The file name determines the syntax, so it is dropped with the text.
    if (isAnother) setOptions(({ filename, ...options }) => (filename === undefined ? options : { ...options }));
  }, []);

  const path = connection?.path;
  const write = useCallback(
    (changes: Change[], isStep: boolean) => {
      if (!path || !editor.current) return;
      const text = edited(editor.current.read(), path, changes);
      // Updated immediately, because an input must show the typed text.
      setConnections(readingOf(text, options).connections);
      editor.current.become(text, isStep);
    },
    [path, options],
  );
  const onChanges = useCallback((changes: Change[]) => write(changes, false), [write]);

  const onType = (type: ConnectionType) => {
    if (!connection?.path || !editor.current) return;
    const before = editor.current.read();
    const fields = stranded(readingOf(before, options).connections[selected]?.value ?? {}, type);
    write([{ path: ["type"], value: type }], true);
    if (fields.length > 0) setOffer({ type, before, after: editor.current.read(), path: connection.path, fields });
  };
  const onRemove = ({ type, before, path, fields }: Offer) => {
    const changes = [{ path: ["type"], value: type }, ...fields.map((path) => ({ path, value: undefined }))];
    const text = edited(before, path, changes);
    // Undo reverts the type together with the removed fields.
    editor.current?.undo();
    setConnections(readingOf(text, options).connections);
    editor.current?.become(text);
    setStatus(`Removed ${fields.length} ${fields.length === 1 ? "field" : "fields"}.`);
  };

  const open = async (file: File) => {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      setOptions(({ filename: _, ...options }) => ({ ...options, filename: file.name }));
      setAt(0);
      editor.current?.become(text);
      setStatus(`Opened ${file.name}. It stays in this page.`);
    } catch (error) {
      setStatus(error instanceof TypeError ? `${file.name} is not text in UTF-8.` : `The browser cannot read ${file.name}.`);
    }
  };
  useDrop((file) => void open(file), setOver);

  const begin = (type: ConnectionType) => {
    setOptions(({ filename: _, ...options }) => options);
    setAt(0);
    editor.current?.become(example(type));
    setStatus(`This is an example of ${type}. Undo brings your text back.`);
  };

  const onShow = useCallback(({ from, to, connectionIndex }: Diagnostic) => {
    if (connectionIndex !== null) setAt(connectionIndex);
    editor.current?.show(from, to);
  }, []);
  const words = JSON.stringify(options);
  const apply = ({ fix }: Diagnostic) => {
    const edits = [...(fix?.edits ?? [])].sort((a, b) => b.from - a.from);
    if (edits.length === 0 || !editor.current) return;
    const text = editor.current.read();
    editor.current.become(edits.reduce((text, { from, to, text: insert }) => text.slice(0, from) + insert + text.slice(to), text));
    setStatus(`Done: ${fix?.title.replaceAll("`", "")}.`);
  };
  const onFix = useCallback(
    (requested: Diagnostic) => {
      // The text may have changed, so the fix is computed for the current text.
      const same = check(editor.current?.read() ?? "", options).find(
        ({ rule, pointer, connectionIndex, fix }) =>
          rule === requested.rule && pointer === requested.pointer && connectionIndex === requested.connectionIndex && fix?.title === requested.fix?.title,
      );
      if (same) apply(same);
    },
    [words],
  );
  const onFixHere = () => {
    const text = editor.current?.read() ?? "";
    const cursor = editor.current?.cursor() ?? 0;
    const lineStart = text.lastIndexOf("\n", cursor - 1) + 1;
    const lineEnd = (text + "\n").indexOf("\n", cursor);
    const fixable = text.trim() === "" ? [] : check(text, options).filter(({ fix }) => fix);
    const here = fixable.find(({ from, to }) => from <= cursor && cursor <= to);
    const near = here ?? fixable.find(({ from }) => lineStart <= from && from <= lineEnd);
    if (near) apply(near);
    else setStatus("No fix at the cursor. F8 goes to the next finding.");
  };
  const onFixAll = useCallback(() => {
    const text = editor.current?.read() ?? "";
    const fixed = text.trim() === "" ? { text, applied: 0 } : fix(text, options);
    editor.current?.become(fixed.text);
    setStatus(`${fixed.applied} ${fixed.applied === 1 ? "fix" : "fixes"} applied.`);
  }, [words]);

  const onClipboard = async (text: string, done: string) => {
    try {
      await navigator.clipboard.writeText(text);
      setStatus(done);
    } catch {
      setStatus("The browser did not allow copying.");
    }
  };
  const onCopy = (name: string) => {
    const subjects = copied?.flatMap(({ value, type }) => (type ? [{ value, type }] : [])) ?? [];
    if (subjects.length === 0) return;
    const original = { text: editor.current?.read() ?? "", options, isWhole: subjects.length === connections.length };
    let copy: Copy;
    try {
      copy = COPIES[name]!(subjects, original);
    } catch (error) {
      setStatus(`Not copied as ${name}: ${(error as Error).message}.`);
      return;
    }
    const { text, variables, warnings = [] } = copy;
    const bring = variables.length > 0 ? `, without secrets. Set ${variables.join(", ")}.` : ".";
    const missing = warnings.map((warning) => ` ${warning[0]!.toUpperCase()}${warning.slice(1)}.`).join("").replaceAll("`", "");
    const isWrong = found.some(({ severity, connectionIndex }) => severity === "error" && (isOfAll || (connectionIndex ?? selected) === selected));
    void onClipboard(text, `Copied ${isOfAll ? `${subjects.length} connections ` : ""}as ${name}${bring}${missing}${isWrong ? " It still has errors." : ""}`);
  };
  const onShare = async () => {
    const text = editor.current?.read() ?? "";
    const masked = mask(text, options);
    const hidden = masked === text ? "It holds no secrets" : "Secrets, unknown values and comments are *** in it";
    void onClipboard(await linkTo({ text: masked, filename: options.filename }), `Copied a link that holds the text. ${hidden}.`);
  };
  const onDownload = () => {
    const text = editor.current?.read() ?? "";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = options.filename ?? usualName(text, dialect);
    link.click();
    URL.revokeObjectURL(link.href);
    setStatus(`Downloaded ${link.download} as it is, with its secrets.`);
  };

  const why = isBlank
    ? "There is no text to copy yet."
    : unreadable && isWritable
      ? "Fix the syntax error first, then copy."
      : !connection
        ? "There is no connection to copy."
        : copied?.some(({ type }) => !type)
          ? "Set a known type first, then copy."
          : undefined;

  const covered = useMemo(() => coveredBy(reading), [reading]);
  const names = useMemo(() => (reading.connections.length > 1 ? connections.map(labelOf) : undefined), [reading, connections]);
  const waits = unreadable !== undefined && isWritable;

  return (
    <>
      <a className="skip" href="#definition">
        Skip to the definition
      </a>
      <Header
        types={TYPES}
        {...{ theme, showsSecrets }}
        onBegin={begin}
        onOpen={(file) => void open(file)}
        onShowSecrets={setShowsSecrets}
        onTheme={() => setTheme(nextTheme(theme))}
      />

      <main className={isOver ? "over" : ""}>
        <div className="written">
          <section id="definition" aria-labelledby="definition-title">
            <div className="bar">
              <h2 id="definition-title">Definition</h2>
              {options.filename !== undefined && (
                <span className="chip">
                  <span title="The name says how the text is read.">{options.filename}</span>
                  <button
                    type="button"
                    aria-label={`Forget the name ${options.filename}`}
                    onClick={() => setOptions(({ filename: _, ...options }) => options)}
                  >
                    ×
                  </button>
                </span>
              )}
              <label>
                Dialect{" "}
                <select
                  value={options.dialect ?? "auto"}
                  onChange={({ target }) => setOptions({ ...options, dialect: target.value as Dialect | "auto" })}
                >
                  <option value="auto">automatic</option>
                  {Object.entries(DIALECTS).map(([dialect, name]) => (
                    <option key={dialect} value={dialect}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
              <label>
                Mode{" "}
                <select
                  value={options.mode ?? ""}
                  onChange={({ target }) => {
                    const { mode: _, ...rest } = options;
                    setOptions(target.value === "" ? rest : { ...rest, mode: target.value as Mode });
                  }}
                >
                  <option value="">automatic</option>
                  {Object.entries(MODES).map(([mode, name]) => (
                    <option key={mode} value={mode}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
            </div>
            <Editor ref={editor} {...{ start, options, showsSecrets, onCheck, onChange, onFixHere, onFixAll }} />
            <CopyBar names={Object.keys(COPIES)} {...{ why, isBlank, isOfAll, status, onCopy, onDownload }} count={connections.length} onOfAll={setWantsAll} onShare={() => void onShare()} />
          </section>

          <Problems {...{ found, text, covered, names, onShow, onFix, onFixAll }} />
        </div>

        <section id="form" aria-labelledby="form-title">
          <div className="bar">
            <h2 id="form-title">Form</h2>
            {connections.length > 1 && (
              <label>
                Connection{" "}
                <select value={selected} onChange={({ target }) => setAt(Number(target.value))}>
                  {connections.map((connection, at) => (
                    <option key={at} value={at}>
                      {labelOf(connection, at)}
                    </option>
                  ))}
                </select>
              </label>
            )}
            <label hidden={connections.length === 0}>
              Type{" "}
              <select
                value={exact ?? ""}
                disabled={!path || waits}
                onChange={({ target }) => onType(target.value as ConnectionType)}
              >
                {!exact && <option value="">{typeof written === "string" && written !== "" ? `${written} (unknown)` : "(none)"}</option>}
                {TYPES.map((type) => (
                  <option key={type}>{type}</option>
                ))}
              </select>
            </label>
          </div>

          {waits && (
            <Notice words="The text has a syntax error. The form goes on when it is fixed." action="Show it" onAction={() => onShow(unreadable)} />
          )}
          {!waits && !isWritable && connections.length > 0 && (
            <Notice isCalm words={`The form can only write JSON of the Admin API. It shows this ${syntaxName(text, dialect)} and cannot change it.`} />
          )}
          {!waits && !exact && aboutType && (
            <Notice
              words={`${aboutType.message}${type ? `; this looks like \`${type}\`` : ". Pick a type to open the form"}`}
              action={aboutType.fix?.title}
              onAction={() => onFix(aboutType)}
            />
          )}
          {offer && (
            <Notice
              words={`\`${offer.type}\` has no ${offer.fields.map((path) => `\`${path.join(".")}\``).join(", ")}`}
              action={offer.fields.length === 1 ? "Remove this field" : `Remove these ${offer.fields.length} fields`}
              onAction={() => onRemove(offer)}
            />
          )}
          {connections.length === 0 && (
            <>
              <p className="empty">
                {reading.processors > 0
                  ? `The text has no connection, only ${counted(reading.processors, "stream processor")}. Stream processors have no form.`
                  : "The text has no connection yet. Begin with an example, or open a file."}
              </p>
              {reading.processors === 0 && (
                <ul className="types">
                  {TYPES.map((type) => (
                    <li key={type}>
                      <button type="button" onClick={() => begin(type)}>
                        <strong>{type}</strong> <span>{about(type)}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              )}
            </>
          )}
          {connection && type && (
            <ConnectionForm
              key={`${type} ${selected}`}
              value={connection.value}
              connectionIndex={selected}
              isDisabled={waits}
              isReadOnly={!path}
              {...{ type, found, showsSecrets, onChanges }}
            />
          )}
        </section>
      </main>
      <Footer onKeys={() => setShowsKeys(true)} />
      {showsKeys && <Keys onClose={() => setShowsKeys(false)} />}
    </>
  );
}

function greeting(link: Shared | null | undefined): string {
  if (link === null) return "The link is damaged. This is an example instead.";
  return link ? "This text came with the link. Its secrets are *** in it." : "";
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Returns the number of checked parts, in words. */
function coveredBy({ connections, processors }: Reading): string {
  const parts = [counted(connections.length, "connection"), counted(processors, "stream processor")];
  const held = parts.filter((part) => !part.startsWith("0 "));
  return held.length > 0 ? held.join(" and ") : "0 connections";
}

const labelOf = ({ value }: Connection, at: number) => `${at + 1}: ${typeof value["name"] === "string" ? value["name"] : "(no name)"}`;

const syntaxName = (text: string, dialect: Dialect) => (dialect === "admin-api" && syntaxOf(text) === "yaml" ? "YAML" : DIALECTS[dialect]);

/** Returns the file name for a text without one. */
function usualName(text: string, dialect: Dialect): string {
  const extension = { json: "json", hcl: "tf", yaml: "yaml" }[syntaxOf(text)];
  if (dialect === "http") return "connection.http";
  return dialect === "terraform" && extension === "tf" ? "main.tf" : `${dialect === "processor" ? "processor" : "connection"}.${extension}`;
}

/** Opens a file that is dropped anywhere on the page. */
function useDrop(open: (file: File) => void, setOver: (isOver: boolean) => void) {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
    const options = { signal, capture: true };
    window.addEventListener("dragover", (event) => hasFile(event) && (event.preventDefault(), setOver(true)), options);
    window.addEventListener("dragleave", (event) => event.relatedTarget === null && setOver(false), options);
    window.addEventListener(
      "drop",
      (event) => {
        const [file] = event.dataTransfer?.files ?? [];
        setOver(false);
        if (!file) return;
        // Otherwise the editor would insert the text of the file as well.
        event.preventDefault();
        event.stopPropagation();
        latest.current(file);
      },
      options,
    );
    return () => controller.abort();
  }, [setOver]);
}
