/**
 * What is done when a signal ends the command. Each listener raises the signal again; the last one to
 * do so finds nobody listening, and the process ends as it would have without us.
 */

// Windows has no way to send itself the others; the end is the same.
const IS_WINDOWS = process.platform === 'win32';
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** @param action must not wait for anything @returns stops listening */
export function onSignal(action: (signal: NodeJS.Signals) => void): () => void {
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
  const listener = (signal: NodeJS.Signals): void => {
    stop();
    try {
      action(signal);
    } finally {
      process.kill(process.pid, IS_WINDOWS ? 'SIGTERM' : signal);
    }
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return stop;
}
