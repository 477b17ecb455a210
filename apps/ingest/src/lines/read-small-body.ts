import type { IncomingMessage } from 'node:http';
import { Refusal } from '../problem.js';
import { readBody } from './read-body.js';

/** What a filter takes with every name there is, a few times over. */
const MOST_BYTES = 64 * 1024;

/** The whole body as text. @throws Refusal 413 where it is too long, UploadCut */
export async function readSmallBody(request: IncomingMessage, idleMs: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readBody(request, idleMs)) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Refusal(413, `The body may have ${MOST_BYTES / 1024} KB at most.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
