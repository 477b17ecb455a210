export * from './read-config.js';
export * from './shared-settings.js';
