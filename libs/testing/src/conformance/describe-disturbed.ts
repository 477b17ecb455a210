import fc from 'fast-check';
import { absurdNumbers, BODY_CASES, wrongTypes } from './body-cases.js';
import { expectFailed, expectNothingElse } from './judge.js';
import { CANARY_KEY, replyOf } from './play-example.js';
import { statusCases } from './status-cases.js';
import { isDeviation, playGood, textChange, wordsFor, type Subject } from './subject.js';

/** The good answer, disturbed in ways that any provider's may be. */
export function describeDisturbed(subject: Subject): void {
  for (const one of [...statusCases(subject.provider), ...BODY_CASES])
    test(`${one.name}: ${wordsFor(subject, one.name, `failed(${one.classes.join(' | ')})`)}`, async () => {
      const { findings } = await playGood(subject, one.change);
      if (!isDeviation(subject, one.name, findings)) expectFailed(findings, ...one.classes);
      for (const finding of findings) one.check?.(finding);
    });

  testValues(subject, 'a value of another type', wrongTypes);
  testValues(subject, 'an absurd number', absurdNumbers);
  testAnyDamage(subject);
  testSecrecy(subject);
}

function testValues(subject: Subject, name: string, disturb: (text: string) => string[]): void {
  const { provider, examples } = subject;
  test(`${name}: less is said, nothing else`, async () => {
    const undisturbed = (await playGood(subject)).findings;
    const answers = examples.good.replies.filter(({ before }) => !before);
    for (const answer of answers) {
      const text = replyOf(provider.id, answer).body.toString();
      for (const disturbed of disturb(text)) {
        const change = textChange((own) => (own === text ? disturbed : own));
        const { findings } = await playGood(subject, change);
        if (!isDeviation(subject, name, findings)) expectNothingElse(findings, undisturbed);
      }
    }
  });
}

const RUNS = 60;

/** A throw of the adapter is caught by the library and said so: it must not come to that. */
function testAnyDamage(subject: Subject): void {
  const damage = fc.record({
    status: fc.constantFrom(200, 200, 200, 204, 301, 400, 404, 500),
    at: fc.nat(2_000),
    length: fc.nat(60),
    put: fc.oneof(fc.json({ maxDepth: 2 }), fc.string({ unit: 'binary', maxLength: 20 })),
  });
  test('any damage at all: no throw, only defined metrics of their type and range', () =>
    fc.assert(
      fc.asyncProperty(damage, async ({ status, at, length, put }) => {
        const { findings } = await playGood(subject, (reply) => {
          const text = reply.body.toString();
          const from = text.length === 0 ? 0 : at % text.length;
          return {
            ...reply,
            status,
            body: Buffer.from(text.slice(0, from) + put + text.slice(from + length)),
          };
        });
        for (const finding of findings)
          expect(finding.outcome === 'failed' ? finding.message : '').not.toMatch(/^(request|answer): /);
      }),
      { numRuns: RUNS },
    ));
}

/** Bodies that repeat our key, in the shapes in which providers speak of keys. */
const ECHOES = [
  `{"error":{"code":401,"message":"bad key ${CANARY_KEY}","status":"X"},"message":"${CANARY_KEY}"}`,
  CANARY_KEY,
  `ERROR 120 :: WRONG KEY ${CANARY_KEY}`,
  `<html>${CANARY_KEY}</html>`,
];

function testSecrecy(subject: Subject): void {
  if (subject.provider.auth.kind === 'none') return;
  test('the key stands in no finding, whatever the provider says of it', async () => {
    const own = subject.examples.refusals.map(({ reply }) => {
      const text = replyOf(subject.provider.id, reply).body.toString();
      return text.replaceAll(
        /"(message|error_message|ErrorMessage|info|Error)": ?"[^"]*"/g,
        `"$1":"${CANARY_KEY}"`,
      );
    });
    for (const status of [200, 400, 401, 403, 404, 429, 500])
      for (const body of [...ECHOES, ...own]) {
        const { findings } = await playGood(subject, (reply) => ({
          ...reply,
          status,
          body: Buffer.from(body),
        }));
        expect(JSON.stringify(findings)).not.toContain(CANARY_KEY);
      }
  });
}
