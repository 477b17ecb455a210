import { newId } from './new-id.js';

test('ids are version 7, never twice, and carry their time', () => {
  const at = Date.parse('2026-05-01T12:00:00Z');
  const ids = Array.from({ length: 3_000 }, () => newId(at));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(at);
  }
});
