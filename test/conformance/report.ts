/**
 * What a run looks like to a person: a table of sections, then each failure with what was asked and
 * what came. Colour is left to the terminal's owner: none.
 */
import type { Answer } from './answer.ts';
import type { Outcome, Result } from './run-rows.ts';

const OUTCOMES = ['passed', 'failed', 'deviates', 'not applicable'] as const;
const BODY_CHARACTERS = 2000;

/** The table of sections and the failures. */
export function textReport(results: readonly Result[]): string {
  const failures = results.filter(({ outcome }) => outcome === 'failed');
  const deviations = results.filter(({ outcome }) => outcome === 'deviates');
  return [
    ...sectionTable(results),
    ...(deviations.length === 0 ? [] : ['', 'Deviations, chosen:']),
    ...deviations.map(({ row }) => `  ${row.id}  ${row.deviation?.setting ?? ''}`),
    ...failures.flatMap((result) => ['', ...failure(result)]),
    '',
    summary(results),
    '',
  ].join('\n');
}

export function summary(results: readonly Result[]): string {
  const counts = OUTCOMES.map((outcome) => `${count(results, outcome)} ${outcome}`);
  return `${results.length} requirements: ${counts.join(', ')}`;
}

/** One object for each row; for `--json`. */
export function jsonReport(results: readonly Result[]): string {
  const rows = results.map(({ row, outcome, reason, answer }) => ({
    id: row.id,
    level: row.level,
    requirement: row.requirement,
    outcome,
    reason,
    deviation: row.deviation,
    ...(answer === undefined
      ? {}
      : {
          request: answer.request,
          answer: {
            status: answer.status,
            headers: Object.fromEntries(answer.headers),
            body: answer.text,
          },
        }),
  }));
  return JSON.stringify({ results: rows }, undefined, 2);
}

function count(results: readonly Result[], outcome: Outcome): number {
  return results.filter((result) => result.outcome === outcome).length;
}

function sectionTable(results: readonly Result[]): string[] {
  const sections = [...new Set(results.map(({ row }) => sectionOf(row)))];
  const lines = sections.map((section) => {
    const own = results.filter(({ row }) => sectionOf(row) === section);
    return [section, ...OUTCOMES.map((outcome) => String(count(own, outcome)))];
  });
  const width = Math.max(...sections.map(({ length }) => length), 'section'.length);
  return [['section', ...OUTCOMES], ...lines].map(([section = '', ...cells]) =>
    [
      section.padEnd(width),
      ...cells.map((cell, index) => cell.padStart((OUTCOMES[index]?.length ?? 0) + 2)),
    ].join(''),
  );
}

function sectionOf({ rfc, section }: Result['row']): string {
  return `RFC ${rfc} §${section}`;
}

function failure({ row, reason, answer }: Result): string[] {
  return [
    `FAILED ${row.id} (${row.level})`,
    `  ${row.requirement}`,
    `  ${reason ?? ''}`,
    ...(answer === undefined ? [] : exchange(answer).map((line) => `    ${line}`)),
  ];
}

function exchange({ request, status, headers, text }: Answer): string[] {
  return [
    `> ${request.method} ${request.path}`,
    ...Object.entries(request.headers).map(([name, value]) => `> ${name}: ${value}`),
    ...(request.body === undefined ? [] : [`> ${request.body.slice(0, BODY_CHARACTERS)}`]),
    `< ${status}`,
    ...[...headers].map(([name, value]) => `< ${name}: ${value}`),
    ...(text === '' ? [] : [`< ${text.slice(0, BODY_CHARACTERS)}`]),
  ];
}
