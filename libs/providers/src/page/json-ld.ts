import { isObject, type JsonObject } from '../read-json.js';

const LONGEST_BLOCK = 256 * 1024;
const MOST_ITEMS = 1000;

export interface JsonLd {
  /** Of the top-level items and those of a `@graph`. */
  readonly types: ReadonlySet<string>;
  readonly author?: string;
  /** Profile addresses of the author. */
  readonly authorUrls: readonly string[];
}

/** Reads the JSON-LD blocks of a page. A block that is no JSON, or larger than 256 KiB, is passed over. */
export function readJsonLd(blocks: readonly string[]): JsonLd {
  const items = blocks.flatMap(itemsOf).slice(0, MOST_ITEMS);
  const types = new Set(items.flatMap((item) => strings(item['@type'])));
  const authors = items.flatMap((item) => list(item['author']));
  const author = authors.map(nameOf).find((name) => name !== undefined);
  const authorUrls = authors
    .filter(isObject)
    .flatMap(({ url, sameAs }) => [...strings(url), ...strings(sameAs)]);
  return { types, authorUrls, ...(author === undefined ? {} : { author }) };
}

function itemsOf(block: string): JsonObject[] {
  if (block.length > LONGEST_BLOCK) return [];
  try {
    return list(JSON.parse(block))
      .filter(isObject)
      .flatMap((item) => [item, ...list(item['@graph']).filter(isObject)]);
  } catch {
    return [];
  }
}

function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function strings(value: unknown): string[] {
  return list(value).filter((item) => typeof item === 'string');
}

function nameOf(author: unknown): string | undefined {
  const name = isObject(author) ? author['name'] : author;
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined;
}
