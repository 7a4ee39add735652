/** The command line of `npm run conformance`: what it takes, and one line for what it does not. */
import { parseArgs } from 'node:util';

export interface Arguments {
  /** Undefined: the server of this repository, started on a scratch folder. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** `7644` or `7644-3.5`: only rows of it and below. */
  readonly section: string | undefined;
  readonly json: boolean;
  readonly strict: boolean;
  readonly lanes: number;
  readonly write: boolean;
}

export const USAGE = `npm run conformance -- [options]

  --url URL          base URL of a SCIM server, such as https://host/scim/v2; without it the
                     server of this repository is started and both its presets are run
  --token TOKEN      bearer token; without it none is sent
  --section ID       only this RFC or section: 7644, 7644-3.5, 9865-2
  --lanes N          rows at a time, 1 to 16; 4 when left out
  --strict           deviations that are chosen for identity providers count as failures
  --json             the results as JSON on stdout
  --write            write docs/CONFORMANCE.md from the results (without --url only)

Everything created has a name of its own and is deleted at the end. Exit code 0: nothing failed.
`;

const LANES = 4;
const LANES_MAX = 16;

/** @throws Error with one line that says what is wrong */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      token: { type: 'string' },
      section: { type: 'string' },
      lanes: { type: 'string' },
      json: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const lanes = Number(values.lanes ?? LANES);
  if (!Number.isInteger(lanes) || lanes < 1 || lanes > LANES_MAX) {
    throw new Error(`--lanes takes a whole number from 1 to ${LANES_MAX}`);
  }
  if (values.url !== undefined && !/^https?:\/\//.test(values.url)) {
    throw new Error('--url takes an http or https URL');
  }
  if (values.write && (values.url !== undefined || values.section !== undefined)) {
    throw new Error('--write takes neither --url nor --section: the document tells of all rows');
  }
  return {
    url: values.url,
    token: values.token,
    section: values.section,
    json: values.json,
    strict: values.strict,
    write: values.write,
    lanes,
  };
}
