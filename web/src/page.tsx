// The page: a text and a form of the same connection, and what is wrong with it.

import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { check, type ConnectionType, type Diagnostic, type Dialect, fix, type Mode, type Options, reportJson, schema } from "streamlint";

import { adminApi, atlasCli, type Copy, curl, terraform } from "./copies";
import { type Change, type Connection, connectionsIn, edited, type Value } from "./definition";
import { Editor, type Text } from "./editor";
import { ConnectionForm } from "./form";
import { isJson } from "./plain";
import { Problems } from "./problems";
import { nextTheme, startTheme, type Theme, useTheme } from "./theme";

const TYPES = (schema("connection")["properties"] as { type: { enum: ConnectionType[] } }).type.enum;
const DIALECTS: Record<Dialect, string> = {
  "admin-api": "Admin API",
  kubernetes: "Kubernetes",
  cloudformation: "CloudFormation",
  terraform: "Terraform",
  "terraform-plan": "Terraform plan",
  processor: "Processor",
  http: "HTTP requests",
};
const MODES: Record<Mode, string> = {
  create: "create (POST)",
  update: "update (PATCH)",
  response: "answer of the API",
  error: "error of the API",
  failover: "failover connection",
};
const COPIES: Record<string, (value: Value, type: ConnectionType) => Copy> = {
  "Admin API JSON": adminApi,
  curl,
  "Atlas CLI": atlasCli,
  Terraform: terraform,
};

/** Mistakes behind which nobody knows for certain what a text says, so that a form must not write into it. */
const UNREADABLE = new Set(["syntax-error", "duplicate-key", "too-deep"]);

/** What a connection type is for, in a few words. */
const about = (type: ConnectionType) => String(schema(type)["description"]).split(/[;:.]/)[0];

/** The first example of a published schema, as text. */
const example = (type: ConnectionType) => `${JSON.stringify((schema(type)["examples"] as unknown[])[0], null, 2)}\n`;

interface Checked {
  text: string;
  found: Diagnostic[];
  /** Why there is no form for the text. */
  formless?: string | undefined;
}

/** A form writes nothing but the JSON of the Admin API. Why it cannot write this text, if it cannot. */
function formlessly(text: string, options: Options): string | undefined {
  if (text.trim() === "") return undefined;
  const [file] = JSON.parse(reportJson(text, { ...options, config: { select: ["unknown-type"] } })).files as {
    dialect: Dialect;
    connections: { name: string | null; type: string | null }[];
  }[];
  const dialect = file?.dialect ?? "admin-api";
  if (dialect === "admin-api") {
    return isJson(text) ? undefined : "The form can only write JSON, and this text is not JSON.";
  }
  const names = file?.connections.map(({ name, type }) => `${name ?? "one without a name"} (${type ?? "of no known type"})`) ?? [];
  const held = names.length > 0 ? ` It holds ${names.length === 1 ? "a connection" : `${names.length} connections`}: ${names.join(", ")}.` : "";
  return `The form can only write Admin API JSON, and this is ${DIALECTS[dialect]}.${held} What is wrong is marked in the text all the same.`;
}

