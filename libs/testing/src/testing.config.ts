import { cacheFolder } from '@assay/embedded';

/** Jars and prepared clusters are shared with the launcher; ASSAY_CACHE and JAVA_HOME count here too. */
export const testEnvironment: Readonly<Record<string, string | undefined>> = process.env;
export const testCacheFolder = cacheFolder(testEnvironment);
