import {
  ASKS_HEADER,
  CATALOGUE,
  MAX_MESSAGE_BYTES,
  type MessageName,
  type MessageOf,
} from '@assay/contracts';

export type Decoded<M extends MessageName> =
  | { readonly value: MessageOf<M> }
  | { readonly code: 'too_large' | 'not_json' | 'contract'; readonly reason: string };

/** A message's value, or why it can never be handled. */
export function decode<M extends MessageName>(message: M, bytes: Buffer | null): Decoded<M> {
  // Nothing of ours is sent that large: it is not parsed at all.
  if (bytes && bytes.length > MAX_MESSAGE_BYTES)
    return { code: 'too_large', reason: `${bytes.length} bytes are more than ${MAX_MESSAGE_BYTES}` };
  let value: unknown;
  try {
    value = JSON.parse((bytes ?? '').toString());
  } catch (error) {
    return { code: 'not_json', reason: error instanceof Error ? error.message : String(error) };
  }
  const contract = CATALOGUE[message];
  if (contract.check(value)) return { value: value as MessageOf<M> };
  return { code: 'contract', reason: contract.faults(value).join('; ') };
}

type Headers = Readonly<Record<string, unknown>> | undefined;

/** The asks that a message's header names; undefined where it names none. */
export function asksIn(headers: Headers): readonly string[] | undefined {
  const header = headers?.[ASKS_HEADER];
  if (header === undefined || header === null) return undefined;
  // Empty: about no ask at all, which no fetcher wants.
  return String(header).split(',').filter(Boolean);
}
