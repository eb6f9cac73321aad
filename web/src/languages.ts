// The colors of a text, by the syntax that it looks like.

import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import type { Extension, Text } from "@codemirror/state";

export type Syntax = "json" | "hcl" | "yaml";

/** As much of a text as is looked at, in UTF-16 code units. */
const START = 16_000;

/** The syntax of a text, or of what it is on its way to be. */
export function syntaxOf(text: Text | string): Syntax {
  const start = typeof text === "string" ? text.slice(0, START) : text.sliceString(0, START);
  if (/^\uFEFF?\s*[{["]/.test(start)) return "json";
  if (/^(?:resource|data|variable|locals|terraform|provider|module|output|import|moved|removed|check)\s+["{]|^[\w-]+\s*=[^=]/m.test(start)) return "hcl";
  return /^(?:---|#|[\w./"-]+:(?:\s|$)|-\s)/m.test(start) ? "yaml" : "json";
}

/** A line with more is not written by hand, and colors in it would only take time. */
const LONG = 5000;

const hcl = StreamLanguage.define<{ until: RegExp | undefined }>({
  name: "hcl",
  startState: () => ({ until: undefined }),
  token(stream, state) {
    if (state.until) {
      // The end of a heredoc is alone in its line.
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
