import { createRequire } from 'node:module';
import './client.js';

interface Queue {
  pending: unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  canSendSocketRequestImmediately(): boolean;
  destroy(): void;
}
const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  settings: object,
) => Queue;

function queue(): Queue {
  const logger = { debug: () => undefined, warn: () => undefined };
  return new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    clientId: 'c',
    broker: 'b',
    logger,
  });
}

test('an idle connection arms no timer', () => {
  const idle = queue();
  idle.checkPendingRequests();
  expect(idle.throttleCheckTimeoutId).toBeNull();
});

test('a waiting request is looked at again', () => {
  const waiting = queue();
  waiting.canSendSocketRequestImmediately = () => false;
  waiting.pending.push({});
  waiting.checkPendingRequests();
  expect(waiting.throttleCheckTimeoutId).not.toBeNull();
  waiting.destroy();
});
