import { converse, metricTable } from '@assay/fetching';
import { builtInProviders, type Finding, type Provider, type Question } from '@assay/providers';
import { truthOf } from '../../apps/simulator/src/truth/truth.js';
import { ANCHOR, answer, keyOf, NOW } from './simulated-side.js';

// Adapters and simulated APIs were written apart from the same documents: where they do not understand each other, one
// of them has misread.

const DOMAINS = ['popular', 'ordinary', 'young', 'spam', 'dead'].flatMap((is) =>
  Array.from({ length: 14 }, (_, at) => `${is}-${at}.${at % 3 === 0 ? 'org' : 'com'}`),
);
const PATHS = ['/', '/a', '/deep/path/?q=1&r=%20x', '/b/', '/c,d'];
const UNITS = {
  url: DOMAINS.flatMap((domain, at) => [
    `https://www.${domain}${PATHS[at % PATHS.length]}`,
    `http://${domain}${PATHS[(at + 1) % PATHS.length]}`,
  ]),
  host: DOMAINS.flatMap((domain) => [domain, `www.${domain}`, `shop.${domain}`]),
  origin: DOMAINS.map((domain) => `https://www.${domain}`),
  domain: DOMAINS,
  handle: DOMAINS.map((domain) => domain.split('.')[0]!),
};

function unitsOf({ id }: Provider, kind: keyof typeof UNITS): readonly string[] {
  return id === 'mastodon' ? UNITS.handle.map((name) => `${name}@mastodon.example`) : UNITS[kind];
}

function ask(provider: Provider, questions: readonly Question[]): Promise<Finding[]> {
  return converse({
    provider,
    metrics: metricTable(provider.metrics),
    questions,
    context: {
      key: keyOf(provider),
      userAgent: 'Assay/0.1 (+https://assay.example/contact)',
      now: NOW,
      requestId: 'd7b41efa-4e67-4076-867c-dab4227ca125',
    },
    exchange: (request) => Promise.resolve(answer(request)),
  });
}

/** The page's truth is tested where it is visited over sockets (test/e2e): it needs DNS and TLS. */
const PROVIDERS = builtInProviders.filter(({ id }) => id !== 'page');

describe.each(PROVIDERS.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  const surfaces = [...new Map(provider.asks.map(({ surface, unit }) => [surface, unit]))];
  test.each(surfaces)('%s: every finding is the truth', async (surface, kind) => {
    const questions = unitsOf(provider, kind).map((unit) => ({ surface, unit }));
    const outcomes = new Set<string>();
    for (let at = 0; at < questions.length; at += provider.batch.size) {
      const batch = questions.slice(at, at + provider.batch.size);
      const findings = await ask(provider, batch);
      findings.forEach((finding, index) => {
        const truth = truthOf(id, surface, batch[index]!.unit, { anchor: ANCHOR, now: NOW })!;
        // Robots.txt of what nobody answers for is a matter of sockets.
        if (id === 'robots' && truth.outcome === 'failed') return;
        const seen = { outcome: finding.outcome, numbers: 'numbers' in finding ? finding.numbers : {} };
        expect({ unit: batch[index]!.unit, ...seen }).toEqual({
          unit: batch[index]!.unit,
          outcome: truth.outcome,
          numbers: truth.numbers,
        });
        outcomes.add(finding.outcome);
      });
    }
    expect(outcomes).toContain('ok');
  });
});
