/**
 * `npm run bench:backup`: what backups cost while they run, how fast a lost disk comes back, and what
 * a machine that vanishes takes with it.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Azurite } from '../test/support/azurite.ts';
import { besideLoad } from './backup/beside-load.ts';
import { memory } from './backup/memory.ts';
import { recovery } from './backup/recovery.ts';
import { recoveryPoint } from './backup/rpo.ts';
import { newPopulation, seed, type BackupStage } from './backup/stage.ts';
import { environment } from './environment.ts';
import { pinAndSay } from './pinning.ts';
import { saveResults } from './report.ts';

const USAGE = `npm run bench:backup -- [options]
  --users <n>     users in the database (130000: about 200 MB)
  --rounds <n>    kills (20)
  --seconds <n>   measured time per load (10)
  --part <name>   load, recovery, rpo or memory; the default is all of them
  --smoke         short and small: does it run? The figures mean nothing`;

const PARTS = ['load', 'recovery', 'rpo', 'memory'] as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      users: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      part: { type: 'string' },
      smoke: { type: 'boolean', default: false },
    },
  });
  const parts = PARTS.filter((part) => values.part === undefined || values.part === part);
  if (parts.length === 0) {
    console.error(USAGE);
    return 2;
  }
  const { smoke } = values;
  pinAndSay((text) => console.error(text));
  const parent = new URL('data/', import.meta.url).pathname;
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'backup-'));
  const endings: (() => unknown)[] = [];
  try {
    const where = environment(folder);
    const people = newPopulation();
    const users = Number(values.users ?? (smoke ? 300 : 130_000));
    console.error(`creating ${users} users …`);
    const databaseBytes = await seed(folder, people, users);
    const stage: BackupStage = {
      folder,
      people,
      databaseBytes,
      seconds: Number(values.seconds ?? (smoke ? 1 : 10)),
      connections: smoke ? 10 : 50,
      rounds: Number(values.rounds ?? (smoke ? 2 : 20)),
      progress: (text) => console.error(text),
    };
    const lines: object[] = [];
    const show = (more: readonly object[]): void => {
      lines.push(...more);
      for (const line of more) console.log(JSON.stringify(line));
    };
    if (parts.includes('load')) show(await besideLoad(stage));
    if (parts.includes('recovery')) {
      const azurite = await Azurite.start({ teardown: (end) => endings.push(end) });
      show(await recovery(stage, azurite.connectionString));
    }
    if (parts.includes('rpo')) show([await recoveryPoint(stage)]);
    if (parts.includes('memory')) show([await memory(stage)]);
    saveResults(where, lines);
    return 0;
  } finally {
    for (const end of endings) await end();
    rmSync(folder, { recursive: true, force: true });
  }
}
