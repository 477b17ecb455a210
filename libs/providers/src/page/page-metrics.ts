import { count, flag, score, text } from '../metric.js';

/** About the fetch itself: measured whenever a host answered. */
const FETCH = [
  count('http_status', '', 'HTTP status of the last page reached', [100, 999]),
  count('redirect_count', 'redirects', 'HTTP redirects followed'),
  text('final_url', 'Address after all redirects'),
  count('ttfb_ms', 'ms', 'Until the first byte of the last page'),
  count('total_ms', 'ms', 'Until the last byte of the last page'),
  count('bytes', 'B', 'Size of the page after decompression; missing where it was not read to its end'),
  flag('https', 'The last page came over TLS'),
  flag('hsts', 'The last page came over TLS and demands it for the future'),
  text(
    'problem',
    'Why there are no content numbers: http_error, not_html, too_large, bad_redirect, redirect_loop, too_many_redirects',
  ),
];

/** Stand in the head: known also of a page that was cut at its size limit. */
const HEAD = [
  count('title_length', 'characters', 'Length of the title; 0 where there is none'),
  count('meta_description_length', 'characters', 'Length of the meta description; 0 where there is none'),
  flag('noindex', 'Asks search engines, or us, not to list the page'),
  flag('nofollow', 'Asks search engines, or us, not to follow its links'),
  flag('has_canonical', 'Has a rel=canonical link'),
  flag('canonical_self', 'The rel=canonical link names the page itself'),
  flag('canonical_off_site', 'Canonical or og:url names another registrable domain, which is ignored'),
  count('hreflang_count', 'links', 'Links to versions in other languages'),
  flag('has_favicon', 'Declares an icon'),
  count('meta_refresh_count', 'redirects', 'Redirects by meta refresh, which are not followed'),
];

const BODY = [
  count('h1_count', 'headings', 'Top-level headings'),
  count('word_count', 'words', 'Visible words between white space that hold a letter or digit'),
  score('text_ratio', 'Share of visible characters, without white space, in the markup', [0, 1]),
  count('internal_links', 'links', 'Links within the registrable domain'),
  count('external_links', 'links', 'Links to other registrable domains'),
  count('external_domains', 'domains', 'Registrable domains linked to'),
  count('nofollow_links', 'links', 'Links marked nofollow'),
  count('images', 'images', 'Images'),
  count('images_without_alt', 'images', 'Images without an alt attribute; an empty one counts as given'),
  count('scripts', 'scripts', 'Scripts, inline and linked; data blocks are none'),
  count('iframes', 'frames', 'Inline frames'),
  count('forms', 'forms', 'Forms'),
  count('password_inputs', 'fields', 'Password fields'),
  count('json_ld_types', 'types', 'Distinct types of the top-level items in JSON-LD'),
  flag('has_email', 'Shows or links an e-mail address'),
  flag('has_phone', 'Links a phone number, or shows one with its country code'),
  flag('has_linkedin', 'Links to LinkedIn'),
  flag('has_analytics_tag', 'Loads a known analytics or tag manager script'),
  count('poison_word_count', 'words', 'Words of the spam vocabulary in title and visible text'),
];

export const PAGE_METRICS = [...FETCH, ...HEAD, ...BODY];
