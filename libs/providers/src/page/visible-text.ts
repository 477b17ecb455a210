import { HASH_START, hashStep, poisonWordOf } from './poison-words.js';

const AT = 0x40;
const PLUS = 0x2b;

/**
 * Counts over visible text that comes in pieces: words, characters, spam vocabulary, contacts. One pass, no copies
 * save of a word that lies across two pieces.
 */
export class VisibleText {
  /** Runs between white space that hold a letter or digit. */
  words = 0;
  /** Without white space. */
  characters = 0;
  poisonWords = 0;
  hasEmail = false;
  hasPhone = false;

  #wordCounted = false;
  #hash = HASH_START;
  /** Letters of the current token that came with earlier pieces. */
  #carried = '';
  #tokenLength = 0;

  /** The characters of `text` from `start` to before `end`. */
  add(text: string, start: number, end: number): void {
    let tokenStart = start;
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at);
      if (isAlphanumeric(code)) {
        if (this.#tokenLength === 0) tokenStart = at;
        this.#take(code);
        continue;
      }
      if (this.#tokenLength > 0) this.#endToken(text, tokenStart, at);
      if (isSpace(code)) this.#wordCounted = false;
      else this.#punctuation(code, text, at, start, end);
    }
    if (this.#tokenLength > 0) this.#carried += text.slice(tokenStart, end);
  }

  /** White space, or the edge of a block. */
  break(): void {
    if (this.#tokenLength > 0) this.#endToken('', 0, 0);
    this.#wordCounted = false;
  }

  #take(code: number): void {
    this.characters++;
    this.#tokenLength++;
    // Upper-case ASCII letters gain the bit that makes them lower case; digits have it already.
    this.#hash = hashStep(this.#hash, code < 0x80 ? code | 0x20 : code);
    if (this.#wordCounted) return;
    this.#wordCounted = true;
    this.words++;
  }

  #endToken(text: string, start: number, end: number): void {
    const poison = poisonWordOf(this.#hash);
    if (poison?.length === this.#tokenLength) {
      const token = this.#carried + text.slice(start, end);
      if (token.toLowerCase() === poison) this.poisonWords++;
    }
    this.#carried = '';
    this.#hash = HASH_START;
    this.#tokenLength = 0;
  }

  #punctuation(code: number, text: string, at: number, start: number, end: number): void {
    this.characters++;
    if (code === AT && !this.hasEmail) this.hasEmail = at > start && isEmailAt(text, at, end);
    else if (code === PLUS && !this.hasPhone) this.hasPhone = isPhoneAt(text, at, end);
  }
}

/** ASCII letters and digits, and everything beyond Latin-1 punctuation that is no space or general punctuation. */
function isAlphanumeric(code: number): boolean {
  if (code < 0x80)
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a);
  if (code < 0xc0) return code === 0xaa || code === 0xb5 || code === 0xba;
  return !(
    (code >= 0x2000 && code <= 0x206f) ||
    (code >= 0x3000 && code <= 0x303f) ||
    code === 0x1680 ||
    code === 0xfeff
  );
}

function isSpace(code: number): boolean {
  if (code <= 0x20) return true;
  if (code < 0xa0) return code === 0x85;
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Longest domain looked at behind an @: bounded, so that a page of @ signs costs no more than its length. */
const EMAIL_REACH = 80;

/** A letter or digit before the @, and behind it a name with a dot and a last label of two letters or more. */
function isEmailAt(text: string, at: number, end: number): boolean {
  if (!isAlphanumeric(text.charCodeAt(at - 1))) return false;
  const behind = text.slice(at + 1, Math.min(end, at + 1 + EMAIL_REACH));
  return /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}(?![a-z0-9])/i.test(behind);
}

const PHONE_REACH = 24;
const FEWEST_DIGITS = 8;
const MOST_DIGITS = 15;

/** E.164 written by people: +, then 8 to 15 digits with spaces, dots, dashes, slashes or brackets between. */
function isPhoneAt(text: string, at: number, end: number): boolean {
  let digits = 0;
  for (let next = at + 1; next < Math.min(end, at + PHONE_REACH); next++) {
    const code = text.charCodeAt(next);
    if (code >= 0x30 && code <= 0x39) digits++;
    else if (digits === 0 || !' .-/()'.includes(text[next] as string)) break;
  }
  return digits >= FEWEST_DIGITS && digits <= MOST_DIGITS;
}
