import { isAlarming, type Check } from './check-provider.js';

const HEAD = ['provider', 'state', 'time', 'quota left', 'what it said'];

/** A table for people, and one sentence on what it comes to. */
export function checkTable(checks: readonly Check[]): string {
  const rows = checks.map((check) => [
    check.key === undefined ? check.provider : `${check.provider} #${check.key}`,
    check.state,
    check.tookMs === undefined ? '' : `${check.tookMs} ms`,
    check.quotaLeft === undefined ? '' : check.quotaLeft.toLocaleString('en'),
    check.detail,
  ]);
  const widths = HEAD.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  return [line(HEAD), ...rows.map(line), '', summary(checks)].join('\n');
}

function summary(checks: readonly Check[]): string {
  const bad = checks.filter(isAlarming);
  const off = checks.filter(({ state }) => state === 'off').length;
  const asked = checks.length - off;
  const switchedOff = off > 0 ? ` ${off} are switched off: they need a key.` : '';
  if (bad.length === 0) return `${asked} of ${asked} providers answer as they should.${switchedOff}`;
  const names = [...new Set(bad.map(({ provider }) => provider))].join(', ');
  return `${bad.length} of ${asked} need a look: ${names}.${switchedOff}`;
}
