import { failed } from '../finding.js';
import type { Finding } from '../provider.js';

/** Rows asked for. */
export const MOST_ROWS = 100;

interface Capture {
  readonly url: string;
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A JSON object a line, all values texts. A broken line is skipped; that no line can be read is malformed. */
export function readCaptures(text: string): Finding {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const captures = lines.map(readLine).filter((capture) => capture !== undefined);
  if (captures.length === 0) return failed('malformed', 'no line of captures');
  const last = captures.reduce((latest, { at }) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
  return {
    outcome: 'ok',
    numbers: {
      captures: new Set(captures.map(({ url, digest }) => `${digest} ${url}`)).size,
      pages: new Set(captures.map(({ url }) => url)).size,
      last_capture_at: new Date(last).toISOString(),
      capped: lines.length >= MOST_ROWS,
    },
  };
}

const STAMP = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;

function readLine(line: string): Capture | undefined {
  try {
    const { url, digest, timestamp } = JSON.parse(line) as Record<string, unknown>;
    const whole = typeof url === 'string' && typeof digest === 'string' && typeof timestamp === 'string';
    const at =
      whole && STAMP.test(timestamp) ? Date.parse(timestamp.replace(STAMP, '$1-$2-$3T$4:$5:$6Z')) : NaN;
    return whole && !Number.isNaN(at) ? { url, digest, at } : undefined;
  } catch {
    return undefined;
  }
}
