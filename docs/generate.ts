/**
 * Writes the documents that are made from code: `npm run docs`. A tidy test compares what stands in
 * the tree with what this would write, so a document can never tell of an option that is not there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { OPTIONS, type Option } from '../src/platform/config.ts';

export interface GeneratedDocument {
  readonly url: URL;
  readonly text: string;
}

/** All generated documents as they should be, formatted. */
export async function generatedDocuments(): Promise<readonly GeneratedDocument[]> {
  const url = new URL('./CONFIG.md', import.meta.url);
  const options = await resolveConfig(fileURLToPath(url));
  return [{ url, text: await format(configDocument(), { ...options, parser: 'markdown' }) }];
}

/** The generated documents whose file differs or is missing. */
export async function staleDocuments(): Promise<readonly GeneratedDocument[]> {
  const documents = await generatedDocuments();
  return documents.filter(({ url, text }) => readText(url) !== text);
}

function configDocument(): string {
  const rows = Object.values(OPTIONS).map((option: Option<unknown>) =>
    tableRow([`\`${option.name}\``, option.kind.takes, defaultText(option), option.consequence]),
  );
  return [
    '# Configuration',
    '',
    '<!-- Generated from src/platform/config.ts by `npm run docs`. -->',
    '',
    'Scimlane reads environment variables, once, at start. An empty variable counts as not set.',
    '',
    tableRow(['Variable', 'Takes', 'Default', 'What follows from it']),
    tableRow(['---', '---', '---', '---']),
    ...rows,
    '',
    'A value that is not taken stops the start with one line that names the variable, what it takes and what it is. So does an unknown variable that begins with `SCIMLANE_` or `SCIM_`: the line names the nearest known one. Variables that Kubernetes adds for a service called `scim` or `scimlane` are ignored.',
    '',
    'Settings of one endpoint (tenant) are not here: an administrator changes them while the server runs.',
    '',
  ].join('\n');
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
