import { dns } from './dns/dns.js';
import { moz } from './moz/moz.js';
import { openpagerank } from './openpagerank/openpagerank.js';
import type { Provider } from './provider.js';
import { page } from './page/page.js';
import { rdap } from './rdap/rdap.js';
import { safebrowsing } from './safebrowsing/safebrowsing.js';

/** All providers of this project, in the order of the flow: round one, then round two. */
export const builtInProviders: Provider[] = [page, dns, rdap, safebrowsing, openpagerank, moz];
