import type { Rows } from '@assay/providers/examples';
import { expectExample, expectNothingElse } from './judge.js';
import { playExample, replyOf } from './play-example.js';
import { rowCount, withRows, type List } from './row-cases.js';
import { isDeviation, playGood, textChange, wordsFor, type Subject } from './subject.js';

/** Answers to a batch, whose rows come in another order, twice, not at all, or about somebody else. */
export function describeRows(subject: Subject): void {
  const { batch } = subject.provider;
  const { rows, good } = subject.examples;
  if (batch.size === 1) return;
  test('a provider that takes batches says where its rows stand, and shows two questions', () => {
    expect(rows).toBeDefined();
    expect(good.questions.length).toBeGreaterThan(1);
  });
  if (!rows) return;
  const same = (name: string, map: (list: List) => List) =>
    test(`${name}: ${wordsFor(subject, name, 'the same findings')}`, async () => {
      const { findings } = await playRows(subject, rows, map);
      if (!isDeviation(subject, name, findings)) expectExample(good, findings);
    });
  same('rows in another order', (list) => list.toReversed());
  same('each row twice', (list) => [...list, ...list]);
  same('a stranger', (list) => [rows.stranger, ...list, rows.stranger]);
  testMissing(subject, rows);
  if (rows.reduced) testReduced(subject, rows, rows.reduced);
}

function playRows(subject: Subject, rows: Rows, map: (list: List) => List) {
  return playGood(
    subject,
    textChange((text) => withRows(text, rows, map)),
  );
}

function testMissing(subject: Subject, rows: Rows): void {
  const name = 'a row missing';
  const words = wordsFor(subject, name, 'its question has no number, the others keep their own');
  test(`${name}: ${words}`, async () => {
    const { provider, examples } = subject;
    const undisturbed = (await playGood(subject)).findings;
    const answer = examples.good.replies.find(({ before }) => !before)!;
    for (let at = 0; at < rowCount(replyOf(provider.id, answer).body.toString(), rows); at++) {
      const { findings } = await playRows(subject, rows, (list) => list.filter((_, index) => index !== at));
      if (isDeviation(subject, name, findings)) continue;
      expectNothingElse(findings, undisturbed);
      const changed = findings.filter(({ outcome }, index) => outcome !== undisturbed[index]?.outcome);
      expect(changed.length).toBeLessThanOrEqual(1);
    }
  });
}

function testReduced(subject: Subject, rows: Rows, { question, row }: NonNullable<Rows['reduced']>): void {
  test("a parent domain's row in place of the one asked for: its numbers", async () => {
    const example = { ...subject.examples.good, questions: [question] };
    const change = textChange((text) => withRows(text, rows, () => [row]));
    const { findings } = await playExample(subject.provider, example, change);
    expect(findings).toMatchObject([{ outcome: 'ok' }]);
  });
}
