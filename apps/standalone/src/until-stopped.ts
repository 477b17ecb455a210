const PARENT_LOOK_MS = 1_000;

/** Ctrl-C, `kill`, a closed terminal, or npm gone from above us: each means the same. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One Ctrl-C arrives twice under npm: once from the terminal, once passed on. */
const SAME_WISH_MS = 1_000;

/**
 * Aborts at the first wish to stop. A second Ctrl-C, at least a second later, ends this process at
 * once; what is left then is ended by the keeper within seconds.
 */
export function stopSignal(underNpm: boolean): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const wish = () => {
    if (controller.signal.aborted && Date.now() - firstAt < SAME_WISH_MS) return;
    if (controller.signal.aborted) process.exit(130);
    firstAt = Date.now();
    controller.abort(new Error('stopped by you'));
  };
  for (const signal of SIGNALS) process.on(signal, wish);
  if (underNpm) watchParent(() => controller.abort(new Error('npm is gone')));
  return controller.signal;
}

/** `kill -9` of npm reaches only npm. Without npm above us a lost parent means nothing: a shell may well end. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_LOOK_MS);
  timer.unref();
}

/** Resolves when `signal` is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
