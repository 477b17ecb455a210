import type { Contribution, SpamSignal } from './spam-signal.js';

/** Registries that gave names away or nearly: common in blocklists far beyond their share. */
const CHEAP_ENDINGS = new Set(
  'tk ml ga cf gq top xyz click loan work buzz icu cam rest surf monster quest sbs cfd'.split(' '),
);
const IP_HOST = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/;

const when = (holds: boolean, weight: number, reason: string): Contribution | undefined =>
  holds ? { weight, reason } : undefined;

/** Signals from the name alone. They add to measured numbers; alone they give no probability. */
export const NAME_SIGNALS: readonly SpamSignal[] = [
  ({ host }) => when(IP_HOST.test(host), 1.5, 'address instead of a name'),
  ({ host }) => when(host.includes('xn--'), 0.6, 'name in another script'),
  ({ host }) => when(host.length > 40, 0.5, `host name of ${host.length} characters`),
  ({ host }) => when(host.split('.').length > 4 && !IP_HOST.test(host), 0.6, 'many levels in the host name'),
  ({ domain }) => hyphens(domain),
  ({ domain }) => digits(domain),
  ({ domain }) => ending(domain),
  ({ domain }) => when(/[bcdfghjklmnpqrstvwxz]{6}/.test(domain), 0.6, 'name nobody can speak'),
  ({ url }) => when(url.length > 200, 0.3, `URL of ${url.length} characters`),
  ({ url }) =>
    when((url.match(/%[0-9a-f]{2}/gi)?.length ?? 0) > 10, 0.3, 'many escaped characters in the URL'),
];

function hyphens(domain: string): Contribution | undefined {
  const count = domain.replace(/xn--/g, '').split('-').length - 1;
  return when(count >= 2, Math.min(0.4 * (count - 1), 1.2), `${count} hyphens in the domain`);
}

function digits(domain: string): Contribution | undefined {
  const count = domain.match(/\d/g)?.length ?? 0;
  return when(count >= 3 && !IP_HOST.test(domain), 0.6, `${count} digits in the domain`);
}

function ending(domain: string): Contribution | undefined {
  const tld = domain.slice(domain.lastIndexOf('.') + 1);
  return when(CHEAP_ENDINGS.has(tld), 0.8, `ending .${tld} is often used for spam`);
}
