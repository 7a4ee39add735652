/**
 * What this machine can do without SCIM, measured in the same session with the same client, the
 * same connections and the same bytes. Each limit is measured once and kept.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { crossChecked } from './cross-check.ts';
import type { Load } from './drive.ts';
import type { MeasureOptions, Measurement } from './measure.ts';
import { measure } from './measure.ts';
import { startLimit } from './processes.ts';
import { fillTemplate, requestBytes, requestTemplate } from './requests.ts';
import type { SeededUsers } from './users.ts';
import { serialText } from './users.ts';

/** Head of an answer of limit-http.ts, so that a GET of it is as long on the wire as the product's. */
const LIMIT_HEAD_BYTES = 120;
const GET_BYTES_STEP = 100;
/** As long as the product's. */
const TOKEN = 'x'.repeat(43);

export interface Limits {
  /** Bare uWebSockets.js echoing a user's bytes. */
  echo(): Promise<Measurement>;
  /**
   * Bare group-commit insert of a user's bytes, FULL durability.
   * @param syncDelayMs so much longer takes each of its syncs
   */
  insert(syncDelayMs?: number): Promise<Measurement>;
  /** Bare uWebSockets.js answering a GET with so many bytes, head included. */
  get(wireBytes: number): Promise<Measurement>;
}

export function limits(users: SeededUsers, folder: string, options: MeasureOptions): Limits {
  const kept = new Map<string, Promise<Measurement>>();
  const once = (
    key: string,
    script: 'limit-http.ts' | 'limit-insert.ts',
    load: Load,
    syncDelayMs = 0,
  ): Promise<Measurement> => {
    const run = async (): Promise<Measurement> => {
      const server = await startLimit(script, mkdtempSync(join(folder, 'limit-')), syncDelayMs);
      const alone = await measure(load, server, options);
      const measured = await crossChecked(alone, load, { ...options, port: server.port });
      await server.stop();
      if (measured.wrongInAll > 0) throw new Error(`${key}: ${measured.outcome.complaints.join()}`);
      return measured;
    };
    const found = kept.get(key) ?? run();
    kept.set(key, found);
    return found;
  };
  return {
    echo: () => once('echo', 'limit-http.ts', echoLoad(users)),
    insert: (syncDelayMs = 0) =>
      once(`insert ${syncDelayMs}`, 'limit-insert.ts', postLoad(users), syncDelayMs),
    get: (wireBytes) => {
      const bytes = Math.round((wireBytes - LIMIT_HEAD_BYTES) / GET_BYTES_STEP) * GET_BYTES_STEP;
      return once(`get ${bytes}`, 'limit-http.ts', getLoad(bytes));
    },
  };
}

function postLoad(users: SeededUsers): Load {
  const templates = users.templates.map((body) =>
    requestTemplate({ method: 'POST', path: '/scim/v2/Users', token: TOKEN, body }),
  );
  return {
    capacity: Infinity,
    request: (n) => {
      const template = templates[n % templates.length];
      if (template === undefined) throw new RangeError('no templates');
      return fillTemplate(template, n);
    },
    check: (n, status, body) =>
      status === 201 && body.includes(`.${serialText(n)}@`) ? undefined : `limit: ${status}`,
  };
}

/** What is echoed is not kept. */
function echoLoad(users: SeededUsers): Load {
  return { ...postLoad(users), repeatable: users.templates.length };
}

function getLoad(bytes: number): Load {
  const request = requestBytes({ method: 'GET', path: `/bytes/${bytes}`, token: TOKEN });
  return {
    capacity: Infinity,
    repeatable: 1,
    request: () => request,
    check: (_n, status, body) =>
      status === 200 && body.length === bytes ? undefined : `limit: ${status}`,
  };
}
