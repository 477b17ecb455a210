/** Product token of a User-Agent, lower case: `assay` for `Assay/0.1 (+https://…)`. */
export function agentName(userAgent: string): string {
  const name = userAgent.trim().toLowerCase();
  const end = name.search(/[/\s]/);
  return end < 0 ? name : name.slice(0, end);
}
