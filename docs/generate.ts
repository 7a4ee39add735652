/**
 * Writes the documents that are made from code: `npm run docs`. A tidy test compares what stands in
 * the tree with what this would write, so a document can never tell of an option that is not there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { openApiDocument } from '../src/http/admin/openapi.ts';
import { BACKUP_OPTIONS } from '../src/platform/backup-options.ts';
import { OPTIONS } from '../src/platform/config.ts';
import { LIMITS } from '../src/platform/limits.ts';
import type { Option } from '../src/platform/option.ts';
import { allPresets, type Preset } from '../src/store/presets.ts';
import { parseSettings, SETTINGS } from '../src/store/settings.ts';
import { timePicture } from './time-picture.ts';
import { withTimeTables } from './time-tables.ts';

/** Prose but for its tables of shares. */
const PERFORMANCE = new URL('./PERFORMANCE.md', import.meta.url);

export interface GeneratedDocument {
  readonly url: URL;
  readonly text: string;
}

/** All generated documents as they should be, formatted. */
export async function generatedDocuments(): Promise<readonly GeneratedDocument[]> {
  const picture = {
    url: new URL('./where-the-time-goes.svg', import.meta.url),
    text: timePicture(),
  };
  const documents = await Promise.all([
    formatted(new URL('./CONFIG.md', import.meta.url), configDocument()),
    formatted(new URL('./SETTINGS.md', import.meta.url), settingsDocument()),
    formatted(new URL('./openapi.json', import.meta.url), await openApiText(), 'json'),
    formatted(PERFORMANCE, withTimeTables(readText(PERFORMANCE) ?? '')),
  ]);
  return [...documents, picture];
}

/** The generated documents whose file differs or is missing. */
export async function staleDocuments(): Promise<readonly GeneratedDocument[]> {
  const documents = await generatedDocuments();
  return documents.filter(({ url, text }) => readText(url) !== text);
}

async function formatted(
  url: URL,
  text: string,
  parser: 'markdown' | 'json' = 'markdown',
): Promise<GeneratedDocument> {
  const options = await resolveConfig(fileURLToPath(url));
  return { url, text: await format(text, { ...options, parser }) };
}

async function openApiText(): Promise<string> {
  return JSON.stringify(await openApiDocument(), null, 2);
}

function configDocument(): string {
  const backup: readonly Option<unknown>[] = Object.values(BACKUP_OPTIONS);
  const server = Object.values(OPTIONS).filter((option) => !backup.includes(option));
  return [
    '# Configuration',
    '',
    '<!-- Generated from src/platform/config.ts by `npm run docs`. -->',
    '',
    'Scimlane reads environment variables, once, at start. An empty variable counts as not set.',
    '',
    ...optionTable(server),
    '',
    '## Backup',
    '',
    'Of a folder, Azure Files and Azure Blob any may be given, also several: each gets everything, and a restore trusts them in this order. Half a configuration stops the start. Without any, what is acknowledged is on the local disk and nowhere else.',
    '',
    ...optionTable(backup),
    '',
    '## What is refused',
    '',
    'A value that is not taken stops the start with one line that names the variable, what it takes and what it is. So does an unknown variable that begins with `SCIMLANE_`, `SCIM_`, `BACKUP_`, `BLOB_BACKUP_` or `FILES_BACKUP_`: the line names the nearest known one. Variables that Kubernetes adds for a service called `scim`, `scimlane` or `backup` are ignored.',
    '',
    'Settings of one endpoint (tenant) are in [SETTINGS.md](SETTINGS.md): an administrator changes them while the server runs.',
    '',
  ].join('\n');
}

function optionTable(options: readonly Option<unknown>[]): string[] {
  return [
    tableRow(['Variable', 'Takes', 'Default', 'What follows from it']),
    tableRow(['---', '---', '---', '---']),
    ...options.map((option) =>
      tableRow([`\`${option.name}\``, option.kind.takes, defaultText(option), option.consequence]),
    ),
  ];
}

function settingsDocument(): string {
  const rows = Object.entries(SETTINGS).map(([name, setting]) =>
    tableRow([
      `\`${name}\``,
      takenBy(setting),
      setting.kind === 'issuer'
        ? 'none'
        : quoted(
            setting.kind === 'paths' ? JSON.stringify(setting.default) : String(setting.default),
          ),
      setting.description,
    ]),
  );
  return [
    '# Settings of an endpoint',
    '',
    '<!-- Generated from src/store/settings.ts and presets.ts by `npm run docs`. -->',
    '',
    'Each endpoint (tenant) has its own, in `config` of `POST /scim/admin/endpoints` and `PATCH /scim/admin/endpoints/{id}`. The defaults suit Entra and Okta. A setting that is unknown or has a value it does not take is answered 400.',
    '',
    tableRow(['Setting', 'Takes', 'Default', 'What it does']),
    tableRow(['---', '---', '---', '---']),
    ...rows,
    '',
    '## Presets',
    '',
    'An endpoint may start from a preset: `preset` in the body of `POST /scim/admin/endpoints`, which stands in its `config` from then on. Settings in `config` win over those of the preset. A later `config` replaces all of the former one but the preset, unless it names another. `GET /scim/admin/presets` shows them with their schemas and resource types; [PROFILES.md](PROFILES.md) tells of own ones.',
    '',
    tableRow(['Preset', 'What for', 'Settings that are not the default']),
    tableRow(['---', '---', '---']),
    ...allPresets().map(presetRow),
    '',
  ].join('\n');
}

function takenBy(setting: (typeof SETTINGS)[keyof typeof SETTINGS]): string {
  if (setting.kind === 'choice') return setting.choices.map(quoted).join(', ');
  if (setting.kind === 'boolean') return 'true or false';
  if (setting.kind === 'issuer') return 'an object';
  if (setting.kind === 'integer') return `a whole number from ${setting.min} to ${setting.max}`;
  return `a list of paths, at most ${LIMITS.indexedAttributes}`;
}

function presetRow({ name, description, settings }: Preset): string {
  const defaults: Readonly<Record<string, unknown>> = { ...parseSettings({}) };
  const differing = Object.entries(settings).filter(([each, value]) => defaults[each] !== value);
  const shown = differing.map(([setting, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return quoted(`${setting}: ${text}`);
  });
  return tableRow([quoted(name), description, shown.length === 0 ? 'none' : shown.join(', ')]);
}

function quoted(text: string): string {
  return `\`${text}\``;
}

function defaultText(option: Option<unknown>): string {
  if (option.default === undefined) return 'none';
  if (option.productionDefault === undefined) return `\`${option.default}\``;
  return `\`${option.default}\`; in production \`${option.productionDefault}\``;
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function readText(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { url, text } of await staleDocuments()) {
    writeFileSync(url, text);
    console.log(`wrote ${fileURLToPath(url)}`);
  }
}
