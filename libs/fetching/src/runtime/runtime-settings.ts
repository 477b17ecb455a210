import type { Provider } from '@assay/providers';
import type { GiveWay } from '../governor/governor-settings.js';
import type { SharedBreakers } from '../breakers/shared-breakers.js';
import type { PermitDesk } from '../permits/permit-desk.js';
import type { SeenCall } from '../health/seen-call.js';
import type { Transport } from '../transport/transport.js';
import type { Lane } from '@assay/contracts';
import type { Control, StateChange } from './ask.js';
import type { RuntimeLog } from './runtime-log.js';
import type { SharedReplies } from '../calls/shared-replies.js';
import type { SharedAnswers } from './shared-answers.js';

export interface RuntimeSettings {
  readonly provider: Provider;
  readonly transport: Transport;
  readonly answers: SharedAnswers;
  readonly logger: RuntimeLog;
  /** Our keys at the provider, used by what is left of their quota; empty where it needs none. */
  readonly keys?: readonly string[];
  readonly userAgent: string;
  /** Multiplies the permits of every limit window, and divides what hosts ask for between calls. Default 1. */
  readonly limitsFactor?: number;
  /** Share of a day's quota that bulk leaves to express, 0–1. Default 0. */
  readonly dailyReserve?: number;
  /** Permits shared by all processes. Default: this runtime is alone. */
  readonly permits?: PermitDesk;
  /** Breakers shared by all processes. Default: this runtime is alone. */
  readonly breakers?: SharedBreakers;
  /** This process, as others see it in shared tables. */
  readonly worker?: string;
  /** Until when calls may start, in ms since 1970: the last sign of life to the group and its session timeout. */
  readonly mayStartUntil?: () => number;
  /** Limit keys (hosts, registries) remembered while idle, each with its breaker. Default 2,000. */
  readonly maxKeys?: number;
  /** Shared by all runtimes of a process. Default: bulk never gives way. */
  readonly giveWay?: GiveWay;
  /** Replies that are the same for all who ask, shared by all runtimes of a process. Default: of this one. */
  readonly shared?: SharedReplies;
  /** Submissions that are paused or cancelled; call `controlled` when that changes. Default: none is. */
  readonly control?: Control;
  /** Expected start of the last row that waits elsewhere for a limit key; in the past where none does. Default: none. */
  readonly parkedUntil?: (limitKey: string, lane: Lane) => number;
  readonly onState?: (change: StateChange) => void;
  /** Told of every call when it has ended; must not throw. */
  readonly onCall?: (call: SeenCall) => void;
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}
