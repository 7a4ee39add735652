/** What an operator may ask of an import, and what it counts. */

export interface ImportOptions {
  /** What is here and differs becomes what the source has. */
  readonly overwrite: boolean;
  /** Endpoints that the import makes keep attributes that no schema knows. */
  readonly keepUnknown: boolean;
  /** Rows of the request log are taken too, from this time on; undefined: none are. */
  readonly logsSince: number | undefined;
  /** Milliseconds since 1970; stands in for a time that the source does not have. */
  readonly now: number;
}

export interface Tally {
  read: number;
  /** New here. */
  taken: number;
  /** Here already, and equal. */
  unchanged: number;
  overwritten: number;
  /** Here already, otherwise, and left so. */
  differing: number;
  /** Here under an endpoint that was here before, and not in the source; not among those read. */
  onlyHere: number;
  refused: number;
}

export interface ImportCounts {
  readonly endpoints: Tally;
  readonly users: Tally;
  readonly groups: Tally;
  /** Memberships of the groups that were taken or compared, and those that name nobody or come twice. */
  readonly members: { kept: number; dropped: number };
  readonly logs: { taken: number; tooOld: number; refused: number };
}

export function emptyTally(): Tally {
  return { read: 0, taken: 0, unchanged: 0, overwritten: 0, differing: 0, onlyHere: 0, refused: 0 };
}

export function emptyCounts(): ImportCounts {
  return {
    endpoints: emptyTally(),
    users: emptyTally(),
    groups: emptyTally(),
    members: { kept: 0, dropped: 0 },
    logs: { taken: 0, tooOld: 0, refused: 0 },
  };
}

/** @param total rows of all tables that are read */
export type OnProgress = (done: number, total: number, what: string) => void;
