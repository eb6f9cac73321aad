// Share links, with the compressed text in the fragment. Browsers do not send the fragment to a server.

/** The content of a link. */
export interface Shared {
  text: string;
  filename?: string | undefined;
}

/** The maximum length of an unpacked text, in bytes. */
const LONGEST = 1 << 20;

/** Valid file names. */
const NAME = /^[\w.-]{1,64}$/;

export async function linkTo({ text, filename }: Shared): Promise<string> {
  const packed = await through(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw")));
  const letters = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  const code = letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const name = filename && NAME.test(filename) ? `&name=${filename}` : "";
  return `${location.href.split("#")[0]}#text=${code}${name}`;
}

/** Returns the content of the page's address; `undefined` if there is none, `null` if it cannot be unpacked. */
export async function shared(): Promise<Shared | null | undefined> {
  const held = new URLSearchParams(location.hash.slice(1));
  const code = held.get("text");
  if (code === null) return undefined;
  try {
    const packed = Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const bytes = await through(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")));
    const filename = held.get("name") ?? "";
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), filename: NAME.test(filename) ? filename : undefined };
  } catch {
    return null;
  }
}

/** Returns the content of a stream, up to a limit. */
async function through(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > LONGEST) {
      void reader.cancel();
      throw new RangeError("too long");
    }
    parts.push(new Uint8Array(next.value));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
