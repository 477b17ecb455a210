import { fetcherName } from './plan-services.js';

test('every fetcher has a name of its own, replicas of a group as well', () => {
  const both = ['a', 'b'];
  const groups = [['page'], both, ['page'], both, ['c', 'd']];
  expect(groups.map((_, index) => fetcherName(groups, index))).toEqual([
    'fetcher.page',
    'fetcher.others',
    'fetcher.page-2',
    'fetcher.others-2',
    'fetcher.others-3',
  ]);
});
