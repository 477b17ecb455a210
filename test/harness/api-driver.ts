import type { RowView, SubmissionAccepted, SubmissionView } from '@assay/contracts';
import { eventually } from '@assay/testing';

/** The public API as a test drives it. */
export class ApiDriver {
  constructor(readonly address: string) {}

  /** A text list, a URL a line; `options` become query parameters. */
  async submit(lines: readonly string[], options: Record<string, string> = {}): Promise<SubmissionAccepted> {
    const response = await this.post(lines.join('\n'), 'text/plain', options);
    if (response.status !== 202) throw new Error(`submission: ${response.status} ${await response.text()}`);
    return (await response.json()) as SubmissionAccepted;
  }

  /** Any body, for what must be refused. */
  post(body: string | Buffer, contentType: string, options: Record<string, string> = {}): Promise<Response> {
    const query = new URLSearchParams(options).toString();
    return fetch(`${this.address}/v1/submissions${query && `?${query}`}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: body as string,
    });
  }

  submission(id: string): Promise<SubmissionView> {
    return this.get<SubmissionView>(`/v1/submissions/${id}`);
  }

  /** Every row, page after page. */
  async rows(id: string): Promise<RowView[]> {
    const rows: RowView[] = [];
    let after = '';
    for (;;) {
      const page = await this.get<{ items: RowView[]; next: string | null }>(
        `/v1/submissions/${id}/rows?limit=1000${after && `&after=${after}`}`,
      );
      rows.push(...page.items);
      if (page.next === null) return rows;
      after = page.next;
    }
  }

  /** Waits until every row is final and the state says so. */
  finished(id: string, withinMs: number): Promise<SubmissionView> {
    return eventually(
      // Query may be the one that was killed: no answer is an answer not yet there.
      () =>
        this.submission(id).catch((error: Error) => ({ state: error.message }) as unknown as SubmissionView),
      (view) => view.state === 'complete' && view.rows.final === view.rows.total,
      withinMs,
      // Each look counts cells: more often would slow what is waited for.
      100,
    );
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.address + path, { signal: AbortSignal.timeout(20_000) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
