import { gzipSync, brotliCompressSync, deflateSync, deflateRawSync } from 'node:zlib';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { builtInProviders, questionKey, type ProviderReply } from '@assay/providers';
import { converse } from '../calls/conversation.js';
import { metricTable } from '../calls/check-finding.js';
import type { OpenedSocket } from './dialer.js';
import { resolveAt } from './resolve-name.js';
import { certificateFor, startDns, startHttp, startHttps, type Part } from './transport.fixture.js';
import { createTransport, type Transport, type TransportSettings } from './transport.js';

const PUBLIC = '93.184.216.34';
let web: Part;
let secureWeb: Part;
let dns: Part;
let ca: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let addresses: (name: string, look: number) => string[];
let sockets: OpenedSocket[];
const open: Transport[] = [];

beforeAll(async () => {
  const certificate = await certificateFor('site.test');
  ca = certificate.ca;
  web = await startHttp((request, response) => answer(request, response));
  secureWeb = await startHttps(certificate, (request, response) => answer(request, response));
  dns = await startDns((name, look) => addresses(name, look));
});

beforeEach(() => {
  sockets = [];
  addresses = () => [PUBLIC];
  answer = (_, response) => response.end('hello');
});

afterEach(() => Promise.all(open.splice(0).map((transport) => transport.close())));
afterAll(() => Promise.all([web.stop(), secureWeb.stop(), dns.stop()]));

function transport(settings: TransportSettings): Transport {
  const created = createTransport({ ...settings, onSocket: (socket) => sockets.push(socket) });
  open.push(created);
  return created;
}

/** As in the demo: names from the DNS server of this file, sockets to its web server. */
const led = () =>
  transport({ lead: { httpPort: web.port, httpsPort: secureWeb.port, resolve: resolveAt(dns.port), ca } });

const get = (through: Transport, url: string, given: object = {}): Promise<ProviderReply> =>
  through.send({ method: 'GET', url, foreign: true, ...given }, { timeoutMs: 3_000 });

describe('no socket is opened', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://127.0.0.1./',
    'http://①②⑦.0.0.1/',
    'http://user:secret@127.0.0.1/',
    'https://127.0.0.1/',
    'http://0/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://198.18.0.1/',
    'http://192.0.2.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[64:ff9b:1::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001::1]/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
    'http://localhost/',
  ])('for %s', async (url) => {
    const reply = await get(transport({}), url);
    expect(reply).toMatchObject({ kind: 'error', error: 'blocked_address' });
    expect(sockets).toEqual([]);
  });

  test.each([
    ['a private address', ['10.0.0.1']],
    ['a mapped one', ['::ffff:127.0.0.1']],
    ['one of a NAT64 gateway', ['64:ff9b::7f00:1']],
    ['a public and a private one', [PUBLIC, '127.0.0.1']],
    ['a public one and loopback of the other family', [PUBLIC, '::1']],
  ])('for a name with %s', async (_, given) => {
    addresses = () => given;
    expect(await get(led(), 'http://evil.test/')).toMatchObject({ error: 'blocked_address' });
    expect(sockets).toEqual([]);
  });

  test('for other ports than 80 and 443, where the URL came from outside', async () => {
    expect(await get(led(), 'http://site.test:6379/')).toMatchObject({ error: 'blocked_address' });
    expect(await get(led(), 'http://site.test:6379/', { foreign: false })).toMatchObject({ kind: 'reply' });
    expect(sockets).toHaveLength(1);
  });

  test('for what is no web address', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://site.test/', 'javascript:1', 'nonsense', 'http://'])
      expect(await get(led(), url)).toMatchObject({ kind: 'error', error: 'protocol' });
    expect(sockets).toEqual([]);
  });
});

test('a name that changes its address between look-ups is only ever led to what was checked', async () => {
  addresses = (_, look) => (look % 2 === 0 ? [PUBLIC] : ['127.0.0.1']);
  answer = (_, response) => response.setHeader('connection', 'close').end('hello');
  const through = led();
  const replies = [];
  for (let i = 0; i < 6; i++) replies.push(await get(through, 'http://rebind.test/'));
  expect(replies.map(({ kind }) => kind).join()).toBe('reply,error,reply,error,reply,error');
  expect(sockets.map(({ checked }) => checked)).toEqual([PUBLIC, PUBLIC, PUBLIC]);
});

test.each([
  'http://169.254.169.254/',
  'http://0x7f.1/',
  'http://[::ffff:10.0.0.1]/',
  'http://inside.test/',
  '//localhost/x',
])('a page that redirects to %s is not followed there', async (target) => {
  addresses = (name) => (name === 'inside.test' || name === 'localhost' ? ['192.168.1.1'] : [PUBLIC]);
  answer = (request, response) =>
    request.url === '/robots.txt'
      ? response.writeHead(404).end()
      : response.writeHead(302, { location: target }).end();
  const page = builtInProviders.find(({ id }) => id === 'page')!;
  const through = led();
  const question = { surface: 'page', unit: 'http://site.test/' };
  const [finding] = await converse({
    provider: page,
    metrics: metricTable(page.metrics),
    questions: [question],
    context: { key: '', userAgent: 'Assay/test', now: Date.now(), requestId: questionKey(question) },
    exchange: (request) => through.send(request, { timeoutMs: 3_000 }),
  });
  expect(finding!.outcome).not.toBe('skipped');
  expect(new Set(sockets.map(({ hostname, checked }) => `${hostname} ${checked}`))).toEqual(
    new Set([`site.test ${PUBLIC}`]),
  );
});

