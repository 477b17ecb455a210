import { placeText } from '@assay/messaging';
import type { Counts, ListedLetter } from './letter-list.js';

const ROWS_NAMED = 3;
const KB = 1024;

/** One letter for people, some lines of at most `width` characters. */
export function letterLines(letter: ListedLetter, width: number): string[] {
  const { at, message, lane, group, code, reason, attempts, origin, rows, bytes, returnedAt } = letter;
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`;
  const lines = [
    `${at.replace('T', ' ').slice(0, 19)}  ${message} ${lane ?? ''}  ${group || '(no group)'} gave up after ${tries}: ${code}`,
    `  reason  ${reason}`,
    `  origin  ${origin.offset === '-1' ? `a parked cell, for ${origin.topic}:${origin.partition}` : placeText(origin)}`,
    `  letter  ${placeText(letter.letter)}  ${sizeText(bytes)}${returnedAt ? `  returned ${returnedAt.replace('T', ' ').slice(0, 19)}` : ''}`,
  ];
  for (const { submission, seq, url } of rows.slice(0, ROWS_NAMED))
    lines.push(`  row     ${submission} ${seq}${url === undefined ? '' : ` ${url}`}`);
  if (rows.length > ROWS_NAMED) lines.push(`          and ${rows.length - ROWS_NAMED} more`);
  if (rows.length === 0) lines.push('  row     none can be read from it');
  return lines.map((line) => fit(printable(line), width));
}

/** Groups with their codes, the most frequent first. */
export function countLines(counts: Counts): string[] {
  const groups = [...counts].map(([group, codes]) => {
    const sorted = [...codes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const sum = sorted.reduce((n, [, one]) => n + one, 0);
    return { group: group || '(no group)', sum, codes: sorted.map(([code, n]) => `${code} ${n}`).join(', ') };
  });
  groups.sort((a, b) => b.sum - a.sum || (a.group < b.group ? -1 : 1));
  const longest = Math.max(0, ...groups.map(({ group }) => group.length));
  return groups.map(({ group, sum, codes }) => printable(`  ${group.padEnd(longest)}  ${sum}: ${codes}`));
}

/** What a terminal would take as a command is shown as a question mark in a box. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- those are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}

function fit(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

function sizeText(bytes: number): string {
  return bytes < KB ? `${bytes} B` : `${(bytes / KB).toFixed(1)} KB`;
}
