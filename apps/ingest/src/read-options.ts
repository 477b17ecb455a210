import { SubmissionOptions } from '@assay/contracts';
import { Refusal } from './problem.js';

export const OPTION_NAMES = Object.keys(SubmissionOptions.schema.properties);
const NUMBERS = new Set(['patienceMs', 'maxAgeMs', 'weight']);
const DEADLINES = new Set(['round1Ms', 'deadlineMs']);
/** `maxPrice`, `maxCalls.moz` */
const CEILING = /^(maxPrice|maxCalls)(?:\.(.+))?$/;

/** Options as query parameters: `providers=page,dns&lane=bulk&round1Ms=20000`. Not checked yet. */
export function optionsOfQuery(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  const deadlines: Record<string, unknown> = {};
  const ceilings = ceilingsOf(query);
  for (const [name, value] of Object.entries(query)) {
    if (CEILING.test(name)) continue;
    if (DEADLINES.has(name)) deadlines[name] = numberOf(value);
    else if (NUMBERS.has(name)) options[name] = numberOf(value);
    else if (name === 'refresh') options[name] = value === 'true' || (value === 'false' ? false : value);
    else if (name === 'providers')
      options[name] = String(value)
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean);
    else options[name] = value;
  }
  return {
    ...options,
    ...(Object.keys(deadlines).length > 0 && { deadlines }),
    ...(ceilings && { ceilings }),
  };
}

/** `maxPrice=5&maxCalls.moz=100`: those of the submission and, behind a dot, of a provider. */
function ceilingsOf(query: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const all: Record<string, unknown> = {};
  const providers = new Map<string, Record<string, unknown>>();
  for (const [name, value] of Object.entries(query)) {
    const [, what, provider] = CEILING.exec(name) ?? [];
    if (!what) continue;
    if (provider === undefined) all[what] = numberOf(value);
    else providers.set(provider, { ...providers.get(provider), [what]: numberOf(value) });
  }
  if (providers.size > 0) return { ...all, providers: Object.fromEntries(providers) };
  return Object.keys(all).length > 0 ? all : undefined;
}

function numberOf(value: unknown): unknown {
  const number = Number(value);
  return value === '' || Number.isNaN(number) ? value : number;
}

/** @throws Refusal (400) that names each fault */
export function checkOptions(options: Record<string, unknown>): SubmissionOptions {
  if (SubmissionOptions.check(options)) {
    if (options.refresh && (options.maxAgeMs ?? 0) !== 0) throw new Refusal(400, REFRESH);
    return options;
  }
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new Refusal(
      400,
      `There is no option "${unknown.slice(0, 64)}". Known: ${OPTION_NAMES.join(', ')}.`,
    );
  }
  throw new Refusal(400, `Options are not usable: ${faultsOf(SubmissionOptions, options)}.`);
}

/** `ceilings.maxPrice: must be >= 0; …`; what is wrong with all of it stands behind `body`. */
export function faultsOf({ faults }: Pick<typeof SubmissionOptions, 'faults'>, value: unknown): string {
  return faults(value)
    .map((fault) => {
      const end = fault.indexOf(': ');
      return `${fault.slice(1, end).replaceAll('/', '.') || 'body'}${fault.slice(end)}`;
    })
    .join('; ');
}

const REFRESH = 'refresh asks everything anew, which is maxAgeMs 0: give one of the two.';
