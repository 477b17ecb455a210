/** Date, optionally time with fractions, optionally a zone. Every part is bounded: linear. */
const DATE =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** Milliseconds since 1970 of an RDAP event date; UTC where it names no zone. undefined when unreadable. */
export function eventTime(value: string): number | undefined {
  const parts = DATE.exec(value.trim());
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const millis = Number(`0.${parts[7] ?? 0}`) * 1000;
  const at = Date.UTC(year as number, (month as number) - 1, day, hour, minute, second, Math.floor(millis));
  if (new Date(at).getUTCMonth() !== (month as number) - 1 || (hour as number) > 24) return undefined;
  return at - zoneOffset(parts[8]);
}

function zoneOffset(zone: string | undefined): number {
  if (!zone || !/^[+-]/.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
