import { Socket } from 'node:net';
import { testDatabase, testKafka } from './real-parts.js';

test('a broker and a migrated database start and end', async () => {
  const [kafka, database] = await Promise.all([testKafka(), testDatabase()]);
  try {
    expect(kafka.value).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(database.value).toContain('postgres://');
  } finally {
    await Promise.all([kafka.stop(), database.stop()]);
  }
  const port = Number(kafka.value.split(':')[1]);
  const refused = await new Promise((resolve) =>
    new Socket().once('error', () => resolve(true)).connect(port),
  );
  expect(refused).toBe(true);
});
