/**
 * Runs `az` as a process, never through a shell: no argument can be taken for a command. On Windows
 * `az` is a batch file, which Node starts only through a shell (since CVE-2024-27980), and cmd.exe
 * has no quoting that holds for every text. So there we start what the batch file starts: the
 * Python that is installed beside it. Elsewhere `az` may be a script that waits for its Python: it gets
 * a process group of its own, so that both end, and signals that the terminal sends to ours.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { Environment } from '../../platform/config.ts';
import { LIMITS } from '../../platform/limits.ts';
import { onSignal } from './on-signal.ts';
import { type AzAnswer, type AzCall, AzMissing, type RunAz } from './ports.ts';

export interface AzProgram {
  readonly file: string;
  /** Arguments before ours. */
  readonly before: readonly string[];
}

/** Answers are read by us: no colours, no hints, no questions, no extension installed unasked. */
const SETTINGS: Environment = {
  AZURE_CORE_NO_COLOR: 'true',
  AZURE_CORE_ONLY_SHOW_ERRORS: 'true',
  AZURE_CORE_DISABLE_CONFIRM_PROMPT: 'true',
  AZURE_CORE_DISABLE_PROGRESS_BAR: 'true',
  AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no',
};

/** @throws AzMissing when it is first called and there is none */
export function createRunAz(env: Environment, platform: NodeJS.Platform): RunAz {
  let program: AzProgram | undefined;
  return (args, call) => {
    program ??= findAz(env, platform, existsSync);
    const hasGroup = platform !== 'win32';
    return run({ ...program, hasGroup }, args, { ...env, ...SETTINGS }, call);
  };
}

/** What to start for `az`. @throws AzMissing */
export function findAz(
  env: Environment,
  platform: NodeJS.Platform,
  exists: (file: string) => boolean,
): AzProgram {
  const paths = platform === 'win32' ? win32 : posix;
  const join = (...parts: string[]): string => paths.join(...parts);
  // Windows takes the name in any case.
  const path = Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
  const folders = path.split(paths.delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    if (platform !== 'win32') {
      if (exists(join(folder, 'az'))) return { file: join(folder, 'az'), before: [] };
      continue;
    }
    if (exists(join(folder, 'az.exe'))) return { file: join(folder, 'az.exe'), before: [] };
    if (!exists(join(folder, 'az.cmd')) && !exists(join(folder, 'az.bat'))) continue;
    // `wbin\az.cmd` of the installer has it one folder up, `Scripts\az.bat` of pip in its own.
    for (const python of [join(folder, '..', 'python.exe'), join(folder, 'python.exe')]) {
      if (exists(python)) return { file: python, before: ['-IBm', 'azure.cli'] };
    }
  }
  throw new AzMissing();
}

async function run(
  { file, before, hasGroup }: AzProgram & { readonly hasGroup: boolean },
  args: readonly string[],
  env: Environment,
  { timeoutMs, onText }: AzCall,
): Promise<AzAnswer> {
  const child = spawn(file, [...before, ...args], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: hasGroup,
    windowsHide: true,
  });
  let endedBy: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals): void => {
    endedBy = signal;
    sendSignal(child, signal, hasGroup);
  };
  const stopListening = onSignal(end);
  const timer = timeoutMs === 0 ? undefined : setTimeout(end, timeoutMs, 'SIGTERM');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (onText !== undefined) onText(text);
    else stdout += text;
    if (stdout.length > LIMITS.azOutputBytes) end('SIGTERM');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < LIMITS.azOutputBytes) stderr += text;
  });
  try {
    await once(child, 'close');
  } finally {
    clearTimeout(timer);
    stopListening();
  }
  const signal = child.signalCode ?? endedBy;
  if (signal === undefined) return { code: child.exitCode ?? 1, stdout, stderr };
  return { code: 1, stdout, stderr: `${stderr}\naz was ended by ${signal}` };
}

function sendSignal(child: ChildProcess, signal: NodeJS.Signals, hasGroup: boolean): void {
  if (!hasGroup || child.pid === undefined) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of it has ended by itself.
  }
}
