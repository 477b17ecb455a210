import type { GroupPositions, TopicEnds } from '@assay/messaging';
import { PassedMoment } from './passed-moment.js';

/** Groups fall behind by as many partitions as `lag` says; what is asked is noted. */
function world() {
  const lag = { joiner: 0, store: 0 };
  const asked: string[] = [];
  const positions: Pick<GroupPositions, 'ends' | 'behind'> = {
    ends: async (messages) => {
      asked.push(`ends ${messages.join()}`);
      return new Map() as TopicEnds;
    },
    behind: async (group) => {
      asked.push(group);
      return lag[group as keyof typeof lag];
    },
  };
  return { lag, asked, moment: new PassedMoment('bulk', positions) };
}

test('joiner, then what it wrote, then the store: the moment is that of the first look', async () => {
  const { asked, moment } = world();
  expect(await moment.look(7)).toBeUndefined();
  expect(await moment.look(8)).toBe(7);
  expect(asked).toEqual([
    'ends url.submitted,metric.round1,metric.round2',
    'joiner',
    'ends row.joined',
    'store',
  ]);
});

test('while the joiner lags its output is not sampled, and nothing is sampled anew', async () => {
  const { lag, asked, moment } = world();
  lag.joiner = 3;
  for (const now of [1, 2, 3]) expect(await moment.look(now)).toBeUndefined();
  expect(moment.waiting).toEqual({ group: 'joiner', partitions: 3 });
  expect(asked.filter((one) => one.startsWith('ends'))).toHaveLength(1);
  lag.joiner = 0;
  expect([await moment.look(4), await moment.look(5)]).toEqual([undefined, 1]);
  expect(moment.waiting).toBeUndefined();
});

test('while the store lags nothing is passed', async () => {
  const { lag, moment } = world();
  lag.store = 1;
  for (const now of [1, 2, 3]) expect(await moment.look(now)).toBeUndefined();
  expect(moment.waiting).toEqual({ group: 'store', partitions: 1 });
  lag.store = 0;
  expect(await moment.look(4)).toBe(1);
});

test('a passed moment stays passed until it is forgotten', async () => {
  const { moment } = world();
  await moment.look(1);
  expect([await moment.look(2), await moment.look(3)]).toEqual([1, 1]);
  moment.forget();
  expect([await moment.look(4), await moment.look(5)]).toEqual([undefined, 4]);
});
