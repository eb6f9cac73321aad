// A link that holds a text, compressed, in its fragment. A browser sends no fragment to a server.

/** What a link holds. */
export interface Shared {
  text: string;
  filename?: string | undefined;
}

/** The longest text that a link is unpacked to, in bytes. */
const LONGEST = 1 << 20;

/** Names that are names and nothing else. */
const NAME = /^[\w.-]{1,64}$/;

export async function linkTo({ text, filename }: Shared): Promise<string> {
  const packed = await through(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw")));
  const letters = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  const code = letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const name = filename && NAME.test(filename) ? `&name=${filename}` : "";
  return `${location.href.split("#")[0]}#text=${code}${name}`;
}

/** What the address of the page holds; `undefined` where it holds nothing, and `null` where that cannot be unpacked. */
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

/** All that a stream has, unless it is too much. */
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
