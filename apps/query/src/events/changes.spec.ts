import { changedSeqs, eventText, FASTEST_POLL_MS, nextPollMs, nothingSent } from './changes.js';

test('only rows whose version was not sent are news, unjoined rows are not', () => {
  const sent = nothingSent();
  const now = [
    { seq: 1, version: 0 },
    { seq: 2, version: 1 },
    { seq: 3, version: 2 },
  ];
  expect(changedSeqs(sent, now)).toEqual([2, 3]);
  sent.versions.set(2, 1).set(3, 1);
  expect(changedSeqs(sent, now)).toEqual([3]);
});

test('looks slow down to one a second while nothing moves, and are back at once', () => {
  let wait = FASTEST_POLL_MS;
  for (let i = 0; i < 10; i++) wait = nextPollMs(wait, false);
  expect(wait).toBe(1_000);
  expect(nextPollMs(wait, true)).toBe(FASTEST_POLL_MS);
});

test('an event is one line of JSON whatever the data holds', () => {
  expect(eventText('rows', ['a\nb\r\n\n'])).toBe('event: rows\ndata: ["a\\nb\\r\\n\\n"]\n\n');
});
