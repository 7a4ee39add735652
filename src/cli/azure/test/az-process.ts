/** The stand-in for `az` as a process of its own: its state is in the file AZ_STAND_IN_STATE. */
import { readFileSync, writeFileSync } from 'node:fs';
import { az, type StandInState } from './az-stand-in.ts';

const file = process.env['AZ_STAND_IN_STATE'] ?? '';
const state = JSON.parse(readFileSync(file, 'utf8')) as StandInState;
const { code, stdout, stderr } = az(state, process.argv.slice(2));
writeFileSync(file, JSON.stringify(state));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
