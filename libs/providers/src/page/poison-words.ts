/** Words that spam pages live on: pharmacy, gambling, loans, counterfeit, adult, get-rich. English, lower case. */
const WORDS = `
  viagra cialis levitra tramadol xanax valium ambien phentermine pharmacy prescription pills steroids
  casino casinos poker roulette blackjack baccarat slots jackpot betting sportsbook gambling bingo lottery
  payday loan loans refinance mortgage consolidation bankruptcy
  replica replicas rolex gucci vuitton counterfeit knockoff
  porn porno xxx escort escorts milf camgirl camgirls webcam nude hentai hookup
  forex binary bitcoin crypto airdrop giveaway giveaways millionaire
  cheap cheapest bargain freebie freebies winner prize guaranteed miracle weightloss slimming keto
  essay essays dissertation backlinks backlink warez keygen serial torrent crack cracked
`;

/** By `hashOf`; the word itself settles it. */
const BY_HASH = new Map<number, string>(
  WORDS.trim()
    .split(/\s+/)
    .map((word) => [hashOf(word), word]),
);

export const HASH_START = 0x811c9dc5;

/** FNV-1a step over a lower-case code unit, kept in 32 bits. */
export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = hashStep(hash, word.charCodeAt(at));
  return hash;
}

/** The poison word with this hash, if any: compare it before believing it. */
export function poisonWordOf(hash: number): string | undefined {
  return BY_HASH.get(hash);
}
