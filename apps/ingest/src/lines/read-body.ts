import type { IncomingMessage } from 'node:http';
import { BodyPace } from './body-pace.js';

/** `lost`: nobody is there for an answer. Else he sends nothing, or next to nothing, and can be told so. */
export type CutBy = 'lost' | 'idle' | 'slow';

/** The upload ended before its end: the connection was lost, or nothing came for too long. */
export class UploadCut extends Error {
  constructor(
    cause: unknown,
    readonly by: CutBy = 'lost',
  ) {
    super('the upload was cut', { cause });
    this.name = 'UploadCut';
  }
}

/**
 * The body in chunks, as fast as the reader takes them: while it takes none, nothing is read from the socket. Leaving
 * early keeps the connection, so that an answer can still go out. @throws UploadCut
 */
export async function* readBody(request: IncomingMessage, idleMs: number): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  const pace = new BodyPace(idleMs);
  for (;;) {
    const since = performance.now();
    const next = await inTime(chunks.next(), idleMs);
    if (next.done) break;
    if (!pace.keeps(performance.now() - since, next.value.length))
      throw new UploadCut(new Error('it came too slowly'), 'slow');
    yield next.value;
  }
  if (!request.complete) throw new UploadCut(new Error('the connection closed before the body ended'));
}

async function inTime<T>(next: Promise<T>, idleMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new UploadCut(new Error(`nothing came for ${idleMs} ms`), 'idle')),
      idleMs,
    );
  });
  try {
    return await Promise.race([next, late]);
  } catch (error) {
    // It fails once more when the connection is closed at last.
    next.catch(() => undefined);
    throw error instanceof UploadCut ? error : new UploadCut(error);
  } finally {
    clearTimeout(timer);
  }
}
