export type HeaderValue = Buffer | string | (Buffer | string)[];

/** A message as it came from the broker. */
export interface RawMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderValue | null | undefined>> | undefined;
}

/** The first value of a header as text. */
export function textOf(headers: RawMessage['headers'], name: string): string | undefined {
  const header = headers?.[name];
  const value = Array.isArray(header) ? header[0] : header;
  return value === undefined || value === null ? undefined : String(value);
}
