// The file system of the server in WebAssembly. The server reads synchronously, and VS Code asynchronously. So a file
// that the server looks for is missing at first, and its path is noted. It is read after the server has finished, and
// then the server is notified of a change.

import { Directory, File, PreopenDirectory } from "@bjorn3/browser_wasi_shim";

/**
 * Reads files: the kind of a path if it exists, the names in a folder, and the bytes of a file.
 *
 * @typedef {{
 *   kind(path: string): Promise<"file" | "folder" | undefined>,
 *   names(path: string): Promise<string[]>,
 *   bytes(path: string): Promise<Uint8Array>,
 * }} Disk
 */

/** The only files that the server finds by listing a folder. */
const TERRAFORM = /\.(?:tf|tofu|tfvars)(?:\.json)?$/i;

/** `EINVAL`: a path is not a symbolic link. */
const NO_LINK = 28;

export class Files {
  /** Paths that the server has looked for and that have not been read yet. @type {Set<string>} */
  #pending = new Set();
  /** Folders that the server has listed and that have not been read yet. @type {Set<string>} */
  #unlisted = new Set();
  #root = this.#folder("");
  #disk;

  /** @param {Disk} disk */
  constructor(disk) {
    this.#disk = disk;
  }

  /** The root folder, as WASI opens it. */
  get preopened() {
    const opened = new Root("/", new Map());
    opened.dir = this.#root;
    return opened;
  }

  /** Adds the folder of a document. @param {string} path */
  addFolderOf(path) {
    let folder = this.#root;
    let at = "";
    for (const name of path.split("/").slice(1, -1)) {
      at += `/${name}`;
      const known = folder.contents.peek(name);
      const next = known instanceof Folder ? known : this.#folder(at);
      if (next !== known) folder.contents.set(name, next);
      folder = next;
    }
  }

  /** Forgets a changed file or folder, so that it is read again. @param {string} path */
  forget(path) {
    let folder = this.#root;
    const names = path.split("/").slice(1);
    const last = names.pop() ?? "";
    for (const name of names) {
      const next = folder.contents.peek(name);
      if (!(next instanceof Folder)) {
        // The path is below something that did not exist.
        if (next === null) folder.contents.delete(name);
        return;
      }
      folder = next;
    }
    // A folder with documents is kept, because its files are forgotten one by one.
    if (!(folder.contents.peek(last) instanceof Folder)) folder.contents.delete(last);
    folder.contents.isListed = false;
  }

  /** Reads the files that the server has looked for. Returns the paths that exist. */
  async read() {
    const pending = [...this.#pending];
    const unlisted = [...this.#unlisted];
    this.#pending.clear();
    this.#unlisted.clear();
    const found = await Promise.all(pending.map((path) => this.#readPath(path)));
    const listed = await Promise.all(unlisted.map((path) => this.#readNames(path)));
    return [...found, ...listed.flat()].filter((path) => path !== undefined);
  }

  /** @param {string} path */
  async #readPath(path) {
    const entries = this.#entriesAbove(path);
    const name = path.slice(path.lastIndexOf("/") + 1);
    // It may already have been read together with its folder.
    if (entries === undefined || entries.peek(name) !== undefined) return undefined;
    const kind = await this.#disk.kind(path).catch(() => undefined);
    const bytes = kind === "file" ? await this.#disk.bytes(path).catch(() => undefined) : undefined;
    if (bytes !== undefined) entries.set(name, new File(bytes, { readonly: true }));
    else entries.set(name, kind === "folder" ? this.#folder(path) : null);
    return entries.peek(name) === null ? undefined : path;
  }

  /** @param {string} folder */
  async #readNames(folder) {
    const entries = this.#entriesAbove(`${folder}/`);
    if (entries === undefined) return [];
    entries.isListed = true;
    const names = await this.#disk.names(folder).catch(() => []);
    const paths = names.filter((name) => TERRAFORM.test(name)).map((name) => `${folder}/${name}`);
    return Promise.all(paths.map((path) => this.#readPath(path)));
  }

  /** @param {string} path */
  #entriesAbove(path) {
    let folder = this.#root;
    for (const name of path.split("/").slice(1, -1)) {
      const next = folder.contents.peek(name);
      if (!(next instanceof Folder)) return undefined;
      folder = next;
    }
    return folder.contents;
  }

  /** @param {string} path */
  #folder(path) {
    return new Folder(
      new Entries(
        (name) => this.#pending.add(`${path}/${name}`),
        () => this.#unlisted.add(path),
      ),
    );
  }
}

/** The known names in a folder; `null` marks a name that does not exist. */
class Entries extends Map {
  isListed = false;
  #onMissing;
  #onList;

  /** @param {(name: string) => void} onMissing @param {() => void} onList */
  constructor(onMissing, onList) {
    super();
    this.#onMissing = onMissing;
    this.#onList = onList;
  }

  /** @param {string} name @returns {Folder | File | null | undefined} */
  peek(name) {
    return super.get(name);
  }

  /** @override @param {string} name */
  get(name) {
    const known = this.peek(name);
    if (known === undefined) this.#onMissing(name);
    return known ?? undefined;
  }

  /** @override */
  get size() {
    return this.#listed().length;
  }

  /** @override */
  entries() {
    return this.#listed()[Symbol.iterator]();
  }

  #listed() {
    if (!this.isListed) this.#onList();
    return [...super.entries()].filter(([, entry]) => entry !== null);
  }
}

/** @extends {Directory} */
class Folder extends Directory {
  /** @param {Entries} contents */
  constructor(contents) {
    // The constructor of `Directory` would list all entries.
    super(new Map());
    /** @type {Entries} */
    this.contents = contents;
  }
}

class Root extends PreopenDirectory {
  /** @override */
  path_readlink() {
    return { ret: NO_LINK, data: null };
  }
}
