import { testDatabase, type TestPart } from '@assay/testing';
import { checkDatabase } from './check-answers.js';

let postgres: TestPart<string>;

beforeAll(async () => {
  postgres = await testDatabase();
});
afterAll(() => postgres?.stop());

test('a server that lets us in', () => expect(checkDatabase(postgres.value)).resolves.toBeUndefined());

test('a wrong password, database or address is told in a sentence without the password', async () => {
  const other = (change: (url: URL) => void) => {
    const url = new URL(postgres.value);
    change(url);
    return url.href;
  };
  await expect(checkDatabase(other((url) => (url.pathname = '/nowhere')))).rejects.toThrow(
    /does not let us in .*: correct DATABASE_URL\./,
  );
  await expect(checkDatabase(other((url) => (url.port = '1')))).rejects.toThrow(/No PostgreSQL answers at/);
  const refused = checkDatabase(
    other((url) => {
      url.username = 'nobody';
      url.password = 'hidden-word';
    }),
  );
  await expect(refused.catch((error: Error) => Promise.reject(new Error(error.message)))).rejects.not.toThrow(
    /hidden-word/,
  );
});

test.each(['postgres://assay:pa/ss@127.0.0.1/assay', 'nonsense', 'mysql://a@b/c', ''])(
  '%s is no connection string',
  (url) => expect(checkDatabase(url)).rejects.toThrow('DATABASE_URL is no connection string'),
);
