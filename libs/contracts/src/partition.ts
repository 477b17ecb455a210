/** After this many rows of one domain in one submission the key becomes domain + bucket. */
export const ROWS_PER_BUCKET = 1_000;

/** FNV-1a over UTF-16 code units, 32 bit. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  // Murmur3's finaliser: FNV's low bits alone spread short, similar names badly over few partitions.
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The partition a row lives on, in every topic of its lane. */
export function partitionOf(domain: string, bucket: number, partitions: number): number {
  return hash32(bucket === 0 ? domain : `${domain}#${bucket}`) % partitions;
}
