/** Injection token of the `Database` that query reads with. */
export const DATABASE = Symbol('database');
/** Injection token of the `Health`: the parts that query needs and sees. */
export const HEALTH = Symbol('health');
/** Injection token of what watches PostgreSQL. */
export const POSTGRES = Symbol('watch of PostgreSQL');
/** Injection token of the `Registry` of providers. */
export const REGISTRY = Symbol('registry');
/** Injection token of the `QueryConfig`. */
export const CONFIG = Symbol('config');
/** Injection token of the `Logger`. */
export const LOGGER = Symbol('logger');
