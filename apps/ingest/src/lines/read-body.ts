import type { IncomingMessage } from 'node:http';

/** The upload ended before its end: the connection was lost, or nothing came for too long. */
export class UploadCut extends Error {
  constructor(cause: unknown) {
    super('the upload was cut', { cause });
    this.name = 'UploadCut';
  }
}

/**
 * The body in chunks, as fast as the reader takes them. Leaving early keeps the connection, so that an
 * answer can still go out. @throws UploadCut
 */
export async function* readBody(request: IncomingMessage, idleMs: number): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  for (;;) {
    const timer = setTimeout(() => request.destroy(new Error(`nothing came for ${idleMs} ms`)), idleMs);
    const next = await chunks.next().catch((error: unknown) => {
      throw new UploadCut(error);
    });
    clearTimeout(timer);
    if (next.done) break;
    yield next.value;
  }
  if (!request.complete) throw new UploadCut(new Error('the connection closed before the body ended'));
}
