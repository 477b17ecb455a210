import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log larger than this when its service starts is set aside as `<name>.log.1`; an older one is dropped. */
const LARGEST_BYTES = 20 * 1024 * 1024;
const LINES_IN_ERROR = 3;

/** Opens the file for appending; the caller closes it once its child has it. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if (sizeOf(file) > LARGEST_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

export const closeLog = closeSync;

/** The last things a service said, for an error: messages of JSON lines, other lines as they are. */
export function lastWords(file: string): string {
  const lines = readText(file).trim().split('\n').slice(-LINES_IN_ERROR);
  return lines.map(messageOf).filter(Boolean).join(' | ');
}

function messageOf(line: string): string {
  try {
    return String((JSON.parse(line) as { msg?: unknown }).msg ?? line);
  } catch {
    return line.trim();
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
