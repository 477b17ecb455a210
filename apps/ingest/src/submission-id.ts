import { Refusal } from './problem.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isId(text: string): boolean {
  return UUID.test(text);
}

export function unknownSubmission(id: string): Refusal {
  return new Refusal(404, `There is no submission ${id.slice(0, 64)}: use the id that its 202 gave.`);
}
