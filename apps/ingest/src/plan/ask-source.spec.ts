import { builtInProviders, createRegistry } from '@assay/providers';
import { askSources } from './ask-source.js';

const registry = createRegistry(builtInProviders);
const sources = (...asks: string[]) =>
  askSources(asks, registry).map(({ ask, from, likely }) => [ask.id, from, likely]);

test('round one asks about submitted units; what waits for facts only has bounds', () => {
  expect(sources('page', 'rdap', 'rdap.final', 'moz.url', 'github', 'gone')).toEqual([
    ['page', 'submitted', 'submitted'],
    ['rdap', 'submitted', 'submitted'],
    ['rdap.final', 'facts', 'none'],
    ['moz.url', 'facts', 'submitted'],
    ['github', 'facts', 'share'],
  ]);
});

test('where nobody finds facts, what prefers them asks about submitted units', () => {
  expect(sources('moz.url', 'moz.domain', 'observatory', 'github')).toEqual([
    ['moz.url', 'submitted', 'submitted'],
    ['moz.domain', 'submitted', 'submitted'],
    ['observatory', 'none', 'none'],
    ['github', 'none', 'none'],
  ]);
});
