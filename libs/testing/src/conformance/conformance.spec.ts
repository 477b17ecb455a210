import { builtInProviders } from '@assay/providers';
import { loadExamples } from '@assay/providers/examples';
import { describeAnswers } from './describe-answers.js';
import { describeDisturbed } from './describe-disturbed.js';
import { describeQuestions } from './describe-questions.js';
import { describeRows } from './describe-rows.js';

// Every provider of the registry, so that a new folder is tested without a new line here.
const ALL = await Promise.all(
  builtInProviders.map(async (provider) => ({ provider, examples: await loadExamples(provider.id) })),
);

describe.each(ALL.map((one) => [one.provider.id, one] as const))('%s', (_id, subject) => {
  describeAnswers(subject);
  describeDisturbed(subject);
  describeRows(subject);
  describeQuestions(subject);
});
