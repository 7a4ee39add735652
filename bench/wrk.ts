/**
 * wrk, where the machine has it: which program it is, how it is asked to send prepared bytes from one
 * thread, and what is made of what it prints.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { inScratchFolder } from './scratch.ts';

export interface WrkFigure {
  /** Null when something is wrong with it. */
  readonly perSecond: number | null;
  /** What is wrong; null: nothing. */
  readonly problem: string | null;
}

export interface WrkOptions {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
}

/** As autocannon has it; wrk's own would be two seconds. */
const TIMEOUT_SECONDS = 10;

/** @returns the program, undefined when no folder of `path` has it */
export function wrkIn(path = ''): string | undefined {
  const programs = path.split(delimiter).filter((folder) => folder !== '');
  return programs.map((folder) => join(folder, 'wrk')).find(isExecutable);
}

/** @param requests in turn, over and over */
export async function runWrk(
  program: string,
  requests: readonly Buffer[],
  { port, connections, seconds }: WrkOptions,
): Promise<WrkFigure> {
  return inScratchFolder('wrk', async (folder) => {
    const script = join(folder, 'requests.lua');
    const bytes = join(folder, 'requests.bin');
    writeFileSync(script, wrkScript(bytes));
    writeFileSync(bytes, wrkRequests(requests));
    // wrk takes whole seconds.
    const duration = Math.max(1, Math.round(seconds));
    const args = [
      ['--threads', '1'],
      ['--connections', String(connections)],
      ['--duration', `${duration}s`],
      ['--timeout', `${TIMEOUT_SECONDS}s`],
      ['--script', script],
      [`http://127.0.0.1:${port}`],
    ].flat();
    const timeout = (duration + 2 * TIMEOUT_SECONDS) * 1000;
    try {
      const { stdout } = await promisify(execFile)(program, args, { timeout });
      return wrkFigure(stdout);
    } catch (error) {
      const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      return { perSecond: null, problem: `it failed, ${line}` };
    }
  });
}

/** Each request behind a line with its length: as raw as our own client sends it. */
function wrkRequests(requests: readonly Buffer[]): Buffer {
  return Buffer.concat(
    requests.flatMap((request) => [Buffer.from(`${request.length}\n`), request]),
  );
}

/** Lua for wrk, which calls `init` once and `request` for each request. */
function wrkScript(bytes: string): string {
  return `local requests = {}
local at = 0

function init(args)
  local file = assert(io.open(${JSON.stringify(bytes)}, "rb"))
  local line = file:read("*l")
  while line do
    requests[#requests + 1] = file:read(tonumber(line))
    line = file:read("*l")
  end
  file:close()
end

function request()
  at = at % #requests + 1
  return requests[at]
end
`;
}

/** @param text what wrk 4 prints; lines about errors stand there only when there were some */
export function wrkFigure(text: string): WrkFigure {
  const perSecond = /^Requests\/sec: +([\d.]+)$/m.exec(text)?.[1];
  const answers = /^ +(\d+) requests in /m.exec(text)?.[1];
  if (perSecond === undefined || answers === undefined) {
    return { perSecond: null, problem: 'it printed no figure' };
  }
  const refused = /^ +Non-2xx or 3xx responses: (\d+)$/m.exec(text)?.[1];
  if (refused !== undefined) {
    return { perSecond: null, problem: `${refused} of its ${answers} requests were refused` };
  }
  const broken = /^ +Socket errors: (.+)$/m.exec(text)?.[1];
  if (broken !== undefined && /[1-9]/.test(broken)) {
    return { perSecond: null, problem: `it had socket errors, ${broken}` };
  }
  if (answers === '0') return { perSecond: null, problem: 'it got no answer' };
  return { perSecond: Math.round(Number(perSecond)), problem: null };
}

/** For a person, behind why a line is invalid. */
export function wrkText({ perSecond, problem }: WrkFigure): string {
  return perSecond === null
    ? `wrk's figure is not used: ${problem ?? 'not known'}`
    : `wrk over as many connections: ${perSecond.toLocaleString('en')}/s`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
