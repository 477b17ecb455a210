/** What the module provides by name. */
export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');
export const DATABASE = Symbol('database');
export const HEALTH = Symbol('health');
export const POSTGRES = Symbol('watch of PostgreSQL');
export const KAFKA = Symbol('watch of Kafka');
export const PUBLISHER = Symbol('publisher');
export const POSITIONS = Symbol('positions');
