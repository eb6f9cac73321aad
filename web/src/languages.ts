// Syntax highlighting, selected by the content of a text.

import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import type { Extension, Text } from "@codemirror/state";

export type Syntax = "json" | "hcl" | "yaml";

/** The number of UTF-16 code units that are used to detect the syntax. */
const START = 16_000;

/** Returns the syntax of a text, which may be incomplete. */
export function syntaxOf(text: Text | string): Syntax {
  const start = typeof text === "string" ? text.slice(0, START) : text.sliceString(0, START);
  if (/^\uFEFF?\s*[{["]/.test(start)) return "json";
  if (/^(?:resource|data|variable|locals|terraform|provider|module|output|import|moved|removed|check)\s+["{]|^[\w-]+\s*=[^=]/m.test(start)) return "hcl";
  return /^(?:---|#|[\w./"-]+:(?:\s|$)|-\s)/m.test(start) ? "yaml" : "json";
}

/** Longer lines are generated, and highlighting them only takes time. */
const LONG = 5000;

const hcl = StreamLanguage.define<{ until: RegExp | undefined }>({
  name: "hcl",
  startState: () => ({ until: undefined }),
  token(stream, state) {
    if (state.until) {
      // The marker at the end of a heredoc is alone on its line.
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

export const languages: Record<Syntax, () => Extension> = { json, yaml, hcl: () => hcl };
