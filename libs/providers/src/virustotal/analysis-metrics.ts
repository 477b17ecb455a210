import { count, date, score } from '../metric.js';

export const ANALYSIS_METRICS = [
  count('malicious', 'engines', 'Engines that call it malicious'),
  count('suspicious', 'engines', 'Engines that call it suspicious'),
  count('harmless', 'engines', 'Engines that call it harmless'),
  count('undetected', 'engines', 'Engines without an opinion'),
  count('timeouts', 'engines', 'Engines that did not answer in time'),
  score('reputation', 'Score by votes of the community; negative: bad', [-1_000_000, 1_000_000]),
  count('times_submitted', '', 'How often the URL was handed in'),
  count('votes_harmless', 'votes', 'Votes that it is harmless'),
  count('votes_malicious', 'votes', 'Votes that it is malicious'),
  count('http_status', '', 'Status of the last visit by VirusTotal', [100, 599]),
  date('analysed_at', 'When the engines last looked'),
];
/** Known of a URL, not of a domain. */
export const URL_ONLY: ReadonlySet<string> = new Set(['times_submitted', 'http_status']);
