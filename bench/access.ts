/**
 * `npm run bench:access`: what it costs to tell who sends a request, what each level of the request log
 * costs, and what right tokens feel of a flood of wrong ones.
 */
import { parseArgs } from 'node:util';
import { logLevels } from './access/log-levels.ts';
import type { AccessStage } from './access/tenant.ts';
import { tokenCost } from './access/token-cost.ts';
import { wrongTokens } from './access/wrong-tokens.ts';
import { environment } from './environment.ts';
import { pinAndSay } from './pinning.ts';
import { population } from './population.ts';
import { saveResults } from './report.ts';
import { inScratchFolder } from './scratch.ts';

const USAGE = `npm run bench:access -- [options]
  --part <name>        tokens, levels or flood; the default is all of them
  --users <n>          users of the endpoint (1000)
  --connections <n>    of tokens and levels, each with one request in flight (50)
  --seconds <n>        measured time of each turn (3)
  --rounds <n>         of tokens and levels, each in a fresh process (4)
  --smoke              short and small: are the answers right? The figures mean nothing`;

const PARTS = { tokens: tokenCost, levels: logLevels, flood: wrongTokens } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = parsed(args);
  if (options === undefined) return 2;
  pinAndSay((text) => console.error(text));
  return inScratchFolder('access', async (folder) => {
    const where = environment(folder);
    const { parts, ...sizes } = options;
    const stage: AccessStage = {
      ...sizes,
      folder,
      people: population(),
      progress: (text) => console.error(text),
    };
    const lines: object[] = [];
    for (const part of parts) {
      for (const line of await PARTS[part](stage)) {
        lines.push(line);
        console.log(JSON.stringify(line));
      }
    }
    console.error(`results: ${saveResults(where, lines)}`);
    return 0;
  });
}

type Options = Omit<AccessStage, 'folder' | 'people' | 'progress'> & {
  readonly parts: readonly (keyof typeof PARTS)[];
};

function parsed(args: readonly string[]): Options | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        part: text,
        users: text,
        connections: text,
        seconds: text,
        rounds: text,
        smoke: { type: 'boolean', default: false },
      },
    });
    const { part, smoke } = values;
    const parts = Object.keys(PARTS)
      .filter(isPart)
      .filter((each) => part === undefined || part === each);
    if (parts.length === 0) throw new Error(`there is no part ${part ?? ''}`);
    return {
      parts,
      users: Number(values.users ?? (smoke ? 100 : 1000)),
      connections: Number(values.connections ?? (smoke ? 10 : 50)),
      seconds: Number(values.seconds ?? (smoke ? 0.5 : 3)),
      rounds: Number(values.rounds ?? (smoke ? 1 : 4)),
      warmUpSeconds: smoke ? 0.2 : 0.5,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return undefined;
  }
}

function isPart(name: string): name is keyof typeof PARTS {
  return Object.hasOwn(PARTS, name);
}
