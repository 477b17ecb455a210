import { RetryBudget } from './retry-budget.js';

test('a handful at first, then one retry for ten calls', () => {
  const budget = new RetryBudget();
  let retries = 0;
  for (let call = 0; call < 10_000; call++) {
    budget.called();
    // Every call fails, and would be tried three more times.
    for (let attempt = 0; attempt < 3; attempt++) if (budget.take()) retries++;
  }
  expect(retries).toBeLessThanOrEqual(10 + 1_000);
  expect(retries).toBeGreaterThanOrEqual(1_000);
});

test('what is saved in good times is bounded', () => {
  const budget = new RetryBudget();
  for (let call = 0; call < 100_000; call++) budget.called();
  let retries = 0;
  while (budget.take()) retries++;
  expect(retries).toBe(20);
});
