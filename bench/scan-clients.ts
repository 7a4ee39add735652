/**
 * Clients that search as badly as clients can: one request after the other each, every text a new
 * one, so that neither an index nor a cache answers.
 */
import type { Product } from './processes.ts';

export interface ScanClients {
  /** Searches that ended, by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Resolves when the last of them has its answer. */
  stop(): Promise<void>;
}

/** Two that columns can answer, and one for which every resource of every type is parsed. */
const SEARCHES: readonly ((text: string) => string)[] = [
  (text) =>
    `/Users?count=20&filter=${encodeURIComponent(
      `emails[type eq "work" and value co "${text}"] and active eq true`,
    )}`,
  (text) =>
    `/Users?count=20&filter=${encodeURIComponent(
      `not (title co "${text}") and (name.familyName ew "${text}" or displayName co "${text}" or addresses.locality eq "${text}" or not (emails.value co "${text}x"))`,
    )}`,
  (text) =>
    `/?count=20&filter=${encodeURIComponent(`displayName co "${text}" and meta.version pr`)}`,
];

export function startScanClients(server: Product, clients: number): ScanClients {
  const statuses = new Map<number, number>();
  let stopped = false;
  let serial = 0;
  const headers = { Authorization: `Bearer ${server.token}` };
  const search = async (): Promise<void> => {
    while (!stopped) {
      serial += 1;
      const path = SEARCHES[serial % SEARCHES.length] ?? SEARCHES[0];
      // Letters and digits that occur in addresses and names, never twice the same.
      const text = serial.toString(36);
      const response = await fetch(server.base + (path?.(text) ?? ''), { headers });
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  };
  const running = Array.from({ length: clients }, search);
  return {
    statuses,
    stop: async () => {
      stopped = true;
      await Promise.all(running);
    },
  };
}
