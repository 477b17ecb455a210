import type { Finding, ProviderReply } from '@assay/providers';
import { callClass } from '../answers/call-class.js';
import type { EndedCall } from '../answers/answer-store.js';
import type { Exchange } from '../calls/conversation.js';
import { chargedCall, chargedUnit, type Charged } from './charged.js';

const NOT_ALIVE: ProviderReply = {
  kind: 'error',
  error: 'reset',
  message: 'not sent: this process was away for too long',
  unsent: true,
};

/** A call that was claimed: what goes over the wire for it, and what the ledger says at its end. */
export class OpenCall {
  #sent = 0;
  #accepted = false;
  #bytes = 0;
  #isEnded = false;

  constructor(
    readonly id: string,
    /** Answer keys of its units, by place. */
    private readonly keys: readonly string[],
    /** False once others may take this process for dead and end its calls. */
    private readonly mayStart: () => boolean,
  ) {}

  /** The same exchange, counted; nothing is sent without the right to. */
  through(exchange: Exchange): Exchange {
    return async (request) => {
      if (!this.mayStart()) return NOT_ALIVE;
      const reply = await exchange(request);
      // What is shared (a token) is not what is billed.
      if (!request.sharedForMs) this.#count(reply);
      return reply;
    };
  }

  /** What it came to was said. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  charged(finding: Finding): Charged {
    return chargedUnit(finding, { sent: this.#sent, accepted: this.#accepted });
  }

  /** What it came to. `message` holds no key. */
  ended(findings: readonly Finding[], message: string | undefined, latencyMs: number): EndedCall {
    this.#isEnded = true;
    const units = findings.map((finding, at) => ({
      key: this.keys[at]!,
      outcome: finding.outcome === 'failed' ? finding.class : finding.outcome,
      charged: this.charged(finding),
    }));
    return {
      id: this.id,
      class: callClass(findings),
      requests: this.#sent,
      charged: chargedCall(units.map(({ charged }) => charged)),
      latencyMs: Math.round(latencyMs),
      bytes: this.#bytes,
      units,
      ...(message === undefined ? {} : { message: storable(message) }),
    };
  }

  /** It came to no finding: not begun, or broken off. */
  brokenOff(latencyMs: number): EndedCall {
    const findings = this.keys.map((): Finding => ({ outcome: 'failed', class: 'network', message: '' }));
    return this.ended(findings, 'broken off', latencyMs);
  }

  #count(reply: ProviderReply): void {
    if (reply.kind === 'error') this.#sent += reply.unsent ? 0 : 1;
    else {
      this.#sent++;
      this.#accepted ||= reply.status >= 200 && reply.status < 300;
      this.#bytes += reply.body.length;
    }
  }
}

/** PostgreSQL takes neither NUL nor half a surrogate pair, and a provider may quote either. */
function storable(text: string): string {
  return Buffer.from(text).toString().replaceAll('\0', '');
}
