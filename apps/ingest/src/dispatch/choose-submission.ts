export interface Candidate {
  readonly id: string;
  readonly weight: number;
}

/**
 * Round-robin by weight: over any stretch each candidate gets turns in proportion to its weight, and
 * they are spread, not bunched. `credit` is kept between calls; it forgets who is no candidate.
 */
export function chooseSubmission(
  candidates: readonly Candidate[],
  credit: ReadonlyMap<string, number>,
): { chosen: Candidate | undefined; credit: Map<string, number> } {
  const next = new Map<string, number>();
  let total = 0;
  let chosen: Candidate | undefined;
  for (const candidate of candidates) {
    total += candidate.weight;
    next.set(candidate.id, (credit.get(candidate.id) ?? 0) + candidate.weight);
    if (!chosen || next.get(candidate.id)! > next.get(chosen.id)!) chosen = candidate;
  }
  if (chosen) next.set(chosen.id, next.get(chosen.id)! - total);
  return { chosen, credit: next };
}
