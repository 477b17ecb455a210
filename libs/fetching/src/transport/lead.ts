import { readFileSync } from 'node:fs';
import type { Lead } from './dialer.js';
import { resolveAt } from './resolve-name.js';

export interface LeadSettings {
  readonly mode: string;
  /** All four, or none of them. */
  readonly httpPort?: number | undefined;
  readonly httpsPort?: number | undefined;
  readonly dnsPort?: number | undefined;
  readonly caFile?: string | undefined;
}

/**
 * The simulator's address where one is given; undefined otherwise.
 * @throws RangeError outside demo and test, or where a part of the address is missing
 */
export function readLead(settings: LeadSettings): Lead | undefined {
  const { httpPort, httpsPort, dnsPort, caFile } = settings;
  if (!httpPort && !httpsPort && !dnsPort && !caFile) return undefined;
  if (settings.mode !== 'demo' && settings.mode !== 'test')
    throw new RangeError(
      `LEAD_* leads every connection to the simulator and is refused with ASSAY_MODE=${settings.mode}: unset them, or set ASSAY_MODE to demo or test.`,
    );
  if (!httpPort || !httpsPort || !dnsPort || !caFile)
    throw new RangeError(
      'LEAD_HTTP_PORT, LEAD_HTTPS_PORT, LEAD_DNS_PORT and LEAD_CA_FILE belong together: set all four.',
    );
  return { httpPort, httpsPort, resolve: resolveAt(dnsPort), ca: readFileSync(caFile, 'utf8') };
}
