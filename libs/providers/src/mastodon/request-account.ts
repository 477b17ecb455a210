import type { AskContext, ProviderRequest, Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';

const HANDLE = /^@?([\w.-]{1,64})@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)$/i;

/** User and instance of `user@instance`; undefined for what is no such handle: an address is no instance. */
export function readHandle(handle: string): { user: string; instance: string } | undefined {
  const [, user, host] = HANDLE.exec(handle) ?? [];
  const instance = host?.toLowerCase();
  return user && instance && !isIpAddress(instance) ? { user, instance } : undefined;
}

export function instanceOf(handle: string): string | undefined {
  return readHandle(handle)?.instance;
}

/** Nothing is sent for what is no handle. */
export function request([question]: readonly Question[], { userAgent }: AskContext): ProviderRequest[] {
  const handle = question && readHandle(question.unit);
  if (!handle) return [];
  const url = `https://${handle.instance}/api/v1/accounts/lookup?acct=${encodeURIComponent(handle.user)}`;
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url, headers, foreign: true }];
}
