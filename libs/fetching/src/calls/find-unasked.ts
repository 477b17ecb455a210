import { questionKey, type AskContext, type Finding, type Provider, type Question } from '@assay/providers';

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
    if ('request' in provider) {
      if (provider.request([question], context).length > 0) return undefined;
      return provider.parse([], [question], context).get(questionKey(question));
    }
    const steps = provider.steps([question], context);
    const first = steps.next();
    if (first.done) return first.value.get(questionKey(question));
    steps.return(new Map());
    return undefined;
  } catch {
    return undefined;
  }
}
