/** Injection token of the `Database` that query reads with. */
export const DATABASE = Symbol('database');
/** Injection token of the `Registry` of providers. */
export const REGISTRY = Symbol('registry');
/** Injection token of the `QueryConfig`. */
export const CONFIG = Symbol('config');
/** Injection token of the `Logger`. */
export const LOGGER = Symbol('logger');
