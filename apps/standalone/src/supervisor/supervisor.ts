import { ManagedService, type ServiceSurroundings } from './managed-service.js';
import type { ServiceSpec } from './service-spec.js';

/** Starts services, starts again what dies, ends them all. */
export class Supervisor {
  private readonly services = new Map<string, ManagedService>();
  private stopped = false;

  constructor(private readonly around: ServiceSurroundings) {}

  /** Starts them at once; resolves when all are ready. @throws the first that could not */
  async start(specs: readonly ServiceSpec[]): Promise<void> {
    if (this.stopped) throw new Error('the system is stopping');
    const started = specs.map((spec) => {
      if (this.services.has(spec.name)) throw new RangeError(`there is a service ${spec.name} already`);
      const service = new ManagedService(spec, this.around);
      this.services.set(spec.name, service);
      return service.start();
    });
    await Promise.all(started);
  }

  /** @throws RangeError for a name that was not started */
  service(name: string): ManagedService {
    const service = this.services.get(name);
    if (service) return service;
    throw new RangeError(`no service ${name}; there are ${[...this.services.keys()].join(', ')}`);
  }

  /** Of what runs now, by name. */
  pids(): Record<string, number> {
    const pids: Record<string, number> = {};
    for (const [name, { pid }] of this.services) if (pid !== undefined) pids[name] = pid;
    return pids;
  }

  /** SIGTERM to all at once, after `withinMs` SIGKILL. Resolves when every process is gone. */
  async stop(withinMs: number): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.services.values()].map((service) => service.stop(withinMs)));
  }
}
