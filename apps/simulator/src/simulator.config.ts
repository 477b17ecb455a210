import { ConfigError, Port, Type, readConfig } from '@assay/config';
import { readLimitsByProvider } from './wire/limit-request.js';
import type { SetLimits } from './wire/limits.js';
import type { LatencyRange } from './world/domain-class.js';

export interface SimulatorConfig {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly dnsPort: number;
  readonly controlPort: number;
  readonly caFile: string;
  readonly limitsFactor: number;
  readonly latency: LatencyRange;
  /** Where counts are kept over restarts; absent: they are not. */
  readonly countsFile?: string;
  /** Windows by provider in the place of the documented ones, as they are; absent: none. */
  readonly limits?: SetLimits;
  /** Faults by time, from the start on; see `readScript`. */
  readonly script?: string;
}

export const SimulatorSettings = Type.Object({
  SIMULATOR_HTTP_PORT: Port(3_180, 'Port of the simulated web and providers over http; 0: a free one.'),
  SIMULATOR_HTTPS_PORT: Port(3_143, 'The same over https.'),
  SIMULATOR_DNS_PORT: Port(3_153, 'UDP port of the simulated resolver.'),
  SIMULATOR_CONTROL_PORT: Port(3_190, 'Loopback port for counts, faults and ground truth.'),
  SIMULATOR_CA_FILE: Type.String({
    default: '.data/simulator-ca.pem',
    description: 'Where the certificate of the authority is written; its key lies beside it.',
  }),
  LIMITS_FACTOR: Type.Number({
    exclusiveMinimum: 0,
    default: 1,
    description: 'Multiplies the documented limits of every provider.',
  }),
  SIMULATOR_COUNTS_FILE: Type.String({
    default: '',
    description: 'Where the books of calls are kept over restarts. Empty: they are not.',
  }),
  SIMULATOR_SCRIPT: Type.String({
    default: '',
    description: 'Faults by time from the start, a line or a ; each: at 10 s moz answers 500 for 30 s.',
  }),
  SIMULATOR_LIMITS: Type.String({
    default: '',
    description:
      'Limits by provider id from the start, not multiplied: {"moz":[{"permits":50,"perMs":1000,"of":"calls"}]}',
  }),
  SIMULATOR_LATENCY: Type.String({
    pattern: String.raw`^\d{1,5}-\d{1,5}$`,
    default: '20-200',
    description: 'Shortest and longest time of an answer in milliseconds.',
  }),
});

/** @throws ConfigError */
export function readSimulatorConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SimulatorConfig {
  const read = readConfig(SimulatorSettings, environment);
  const [first = 0, second = 0] = read.SIMULATOR_LATENCY.split('-').map(Number);
  return {
    httpPort: read.SIMULATOR_HTTP_PORT,
    httpsPort: read.SIMULATOR_HTTPS_PORT,
    dnsPort: read.SIMULATOR_DNS_PORT,
    controlPort: read.SIMULATOR_CONTROL_PORT,
    caFile: read.SIMULATOR_CA_FILE,
    limitsFactor: read.LIMITS_FACTOR,
    latency: { minMs: Math.min(first, second), maxMs: Math.max(first, second) },
    ...(read.SIMULATOR_LIMITS && { limits: limitsOf(read.SIMULATOR_LIMITS) }),
    ...(read.SIMULATOR_COUNTS_FILE && { countsFile: read.SIMULATOR_COUNTS_FILE }),
    ...(read.SIMULATOR_SCRIPT && { script: read.SIMULATOR_SCRIPT.replaceAll(';', '\n') }),
  };
}

function limitsOf(text: string): SetLimits {
  try {
    return readLimitsByProvider(text);
  } catch (error) {
    throw new ConfigError([`SIMULATOR_LIMITS: ${(error as Error).message}`]);
  }
}
