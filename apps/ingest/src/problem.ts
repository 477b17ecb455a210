import type { Problem } from '@assay/contracts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  404: 'Not found',
  408: 'It took too long',
  409: 'Not possible in this state',
  413: 'Too long',
  415: 'This content type is not taken',
  500: 'Something went wrong here',
  503: 'Not available right now',
};

/** A request that is refused. `detail` is for people and says what to do next; nothing was kept. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = 'Refusal';
  }
}

/** RFC 9457. */
export function problemOf(status: number, detail: string): Problem {
  return { type: 'about:blank', title: TITLES[status] ?? 'Refused', status, detail };
}
