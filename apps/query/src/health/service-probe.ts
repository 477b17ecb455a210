import type { PartView, Probe } from '@assay/telemetry';

const WITHIN_MS = 2_000;

export interface ServiceProbe extends Probe {
  /** Parts that it told of last, as it sees them. */
  readonly parts: Readonly<Record<string, PartView>>;
}

/** Asks another service over HTTP how it is. It answers from memory, so a late answer is none. */
export function serviceProbe(url: string): ServiceProbe {
  let parts: Readonly<Record<string, PartView>> = {};
  return {
    get parts() {
      return parts;
    },
    ask: async () => {
      // What it said before says nothing about now.
      const reply = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(WITHIN_MS) }).catch(
        (error: unknown) => {
          parts = {};
          throw new Error(reasonOf(error));
        },
      );
      const body: unknown = await reply.json().catch(() => undefined);
      parts = partsOf(body);
      const fault = faultOf(reply.status, parts);
      if (fault) throw new Error(fault);
    },
    close: () => undefined,
  };
}

/** undefined for a service that is ready. */
export function faultOf(status: number, parts: Readonly<Record<string, PartView>>): string | undefined {
  const away = Object.entries(parts).filter(([, { ok }]) => !ok);
  if (away.length > 0) return away.map(([name, { error }]) => `${name}: ${error ?? 'away'}`).join('; ');
  return status === 200 ? undefined : `it answers with ${status}`;
}

function partsOf(body: unknown): Record<string, PartView> {
  const { parts } = (body ?? {}) as { parts?: Record<string, PartView> };
  return typeof parts === 'object' && parts !== null ? parts : {};
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  if ((error as Error).name === 'TimeoutError') return `no answer within ${WITHIN_MS / 1_000} s`;
  return cause?.code ?? cause?.message ?? message;
}
