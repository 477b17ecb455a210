import {
  begin,
  questionKey,
  type AskContext,
  type Finding,
  type Provider,
  type Question,
} from '@assay/providers';

/**
 * What an adapter says of a question that it sends nothing for (an address has no registration); undefined where it sends
 * something, or where it throws: that says its conversation.
 */
export function findUnasked(
  provider: Provider,
  question: Question,
  context: AskContext,
): Finding | undefined {
  try {
    return begin(provider, [question], context).findings?.get(questionKey(question));
  } catch {
    return undefined;
  }
}
