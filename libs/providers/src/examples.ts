import type { FailureClass } from '@assay/contracts';
import type { Finding, Question } from './provider.js';

/** A reply as a provider's documentation or a recording has it. */
export interface ExampleReply {
  /** What `METHOD URL body` of the request must contain, all of it. Default: any request. */
  readonly to?: string | readonly string[];
  /** Default 200. */
  readonly status?: number;
  /** Default: JSON's content type. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A file in the provider's folder `recorded`. */
  readonly file?: string;
  /** In place of a file; an object or list is sent as JSON. */
  readonly body?: string | object;
  /** A step before the answer (robots.txt, a token, a bootstrap file): the kit leaves it alone. */
  readonly before?: true;
}

/** Questions, what the provider sends, and what each question comes to, in the order of the questions. */
export interface Example {
  readonly questions: readonly Question[];
  readonly replies: readonly ExampleReply[];
  /** Parts of findings. `numbers`, where given, is the whole of them. */
  readonly findings: readonly Partial<Finding>[];
}

/** Why a case cannot occur with this provider. */
export interface Never {
  readonly never: string;
}

/** A way in which the provider itself says no. */
export interface Refusal {
  readonly name: string;
  readonly reply: ExampleReply;
  readonly finding:
    { readonly outcome: 'failed'; readonly class: FailureClass } | { readonly outcome: 'absent' };
}

/** Where the rows of a batch answer stand, and how they may be disturbed. */
export interface Rows {
  /** Names from the top of the JSON answer to its list (or object by unit) of rows; empty: the answer itself. */
  readonly path: readonly string[];
  /** A row about something that nobody asked. For an object by unit: `[name, row]`. */
  readonly stranger: unknown;
  /** A row about the parent domain of a question's unit, where the provider may answer so. */
  readonly reduced?: { readonly question: Question; readonly row: unknown };
}

/** What rightly comes of a case instead, and why. */
export interface Deviation {
  readonly finding: Partial<Finding>;
  readonly why: string;
}

/** Cases of the kit in which the body is not what a provider would send. */
const BODY_CASES = [
  '200 with HTML',
  'empty body',
  'body cut at 25 %',
  'body cut at 50 %',
  'body cut at 75 %',
  'body cut at 98 %',
  'body over the cap',
  'deeply nested JSON',
  'deeply nested JSON that ends',
  'NaN for a number',
  'noise',
  'a JSON text of another shape',
  'JSON null',
] as const;

/** For what reads texts that anybody may write: no body is broken to it. */
export function inAnyBody(deviation: Deviation): Record<string, Deviation> {
  return Object.fromEntries(BODY_CASES.map((name) => [name, deviation]));
}

/**
 * What the conformance kit (libs/testing) needs to know about one provider: recorded answers and the provider's own
 * ways of saying no. All that providers have in common (HTTP errors, broken bodies, slow replies) the kit makes itself
 * out of `good`. Stands in `<id>/examples.ts` as `examples`.
 */
export interface ProviderExamples {
  /** An answer with numbers; of a provider that takes batches, one about at least two questions. */
  readonly good: Example;
  /** The provider answers that it has nothing: never a number. */
  readonly absent: Example | Never;
  /** A measured 0: never absent. */
  readonly zero: Example | Never;
  /** At least one with status 200 where the provider says no that way, else `noErrorBody` tells that it never does. */
  readonly refusals: readonly Refusal[];
  readonly noErrorBody?: Never;
  /** Exactly where `batch.size` is above 1 and one reply answers several questions. */
  readonly rows?: Rows;
  /** Cases of the kit in which this provider's finding rightly differs, by the kit's name of the case, and why. */
  readonly deviations?: Readonly<
    Record<string, { readonly finding: Partial<Finding>; readonly why: string }>
  >;
}

/** Where a recorded answer of a provider lies: among the sources, also when this runs compiled. */
export function recordedUrl(id: string, file: string): URL {
  return new URL(`../src/${id}/recorded/${file}`, import.meta.url);
}

/** The examples of a provider of this project. @throws where its folder has none */
export async function loadExamples(id: string): Promise<ProviderExamples> {
  const { examples } = (await import(`./${id}/examples.js`)) as { examples: ProviderExamples };
  return examples;
}
