// Texts that are no JSON, such as Terraform: their colours, and dots over what may be secret.

import { StreamLanguage } from "@codemirror/language";
import { RangeSetBuilder, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { type ConnectionType, schema } from "streamlint";

import { isObject, snake } from "./definition";

/** Whether a text is JSON or on its way to be: whether it does not look like Terraform or YAML. */
export function isJson(text: Text | string): boolean {
  const start = typeof text === "string" ? text.slice(0, START) : text.sliceString(0, START);
  if (/^\uFEFF?\s*[{["]/.test(start)) return true;
  return !/^(?:(?:resource|data|variable|locals|terraform|provider|module|output|import|moved|removed|check)\s+["{]|---|[\w.-]+:(?:\s|$))/m.test(start);
}

/** As much of a text as is looked at for that, in UTF-16 code units. */
const START = 16_000;

/** A line with more is not written by hand, and colours in it would only take time. */
const LONG = 5000;

export const plain = StreamLanguage.define<{ until: RegExp | undefined }>({
  name: "hcl",
  startState: () => ({ until: undefined }),
  token(stream, state) {
    if (state.until) {
      // The end of a heredoc stands alone in its line, that of a comment anywhere.
      if (stream.match(state.until)) state.until = undefined;
      else stream.skipToEnd();
      return "string";
    }
    if (stream.pos > LONG) stream.skipToEnd();
    if (stream.eol() || stream.eatSpace()) return null;
    if (stream.match(/^(#|\/\/).*/)) return "comment";
    if (stream.match(/^\/\*.*?\*\//)) return "comment";
    const heredoc = stream.match(/^<<[-~]?(\w+)/) as RegExpMatchArray | null;
    if (heredoc) {
      state.until = new RegExp(`^\\s*${heredoc[1]}\\s*$`);
      return "string";
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^[\w-]+/)) {
      const word = stream.current();
      if (stream.match(/^\s*[=:](?!=)/, false)) return "propertyName";
      if (word.startsWith('"')) return "string";
      return /^\d/.test(word) ? "number" : /^(true|false|null)$/.test(word) ? "bool" : null;
    }
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: "#" } },
});

/** The members whose values may be shown, as the API and as Terraform write them. */
const SHOWN = new Set(
  ["project_id", "workspace_name", "instance_name", "connection_name", "cluster_project_id", "schema_registry_provider"].concat(
    ["source", "version", "apiVersion", "kind"],
  ),
);
const TYPES = (schema("connection")["properties"] as { type: { enum: ConnectionType[] } }).type.enum;
const collect = (members: unknown) => {
  for (const [name, member] of Object.entries(isObject(members) ? members : {})) {
    if (!isObject(member) || member["writeOnly"]) continue;
    SHOWN.add(name).add(snake(name));
    collect(member["properties"]);
  }
};
for (const type of TYPES) collect(schema(type)["properties"]);

// Comments, heredocs (to their end, or to that of the text), keys, strings, and the end of a block.
const PARTS =
  /#.*|\/\/.*|\/\*[^]*?\*\/|<<[-~]?(\w+)[^]*?(?:^[ \t]*\1[ \t]*$|(?![^]))|(?<![\w.-])("?)([\w.-]{1,100})\2[ \t]*[=:](?![=/])|"(?:[^"\\\n]|\\.)*"?|\}/gm;

/** The ranges of a text that may be secret: what is written for a member that nothing is known of. */
export function secretsIn(text: string): [from: number, to: number][] {
  const found: [number, number][] = [];
  let isHidden = false;
  for (const match of text.matchAll(PARTS)) {
    const [part, heredoc, , key] = match;
    const [from, to] = [match.index, match.index + part.length];
    if (part === "}") {
      isHidden = false;
    } else if (key !== undefined) {
      isHidden = !SHOWN.has(key);
      // Without quotes, as YAML has it.
      const [value = ""] = (isHidden && part.endsWith(":") && /^[ \t]+[^\s"{[].*/.exec(text.slice(to))) || [];
      if (value) found.push([to + value.length - value.trimStart().length, to + value.length]);
    } else if (heredoc !== undefined) {
      const first = part.indexOf("\n");
      if (isHidden && first !== -1) found.push([from + first + 1, to]);
    } else if (part.startsWith('"') && (isHidden || /:\/\/[^/\s]*@|:\/\/.*\?/.test(part))) {
      // A reference says where the secret is, not what it is.
      if (!/^"\$\{[^{}]*\}"$/.test(part)) found.push([from + 1, to - (part.length > 1 && part.endsWith('"') ? 1 : 0)]);
    }
  }
  return found.filter(([from, to]) => from < to);
}

const dot = Decoration.mark({ class: "cm-streamlint-secret" });

/** The dots, where the text is no JSON. */
export const plainSecrets = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = dots(view);
    }
    update({ docChanged, view }: ViewUpdate) {
      if (docChanged) this.decorations = dots(view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

function dots({ state }: EditorView): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  if (!isJson(state.doc)) for (const [from, to] of secretsIn(state.doc.toString())) found.add(from, to, dot);
  return found.finish();
}
