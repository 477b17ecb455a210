import { firstNumberOf, numberOf, threatMatches } from './numbers-by-ask.js';
import type { Contribution, SpamInput, SpamSignal } from './spam-signal.js';

type Judge = (value: number) => Contribution | undefined;

const on = (ask: string, metric: string, judge: Judge): SpamSignal =>
  reading(({ numbers }) => numberOf(numbers, ask, metric), judge);

const onMoz = (metric: string, judge: Judge): SpamSignal =>
  reading(({ numbers }) => firstNumberOf(numbers, ['moz.domain', 'moz.url'], metric), judge);

function reading(read: (input: SpamInput) => number | undefined, judge: Judge): SpamSignal {
  return (input) => {
    const value = read(input);
    return value === undefined ? undefined : judge(value);
  };
}

const when = (holds: boolean, weight: number, reason: string): Contribution | undefined =>
  holds ? { weight, reason } : undefined;

const limit = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

function byAge(days: number): Contribution | undefined {
  if (days < 30) return { weight: 1.6, reason: `domain registered ${days} days ago` };
  if (days < 180) return { weight: 0.8, reason: `domain registered ${days} days ago` };
  return when(days > 1_825, -1, `domain registered ${Math.floor(days / 365)} years ago`);
}

/** Signals from providers' numbers. Weights are log-odds. */
export const MEASURED_SIGNALS: readonly SpamSignal[] = [
  reading(
    ({ numbers }) => threatMatches(numbers),
    (v) => when(v > 0, 6, 'listed by Google Safe Browsing'),
  ),
  onMoz('spam_score', (v) => ({
    weight: limit((v - 20) / 20, -0.8, 3),
    reason: `Moz spam score ${v} of 100`,
  })),
  onMoz('domain_authority', (v) => ({
    weight: limit((25 - v) / 25, -2, 0.8),
    reason: `domain authority ${v} of 100`,
  })),
  on('openpagerank', 'open_page_rank', (v) => ({
    weight: limit((2 - v) / 2, -1.8, 0.6),
    reason: `Open PageRank ${v} of 10`,
  })),
  on('rdap', 'age_days', byAge),
  on('rdap', 'days_to_expiry', (v) => when(v < 60, 0.3, `registration ends in ${v} days`)),
  on('dns', 'mx_count', (v) => when(v === 0, 0.3, 'domain takes no mail')),
  on('page', 'poison_word_count', (v) => when(v > 0, Math.min(0.5 * v, 2.5), `${v} words typical of spam`)),
  on('page', 'word_count', (v) => when(v < 50, 0.5, `only ${v} words on the page`)),
  on('page', 'canonical_off_site', (v) => when(v === 1, 0.7, 'canonical link leads to another site')),
  on('page', 'external_domains', (v) => when(v > 50, 0.7, `links to ${v} other domains`)),
  on('page', 'meta_refresh_count', (v) => when(v > 0, 0.6, 'page sends visitors on by itself')),
  on('page', 'iframes', (v) => when(v > 5, 0.3, `${v} frames on the page`)),
  on('page', 'https', (v) => when(v === 0, 0.5, 'no https')),
  on('page', 'has_favicon', (v) => when(v === 0, 0.2, 'no icon')),
  (input) => bareOfContact(input),
  (input) => openPassword(input),
];

/** Each alone means little: many good pages lack one. */
function bareOfContact({ numbers }: SpamInput): Contribution | undefined {
  const marks = ['has_email', 'has_phone', 'has_linkedin', 'has_analytics_tag'];
  const values = marks.map((metric) => numberOf(numbers, 'page', metric));
  return when(
    values.every((value) => value === 0),
    0.4,
    'no contact, profile or analytics on the page',
  );
}

function openPassword({ numbers }: SpamInput): Contribution | undefined {
  const asks = (numberOf(numbers, 'page', 'password_inputs') ?? 0) > 0;
  return when(asks && numberOf(numbers, 'page', 'https') === 0, 1.2, 'asks for a password without https');
}
