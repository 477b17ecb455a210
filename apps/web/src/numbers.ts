import type { MetricInfo } from './shapes.js';

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const FINE = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

/** 1234567 → 1,234,567 */
export const whole = (n: number) => WHOLE.format(n);

/** 0.254 → 25 %; what is not quite all or nothing is not shown as such. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  if (share > 0.99 && share < 1) return '>99 %';
  return `${WHOLE.format(share * 100)} %`;
}

/** `domainAuthority`, `domain_authority` → `domain authority` */
export function readable(id: string): string {
  return id
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_.-]+/g, ' ')
    .toLowerCase();
}

type Measured = Pick<MetricInfo, 'id' | 'type' | 'unit'>;

/** A value as people read it, without its unit. */
export function bareFigure(value: unknown, metric: Measured): string {
  if (typeof value === 'number') return metric.type === 'integer' ? WHOLE.format(value) : FINE.format(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return metric.type === 'date' ? value.slice(0, 10) : value;
  return JSON.stringify(value);
}

/** With its unit where the name does not say it already: `spam score 12 %`, `age days 35`. */
export function figure(value: unknown, metric: Measured): string {
  const text = bareFigure(value, metric);
  const named = readable(metric.id).split(' ').includes(metric.unit);
  return metric.unit && !named && typeof value !== 'boolean' ? `${text} ${metric.unit}` : text;
}

/** 75 → 1 min 15 s. */
export function duration(exactly: number): string {
  const seconds = Math.max(1, Math.round(exactly));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${FINE.format(Math.round(minutes / 6) / 10)} h`;
}

/** 86.3 → 86 ms, 1,234 → 1.2 s. What was measured is never shown as 0. */
export function latency(ms: number): string {
  if (ms < 1) return '<1 ms';
  return ms < 1_000 ? `${WHOLE.format(ms)} ms` : `${FINE.format(Math.round(ms / 100) / 10)} s`;
}

/** 1536 → 1.5 kB */
export function bytes(n: number): string {
  if (n < 1000) return `${n} bytes`;
  return n < 1_000_000 ? `${FINE.format(n / 1000)} kB` : `${FINE.format(n / 1_000_000)} MB`;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY_CLOCK = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** 14:03 today, 3 Feb, 14:03 on another day; local time. */
export function moment(millis: number, now: number): string {
  const sameDay = new Date(millis).toDateString() === new Date(now).toDateString();
  return (sameDay ? CLOCK : DAY_CLOCK).format(millis);
}
