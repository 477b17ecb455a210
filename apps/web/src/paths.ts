/** The API path of a submission; an id comes from the address bar and may be anything. */
export const submissionPath = (id: string) => `/v1/submissions/${encodeURIComponent(id)}`;

/** The submission that the address names. */
export const submissionOf = (search: string) => new URLSearchParams(search).get('submission') ?? undefined;
