/**
 * The parameters of main.bicep: what the last deployment had, over it a preset that was named, over
 * that what was asked for. Secrets go to `az` in a file that only its owner can read and that is gone
 * when `az` ends: an argument could be read by every process of the machine.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CustomDomain } from './app.ts';
import type { GivenSettings } from './arguments.ts';
import { onSignal } from './on-signal.ts';

export type Settings = ReadonlyMap<string, string | number | boolean>;
export type ParameterValue = string | number | boolean | readonly CustomDomain[];
export type Parameters = ReadonlyMap<string, ParameterValue>;

/** What a deployment hands on to the next; secrets, image, domains and fingerprint are apart. */
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
export function readPreset(templates: string, environment: 'dev' | 'prod'): Settings {
  return literalsOf(join(templates, 'parameters', `${environment}.bicepparam`));
}

/** The literal defaults of main.bicep. */
export function readDefaults(templates: string): Settings {
  return literalsOf(join(templates, 'main.bicep'));
}

function literalsOf(file: string): Settings {
  const literals = new Map<string, string | number | boolean>();
  const lines = readFileSync(file, 'utf8').matchAll(/^param (\w+)(?: \w+)? = (.+?)\s*$/gm);
  for (const [, name = '', literal = ''] of lines) {
    const quoted = /^'([^'\\$]*)'$/.exec(literal)?.[1];
    if (quoted !== undefined) literals.set(name, quoted);
    else if (/^(true|false)$/.test(literal)) literals.set(name, literal === 'true');
    else if (/^\d+$/.test(literal)) literals.set(name, Number(literal));
  }
  return literals;
}

export interface ParameterSources {
  /**
   * Handed over like all else: whether Azure tells parameters that were not handed over is not
   * certain, and the next deployment must not differ by that.
   */
  readonly defaults: Settings;
  readonly preset: Settings | undefined;
  /** Of the last deployment; empty for the first. */
  readonly former: ReadonlyMap<string, unknown>;
  readonly given: GivenSettings;
}

/** What differs between deployments, without image and secrets. */
export function mergeSettings({
  defaults,
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
  for (const [name, value] of defaults) add(name, value);
  for (const [name, value] of former) add(name, value);
  for (const [name, value] of preset ?? []) {
    // It has an option of its own: without that, the backups stay where they are.
    if (name !== 'storage' || !former.has(name)) add(name, value);
  }
  add('location', given.location);
  add('storage', given.storage);
  add('storageAccountName', given.storageAccount);
  add('registryGroup', given.registryGroup);
  add('publicUrl', given.publicUrl);
  add('alertEmail', given.alertEmail);
  return merged;
}

/** Tells whether a deployment would be the same as the last: the templates and the settings. */
export function fingerprintOf(templates: string, settings: Settings): string {
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
  const stopListening = onSignal(remove);
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
    stopListening();
    remove();
  }
}
