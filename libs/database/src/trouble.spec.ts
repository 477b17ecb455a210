import { CommitUnknown, troubleOf } from './trouble.js';

const coded = (code: string) => Object.assign(new Error('as PostgreSQL says it'), { code });

test.each([
  ['ECONNREFUSED', 'away'],
  ['ECONNRESET', 'away'],
  ['57P01', 'away'],
  ['57P03', 'away'],
  ['08006', 'away'],
  ['25P03', 'away'],
  ['25006', 'refuses'],
  ['53100', 'refuses'],
  ['53300', 'refuses'],
  ['53400', 'refuses'],
  ['57014', 'busy'],
  ['55P03', 'busy'],
  ['40P01', 'busy'],
  ['23505', undefined],
  ['22021', undefined],
  ['42P01', undefined],
  ['ERR_INVALID_ARG_TYPE', undefined],
])('%s is %s', (code, kind) => {
  expect(troubleOf(coded(code))?.kind).toBe(kind);
});

test.each([
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'Query read timeout',
  'Client has encountered a connection error and is not queryable',
])('what pg says without a code counts as away: %s', (message) => {
  expect(troubleOf(new Error(message))?.kind).toBe('away');
});

test('a fault of ours is no trouble of the database', () => {
  expect(troubleOf(new TypeError("Cannot read properties of undefined (reading 'x')"))).toBeUndefined();
  expect(troubleOf(undefined)).toBeUndefined();
});

test('a commit without an answer is what became of the connection; an error in an error is looked into', () => {
  expect(troubleOf(new CommitUnknown(coded('ECONNRESET')))?.kind).toBe('away');
  expect(troubleOf(Object.assign(new Error('failed'), { driverError: coded('53100') }))).toEqual({
    kind: 'refuses',
    words: 'the disk of PostgreSQL is full',
  });
});
