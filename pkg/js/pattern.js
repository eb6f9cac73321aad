// The user's regular expressions, evaluated by the host's engine. They behave as in the command, and those that it
// rejects are rejected here: see src/settings/pattern.rs. tests/policies/patterns.json tests both.

/** @type {Map<string, RegExp>} */
const compiled = new Map();

/**
 * Whether a regular expression matches anywhere in a text, or the full text. The module calls this for every string of
 * a document.
 *
 * @param {string} text
 * @param {boolean} whole
 * @param {string} value
 */
export function matches(text, whole, value) {
  const key = `${whole} ${text}`;
  let found = compiled.get(key);
  if (!found) {
    found = pattern("pattern", text, whole);
    compiled.set(key, found);
  }
  return found.test(value);
}

/**
 * Compiles a regular expression that matches anywhere in a text, or the full text.
 *
 * @param {string} what the option that contains it
 * @param {string} text
 * @param {boolean} whole
 * @returns {RegExp}
 */
export function pattern(what, text, whole) {
  const isFolded = text.startsWith("(?i)");
  const source = isFolded ? text.slice(4) : text;
  const flags = isFolded ? "iu" : "u";
  try {
    // Patterns that may not match in linear time are rejected.
    const bare = source.replace(/\\[^1-9k]/gsu, "").replace(/\[[^\]]*\]/gsu, "");
    if (/\(\?(?:[=!]|<[=!])/u.test(bare)) throw new Error("look-around is not supported");
    if (/\\[1-9k]/u.test(bare)) throw new Error("back-references are not supported");
    const found = new RegExp(source, flags);
    return whole ? new RegExp(`^(?:${source})$`, flags) : found;
  } catch (cause) {
    throw new TypeError(`\`${what}\` has an invalid regular expression, \`${text}\`: ${/** @type {Error} */ (cause).message}`, { cause });
  }
}
