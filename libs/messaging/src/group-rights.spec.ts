import { GroupRights } from './group-rights.js';

test('rights last for the session timeout after the last request that was confirmed left', () => {
  const rights = new GroupRights(6_000);
  expect(rights.until).toBe(0);
  rights.asked('SyncGroup', 1_000);
  rights.confirmed();
  expect(rights.until).toBe(7_000);
  rights.asked('Heartbeat', 3_000);
  expect(rights.until).toBe(7_000);
  rights.confirmed();
  expect(rights.until).toBe(9_000);
});

test('other requests are no signs of life, and rights can be lost', () => {
  const rights = new GroupRights(6_000);
  rights.asked('Heartbeat', 1_000);
  rights.asked('Fetch', 5_000);
  rights.confirmed();
  expect(rights.until).toBe(7_000);
  rights.lost();
  expect(rights.until).toBe(0);
});
