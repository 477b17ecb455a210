import { clamp, logShare, quickness, share, within } from './normalise.js';
import { firstNumberOf, numberOf, threatMatches, type NumbersByAsk } from './numbers-by-ask.js';

export interface QualitySignal {
  readonly group: 'authority' | 'trust' | 'content' | 'technical';
  readonly name: string;
  readonly weight: number;
  /** 0 (bad) … 1 (good); undefined where it was not measured. */
  value(numbers: NumbersByAsk): number | undefined;
}

type Group = QualitySignal['group'];

function signal(
  group: Group,
  weight: number,
  name: string,
  read: (numbers: NumbersByAsk) => number | undefined,
  normalise: (value: number) => number,
): QualitySignal {
  const value = (numbers: NumbersByAsk) => {
    const measured = read(numbers);
    return measured === undefined ? undefined : normalise(measured);
  };
  return { group, name, weight, value };
}

const of = (ask: string, metric: string) => (numbers: NumbersByAsk) => numberOf(numbers, ask, metric);
const moz = (metric: string) => (numbers: NumbersByAsk) =>
  firstNumberOf(numbers, ['moz.domain', 'moz.url'], metric);

/** Of pages with images: the share of images that are described. */
function describedImages(numbers: NumbersByAsk): number | undefined {
  const images = numberOf(numbers, 'page', 'images');
  const without = numberOf(numbers, 'page', 'images_without_alt');
  return images && without !== undefined ? 1 - without / images : undefined;
}

const asIs = (value: number) => clamp(value);
const none = (value: number) => (value === 0 ? 1 : 0);
const some = (value: number) => (value > 0 ? 1 : 0);

/** The formula, all of it: 100 points of weight in four groups. */
export const QUALITY_SIGNALS: readonly QualitySignal[] = [
  signal('authority', 12, 'Open PageRank', of('openpagerank', 'open_page_rank'), (v) => share(v, 10)),
  signal('authority', 12, 'domain authority', moz('domain_authority'), (v) => share(v, 100)),
  signal('authority', 6, 'page authority', of('moz.url', 'page_authority'), (v) => share(v, 100)),

  signal('trust', 9, 'age of the domain', of('rdap', 'age_days'), (v) => logShare(v, 3_650)),
  signal('trust', 2, 'registered ahead', of('rdap', 'days_to_expiry'), (v) => share(v, 365)),
  signal('trust', 7, 'Moz spam score', moz('spam_score'), (v) => 1 - share(v, 100)),
  signal('trust', 7, 'not on threat lists', threatMatches, none),

  signal('content', 8, 'words', of('page', 'word_count'), (v) => logShare(v, 1_000)),
  signal('content', 4, 'title length', of('page', 'title_length'), (v) => within(v, 10, 70)),
  signal('content', 3, 'description', of('page', 'meta_description_length'), (v) => within(v, 50, 160)),
  signal('content', 3, 'described images', describedImages, asIs),
  signal('content', 3, 'may be indexed', of('page', 'noindex'), none),
  signal('content', 2, 'has a heading', of('page', 'h1_count'), some),
  signal('content', 2, 'structured data', of('page', 'json_ld_types'), some),

  signal('technical', 6, 'answers well', of('page', 'http_status'), (v) => (v >= 200 && v < 300 ? 1 : 0)),
  signal('technical', 5, 'https', of('page', 'https'), asIs),
  signal('technical', 4, 'load time', of('page', 'total_ms'), (v) => quickness(v, 300, 5_000)),
  signal('technical', 2, 'few redirects', of('page', 'redirect_count'), (v) => 1 - share(v, 5)),
  signal('technical', 2, 'strict transport', of('page', 'hsts'), asIs),
  signal('technical', 1, 'signed DNS', of('dns', 'dnssec'), asIs),
];
