import { classOf } from './domain-class.js';
import { draws } from './hash.js';
import { domainOf, hostOf } from './unit.js';

/** How fast a page is and how well it is made, drawn by host so that pages of a site are alike. */
export interface Speed {
  readonly lcpMs: number;
  readonly inpMs: number;
  /** In hundredths. */
  readonly shift: number;
  readonly ttfbMs: number;
  readonly tbtMs: number;
  /** 0–1 each. */
  readonly performance: number;
  readonly accessibility: number;
  readonly practices: number;
  readonly seo: number;
  /** 0–145, of the headers. */
  readonly security: number;
}

export function speedOf(unit: string): Speed {
  const is = classOf(domainOf(unit));
  const draw = draws(`speed|${hostOf(unit)}`);
  const slow = is === 'spam' ? 1.6 : is === 'popular' ? 0.8 : 1;
  const lcpMs = Math.round((900 + 3_800 * draw.next() ** 2) * slow);
  const hundredths = (from: number) => Math.round(100 * (from + (1 - from) * draw.next())) / 100;
  return {
    lcpMs,
    inpMs: Math.round((40 + 360 * draw.next() ** 2) * slow),
    shift: draw.chance(0.3) ? 0 : Math.round(40 * draw.next() ** 2 * slow),
    ttfbMs: Math.round((80 + 1_500 * draw.next() ** 2) * slow),
    tbtMs: draw.chance(0.2) ? 0 : Math.round(900 * draw.next() ** 2 * slow),
    performance: Math.max(0.05, Math.round(100 * (1.05 - lcpMs / 6_500)) / 100),
    accessibility: hundredths(0.6),
    practices: hundredths(0.5),
    seo: hundredths(is === 'spam' ? 0.4 : 0.7),
    security: is === 'popular' ? draw.int(60, 130) : is === 'spam' ? draw.int(0, 30) : draw.int(0, 90),
  };
}
