/**
 * `npm run bench:filters`: what each way of answering a filter costs over many users, beside a scan
 * that parses every document; what the first filter on an attribute costs, and one right after many
 * writes; and what the process then holds.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { environment } from './environment.ts';
import { besideWrites, changedUsers, firstFilters, largeGroup } from './filters/moments.ts';
import { changedCase, columnCases, indexCases, memberCase } from './filters/cases.ts';
import { runCase, type FilterStage } from './filters/run-case.ts';
import { parseScan } from './filters/parse-scan.ts';
import { truthOf } from './filters/truth.ts';
import { pinAndSay } from './pinning.ts';
import { population } from './population.ts';
import { startProduct } from './processes.ts';
import { saveResults } from './report.ts';
import { scimClient } from './scim-client.ts';
import { inScratchFolder } from './scratch.ts';

const USAGE = `npm run bench:filters -- [options]
  --users <n>     users in the database (100000)
  --seconds <n>   measured time per filter (5)
  --smoke         short and small: are the answers right? The figures mean nothing`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = parsed(args);
  if (options === undefined) return 2;
  pinAndSay((text) => console.error(text));
  return inScratchFolder('filters', async (folder) => {
    const where = environment(folder);
    const lines: object[] = [];
    const show = (line: object): void => {
      lines.push(line);
      console.log(JSON.stringify(line));
    };
    await measureAll(folder, options, show);
    console.error(`results: ${saveResults(where, lines)}`);
    return lines.some((line) => 'complaints' in line) ? 1 : 0;
  });
}

async function measureAll(
  folder: string,
  { users, seconds }: Options,
  show: (line: object) => void,
): Promise<void> {
  const people = population();
  console.error(`creating ${users} users …`);
  const seeding = await startProduct(folder);
  await people.growTo(users, seeding, seeding.token);
  await seeding.stop();
  show(parseScan(join(folder, 'scimlane.db')));

  const server = await startProduct(folder);
  const client = scimClient(server.base, server.token);
  const stage: FilterStage = { server, client, seconds };
  const rss = (): number => Math.round((server.rssBytes() ?? NaN) / 1024 / 1024);
  const truth = truthOf(people.users, users);
  const columns = columnCases(truth);
  show({ scenario: 'idle', users, rssMiB: rss() });
  for (const line of await firstFilters(client, columns)) show(line);
  for (const each of columns) show(await runCase(each, stage));
  show(await besideWrites(client, people.ids, columns));
  show({ scenario: 'all workers warm', users, rssMiB: rss() });
  const since = await changedUsers(client, people.ids.slice(0, 50));
  show(await runCase(changedCase(since, Math.min(50, users)), stage));
  for (const each of indexCases(people, truth, users)) show(await runCase(each, stage));
  const group = await largeGroup(client, people.ids);
  show(await runCase(memberCase(group, people.ids), stage));
  await server.stop();
}

interface Options {
  readonly users: number;
  readonly seconds: number;
}

function parsed(args: readonly string[]): Options | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { users: text, seconds: text, smoke: { type: 'boolean', default: false } },
    });
    return {
      users: Number(values.users ?? (values.smoke ? 500 : 100_000)),
      seconds: Number(values.seconds ?? (values.smoke ? 0.5 : 5)),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return undefined;
  }
}
