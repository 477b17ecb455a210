/** Any key that starts with this is good; every other one is refused in the provider's own words. */
export const KEY_PREFIX = 'sim-';

export function acceptsKey(key: string | undefined): boolean {
  return key?.startsWith(KEY_PREFIX) ?? false;
}
