import type { ServerResponse } from 'node:http';
import { builtInProviders } from '@assay/providers';
import { eventually } from '@assay/testing';
import { createTransport } from '../transport/transport.js';
import { PUBLIC_ADDRESS } from './runtime.fixture.js';
import type { RuntimeSettings } from './runtime-settings.js';
import { SpecRig, wish } from './spec-rig.fixture.js';

const page = builtInProviders.find(({ id }) => id === 'page')!;
let rig: SpecRig;
/** Paths that were asked for, and replies that are held back. */
let asked: string[];
let held: (() => void)[];

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** `/a` leads to `/b`; the reply to `slow` is held back. */
function serve(slow: string): void {
  asked = [];
  held = [];
  const reply = (path: string, response: ServerResponse) => {
    if (path === '/robots.txt') return void response.end('');
    const moved = path === '/a' ? { location: '/b' } : {};
    response.writeHead(path === '/a' ? 302 : 200, { 'content-type': 'text/html', ...moved });
    response.end('<title>T</title>');
  };
  rig.stub.answer = ({ url: path = '' }, response) => {
    asked.push(path);
    if (path === slow && held.length === 0) held.push(() => reply(path, response));
    else reply(path, response);
  };
}

function ask(url: string, shared: Partial<RuntimeSettings>) {
  const runtime = rig.start({}, page, [], shared);
  const result = runtime.ask(wish(url, { question: { surface: 'page', unit: url }, lane: 'bulk' }));
  return { runtime, result };
}

async function heldBack(): Promise<() => void> {
  return (
    await eventually(
      () => held,
      ({ length }) => length > 0,
    )
  )[0]!;
}

test.each([
  ['its robots.txt is slow', '/robots.txt', ['/robots.txt']],
  ['a redirect within its host is slow', '/a', ['/robots.txt', '/a']],
])('a cancelled row calls no more once %s, and ends cancelled', async (_, slow, expected) => {
  serve(slow);
  let isCancelled = false;
  const stateOf = () => (isCancelled ? ('cancelled' as const) : undefined);
  const { runtime, result } = ask(`http://cancel${slow === '/a' ? 1 : 2}.test/a`, { control: { stateOf } });
  const release = await heldBack();
  isCancelled = true;
  runtime.controlled();
  release();
  expect(await result).toMatchObject({ outcome: 'skipped', detail: 'cancelled' });
  expect(asked).toEqual(expected);
});

test('what was claimed and is cancelled while its socket comes to stand is not bought, and costs nothing', async () => {
  let connect = () => undefined as void;
  const stands = new Promise<void>((resolve) => (connect = resolve));
  let connecting = false;
  const resolve = async () => {
    connecting = true;
    await stands;
    return [PUBLIC_ADDRESS];
  };
  const transport = createTransport({
    lead: { httpPort: rig.stub.port, httpsPort: 1, resolve, ca: '' },
  });
  let isCancelled = false;
  const stateOf = () => (isCancelled ? ('cancelled' as const) : undefined);
  const price = { perUnitMicroUsd: 5, perCallMicroUsd: 0 };
  const runtime = rig.start({ price }, undefined, undefined, { transport, control: { stateOf } });
  const result = runtime.ask(wish(rig.newUnit()));
  await eventually(
    () => connecting,
    (isSo) => isSo,
  );
  isCancelled = true;
  runtime.controlled();
  connect();
  expect(await result).toMatchObject({ outcome: 'skipped', detail: 'cancelled' });
  expect(rig.stub.calls).toEqual([]);
  expect((await rig.database.query({ text: 'SELECT id FROM call' })).rows).toEqual([]);
  const { rows } = await rig.database.query({ text: 'SELECT charged, ended_at IS NULL AS open FROM claim' });
  expect(rows).toEqual([{ charged: 'no', open: false }]);
  await transport.close();
});

test('a process whose rights end within a conversation begins it anew once it has them again', async () => {
  serve('/a');
  let until = Infinity;
  const { result } = ask('http://rights.test/a', { mayStartUntil: () => until });
  const release = await heldBack();
  until = 0;
  release();
  const at = Date.now();
  await eventually(Date.now, (now) => now > at + 500);
  expect(asked).toEqual(['/robots.txt', '/a']);
  until = Infinity;
  expect(await result).toMatchObject({ outcome: 'ok' });
  expect(asked).toEqual(['/robots.txt', '/a', '/a', '/b']);
});
