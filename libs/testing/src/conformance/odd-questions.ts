import type { Provider, Question, UnitKind } from '@assay/providers';

const LONG = 'a'.repeat(8_000);

/** Units at the edges of what a row may hold, by kind. */
const ODD_UNITS: Readonly<Record<UnitKind, Readonly<Record<string, string>>>> = {
  url: {
    IDN: 'https://xn--bcher-kva.example/%C3%A4',
    port: 'https://example.com:8443/a',
    userinfo: 'https://user:pass@example.com/',
    escapes: 'https://example.com/%2e%2e/%00%0d%0a?a=%26b%3D%23&c=%25#x',
    separators: 'https://example.com/a,b;c|d?x=1&y=2&key=3&url=http://other.example/&z[]="\'`{}',
    'address for a host': 'http://[2001:db8::1]/',
    '8 KB': `https://example.com/${LONG}`,
  },
  host: {
    IDN: 'xn--bcher-kva.example',
    'address for a host': '192.0.2.7',
    'IPv6 address': '[2001:db8::1]',
    'longest label': `${'a'.repeat(63)}.example`,
    'one label': 'localhost',
  },
  origin: {
    IDN: 'https://xn--bcher-kva.example',
    port: 'https://example.com:8443',
    'address for a host': 'http://[2001:db8::1]',
  },
  domain: {
    IDN: 'xn--bcher-kva.example',
    'address for a host': '192.0.2.7',
    'private suffix': 'a.github.io',
    'longest label': `${'a'.repeat(63)}.example`,
    'one label': 'localhost',
  },
  handle: {
    plain: 'ada',
    'with an instance': 'ada@mastodon.example',
    'a path': '../../admin',
    'a query': 'ada?x=1&key=2',
    long: 'a'.repeat(256),
    'an instance that is an address': 'ada@127.0.0.1',
    'an instance with a path': 'ada@mastodon.example/../x',
    DID: 'did:plc:z72i7hdynmk6r22z27h6tvur',
  },
};

/** One question for each odd unit of each surface. */
export function oddQuestions(provider: Provider): { readonly name: string; readonly question: Question }[] {
  const surfaces = new Map(provider.asks.map(({ surface, unit }) => [surface, unit]));
  return [...surfaces].flatMap(([surface, kind]) =>
    Object.entries(ODD_UNITS[kind]).map(([name, unit]) => ({
      name: `${surface}: ${name}`,
      question: { surface, unit },
    })),
  );
}
