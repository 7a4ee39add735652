/** Sends cases over several keep-alive connections and judges each answer; stops at the first fault. */
import type { Server } from '../support/server.ts';
import { FuzzConnection, type Received } from './connection.ts';
import { makeCase, type Case } from './case.ts';
import { judge, toldBy } from './judge.ts';
import type { Known } from './random-targets.ts';

const CONNECTIONS = 6;
/** Of each kind of what was told; the oldest go first. */
const KNOWN_MAX = 60;

export interface Storm {
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly scimTypes: ReadonlySet<string>;
}

interface Bag {
  readonly resources: string[];
  readonly cursors: string[];
  readonly endpoints: string[];
}

/** @throws Error with all that repeats the case */
export async function storm(
  server: Server,
  seed: number,
  runs: number,
  start: Known,
): Promise<Storm> {
  const bag: Bag = {
    resources: [...start.resources],
    cursors: [...start.cursors],
    endpoints: [...start.endpoints],
  };
  const statuses = new Map<number, number>();
  const scimTypes = new Set<string>();
  let next = 0;
  let fault: Error | undefined;
  const work = async (): Promise<void> => {
    let connection: FuzzConnection | undefined;
    while (next < runs && fault === undefined) {
      const one = makeCase(seed, next, bag);
      next += 1;
      try {
        if (connection === undefined || connection.ended) {
          connection = await FuzzConnection.open(server.port);
        }
        const { answer, closes } = await connection.exchange(one.method, one.pieces);
        judge(one, answer);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.status >= 400 && one.method !== 'HEAD') {
          const { scimType } = answer.body;
          if (typeof scimType === 'string') scimTypes.add(scimType);
        }
        const { resource, cursor } = toldBy(one, answer);
        if (resource !== undefined) keep(bag.resources, resource);
        if (cursor !== undefined) keep(bag.cursors, cursor);
        if (closes) {
          connection.close();
          connection = undefined;
        }
      } catch (error) {
        fault ??= await described(server, seed, one, error);
      }
    }
    connection?.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  if (fault !== undefined) throw fault;
  return { statuses, scimTypes };
}

function keep(list: string[], item: string): void {
  list.push(item);
  if (list.length > KNOWN_MAX) list.shift();
}

/** The fault with its request, which can be sent again, and whether it comes again when it is. */
async function described(server: Server, seed: number, one: Case, error: unknown): Promise<Error> {
  const bytes = Buffer.concat([...one.pieces]);
  const again = await sendAgain(server, one);
  return new Error(
    [
      `case ${one.number} of seed ${seed}: ${one.method} ${one.target.slice(0, 300)}`,
      error instanceof Error ? error.message : String(error),
      `sent once more: ${again}`,
      `the request in ${one.pieces.length} pieces: ${JSON.stringify(bytes.toString('latin1').slice(0, 3000))}`,
      `as base64: ${bytes.toString('base64').slice(0, 8000)}`,
    ].join('\n'),
  );
}

async function sendAgain(server: Server, one: Case): Promise<string> {
  try {
    const connection = await FuzzConnection.open(server.port);
    const received: Received = await connection.exchange(one.method, one.pieces);
    connection.close();
    return `${received.answer.status} ${received.answer.text.slice(0, 500)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
