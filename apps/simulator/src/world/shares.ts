import { talkOf } from './attention.js';

/** What Facebook counts of a page; every service that passes it on tells the same. */
export function facebookOf(unit: string) {
  const shares = talkOf(unit, 'facebook', 6.5);
  const none = shares <= 0;
  return {
    share_count: none ? 0 : shares,
    reaction_count: none ? 0 : Math.round(shares * 1.8),
    comment_count: none ? 0 : Math.round(shares * 0.3),
    comment_plugin_count: none ? 0 : Math.round(shares * 0.001),
  };
}
