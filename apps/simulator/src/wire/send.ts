import type { ServerResponse } from 'node:http';
import type { WireAnswer } from './exchange.js';

const TRICKLE_MS = 30_000;
const TRICKLE_STEPS = 60;

/** Puts an answer on the socket, whole or broken in the way it asks for. */
export function send(response: ServerResponse, answer: WireAnswer, ms = TRICKLE_MS): void {
  const { breaks } = answer;
  if (response.destroyed || breaks === 'hang') return;
  if (breaks === 'garbage') return noise(response);
  const body = breaks === 'empty' ? '' : answer.body;
  response.writeHead(answer.status, headersOf(answer, body));
  if (breaks === 'reset') return cut(response, body);
  if (breaks === 'trickle') return trickle(response, Buffer.from(body), ms);
  response.end(body);
}

function headersOf(answer: WireAnswer, body: string | Buffer): Record<string, string | number> {
  if (answer.status === 304) return { ...answer.headers };
  return { ...answer.headers, 'content-length': Buffer.byteLength(body) };
}

/** Half of the body, then the connection is gone. */
function cut(response: ServerResponse, body: string | Buffer): void {
  const bytes = Buffer.from(body);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
}

function noise(response: ServerResponse): void {
  response.socket?.end('\u0000\u0001 this is no HTTP \r\n\r\n');
}

function trickle(response: ServerResponse, body: Buffer, ms: number): void {
  const step = Math.max(1, Math.ceil(body.length / TRICKLE_STEPS));
  let at = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(at, at + step));
    at += step;
    if (at < body.length) return;
    clearInterval(timer);
    response.end();
  }, ms / TRICKLE_STEPS);
  response.once('close', () => clearInterval(timer));
}
