import { isAlarming, type Check } from './check-provider.js';

/** 0: nobody needs to look; 1: somebody does. For cron. */
export function exitCode(checks: readonly Check[]): 0 | 1 {
  return checks.some(isAlarming) ? 1 : 0;
}
