import { Controller, Get, Inject } from '@nestjs/common';
import type { Database } from '@assay/database';
import { Refusal } from './problem.js';
import { DATABASE } from './tokens.js';

@Controller('healthz')
export class HealthController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  async check(): Promise<{ status: 'ok' }> {
    await this.database.query({ name: 'healthz', text: 'SELECT 1' }).catch((error: unknown) => {
      throw new Refusal(503, 'PostgreSQL does not answer: see that it runs and that DATABASE_URL is right.', {
        cause: error,
      });
    });
    return { status: 'ok' };
  }
}
