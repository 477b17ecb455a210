import { json, type WireAnswer } from '../wire/exchange.js';

/** The error object of every Google API. */
export function googleError(code: number, status: string, message: string): WireAnswer {
  return json(code, { error: { code, message, status } });
}
