/** Keeps the last `limit` results of a pure function of one text. */
export function remember<T>(limit: number, make: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (kept.size >= limit) kept.delete(kept.keys().next().value as string);
    kept.set(text, made);
    return made;
  };
}
