import { failed } from '../finding.js';
import type { Finding } from '../provider.js';

/** Rows asked for. */
export const MOST_ROWS = 100;

interface Capture {
  readonly url: string;
  readonly digest: string;
  readonly timestamp: string;
}

/** A JSON object a line, all values texts. A broken line is skipped; that no line can be read is malformed. */
export function readCaptures(text: string): Finding {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const captures = lines.map(readLine).filter((capture) => capture !== undefined);
  if (captures.length === 0) return failed('malformed', 'no line of captures');
  const last = captures.map(({ timestamp }) => timestamp).reduce((a, b) => (b > a ? b : a));
  const at = Date.parse(last.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));
  return {
    outcome: 'ok',
    numbers: {
      captures: new Set(captures.map(({ url, digest }) => `${digest} ${url}`)).size,
      pages: new Set(captures.map(({ url }) => url)).size,
      ...(Number.isNaN(at) ? {} : { last_capture_at: new Date(at).toISOString() }),
      capped: lines.length >= MOST_ROWS,
    },
  };
}

function readLine(line: string): Capture | undefined {
  try {
    const { url, digest, timestamp } = JSON.parse(line) as Record<string, unknown>;
    const whole = typeof url === 'string' && typeof digest === 'string' && typeof timestamp === 'string';
    return whole && /^\d{14}$/.test(timestamp) ? { url, digest, timestamp } : undefined;
  } catch {
    return undefined;
  }
}
