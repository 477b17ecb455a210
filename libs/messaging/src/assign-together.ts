export interface Member {
  readonly id: string;
  /** Partitions it had before; it keeps as many of them as its share allows. */
  readonly owned: readonly number[];
}

/**
 * Gives each partition to one member, shares differing by at most one, and moves as few as that
 * allows. Every member computes the same from the same input, in whatever order members come.
 * @returns partitions by member id, in rising order.
 */
export function assignTogether(members: readonly Member[], partitions: number): Map<string, number[]> {
  const sorted = [...members].sort((a, b) => b.owned.length - a.owned.length || (a.id < b.id ? -1 : 1));
  const shares = new Map<string, number[]>();
  const taken = new Set<number>();
  sorted.forEach(({ id, owned }, index) => {
    const keeps = [...new Set(owned)]
      .filter((partition) => partition >= 0 && partition < partitions && !taken.has(partition))
      .slice(0, shareOf(index, sorted.length, partitions));
    for (const partition of keeps) taken.add(partition);
    shares.set(id, keeps);
  });
  const free = Array.from({ length: partitions }, (_, partition) => partition).filter((p) => !taken.has(p));
  sorted.forEach(({ id }, index) => {
    const share = shares.get(id)!;
    share.push(...free.splice(0, shareOf(index, sorted.length, partitions) - share.length));
    share.sort((a, b) => a - b);
  });
  return shares;
}

/** The first members in order carry the remainder: those that own the most, so that least moves. */
function shareOf(index: number, members: number, partitions: number): number {
  return Math.floor(partitions / members) + (index < partitions % members ? 1 : 0);
}
