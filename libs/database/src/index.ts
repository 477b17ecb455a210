export * from './database.js';
export * from './migrate.js';
export * from './copy-rows.js';
export * from './data-fault.js';
export * from './entities/submission.js';
export * from './open-database.js';
export * from './postgres-probe.js';
export * from './trouble.js';
