import { count, date, flag, text } from '../metric.js';

export const LISTING_METRICS = [
  flag('listed', 'Stands in the list; what does not is absent'),
  flag('online', 'The URL still spread malware when it was last looked at'),
  text('threat', 'Kind of threat, such as malware_download'),
  count('blacklist_count', 'lists', 'Other blacklists that name it, of those URLhaus asks'),
  count('tag_count', '', 'Tags of the entry'),
  count('payload_count', 'files', 'Malicious files that were fetched from the URL'),
  count('url_count', 'URLs', 'Malware URLs seen on the host'),
  date('added_at', 'When it was first listed'),
];
