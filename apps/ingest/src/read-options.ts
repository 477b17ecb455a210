import { SubmissionOptions } from '@assay/contracts';
import { Refusal } from './problem.js';

export const OPTION_NAMES = Object.keys(SubmissionOptions.schema.properties);
const NUMBERS = new Set(['patienceMs', 'maxAgeMs', 'weight']);
const DEADLINES = new Set(['round1Ms', 'deadlineMs']);

/** Options as query parameters: `providers=page,dns&lane=bulk&round1Ms=20000`. Not checked yet. */
export function optionsOfQuery(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  const deadlines: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    if (DEADLINES.has(name)) deadlines[name] = numberOf(value);
    else if (NUMBERS.has(name)) options[name] = numberOf(value);
    else if (name === 'providers')
      options[name] = String(value)
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean);
    else options[name] = value;
  }
  return Object.keys(deadlines).length > 0 ? { ...options, deadlines } : options;
}

function numberOf(value: unknown): unknown {
  const number = Number(value);
  return value === '' || Number.isNaN(number) ? value : number;
}

/** @throws Refusal (400) that names each fault */
export function checkOptions(options: Record<string, unknown>): SubmissionOptions {
  if (SubmissionOptions.check(options)) return options;
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new Refusal(
      400,
      `There is no option "${unknown.slice(0, 64)}". Known: ${OPTION_NAMES.join(', ')}.`,
    );
  }
  const faults = SubmissionOptions.faults(options).map((fault) => fault.slice(1).replaceAll('/', '.'));
  throw new Refusal(400, `Options are not usable: ${faults.join('; ')}.`);
}
