// Things that go by a name.

/**
 * @template T
 * @param {string} what
 * @param {string} name
 * @param {Record<string, T>} all
 * @returns {T}
 */
export function one(what, name, all) {
  if (!Object.hasOwn(all, name)) {
    throw new TypeError(`there is no ${what} \`${String(name)}\`; there are ${Object.keys(all).join(", ")}`);
  }
  return all[name];
}
