import { FAULT_NAMES, type FaultName, type PlannedFault } from './faults.js';

const LINE =
  /^at (\d+(?:\.\d+)?) ?(ms|s|min|h) ([a-z][a-z0-9-]*)(?: (?:answers|is))? ([a-z0-9-]+) for (\d+(?:\.\d+)?) ?(ms|s|min|h)$/i;
const MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };

/**
 * A line for each fault: `at 10 s moz answers 500 for 30 s`, `at 1 min page is slow for 20 s`. Empty lines and what
 * follows a # are left out.
 * @throws SyntaxError that names the line
 */
export function readScript(text: string): PlannedFault[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    const words = line.replace(/#.*/, '').trim();
    return words === '' ? [] : [readLine(words, at + 1)];
  });
}

function readLine(words: string, number: number): PlannedFault {
  const [, at, atUnit, provider, fault, span, spanUnit] = LINE.exec(words) ?? [];
  if (!provider || !fault)
    throw new SyntaxError(`line ${number}: "${words}" is not of the form: at 10 s moz answers 500 for 30 s`);
  if (!FAULT_NAMES.includes(fault as FaultName))
    throw new SyntaxError(
      `line ${number}: there is no fault "${fault}"; there are ${FAULT_NAMES.join(', ')}`,
    );
  return {
    provider,
    fault: fault as FaultName,
    atMs: Number(at) * MS[atUnit!.toLowerCase()]!,
    forMs: Number(span) * MS[spanUnit!.toLowerCase()]!,
  };
}
