import type { Provider, Question } from '@assay/providers';
import { CANARY_KEY, play, type Played } from './play-example.js';

/** Asks about an odd unit; the provider answers in a way that nobody understands. */
export async function askOddly(provider: Provider, question: Question): Promise<Played> {
  const played = await play(provider, [question], () => ({
    kind: 'reply',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"unexpected":true}'),
    truncated: false,
    ttfbMs: 1,
    totalMs: 1,
  }));
  expect(played.findings).toHaveLength(1);
  return played;
}

/** What must hold of every request, whatever the unit. */
export function expectSound(provider: Provider, { requests }: Played): void {
  for (const { url, headers = {}, foreign } of requests) {
    expect(url).toMatch(/^https?:\/\/[^\s]+$/);
    const { username, password, port, hostname } = new URL(url);
    expect([username, password]).toEqual(['', '']);
    if (!foreign) expect([port, hostname.includes('.')]).toEqual(['', true]);
    for (const value of Object.values(headers)) expect(value).toMatch(/^[\t\x20-\x7e]*$/);
    expect(headers['user-agent']).toMatch(/^\S+/);
    if (!travelsInUrl(provider)) expect(url).not.toContain(CANARY_KEY);
  }
}

function travelsInUrl({ auth }: Provider): boolean {
  return auth.kind === 'key' && auth.form === 'query';
}

/** Hosts that a provider asks, without those that a unit chose. */
export function ownHosts({ requests }: Played): string[] {
  return [...new Set(requests.filter(({ foreign }) => !foreign).map(({ url }) => new URL(url).host))];
}
