/** The consumer group of a provider's fetchers. */
export function groupOf({ id }: { readonly id: string }): string {
  return `fetcher.${id}`;
}
