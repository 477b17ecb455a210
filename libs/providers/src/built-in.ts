import type { Provider } from './provider.js';

/** All providers of this project, in the order of the flow. */
export const builtInProviders: Provider[] = [];
