const STAND_IN = 'REDACTED';
/** Names under which providers send what must not be kept. */
const SECRET_FIELDS = /("(?:access_token|refresh_token|token|api_?key|secret|password)"\s*:\s*")[^"]*"/gi;

/** A text without our key in any form in which it travels, and without tokens that the provider handed out. */
export function withoutSecrets(text: string, key: string): string {
  const parts = key === '' ? [] : [key, ...key.split(':')];
  const forms = parts.flatMap((part) => [
    part,
    encodeURIComponent(part),
    Buffer.from(part).toString('base64'),
  ]);
  const longestFirst = [...new Set(forms)]
    .filter(({ length }) => length >= 4)
    .sort((a, b) => b.length - a.length);
  const stripped = longestFirst.reduce((left, form) => left.replaceAll(form, STAND_IN), text);
  return stripped.replace(SECRET_FIELDS, `$1${STAND_IN}"`);
}
