/**
 * What a row of the suite is: one requirement of an RFC that can be seen from outside, in our own
 * words, and what to ask a server to see whether it is met. Rows stand in `rows/`, by RFC section.
 */
import type { RowContext } from './row-context.ts';

export type Rfc = '7643' | '7644' | '9865';
/** A MUST NOT is a MUST: what it demands is as binding. */
export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** Why our default differs from the RFC, and which setting makes it the letter of the RFC. */
export interface Deviation {
  readonly reason: string;
  readonly setting: string;
}

export interface Row {
  /** `7644-3.5.2.3/no-match`: RFC, section, what it is about. */
  readonly id: string;
  readonly rfc: Rfc;
  readonly section: string;
  readonly level: Level;
  /** One sentence. */
  readonly requirement: string;
  readonly deviation: Deviation | undefined;
  /** Returns when the requirement is met; throws `Unmet` or `NotApplicable`. */
  readonly run: (context: RowContext) => Promise<void>;
}

export type Run = Row['run'];
/** A row before it knows its section. */
export type Draft = Pick<Row, 'level' | 'requirement' | 'deviation' | 'run'> & {
  readonly about: string;
};

/** The rows of one section; `title` is for who reads the file. */
export function section(
  rfc: Rfc,
  number: string,
  title: string,
  drafts: readonly Draft[],
): readonly Row[] {
  if (title === '') throw new Error(`section ${number} has no title`);
  return drafts.map(({ about, ...rest }) => ({
    id: `${rfc}-${number}/${about}`,
    rfc,
    section: number,
    ...rest,
  }));
}

export function must(about: string, requirement: string, run: Run, deviation?: Deviation): Draft {
  return { about, level: 'MUST', requirement, deviation, run };
}

export function should(about: string, requirement: string, run: Run, deviation?: Deviation): Draft {
  return { about, level: 'SHOULD', requirement, deviation, run };
}

export function may(about: string, requirement: string, run: Run, deviation?: Deviation): Draft {
  return { about, level: 'MAY', requirement, deviation, run };
}

/** Thrown by a row that the server's own claims leave nothing to ask of. */
export class NotApplicable extends Error {}
