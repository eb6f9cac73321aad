// The position of an offset in a JSON text, which may be incomplete. Comments are skipped.

/**
 * A string with its quotes, or a word.
 *
 * @typedef {{ from: number, to: number, text: string }} Leaf
 */
/** @typedef {{ key: Leaf | undefined, hasColon: boolean, value: Leaf | Container | undefined }} Entry */
/**
 * An object or array. `to` is the offset after its closing bracket, or the end of the text if the bracket is missing.
 *
 * @typedef {{ isObject: boolean, from: number, to: number, isClosed: boolean, entries: Entry[], parent: Container | undefined, key: string | undefined }} Container
 */
/**
 * `object` contains the offset and is at `path` in its connection, which has the type `type`. `leaf` is the string or
 * word at the offset, and `entry` is its field. `isValue` is set if the offset is after the field's colon.
 *
 * @typedef {{ object: Container, path: string[], type: string | undefined, leaf: Leaf | undefined, entry: Entry | undefined, isValue: boolean }} Place
 */

/** A comment, a string (closed or not), a bracket, a colon, a comma, or any other text up to one of these. */
const TOKEN = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"?|[{}[\]:,]|[^\s{}[\]:,"/]+|\//g;

/** @param {string} text @param {number} offset @param {string | undefined} type of a connection without one @returns {Place | undefined} */
export function placeAt(text, offset, type) {
  const root = outline(text, offset);
  if (!root) return undefined;
  let at = root;
  for (let next = inner(at, offset); next; next = inner(at, offset)) at = next;
  if (!at.isObject) return undefined;
  const isAt = (/** @type {Leaf | Container | undefined} */ one) => one !== undefined && one.from <= offset && offset <= one.to;
  const entry = at.entries.find(({ key, value }) => isAt(key) || (value && "text" in value && isAt(value)));
  // The position after a colon without a value.
  const last = at.entries.filter(({ key }) => key && key.to <= offset).at(-1);
  const waiting = last?.hasColon && !last.value ? last : undefined;
  const leaf = entry && /** @type {Leaf} */ (isAt(entry.key) ? entry.key : entry.value);
  const { path, connection } = above(at, root);
  const written = connection.entries.find(({ key }) => key && read(key) === "type")?.value;
  return {
    object: at,
    path,
    type: written && "text" in written && written.text.startsWith('"') ? read(written) : type,
    leaf,
    entry: entry ?? waiting,
    isValue: entry ? leaf !== entry.key : waiting !== undefined,
  };
}

/** The value of a string, or the raw text if it is not closed. @param {Leaf} leaf @returns {string} */
export function read({ text }) {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.replaceAll('"', "");
  }
}

/** All values of a text, as elements of an array; `undefined` if the offset is in a comment. @param {string} text @param {number} offset */
function outline(text, offset) {
  /** @type {Container} */
  const root = { isObject: false, from: -1, to: text.length + 1, isClosed: true, entries: [], parent: undefined, key: undefined };
  let open = root;
  // The number of open objects and arrays, so that an unmatched bracket needs no search.
  const depths = { false: 0, true: 0 };
  let isNext = true;
  for (const { 0: token, index: from } of text.matchAll(TOKEN)) {
    const to = from + token.length;
    const last = open.entries.at(-1);
    const owner = open.isObject && !isNext && last?.hasColon && !last.value ? last : undefined;
    if (token.startsWith("//") || token.startsWith("/*")) {
      const isClosed = token.startsWith("/*") && token.endsWith("*/");
      if (from < offset && (isClosed ? offset < to : offset <= to)) return undefined;
    } else if (token === "{" || token === "[") {
      const key = owner?.key && read(owner.key);
      /** @type {Container} */
      const value = { isObject: token === "{", from, to: text.length, isClosed: false, entries: [], parent: open, key };
      if (owner) owner.value = value;
      else open.entries.push({ key: undefined, hasColon: false, value });
      open = value;
      depths[`${value.isObject}`]++;
      isNext = true;
    } else if (token === "}" || token === "]") {
      const isObject = token === "}";
      if (depths[`${isObject}`] === 0) continue;
      // Closing an outer container also ends unclosed containers inside it.
      for (; open.isObject !== isObject; open = /** @type {Container} */ (open.parent)) {
        depths[`${open.isObject}`]--;
        open.to = from;
      }
      Object.assign(open, { to, isClosed: true });
      depths[`${isObject}`]--;
      open = /** @type {Container} */ (open.parent);
      isNext = false;
    } else if (token === ":") {
      if (open.isObject && last && !isNext) last.hasColon = true;
    } else if (token === ",") {
      isNext = true;
    } else {
      const leaf = { from, to, text: token };
      if (owner) owner.value = leaf;
      else open.entries.push(open.isObject ? { key: leaf, hasColon: false, value: undefined } : { key: undefined, hasColon: false, value: leaf });
      isNext = false;
    }
  }
  return root;
}

/** The object or array directly inside a container that contains an offset. @param {Container} container @param {number} offset */
function inner({ entries }, offset) {
  for (const { value } of entries) {
    if (value && "entries" in value && value.from < offset && (offset < value.to || (offset === value.to && !value.isClosed))) return value;
  }
  return undefined;
}

/** The keys from a connection to an object inside it. @param {Container} object @param {Container} root */
function above(object, root) {
  const path = [];
  let at = object;
  for (; at.parent && !holdsConnections(at.parent, root); at = at.parent) path.push(at.key ?? "*");
  return { path: path.reverse(), connection: at };
}

/** Whether this contains connections directly: the text, its array, or an array of objects in its object. @param {Container} at @param {Container} root */
function holdsConnections(at, root) {
  if (at === root) return true;
  if (at.isObject) return false;
  const [first] = at.entries;
  const isWrapped = at.parent?.parent === root && first?.value !== undefined && "entries" in first.value && first.value.isObject;
  return at.parent === root || isWrapped;
}
