import { deadLetter } from './dead-letter.js';
import { canReturn, readLetter, returnedMessage, type DeadLetterFound } from './letter.js';
import type { RawMessage } from './raw-message.js';
import { isForOthers, readPlace, REPLAY_HEADERS } from './replay.js';

const raw: RawMessage = {
  topic: 'url.submitted.bulk',
  partition: 3,
  offset: '42',
  timestamp: '1790000000000',
  value: Buffer.from([0, 1, 255]),
  headers: { v: Buffer.from('1'), asks: Buffer.from('dns') },
};
const cause = { code: 'contract', reason: 'no', group: 'joiner', attempts: 2 };

/** As the broker gives back what was written. */
function written(letter: Omit<ReturnType<typeof deadLetter>, 'bytes'>, offset: string): RawMessage {
  const headers = Object.fromEntries(
    Object.entries(letter.headers).map(([name, value]) => [name, Buffer.from(value as string)]),
  );
  return { ...letter, headers, offset, timestamp: '1790000009000' };
}

const found = (message: RawMessage, offset = '7'): DeadLetterFound =>
  readLetter(written(deadLetter('url.submitted', message, cause), offset))!;

test('a letter says all about its message, and is read back as it was written', () => {
  expect(found(raw)).toEqual({
    place: { topic: 'url.submitted.dead', partition: 3, offset: '7' },
    at: 1_790_000_009_000,
    message: 'url.submitted',
    lane: 'bulk',
    ...cause,
    origin: { topic: 'url.submitted.bulk', partition: 3, offset: '42' },
    timestamp: '1790000000000',
    value: raw.value,
    headers: raw.headers,
  });
});

test('it goes back as it was, byte for byte, for its group alone', () => {
  const back = returnedMessage(found(raw));
  expect(back).toMatchObject({ topic: raw.topic, partition: raw.partition, value: raw.value });
  expect(back.headers).toEqual({
    ...raw.headers,
    [REPLAY_HEADERS.to]: 'joiner',
    [REPLAY_HEADERS.of]: 'url.submitted.bulk:3:42',
    [REPLAY_HEADERS.timestamp]: '1790000000000',
    [REPLAY_HEADERS.attempts]: '2',
  });
  expect(isForOthers(back.headers, 'joiner')).toBe(false);
  expect(isForOthers(back.headers, 'store')).toBe(true);
  expect(isForOthers(raw.headers, 'store')).toBe(false);
});

test('one that fails again keeps its first place and time, its tries add up, and nothing of the replay stays', () => {
  const again = found(written(returnedMessage(found(raw)), '99'), '8');
  expect(again).toEqual({
    ...found(raw),
    place: { topic: 'url.submitted.dead', partition: 3, offset: '8' },
    attempts: 4,
  });
});

test('headers that anybody may have written break nothing', () => {
  const odd = { ...raw, headers: { [REPLAY_HEADERS.of]: 'nowhere', [REPLAY_HEADERS.attempts]: '-3' } };
  expect(found(odd)).toMatchObject({ attempts: 2, origin: { offset: '42' } });
  const bare = readLetter({ ...raw, topic: 'row.joined.dead', headers: undefined })!;
  expect(bare).toMatchObject({ group: '', code: '', attempts: 0, lane: undefined });
  expect([canReturn(bare), canReturn(found(raw))]).toEqual([false, true]);
  expect(canReturn({ ...found(raw), origin: { topic: 'row.joined.bulk', partition: 3, offset: '1' } })).toBe(
    false,
  );
  expect(readLetter(raw)).toBeUndefined();
});

test('a place is topic, partition and offset', () => {
  expect(readPlace('row.joined.dead:0:12')).toEqual({ topic: 'row.joined.dead', partition: 0, offset: '12' });
  for (const text of [undefined, '', 'row.joined', 'row.joined:1', 'row.joined:x:1', 'a:1:2:3'])
    expect([text, readPlace(text)]).toEqual([text, undefined]);
});
