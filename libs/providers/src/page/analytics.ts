/** Hosts and calls by which known analytics and tag managers are loaded. */
const MARKS = [
  'googletagmanager.com',
  'google-analytics.com',
  'plausible.io/js',
  'matomo.js',
  'piwik.js',
  'static.hotjar.com',
  'cdn.segment.com',
  'clarity.ms/tag',
  'cloudflareinsights.com',
  'mc.yandex.ru/metrika',
  'usefathom.com',
  'umami.is/script.js',
  'connect.facebook.net',
];

/** In the address or the text of a script. */
export function mentionsAnalytics(text: string): boolean {
  return MARKS.some((mark) => text.includes(mark));
}
