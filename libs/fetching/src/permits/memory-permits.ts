import { permitKey, type PermitStore, type StoredPermits } from './permit-store.js';

/** Permits of one process that shares them with nobody. */
export function memoryPermits(now: () => number = Date.now): PermitStore {
  const kept = new Map<string, StoredPermits>();
  return {
    write(writes) {
      const lost = new Map<string, StoredPermits | undefined>();
      for (const write of writes) {
        const key = permitKey(write);
        const stored = kept.get(key);
        if (stored ? stored.revision === write.revision - 1 : write.first) kept.set(key, write);
        else lost.set(key, stored);
      }
      return Promise.resolve({ now: now(), lost });
    },
  };
}
