import { MAX_MESSAGE_BYTES } from '@assay/contracts';

/** Room for what stands around the items of a message: its plans and field names. */
export const MESSAGE_MARGIN_BYTES = 32 * 1024;

/** Size of a value as JSON, in bytes, with the comma that follows it in an array. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1;
}

/**
 * Cuts a list into pieces of at most `maxItems` and `maxBytes`, in order. An item larger than
 * `maxBytes` stands alone in its piece.
 */
export function chunkByBytes<T>(
  items: readonly T[],
  maxItems: number,
  maxBytes = MAX_MESSAGE_BYTES - MESSAGE_MARGIN_BYTES,
  sizeOf: (item: T) => number = jsonBytes,
): T[][] {
  const chunks: T[][] = [];
  let chunk: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (chunk.length > 0 && (chunk.length >= maxItems || bytes + size > maxBytes)) {
      chunks.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(item);
    bytes += size;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}
