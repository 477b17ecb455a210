import type { Problem } from '@assay/contracts';

/** An answer that is not what was asked for; `message` says what to do next. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

const UNREACHABLE = 'Assay cannot be reached. Check that it is running, then try again.';

/** @throws ApiError */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask(path, signal ? { signal } : {})) as T;
}

/** @throws ApiError */
export async function post(path: string): Promise<unknown> {
  return ask(path, { method: 'POST' });
}

async function ask(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(path, init).catch((error: Error) => {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, UNREACHABLE);
  });
  const text = await response.text();
  if (!response.ok) throw errorOf(response.status, text);
  return text === '' ? undefined : JSON.parse(text);
}

function errorOf(status: number, text: string): ApiError {
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    if (problem.detail) return new ApiError(status, `${problem.title}: ${problem.detail}`);
  } catch {
    // Not ours: something between here and Assay answered.
  }
  return new ApiError(
    status,
    `The answer was ${status} and is not from Assay. Try again, or look at what stands between.`,
  );
}

export interface Upload {
  readonly path: string;
  readonly type: string;
  readonly body: Blob | string;
  /** Share that was sent, 0 to 1. */
  progress(share: number): void;
}

/** Sends a list; fetch cannot tell how much of a body is on its way. @throws ApiError */
export function send<T>({ path, type, body, progress }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('content-type', type);
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onerror = () => reject(new ApiError(0, UNREACHABLE));
    request.onload = () => {
      if (request.status >= 400) reject(errorOf(request.status, request.responseText));
      else resolve(JSON.parse(request.responseText) as T);
    };
    request.send(body);
  });
}
