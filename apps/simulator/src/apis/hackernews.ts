import type { Truth } from '../truth/expected.js';
import { talkOf } from '../world/attention.js';
import { share } from '../world/hash.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';

const HOUR = 3_600_000;
const PER_PAGE = 50;
const FIRST_S = Date.UTC(2015, 0, 1) / 1_000;

const WORDS: ProviderWords = {
  tooMany: () => json(429, { message: 'Too many requests', status: 429 }),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => json(403, { message: 'Forbidden', status: 403 }),
};

/** Search in the addresses of stories; near misses come along, as a fuzzy search does. */
export const hackernews: Api = { id: 'hackernews', hosts: ['hn.algolia.com'], exchange: search, truth };

function search(request: WireRequest): Exchange {
  const unit = request.query.get('query') ?? '';
  const refused =
    request.path === '/api/v1/search' && request.method === 'GET' ? undefined : page(404, 'Not Found');
  return {
    provider: 'hackernews',
    asked: [{ surface: 'hackernews', unit }],
    unit,
    limit: { key: 'hackernews', windows: [{ permits: 10_000, perMs: HOUR, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(unit),
    words: WORDS,
  };
}

interface Story {
  readonly points: number | null;
  readonly comments: number | null;
  readonly atS: number;
}

/** At most a full page of them. */
function storiesOf(unit: string): Story[] {
  const count = Math.min(60, Math.max(0, talkOf(unit, 'hackernews', 1.7)));
  return Array.from({ length: count }, (_, at) => ({
    points:
      share(`${unit}|${at}`, 'no-points') < 0.05
        ? null
        : Math.round(10 ** (3 * share(`${unit}|${at}`, 'points'))),
    comments:
      share(`${unit}|${at}`, 'no-comments') < 0.05
        ? null
        : Math.floor(10 ** (2.5 * share(`${unit}|${at}`, 'comments'))) - 1,
    atS: FIRST_S + Math.floor(share(`${unit}|${at}`, 'at') * 340_000_000),
  }));
}

function answerOf(unit: string): WireAnswer {
  const stories = storiesOf(unit);
  const hits = stories.slice(0, PER_PAGE).map(({ points, comments, atS }, at) => ({
    created_at: new Date(atS * 1_000).toISOString(),
    title: `Story ${at}`,
    // Posted with either scheme, with or without a slash at the end.
    url: `${at % 3 === 0 ? 'http' : 'https'}://${unit.replace(/\/$/, '')}${at % 2 === 0 || unit.includes('?') ? '' : '/'}`,
    author: 'sim',
    points,
    story_text: null,
    num_comments: comments,
    created_at_i: atS,
    objectID: String(15_000_000 + at),
  }));
  const miss = {
    ...hits[0],
    url: `https://${unit.replace(/\/$/, '')}/another`,
    points: 99,
    num_comments: 9,
    created_at_i: FIRST_S,
  };
  const found =
    hits.length === 0 || hits.length === PER_PAGE ? hits : [...hits, miss, { ...miss, url: null }];
  const nbPages = Math.ceil(stories.length / PER_PAGE);
  return json(200, {
    hits: found,
    nbHits: found.length,
    page: 0,
    nbPages,
    hitsPerPage: PER_PAGE,
    exhaustiveNbHits: true,
    query: unit,
  });
}

function truth(url: string): Truth {
  const unit = url.replace(/^https?:\/\//, '').replace(/#.*$/, '');
  const all = storiesOf(unit);
  const stories = all.slice(0, PER_PAGE);
  const sum = (numbers: (number | null)[]) => numbers.reduce<number>((total, one) => total + (one ?? 0), 0);
  return {
    outcome: 'ok',
    numbers: {
      stories: stories.length,
      points: sum(stories.map(({ points }) => points)),
      comments: sum(stories.map(({ comments }) => comments)),
      capped: all.length > PER_PAGE,
      ...(stories.length > 0 && {
        first_story_at: new Date(Math.min(...stories.map(({ atS }) => atS)) * 1_000).toISOString(),
      }),
    },
  };
}
