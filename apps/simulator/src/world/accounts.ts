import { hash32, share } from './hash.js';

/** An account on a network; undefined: nobody has that name there. */
export interface Account {
  readonly followers: number;
  readonly following: number;
  readonly posts: number;
  readonly createdAt: number;
}

const FIRST: Readonly<Record<string, number>> = {
  github: Date.UTC(2009, 0, 1),
  mastodon: Date.UTC(2017, 3, 1),
  bluesky: Date.UTC(2023, 3, 1),
};
const LAST = Date.UTC(2026, 0, 1);

export function accountOf(network: string, handle: string): Account | undefined {
  const name = handle.toLowerCase();
  if (share(name, `nobody|${network}`) < 0.1) return undefined;
  const first = FIRST[network] ?? LAST;
  const quiet = share(name, `quiet|${network}`) < 0.15;
  const draw = (what: string, powers: number) =>
    quiet ? 0 : Math.floor(10 ** (powers * share(name, `${what}|${network}`))) - 1;
  return {
    followers: draw('followers', 5),
    following: draw('following', 3),
    posts: draw('posts', 4),
    createdAt: first + (hash32(`created|${network}|${name}`) % Math.floor((LAST - first) / 1_000)) * 1_000,
  };
}
