/**
 * docs/CONFORMANCE.md from the results of a run against our own server: one table for each section,
 * the deviations with their reasons, and what cannot be asked from outside.
 */
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { LEFT_OUT } from './left-out.ts';
import { PRESETS, type PresetName } from './own-server.ts';
import type { Row } from './row.ts';
import type { Result } from './run-rows.ts';

export const DOCUMENT = new URL('../../docs/CONFORMANCE.md', import.meta.url);

type Results = Record<PresetName, readonly Result[]>;

const TITLES: Readonly<Record<Row['rfc'], string>> = {
  '7643': 'RFC 7643, core schema',
  '7644': 'RFC 7644, protocol',
  '9865': 'RFC 9865, cursor pagination',
};

/** The document as it should stand in the tree, formatted. */
export async function conformanceDocument(results: Results): Promise<string> {
  const rows = results.default.map(({ row }) => row);
  const text = [
    '# Conformance',
    '',
    '<!-- Generated from test/conformance by `npm run conformance -- --write`. -->',
    '',
    'What RFC 7643, RFC 7644 and RFC 9865 demand of a service provider, as far as it can be seen from outside, and what Scimlane does: one row for each requirement, in our words, run against the real server. A MUST NOT counts as MUST. *default* is an endpoint as it is made without any setting, *rfc-strict* one with that preset; both have an extension and a resource type more, so that each characteristic of an attribute can be seen.',
    '',
    'The same rows run against any server: `npm run conformance -- --url https://host/scim/v2 --token …`.',
    '',
    ...totals(results),
    ...deviations(results),
    ...sections(rows).flatMap(([rfc, section], index, all) => [
      ...(all[index - 1]?.[0] === rfc ? [] : ['', `## ${TITLES[rfc]}`]),
      '',
      `### ${rfc} §${section}`,
      '',
      ...sectionTable(rfc, section, results),
    ]),
    '',
    '## What is left out',
    '',
    'Requirements that bind clients, or that no request can show.',
    '',
    tableRow(['Where', 'What', 'Why']),
    tableRow(['---', '---', '---']),
    ...LEFT_OUT.map(({ where, what, why }) => tableRow([where, what, why])),
    '',
  ].join('\n');
  const options = await resolveConfig(fileURLToPath(DOCUMENT));
  return format(text, { ...options, parser: 'markdown' });
}

function totals(results: Results): string[] {
  const outcomes = ['passed', 'deviates', 'not applicable', 'failed'] as const;
  return [
    tableRow(['Endpoint', 'Requirements', ...outcomes]),
    tableRow(['---', '---', ...outcomes.map(() => '---')]),
    ...PRESETS.map((preset) =>
      tableRow([
        preset,
        String(results[preset].length),
        ...outcomes.map((outcome) =>
          String(results[preset].filter((result) => result.outcome === outcome).length),
        ),
      ]),
    ),
  ];
}

function deviations({ default: results }: Results): string[] {
  const lines = results.flatMap(({ row }) =>
    row.deviation === undefined
      ? []
      : [tableRow([row.id, row.deviation.reason, `\`${row.deviation.setting}\``])],
  );
  if (lines.length === 0) return [];
  return [
    '',
    '## Deviations of the default',
    '',
    'Each is chosen for what identity providers send, and each is a [setting](SETTINGS.md).',
    '',
    tableRow(['Requirement', 'Why', 'Setting']),
    tableRow(['---', '---', '---']),
    ...lines,
  ];
}

function sections(rows: readonly Row[]): (readonly [Row['rfc'], string])[] {
  const keys = new Map(
    rows.map(({ rfc, section }) => [`${rfc}-${section}`, [rfc, section] as const]),
  );
  return [...keys.values()];
}

function sectionTable(rfc: Row['rfc'], section: string, results: Results): string[] {
  const own = results.default.filter(({ row }) => row.rfc === rfc && row.section === section);
  return [
    tableRow(['Id', 'Level', 'Requirement', ...PRESETS]),
    tableRow(['---', '---', '---', '---', '---']),
    ...own.map(({ row }) =>
      tableRow([
        row.id.slice(row.id.indexOf('/') + 1),
        row.level,
        row.requirement,
        ...PRESETS.map((preset) => shownResult(results[preset].find((r) => r.row === row))),
      ]),
    ),
  ];
}

function shownResult(result: Result | undefined): string {
  if (result === undefined) return 'not run';
  if (result.outcome === 'not applicable') return `not applicable: ${result.reason ?? ''}`;
  return result.outcome === 'failed' ? '**failed**' : result.outcome;
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
