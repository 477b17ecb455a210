import { ReplayCounts, replayText } from './replay-counts.js';

test('what was done, by group and message, and what was left', () => {
  const counts = new ReplayCounts();
  counts.add({ group: 'store', message: 'row.joined' });
  counts.add({ group: 'store', message: 'url.submitted' });
  counts.add({ group: 'joiner', message: 'url.submitted' });
  counts.before = 2;
  counts.unable = 1;
  expect(replayText(counts, false)).toEqual([
    'Returned 3 dead letters, to the group that gave up on each:',
    '  joiner  1: url.submitted 1',
    '  store  2: row.joined 1, url.submitted 1',
    '2 were returned before and are left alone: --again returns them once more.',
    '1 name no group, topic or partition that they could go to.',
  ]);
  expect(replayText(counts, true)[0]).toBe(
    '3 dead letters would be returned, to the group that gave up on each:',
  );
  expect(replayText(new ReplayCounts(), false)).toEqual(['No dead letter is to be returned.']);
});
