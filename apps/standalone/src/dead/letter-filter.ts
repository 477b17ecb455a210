import { MESSAGES, type MessageName } from '@assay/contracts';
import { readPlace, rowsIn, type DeadLetterFound, type Origin } from '@assay/messaging';
import { Mistake } from './mistake.js';

/** As a person writes it. */
export interface FilterOptions {
  readonly group?: string;
  readonly code?: string;
  readonly message?: string;
  readonly submission?: string;
  readonly letter?: string;
}

/** Which dead letters are meant; all of it must hold. */
export interface LetterFilter {
  readonly group?: string;
  readonly code?: string;
  readonly message?: MessageName;
  readonly submission?: string;
  /** Of the letter itself or of its origin. */
  readonly place?: Origin;
}

/** @throws Mistake */
export function readFilter({ group, code, message, submission, letter }: FilterOptions): LetterFilter {
  return {
    ...(group !== undefined && { group }),
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message: readMessage(message) }),
    ...(submission !== undefined && { submission: readSubmission(submission) }),
    ...(letter !== undefined && { place: placeOf(letter) }),
  };
}

export function isMeant(letter: DeadLetterFound, filter: LetterFilter): boolean {
  const { group, code, message, submission, place } = filter;
  if (group !== undefined && letter.group !== group) return false;
  if (code !== undefined && letter.code !== code) return false;
  if (message !== undefined && letter.message !== message) return false;
  if (place !== undefined && !isAt(letter.place, place) && !isAt(letter.origin, place)) return false;
  return submission === undefined || rowsIn(letter.value).some((row) => row.submission === submission);
}

/** @throws Mistake */
export function placeOf(text: string): Origin {
  const place = readPlace(text);
  if (place) return place;
  throw new Mistake(
    `"${text}" is no place of a message: write topic:partition:offset, such as url.submitted.dead:3:0.`,
  );
}

function readMessage(text: string): MessageName {
  const message = MESSAGES.find((name) => name === text);
  if (message) return message;
  throw new Mistake(`There is no message "${text}": write one of ${MESSAGES.join(', ')}.`);
}

function readSubmission(text: string): string {
  const id = text.toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw new Mistake(
    `"${text}" is no submission's id: copy it from the page or from the answer to its upload.`,
  );
}

function isAt(a: Origin, b: Origin): boolean {
  return a.topic === b.topic && a.partition === b.partition && a.offset === b.offset;
}
