export type UnitKind = 'url' | 'host' | 'origin' | 'domain' | 'handle';

/** What the checker knows of an ask by itself, from docs/providers.md. */
export interface Ask {
  readonly provider: string;
  readonly surface: string;
  readonly unit: UnitKind;
  /** Of round two: the fact about the page that gives the unit; `handles.github` is the first one there. */
  readonly fact?: string;
  /** Without the fact nothing is asked; else the row's own unit is. */
  readonly required?: boolean;
  /** Nothing is asked about the unit that the first round has asked about. */
  readonly unlessFirst?: boolean;
}

/** Asked in the first round, by unit. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  url: ['page', 'safebrowsing', 'webrisk', 'urlhaus.url', 'phishtank'],
  host: ['dns', 'urlhaus.host'],
  origin: ['robots'],
  domain: ['rdap', 'tranco', 'radar', 'ahrefs-dr'],
};

/** Asked in the second round about a fact, or about the row's own unit where there is none. */
const PREFERRED: Readonly<Record<string, readonly string[]>> = {
  canonicalUrl: [
    ...['moz.url', 'majestic.url', 'ahrefs.url', 'dataforseo.url', 'semrush.url', 'hackernews'],
    ...['wikipedia.url', 'wayback.url', 'commoncrawl.url', 'stackexchange', 'reddit', 'sharedcount'],
    ...['sharethis', 'facebook', 'bluesky.links'],
  ],
  finalUrl: ['pagespeed.mobile', 'pagespeed.desktop', 'crux.url', 'virustotal.url'],
  finalHost: ['moz.host', 'majestic.host', 'dataforseo.host', 'greenweb', 'wikipedia.host', 'wayback.host'],
  finalDomain: [
    ...['openpagerank', 'moz.domain', 'majestic.domain', 'majestic.domain.historic', 'ahrefs.domain'],
    ...['dataforseo.domain', 'semrush.domain', 'commoncrawl.domain', 'virustotal.domain'],
  ],
};

const UNIT_OF_FACT: Readonly<Record<string, UnitKind>> = {
  canonicalUrl: 'url',
  finalUrl: 'url',
  finalHost: 'host',
  finalDomain: 'domain',
};

/** Asked again about where the page has led, if that is elsewhere: ask, its surface, the fact. */
const AGAIN = [
  ['rdap.final', 'rdap', 'finalDomain'],
  ['tranco.final', 'tranco', 'finalDomain'],
  ['safebrowsing.final', 'safebrowsing', 'finalUrl'],
  ['webrisk.final', 'webrisk', 'finalUrl'],
  ['urlhaus.final', 'urlhaus.url', 'finalUrl'],
  ['phishtank.final', 'phishtank', 'finalUrl'],
] as const;

/** Only where the page names an account: ask, network. */
const HANDLES = [
  ['bluesky.profile', 'bluesky'],
  ['mastodon', 'mastodon'],
  ['github', 'github'],
] as const;

export const PRICED: readonly string[] = ['webrisk', 'moz', 'majestic', 'ahrefs', 'dataforseo', 'semrush'];

const providerOf = (surface: string) => surface.split('.')[0]!;

function* allAsks(): Generator<[string, Ask]> {
  for (const unit in FIRST)
    for (const id of FIRST[unit]!)
      yield [id, { provider: providerOf(id), surface: id, unit: unit as UnitKind }];
  for (const fact in PREFERRED)
    for (const id of PREFERRED[fact]!)
      yield [id, { provider: providerOf(id), surface: id, unit: UNIT_OF_FACT[fact]!, fact }];
  yield ['crux.origin', { provider: 'crux', surface: 'crux.origin', unit: 'origin', fact: 'finalUrl' }];
  yield [
    'observatory',
    { provider: 'observatory', surface: 'observatory', unit: 'host', fact: 'finalHost', required: true },
  ];
  for (const [id, surface, fact] of AGAIN) {
    const unit = UNIT_OF_FACT[fact]!;
    yield [id, { provider: providerOf(id), surface, unit, fact, required: true, unlessFirst: true }];
  }
  for (const [id, network] of HANDLES)
    yield [
      id,
      { provider: providerOf(id), surface: id, unit: 'handle', fact: `handles.${network}`, required: true },
    ];
}

export const ASKS: ReadonlyMap<string, Ask> = new Map(allAsks());