export function Page() {
  const [start] = useState(() => example("Kafka"));
  const editor = useRef<Text>(null);
  const [options, setOptions] = useState<Options>({});
  const [checked, setChecked] = useState<Checked>({ text: start, found: [] });
  const [connections, setConnections] = useState<Connection[]>(() => connectionsIn(start));
  const [at, setAt] = useState(0);
  const [showsSecrets, setShowsSecrets] = useState(false);
  const [theme, setTheme] = useState<Theme>(startTheme);
  const [said, say] = useState("");
  const [isOver, setOver] = useState(false);
  useTheme(theme);

  const { text, found, formless } = checked;
  const unreadable = found.find(({ rule }) => UNREADABLE.has(rule));
  const selected = Math.min(at, Math.max(connections.length - 1, 0));
  const connection = connections[selected];
  const written = connection?.value["type"];
  const type = TYPES.find((type) => type === written) ?? options.type;

  // The marks are the editor's own; the form and the list follow when there is time.
  const onCheck = useCallback(
    (found: Diagnostic[], text: string) => {
      // What was typed since is checked in its turn.
      if (text !== editor.current?.read()) return;
      const formless = formlessly(text, options);
      const read = formless ? [] : connectionsIn(text);
      startTransition(() => {
        setChecked({ found, text, formless });
        // While a text is damaged the form keeps what it had.
        setConnections((old) => (read.length > 0 || formless || text.trim() === "" ? read : old));
      });
    },
    [options],
  );

  const path = connection?.path;
  const onChanges = useCallback(
    (changes: Change[]) => {
      if (!path || !editor.current) return;
      const text = edited(editor.current.read(), path, changes);
      // Without waiting: an input must show what was typed into it.
      setConnections(connectionsIn(text));
      editor.current.become(text);
    },
    [path],
  );

  const open = async (file: File) => {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      setOptions(({ filename: _, ...options }) => ({ ...options, filename: file.name }));
      editor.current?.become(text);
      say(`${file.name} is open. It stays in this page.`);
    } catch (error) {
      say(error instanceof TypeError ? `${file.name} is not a text in UTF-8.` : `${file.name} cannot be read.`);
    }
  };
  useDrop((file) => void open(file), setOver);

  const begin = (type: ConnectionType) => {
    setOptions(({ filename: _, ...options }) => options);
    setAt(0);
    editor.current?.become(example(type));
    say(`An example of ${type}; undo brings back what was there.`);
  };

  const onShow = useCallback(({ from, to, connectionIndex }: Diagnostic) => {
    if (connectionIndex !== null) setAt(connectionIndex);
    editor.current?.show(from, to);
  }, []);
  const words = JSON.stringify(options);
  const onFix = useCallback(
    (wanted: Diagnostic) => {
      // The text may have changed since; what is fixed is what is there now.
      const text = editor.current?.read() ?? "";
      const same = check(text, options).find(
        ({ rule, pointer, connectionIndex, fix }) =>
          rule === wanted.rule && pointer === wanted.pointer && connectionIndex === wanted.connectionIndex && fix?.title === wanted.fix?.title,
      );
      const edits = [...(same?.fix?.edits ?? [])].sort((a, b) => b.from - a.from);
      if (edits.length === 0) return;
      editor.current?.become(edits.reduce((text, { from, to, text: insert }) => text.slice(0, from) + insert + text.slice(to), text));
      say(`Done: ${wanted.fix?.title}.`);
    },
    [words],
  );
  const onFixAll = useCallback(() => {
    const { text, applied } = fix(editor.current?.read() ?? "", options);
    editor.current?.become(text);
    say(`${applied} ${applied === 1 ? "fix" : "fixes"} applied.`);
  }, [words]);

  const copy = async (name: string) => {
    if (!connection || !type) return;
    const { text, variables } = COPIES[name]!(connection.value, type);
    const kept = variables.length > 0 ? ` Secrets stay here: bring ${variables.join(", ")}.` : "";
    const problems = found.some(({ severity }) => severity === "error") ? " It still has problems." : "";
    try {
      await navigator.clipboard.writeText(text);
      say(`Copied as ${name}.${kept}${problems}`);
    } catch {
      say("The browser did not allow copying.");
    }
  };

  const status = useMemo(() => {
    if (connections.length === 0) return undefined;
    if (unreadable) return "The form waits: nobody can tell what the text says before this is mended.";
    if (!type) return "The form opens when the type is a connection type.";
    return undefined;
  }, [connections.length, unreadable, type]);

  return (
    <>
      <a className="skip" href="#definition">
        Skip to the definition
      </a>
      <header>
        <div className="brand">
          <h1>
            <img src="./icon.svg" alt="" width="28" height="28" /> streamlint
          </h1>
          <p>Atlas Stream Processing connections, checked as you type. Nothing leaves this page.</p>
        </div>
        <div className="tools">
          <label>
            Begin with{" "}
            <select value="" onChange={({ target }) => begin(target.value as ConnectionType)}>
              <option value="" disabled>
                an example…
              </option>
              {TYPES.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </select>
          </label>
          <label className="file">
            Open a file
            <input
              type="file"
              accept=".json,.jsonc,.tf,.tofu,.yaml,.yml,application/json,text/plain"
              onChange={({ target }) => {
                const [file] = target.files ?? [];
                if (file) void open(file);
                target.value = "";
              }}
            />
          </label>
          <label>
            <input type="checkbox" checked={showsSecrets} onChange={({ target }) => setShowsSecrets(target.checked)} /> Show secrets
          </label>
          <button type="button" onClick={() => setTheme(nextTheme(theme))}>
            Theme: {theme}
          </button>
        </div>
      </header>

      <main className={isOver ? "over" : ""}>
        <div className="written">
          <section id="definition" aria-labelledby="definition-title">
            <div className="bar">
              <h2 id="definition-title">Definition</h2>
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
            <Editor ref={editor} {...{ start, options, showsSecrets, onCheck }} />
            <div className="bar copies">
              <span id="copies">Copy as</span>
              <div role="group" aria-labelledby="copies">
                {Object.keys(COPIES).map((name) => (
                  <button key={name} type="button" disabled={!connection || !type || unreadable !== undefined} onClick={() => void copy(name)}>
                    {name}
                  </button>
                ))}
              </div>
              <p role="status" className="said">
                {said}
              </p>
            </div>
          </section>

          <Problems {...{ found, text, onShow, onFix, onFixAll }} />
        </div>

        <section id="form" aria-labelledby="form-title">
          <div className="bar">
            <h2 id="form-title">Form</h2>
            {connections.length > 1 && (
              <label>
                Connection{" "}
                <select value={selected} onChange={({ target }) => setAt(Number(target.value))}>
                  {connections.map(({ value }, at) => (
                    <option key={at} value={at}>
                      {at + 1}: {typeof value["name"] === "string" ? value["name"] : "(no name)"}
                    </option>
                  ))}
                </select>
              </label>
            )}
            <label hidden={connections.length === 0}>
              Type{" "}
              <select
                value={type ?? ""}
                disabled={!connection || unreadable !== undefined}
                onChange={({ target }) => onChanges([{ path: ["type"], value: target.value }])}
              >
                {!type && <option value="">(not a connection type)</option>}
                {TYPES.map((type) => (
                  <option key={type}>{type}</option>
                ))}
              </select>
            </label>
          </div>
          {formless && <p className="waits">{formless}</p>}
          {connections.length === 0 && !formless && (
            <>
              <p className="empty">There is no connection in the text yet. Begin with one of these, or open a file.</p>
              <ul className="types">
                {TYPES.map((type) => (
                  <li key={type}>
                    <button type="button" onClick={() => begin(type)}>
                      <strong>{type}</strong> <span>{about(type)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
          {status && (
            <p className="waits" role="status">
              {status}{" "}
              {unreadable && (
                <button type="button" className="small" onClick={() => onShow(unreadable)}>
                  Show it
                </button>
              )}
            </p>
          )}
          {connection && type && (
            <ConnectionForm
              key={`${type} ${selected}`}
              value={connection.value}
              connectionIndex={selected}
              isDisabled={unreadable !== undefined}
              {...{ type, found, showsSecrets, onChanges }}
            />
          )}
        </section>
      </main>
    </>
  );
}

/** Takes a file that is dropped anywhere on the page. */
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
        // The editor would take the file's text as well.
        event.preventDefault();
        event.stopPropagation();
        latest.current(file);
      },
      options,
    );
    return () => controller.abort();
  }, [setOver]);
}
