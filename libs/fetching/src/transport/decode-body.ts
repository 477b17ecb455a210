import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Transform } from 'node:stream';
import { TransportFailure } from './transport-failure.js';

export interface DecodedBody {
  readonly body: Buffer;
  readonly truncated: boolean;
}

function decoderFor(encoding: string, body: Buffer): Transform | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  // "deflate" is zlib's format by the standard and a bare stream by the habit of some servers.
  if (encoding === 'deflate') return ((body[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
  return undefined;
}

/**
 * Undoes content-encoding, reading at most `capBytes` of what comes out. A body that was cut
 * (`cut`) gives what could be read of it. An encoding we did not ask for is left as it is.
 * @throws TransportFailure(protocol) for a body that is not in its encoding
 */
export function decodeBody(
  body: Buffer,
  encoding: string,
  capBytes: number,
  cut: boolean,
): Promise<DecodedBody> {
  const decoder = decoderFor(encoding.trim().toLowerCase(), body);
  if (!decoder || body.length === 0) return Promise.resolve({ body, truncated: cut });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (truncated: boolean) => {
      decoder.destroy();
      resolve({ body: Buffer.concat(chunks).subarray(0, capBytes), truncated });
    };
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > capBytes) finish(true);
    });
    decoder.once('end', () => finish(cut));
    decoder.once('error', () =>
      cut ? finish(true) : reject(new TransportFailure('protocol', `body is not ${encoding}`)),
    );
    decoder.end(body);
  });
}
