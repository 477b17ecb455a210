import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

const META_BYTES = 1024;
const LAST_RESORT = 'windows-1252';
const META_CHARSET = /<meta[^>]{1,200}?charset\s{0,8}=\s{0,8}["']?\s{0,8}([a-z0-9_:.-]{1,40})/i;
const HEADER_CHARSET = /charset\s{0,8}=\s{0,8}["']?\s{0,8}([a-z0-9_:.-]{1,40})/i;

/** Text of a page: by byte order mark, then header, then meta in the first 1,024 bytes, then by its bytes. */
export function decodeHtml(body: Buffer, contentType: string): string {
  const label = bomLabel(body) ?? HEADER_CHARSET.exec(contentType)?.[1] ?? metaLabel(body);
  const decoder = decoderFor(label) ?? new TextDecoder(isUtf8(wholeCharacters(body)) ? 'utf-8' : LAST_RESORT);
  return decoder.decode(body);
}

function bomLabel(body: Buffer): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  return undefined;
}

/** A meta that could be read byte by byte and says UTF-16 is wrong, by the HTML standard. */
function metaLabel(body: Buffer): string | undefined {
  const label = META_CHARSET.exec(body.toString('latin1', 0, META_BYTES))?.[1]?.toLowerCase();
  return label?.startsWith('utf-16') ? 'utf-8' : label;
}

/** undefined without a label, and for one that this runtime does not know. */
function decoderFor(label: string | undefined): TextDecoder | undefined {
  if (!label) return undefined;
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}

/** Without the bytes of a character that a cap cut in two, up to three. */
function wholeCharacters(body: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, body.length); back++) {
    const byte = body[body.length - back] as number;
    if (byte >= 0xc0) return body.subarray(0, body.length - back);
    if (byte < 0x80) break;
  }
  return body;
}
