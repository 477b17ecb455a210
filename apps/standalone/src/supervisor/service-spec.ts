/** One service as the supervisor starts it: an OS process of its own. */
export interface ServiceSpec {
  /** For people and log files; unique. */
  readonly name: string;
  /** Absolute path of its main.js. */
  readonly script: string;
  /** Set on top of what every service inherits. */
  readonly environment: Readonly<Record<string, string>>;
  /** Options of Node. */
  readonly nodeOptions?: readonly string[];
}

export type ServiceEvent =
  | { readonly kind: 'ready'; readonly service: string; readonly tookMs: number; readonly restart: number }
  | { readonly kind: 'ended'; readonly service: string; readonly how: string; readonly againInMs: number };
