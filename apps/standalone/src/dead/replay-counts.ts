import type { MessageName } from '@assay/contracts';

/** What a replay did, or would do. */
export class ReplayCounts {
  readonly #returned = new Map<string, Map<MessageName, number>>();
  /** Returned earlier. */
  before = 0;
  /** Without a group or a place that they could be returned to. */
  unable = 0;

  add({ group, message }: { readonly group: string; readonly message: MessageName }): void {
    const messages = this.#returned.get(group) ?? new Map<MessageName, number>();
    messages.set(message, (messages.get(message) ?? 0) + 1);
    this.#returned.set(group, messages);
  }

  /** By group, in the order of their names. */
  get returned(): readonly (readonly [string, ReadonlyMap<MessageName, number>])[] {
    return [...this.#returned].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** For people, line by line. */
export function replayText(counts: ReplayCounts, dryRun: boolean): string[] {
  const groups = counts.returned.map(([group, messages]) => {
    const sum = [...messages.values()].reduce((n, one) => n + one, 0);
    return { group, sum, messages: [...messages].map(([name, n]) => `${name} ${n}`).join(', ') };
  });
  const total = groups.reduce((n, { sum }) => n + sum, 0);
  const letters = total === 1 ? '1 dead letter' : `${total} dead letters`;
  const what = dryRun ? `${letters} would be returned` : `Returned ${letters}`;
  return [
    total === 0 ? 'No dead letter is to be returned.' : `${what}, to the group that gave up on each:`,
    ...groups.map(({ group, sum, messages }) => `  ${group}  ${sum}: ${messages}`),
    ...(counts.before > 0
      ? [`${counts.before} were returned before and are left alone: --again returns them once more.`]
      : []),
    ...(counts.unable > 0
      ? [`${counts.unable} name no group, topic or partition that they could go to.`]
      : []),
  ];
}