test('a redirect is handed back, not followed', async () => {
  answer = (_, response) =>
    response.writeHead(301, { location: '/next', 'set-cookie': ['a=1', 'b=2'], 'x-a': ['1', '2'] }).end();
  const reply = await get(led(), 'http://site.test/');
  expect(reply).toMatchObject({
    status: 301,
    headers: { location: '/next', 'set-cookie': 'a=1\nb=2', 'x-a': '1, 2' },
  });
});

test('TLS asks for the host by name and accepts only its certificate', async () => {
  expect(await get(led(), 'https://site.test/')).toMatchObject({ kind: 'reply', status: 200 });
  expect(await get(led(), 'https://other.test/')).toMatchObject({ kind: 'error', error: 'tls' });
  const foreign = transport({
    lead: {
      httpPort: 1,
      httpsPort: secureWeb.port,
      resolve: resolveAt(dns.port),
      ca: (await certificateFor('x')).ca,
    },
  });
  expect(await get(foreign, 'https://site.test/')).toMatchObject({ kind: 'error', error: 'tls' });
});

const TEXT = 'measure '.repeat(20_000);

test.each([
  ['gzip', gzipSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['deflate', deflateRawSync(TEXT)],
])('a body in %s is decoded, and cut at the cap of what comes out', async (encoding, body) => {
  answer = (_, response) => response.setHeader('content-encoding', encoding).end(body);
  const whole = await get(led(), 'http://site.test/');
  expect(whole).toMatchObject({ truncated: false });
  expect((whole as { body: Buffer }).body.toString()).toBe(TEXT);
  const cut = await get(led(), 'http://site.test/', { capBytes: 1_000 });
  expect(cut).toMatchObject({ truncated: true });
  expect((cut as { body: Buffer }).body.toString()).toBe(TEXT.slice(0, 1_000));
});

test('a body without end is cut at the cap, and its socket closed', async () => {
  let closed = false;
  answer = (_, response) => {
    response.on('close', () => (closed = true));
    const more = () =>
      void (response.destroyed || response.write('x'.repeat(10_000), () => setImmediate(more)));
    more();
  };
  const reply = await get(led(), 'http://site.test/', { capBytes: 50_000 });
  expect(reply).toMatchObject({ kind: 'reply', status: 200, truncated: true });
  expect((reply as { body: Buffer }).body).toHaveLength(50_000);
  while (!closed) await new Promise(setImmediate);
});

test.each<[string, string, (response: ServerResponse) => void]>([
  ['no answer', 'timeout', () => undefined],
  ['a trickle', 'timeout', (response) => response.writeHead(200).write('a')],
  ['a reset', 'reset', (response) => response.destroy()],
  [
    'a reset in the body',
    'reset',
    (response) => (
      response.writeHead(200, { 'content-length': 9 }).write('a'),
      setImmediate(() => response.destroy())
    ),
  ],
  ['no HTTP', 'protocol', (response) => response.socket!.end('SSH-2.0-x\r\n\r\n')],
  [
    'a body that is not what it says',
    'protocol',
    (response) => response.setHeader('content-encoding', 'gzip').end('plain'),
  ],
])('%s is an error of class %s', async (_, error, behave) => {
  answer = (__, response) => behave(response);
  const reply = await led().send({ method: 'GET', url: 'http://site.test/?key=secret' }, { timeoutMs: 300 });
  expect(reply).toMatchObject({ kind: 'error', error });
  expect(JSON.stringify(reply)).not.toContain('secret');
});

test('a name without an address, and a port without a listener', async () => {
  addresses = () => [];
  expect(await get(led(), 'http://nowhere.test/')).toMatchObject({ error: 'dns' });
  const nobody = transport({
    lead: { httpPort: 1, httpsPort: 1, resolve: () => Promise.resolve([PUBLIC]), ca: '' },
  });
  expect(await get(nobody, 'http://site.test/')).toMatchObject({ error: 'refused' });
});

test('sockets are used again, and pools of hosts not seen for long are closed', async () => {
  const through = transport({
    lead: { httpPort: web.port, httpsPort: 1, resolve: () => Promise.resolve([PUBLIC]), ca: '' },
    maxForeignPools: 2,
  });
  for (let i = 0; i < 5; i++) await get(through, 'http://a.test/');
  expect(sockets).toHaveLength(1);
  for (const host of ['b', 'c', 'a']) await get(through, `http://${host}.test/`);
  expect(sockets.map(({ hostname }) => hostname)).toEqual(['a.test', 'b.test', 'c.test', 'a.test']);
});

test('what could not be sent in time for its permit is not sent; the socket stands for whoever comes next', async () => {
  let requests = 0;
  answer = (_, response) => void response.end(String(++requests));
  const through = led();
  const late = await through.send(
    { method: 'GET', url: 'http://site.test/' },
    { timeoutMs: 3_000, mayStart: () => false },
  );
  expect(late).toMatchObject({ kind: 'error', unsent: true, late: true });
  const next = await through.send(
    { method: 'GET', url: 'http://site.test/' },
    { timeoutMs: 3_000, mayStart: () => true },
  );
  expect(next).toMatchObject({ kind: 'reply', status: 200 });
  expect(requests).toBe(1);
  expect(sockets).toHaveLength(1);
});
