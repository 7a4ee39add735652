/**
 * One session: seed users, start the server anew on them, then scenario after scenario on that
 * server, each beside its limit; then starts and restores, and other servers. Nothing leaves loopback.
 */
import { environment } from './environment.ts';
import { type Occasion, type OccasionLine, occasionTable } from './occasion.ts';
import type { BenchOptions } from './options.ts';
import { writePage } from './page/page.ts';
import { measurePeers, PEER_SCENARIOS, type PeerFigures, PEER_TITLES, peerRows } from './peers.ts';
import { type Population, population } from './population.ts';
import { startProduct } from './processes.ts';
import { Profiler } from './profile/profiler.ts';
import { ProgressBar } from './progress-bar.ts';
import { aligned, resultFile, type ResultLine, saveResults, table, tableNotes } from './report.ts';
import { rounds, runRounds } from './rounds.ts';
import type { Scenario } from './scenario.ts';
import { inScratchFolder } from './scratch.ts';
import { ServerKeeper } from './server-keeper.ts';
import { judge, notJudged, readTargets, told, type Verdict } from './targets.ts';

export interface SessionOutput {
  /** The results, once. */
  result(text: string): void;
  /** For a person, as things happen. */
  readonly progress: NodeJS.WriteStream;
}

export interface SessionEnd {
  /** Scenarios, starts and restores with a wrong answer. */
  readonly wrong: number;
  /** Targets that were judged and missed. */
  readonly missed: number;
}

export async function runSession(
  scenarios: readonly Scenario[],
  occasions: readonly Occasion[],
  options: BenchOptions,
  output: SessionOutput,
): Promise<SessionEnd> {
  return inScratchFolder('run', (folder) => runIn(folder, scenarios, occasions, options, output));
}

async function runIn(
  folder: string,
  scenarios: readonly Scenario[],
  occasions: readonly Occasion[],
  options: BenchOptions,
  output: SessionOutput,
): Promise<SessionEnd> {
  const where = environment(folder);
  const bar = new ProgressBar(
    output.progress,
    rounds(scenarios, options.connectionCounts).length + occasions.length,
  );
  bar.say(
    `${where.revision} · Node ${where.node} · ${where.cores} × ${where.cpu} · ` +
      `Linux ${where.kernel} · disk sync ${where.diskSyncMs} ms · ` +
      `${options.connectionCounts.join(', ')} connections, ${options.seconds} s each`,
  );
  const people = population();
  bar.say(`creating ${options.users} users …`);
  await seed(folder, people, options.users);
  const file = resultFile(where);
  const all: object[] = [];
  // Each at once: what breaks later takes nothing with it.
  const save = (line: object): void => {
    all.push(line);
    saveResults(where, [line]);
  };
  const keeper = new ServerKeeper(folder);
  const profiler = options.profile
    ? new Profiler(folder, file.replace(/\.ndjson$/, ''))
    : undefined;
  const first = await keeper.with();
  const start = {
    scenario: 'start',
    users: options.users,
    firstAnswerMs: Math.round(first.firstAnswerMs),
    idleRssMiB: mib(first.rssBytes()),
  };
  save(start);
  const at = { folder, people, options, profiler, bar, save };
  const ran = await runRounds(scenarios, keeper, at).finally(() => keeper.stop());
  const happened: OccasionLine[] = [];
  for (const occasion of occasions) {
    bar.begin(`${occasion.name}: ${occasion.question}`);
    const line = await occasion.run({ folder, people, options });
    happened.push(line);
    save(line);
    bar.end();
  }
  const names = scenarios.map(({ name }) => name).filter((name) => PEER_SCENARIOS.has(name));
  const say = (text: string): void => bar.say(text);
  const peers = options.peers ? await measurePeers(names, folder, options, say) : undefined;

  const own = ran.shown.map(({ line }) => line);
  const lines = [...own, ...ran.contexts];
  for (const { line, ...why } of peers?.lines ?? []) save({ ...line, ...why });
  // Of the server that the last scenario ran on; after that it may have been stopped.
  const end = { scenario: 'end', rssMiB: own.at(-1)?.rssMiB ?? start.idleRssMiB };
  save(end);
  const targets = readTargets();
  // A profiler costs the server time.
  const judged = profiler === undefined ? lines : [];
  const verdicts = judge(judged, targets, options.slack, where.diskSyncMs);
  const unjudged = notJudged(judged, targets);
  const page = file.replace(/\.ndjson$/, '.html');
  writePage(page, {
    environment: where,
    connectionCounts: options.connectionCounts,
    seconds: options.seconds,
    users: options.users,
    scenarios: ran.shown,
    limits: ran.limits,
    occasions: happened,
    peers,
    profiles: profiler?.pages ?? [],
    firstAnswerMs: start.firstAnswerMs,
    idleRssMiB: start.idleRssMiB,
    endRssMiB: end.rssMiB,
    verdicts,
    notJudged: unjudged,
  });
  if (options.json) {
    output.result(all.map((line) => JSON.stringify({ ...where, ...line })).join('\n'));
  } else {
    const notes = tableNotes([...lines, ...ran.limits.values()]);
    const parts = [
      table(lines),
      ...(notes === '' ? [] : [notes]),
      ...(happened.length === 0 ? [] : [occasionTable(happened)]),
      ...(peers === undefined ? [] : [peerTable(peers, own)]),
      `start to first answer ${start.firstAnswerMs} ms on ${options.users} users · ` +
        `resident memory idle ${start.idleRssMiB ?? '–'} MiB, after the run ${end.rssMiB ?? '–'} MiB\n` +
        `results: ${file}\npage:    ${page}`,
    ];
    output.result(`\n${parts.join('\n\n')}`);
  }
  if (options.check) bar.say(told(verdicts, unjudged));
  return sessionEnd(lines, happened, verdicts);
}

/** What the exit code says of a session. */
export function sessionEnd(
  lines: readonly ResultLine[],
  happened: readonly OccasionLine[],
  verdicts: readonly Verdict[],
): SessionEnd {
  return {
    wrong: [...lines, ...happened].filter(({ complaints }) => complaints > 0).length,
    missed: verdicts.filter(({ met }) => !met).length,
  };
}

function peerTable(peers: PeerFigures, own: Parameters<typeof peerRows>[1]): string {
  return aligned([PEER_TITLES, ...peerRows(peers, own)], 2);
}

async function seed(folder: string, people: Population, count: number): Promise<void> {
  const server = await startProduct(folder);
  await people.growTo(count, server, server.token);
  await server.stop();
}

function mib(bytes: number | undefined): number | null {
  return bytes === undefined ? null : Math.round(bytes / 1024 / 1024);
}
