/**
 * `npm run bench:latency`: what point reads and writes feel of searches. A paced load of GETs by id,
 * then one of POSTs, each idle and beside clients that send worst-case scans, in the order idle,
 * beside, beside, idle, so that a drift of the machine hits both alike.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Load } from './drive.ts';
import { environment } from './environment.ts';
import { driveOpenLoop } from './open-loop.ts';
import { pinAndSay } from './pinning.ts';
import { createLoad, population } from './population.ts';
import { type Product, startProduct } from './processes.ts';
import { saveResults } from './report.ts';
import { startScanClients } from './scan-clients.ts';
import type { Stage, Trial } from './scenario.ts';
import { getUser } from './scenarios/get-user.ts';
import { scimClient } from './scim-client.ts';
import { inScratchFolder } from './scratch.ts';

const USAGE = `npm run bench:latency -- [options]
  --users <n>     users in the database (100000)
  --seconds <n>   measured time per run (10)
  --clients <n>   clients that search (20)
  --workers <n>   filter workers of the server (its default)
  --smoke         short and small: does it run? The figures mean nothing`;

/** What a server of this size has beside its searches; far from saturation. */
const RATES = { 'get-user': 500, 'create-user': 100 } as const;
const ORDER = ['idle', 'beside', 'beside', 'idle'] as const;
/** More than such a rate needs, also while a server is slow. */
const CONNECTIONS = 100;

type Kind = (typeof ORDER)[number];
type Subject = keyof typeof RATES;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = parsed(args);
  if (options === undefined) return 2;
  pinAndSay((text) => console.error(text));
  return inScratchFolder('latency', async (folder) => {
    const where = environment(folder);
    const { server, loads } = await prepare(folder, options);
    const lines: object[] = [];
    for (const subject of Object.keys(RATES).filter(isSubject)) {
      const line = await compare(subject, loads[subject], server, options);
      console.error(JSON.stringify(line));
      lines.push(line);
    }
    await server.stop();
    console.log(`results: ${saveResults(where, lines)}`);
    return 0;
  });
}

interface Options {
  readonly users: number;
  readonly seconds: number;
  readonly clients: number;
  readonly workers: string | undefined;
}

function parsed(args: readonly string[]): Options | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        users: text,
        seconds: text,
        clients: text,
        workers: text,
        smoke: { type: 'boolean', default: false },
      },
    });
    return {
      users: Number(values.users ?? (values.smoke ? 500 : 100_000)),
      seconds: Number(values.seconds ?? (values.smoke ? 1 : 10)),
      clients: Number(values.clients ?? 20),
      workers: values.workers,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return undefined;
  }
}

/** A server that is started anew on its users, and the loads for it. */
async function prepare(
  folder: string,
  { users, workers }: Options,
): Promise<{ server: Product; loads: Readonly<Record<Subject, Load>> }> {
  console.error(`creating ${users} users …`);
  const people = population();
  const seeding = await startProduct(folder);
  await people.growTo(users, seeding, seeding.token);
  await seeding.stop();
  const options: Record<string, string> =
    workers === undefined ? {} : { SCIMLANE_FILTER_WORKERS: workers };
  const server = await startProduct(folder, options);
  const stage: Stage = {
    server,
    client: scimClient(server.base, server.token),
    population: people,
    userCount: users,
    memberCount: 0,
    totalSeconds: 0,
    seconds: 0,
    rate: undefined,
  };
  const reading: Trial = await getUser.prepare(stage);
  const creating = createLoad(
    people.users,
    server.token,
    people.freshSerials(),
    Infinity,
    () => undefined,
  );
  return { server, loads: { 'get-user': reading.load, 'create-user': creating } };
}

async function compare(subject: Subject, load: Load, server: Product, options: Options) {
  const latency: Readonly<Record<Kind, RecordableHistogram>> = {
    idle: createHistogram(),
    beside: createHistogram(),
  };
  const statuses = new Map<number, number>();
  const perSecond = RATES[subject];
  const { port } = server;
  const pace = { port, perSecond, connections: CONNECTIONS };
  // Warm-up.
  const warm = await driveOpenLoop(load, { ...pace, seconds: 1, first: 0 });
  let first = warm.sent;
  for (const kind of ORDER) {
    const scans = kind === 'beside' ? startScanClients(server, options.clients) : undefined;
    // The first searches build what later ones use.
    if (scans !== undefined) await new Promise((resolve) => setTimeout(resolve, 1000));
    server.place();
    const run = await driveOpenLoop(load, { ...pace, seconds: options.seconds, first });
    await scans?.stop();
    if (run.wrong > 0) throw new Error(run.complaints.join('; '));
    first += run.sent;
    latency[kind].add(run.latencyUs);
    for (const [status, count] of scans?.statuses ?? []) {
      statuses.set(status, (statuses.get(status) ?? 0) + count);
    }
  }
  return {
    scenario: `${subject}, beside ${options.clients} scanning clients`,
    users: options.users,
    perSecond,
    idleP50Us: latency.idle.percentile(50),
    idleP99Us: latency.idle.percentile(99),
    besideP50Us: latency.beside.percentile(50),
    besideP99Us: latency.beside.percentile(99),
    p99Ratio: Math.round((latency.beside.percentile(99) / latency.idle.percentile(99)) * 100) / 100,
    scansByStatus: Object.fromEntries(statuses),
  };
}

function isSubject(name: string): name is Subject {
  return name in RATES;
}
