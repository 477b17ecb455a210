import axios, { type AxiosInstance } from 'axios';

/** For a person's commands against our own API: every status is a result, nothing is retried or redirected. */
export function createHttpClient(baseURL: string, timeoutMs = 30_000): AxiosInstance {
  return axios.create({
    baseURL,
    timeout: timeoutMs,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  });
}
