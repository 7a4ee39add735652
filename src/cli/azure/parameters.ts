/**
 * The parameters of main.bicep: what a preset says, over it what the last deployment had, over that
 * what was asked for. Secrets go to `az` in a file that only its owner can read and that is removed
 * at once: an argument could be read by every process of the machine.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GivenSettings } from './arguments.ts';

export type Parameters = ReadonlyMap<string, string | number | boolean>;

/** Every parameter that a deployment hands on to the next; secrets, image and fingerprint are apart. */
const SETTINGS = [
  'app',
  'location',
  'storage',
  'storageAccountName',
  'redundancy',
  'privateNetwork',
  'registryName',
  'registryGroup',
  'cpu',
  'memory',
  'publicUrl',
  'alertEmail',
  'logDays',
  'logMaxSize',
  'spoolMax',
];

/** The literals of a file of parameters; those that come from the environment are left out. */
export function readPreset(templates: string, environment: 'dev' | 'prod'): Parameters {
  const text = readFileSync(join(templates, 'parameters', `${environment}.bicepparam`), 'utf8');
  const preset = new Map<string, string | number | boolean>();
  for (const [, name = '', literal = ''] of text.matchAll(/^param (\w+) = (.+?)\s*$/gm)) {
    const quoted = /^'([^'\\$]*)'$/.exec(literal)?.[1];
    if (quoted !== undefined) preset.set(name, quoted);
    else if (/^(true|false)$/.test(literal)) preset.set(name, literal === 'true');
    else if (/^\d+$/.test(literal)) preset.set(name, Number(literal));
  }
  return preset;
}

export interface ParameterSources {
  readonly preset: Parameters | undefined;
  /** Of the last deployment; empty for the first. */
  readonly former: ReadonlyMap<string, unknown>;
  readonly given: GivenSettings;
}

/** What differs between deployments, without image and secrets. */
export function mergeSettings({
  preset,
  former,
  given,
}: ParameterSources): Map<string, string | number | boolean> {
  const merged = new Map<string, string | number | boolean>();
  const add = (name: string, value: unknown): void => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return;
    if (SETTINGS.includes(name)) merged.set(name, value);
  };
  for (const [name, value] of former) add(name, value);
  for (const [name, value] of preset ?? []) add(name, value);
  add('location', given.location);
  add('storage', given.storage);
  add('storageAccountName', given.storageAccount);
  add('registryGroup', given.registryGroup);
  add('publicUrl', given.publicUrl);
  add('alertEmail', given.alertEmail);
  return merged;
}

/** Tells whether a deployment would be the same as the last: the templates and the settings. */
export function fingerprintOf(templates: string, settings: Parameters): string {
  const hash = createHash('sha256');
  const files = readdirSync(templates, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.bicep'))
    .toSorted();
  for (const file of files) {
    // Git may have turned the ends of lines into those of this machine.
    hash.update(readFileSync(join(templates, file), 'utf8').replaceAll('\r\n', '\n'));
  }
  hash.update(JSON.stringify([...settings].toSorted(([a], [b]) => (a < b ? -1 : 1))));
  return hash.digest('hex').slice(0, 32);
}

/** Hands a file with the parameters to the action; it is gone when that ends, however it ends. */
export async function withParameterFile<Result>(
  parameters: Parameters,
  action: (file: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'scimlane-azure-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // A signal ends the process before `finally` could run.
  const onSignal = (signal: NodeJS.Signals): void => {
    remove();
    process.kill(process.pid, signal);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const file = join(folder, 'parameters.json');
    const values = [...parameters].map(([name, value]) => [name, { value }]);
    const content = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
      contentVersion: '1.0.0.0',
      parameters: Object.fromEntries(values) as Readonly<Record<string, unknown>>,
    };
    writeFileSync(file, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
    return await action(file);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    remove();
  }
}
