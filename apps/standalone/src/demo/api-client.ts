import type {
  Lane,
  Problem,
  RowView,
  SubmissionAccepted,
  SubmissionPlan,
  SubmissionView,
} from '@assay/contracts';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ProviderInfo } from './provider-lines.js';

/** The API refused; the message is its own `detail`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
}

/** The public API, as any program of a user would use it. */
export class ApiClient {
  constructor(readonly address: string) {}

  /** Streams the list in, whatever its length. `-` is standard input. @throws ApiError */
  submit(list: string, name: string): Promise<SubmissionAccepted> {
    return this.send<SubmissionAccepted>(list, { name });
  }

  /** The same, with nothing asked: what it will take. @throws ApiError */
  plan(list: string, name: string): Promise<SubmissionPlan> {
    return this.send<SubmissionPlan>(list, { name, plan: 'only' });
  }

  private async send<T>(list: string, options: Record<string, string>): Promise<T> {
    const source = list === '-' ? process.stdin : createReadStream(list);
    const response = await fetch(
      `${this.address}/v1/submissions?${new URLSearchParams(options).toString()}`,
      {
        method: 'POST',
        headers: { 'content-type': /\.csv$/i.test(list) ? 'text/csv' : 'text/plain' },
        body: Readable.toWeb(source) as ReadableStream,
        duplex: 'half',
      } as RequestInit,
    );
    return answerOf<T>(response);
  }

  submission(id: string): Promise<SubmissionView> {
    return this.get<SubmissionView>(`/v1/submissions/${id}`);
  }

  async firstRows(id: string, limit: number): Promise<RowView[]> {
    const page = await this.get<{ items: RowView[] }>(`/v1/submissions/${id}/rows?limit=${limit}`);
    return page.items;
  }

  /** All providers and how they are. @throws ApiError */
  async providers(): Promise<ProviderInfo[]> {
    return (await this.get<{ items: ProviderInfo[] }>('/v1/providers')).items;
  }

  /** The lane of the most urgent list that runs, of the 50 newest; undefined where none does. @throws ApiError */
  async runningLane(): Promise<Lane | undefined> {
    const { items } = await this.get<{ items: SubmissionView[] }>('/v1/submissions?limit=50');
    const lanes = items.filter(({ state }) => state === 'running').map(({ lane }) => lane);
    return lanes.includes('express') ? 'express' : lanes[0];
  }

  private async get<T>(path: string): Promise<T> {
    return answerOf<T>(await fetch(this.address + path, { signal: AbortSignal.timeout(10_000) }));
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as T;
  throw new ApiError(detailOf(text) ?? `the API answered ${response.status}`);
}

function detailOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Problem).detail;
  } catch {
    return undefined;
  }
}
