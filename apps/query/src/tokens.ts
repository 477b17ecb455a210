/** Injection token of the `Database` that query reads with. */
export const DATABASE = Symbol('database');
/** Of the same, to write the pulse with. That it is refused is no fault: a PostgreSQL that is read-only can be read. */
export const PULSE_DATABASE = Symbol('database for the pulse');
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
