/** `count` distinct URLs spread over `domains` registrable domains, hosts interleaved; the same list each time. */
export function benchUrls(count: number, domains: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const domain = i % domains;
    return `https://www.site-${domain}.com/articles/${Math.floor(i / domains)}/a-page-with-an-ordinary-path?id=${i}`;
  });
}
