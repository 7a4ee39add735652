/** Runs an Azure command against a made-up Azure, within this process. */
import { join } from 'node:path';
import type { Environment } from '../../../platform/config.ts';
import { type Ran, run } from '../../test/command-line.ts';
import { az, type StandInState } from './az-stand-in.ts';

export const INFRA = join(import.meta.dirname, '..', '..', '..', '..', 'infra');
export const SECRET = 'f00dfeed'.repeat(8).replace('f0', '91');
export const FIRST = 'deploy --group rg --location westeurope --image example.io/scimlane:1';

/** @param line the words after `azure` */
export function runAzureLine(
  state: StandInState,
  line: string,
  env: Environment = {},
): Promise<Ran> {
  let made = 0;
  return run(`azure ${line}`, {
    env,
    azure: {
      runAz: (args, { onText }) => {
        const answer = az(state, args);
        if (onText === undefined) return Promise.resolve(answer);
        onText(answer.stdout);
        return Promise.resolve({ ...answer, stdout: '' });
      },
      pause: () => Promise.resolve(),
      newSecret: () => {
        made += 1;
        return made === 1 ? SECRET : `${SECRET}${made}`;
      },
      templates: INFRA,
    },
  });
}
