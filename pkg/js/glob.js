// Path globs with the syntax of src/settings/glob.rs. tests/policies/globs.json tests both.

/**
 * Returns a function that checks whether any of the globs matches a path.
 *
 * @param {string} what the option with the globs
 * @param {string[]} globs
 * @returns {(path: string) => boolean}
 */
export function matcher(what, globs) {
  const all = globs.map((glob) => {
    try {
      return pattern(glob);
    } catch (cause) {
      throw new TypeError(`\`${what}\` has an invalid glob, \`${glob}\`: ${/** @type {Error} */ (cause).message}`, { cause });
    }
  });
  return (path) => all.some((one) => one.test(path));
}

/** @param {string} glob */
function pattern(glob) {
  if (glob.startsWith("!")) throw new Error("a leading `!` is not supported");
  let inside = glob.replace(/^\.\//, "");
  const isFolder = inside.endsWith("/");
  if (isFolder) inside = inside.slice(0, -1);
  if (inside.split("/").some((part) => part === "." || part === "..") || (inside === "" && !isFolder)) {
    throw new Error("paths are inside the folder of the settings");
  }
  if (inside.startsWith("/")) inside = inside.slice(1);
  else if (!inside.includes("/")) inside = `**/${inside}`;
  return new RegExp(`^${translated([...inside])}${isFolder ? "/.*" : "(?:/.*)?"}$`, "su");
}

/** @param {string[]} glob its characters (code points, not UTF-16 code units) */
function translated(glob) {
  let written = "";
  let at = 0;
  let depth = 0;
  const literal = (/** @type {string} */ text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  while (at < glob.length) {
    const rest = glob.slice(at);
    const isStart = at === 0 || glob[at - 1] === "/";
    if (isStart && rest.slice(0, 3).join("") === "**/") {
      written += "(?:.*/)?";
      at += 3;
    } else if (isStart && rest.join("") === "**") {
      written += ".*";
      at += 2;
    } else if (rest[0] === "*") {
      written += "[^/]*";
      at += 1;
    } else if (rest[0] === "?") {
      written += "[^/]";
      at += 1;
    } else if (rest[0] === "[") {
      const [text, length] = charactersOf(rest);
      written += text;
      at += length;
    } else if (rest[0] === "{") {
      written += "(?:";
      depth += 1;
      at += 1;
    } else if (rest[0] === "}") {
      if (depth === 0) throw new Error("`}` without `{`");
      written += ")";
      depth -= 1;
      at += 1;
    } else if (rest[0] === "," && depth > 0) {
      written += "|";
      at += 1;
    } else if (rest[0] === "\\") {
      if (rest.length === 1) throw new Error("a `\\` at its end");
      written += literal(rest[1]);
      at += 2;
    } else {
      written += literal(rest[0]);
      at += 1;
    }
  }
  if (depth > 0) throw new Error("`{` without `}`");
  return written;
}

/** A class as a regular expression, and the length of its source. @param {string[]} text @returns {[string, number]} */
function charactersOf(text) {
  const isNegated = text[1] === "!" || text[1] === "^";
  const start = isNegated ? 2 : 1;
  // A bracket right after the opening one is a literal character.
  const end = text.indexOf("]", start + 1);
  if (end < 0) throw new Error("`[` without `]`");
  let inside = "";
  for (let at = start; at < end; at += 1) {
    const escaped = (/** @type {string} */ character) => character.replace(/[\\\]^-]/g, "\\$&");
    if (text[at + 1] === "-" && at + 2 < end) {
      if (code(text[at]) > code(text[at + 2])) throw new Error("a range that ends before it starts");
      inside += `${escaped(text[at])}-${escaped(text[at + 2])}`;
      at += 2;
    } else {
      inside += escaped(text[at]);
    }
  }
  // A class never matches a slash.
  return [`(?!/)[${isNegated ? "^" : ""}${inside}]`, end + 1];
}

/** @param {string} character */
const code = (character) => character.codePointAt(0) ?? 0;
