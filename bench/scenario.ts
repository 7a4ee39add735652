/** What a scenario is: a question, a load that answers it, and reads that check the answer. */
import type { Driver, Load } from './drive.ts';
import type { Population } from './population.ts';
import type { Product } from './processes.ts';
import type { ScimClient } from './scim-client.ts';

/** What a scenario may use; the server holds `population.ids.length` users. */
export interface Stage {
  readonly server: Product;
  readonly client: ScimClient;
  readonly population: Population;
  /** How many users exist before anything is measured. */
  readonly userCount: number;
  /** Members of the large group. */
  readonly memberCount: number;
  /** Warm-up and run together; a load with a capacity makes itself large enough for it. */
  readonly totalSeconds: number;
  /** Of the measured part. */
  readonly seconds: number;
  /** Requests a second that an open loop is asked to make; undefined: half of what it finds possible. */
  readonly rate: number | undefined;
}

export interface Trial {
  readonly load: Load;
  /** Who drives the load; autocannon, when it does not say. */
  readonly driver?: Driver;
  /**
   * Reads that do not go through the loading client.
   * @param sent requests that left, warm-up included
   * @param answered of these, answered right; the rest was in flight at the end
   * @returns complaints, one line each; none when all is well
   */
  verify(sent: number, answered: number): Promise<string[]>;
}

export interface Scenario {
  readonly name: string;
  /** The question that its figure answers. */
  readonly question: string;
  /** What it is a share of: a bare group-commit insert, a bare GET of as many bytes, or nothing. */
  readonly limit: 'insert' | 'get' | 'none';
  /** In each request, when they are what is counted: figures are per operation then. */
  readonly operations?: number;
  /** All of the load is one run, without a warm-up: its time is the figure. */
  readonly whole?: boolean;
  /** Where requests that a warm-up leaves behind would be in the way: see MeasureOptions. */
  readonly warmUpRequests?: number;
  /** Where the server admits no more. */
  readonly connectionsMax?: number;
  /** At exactly so many, whatever is asked for. */
  readonly connections?: number;
  /** Environment that its server needs beside the usual; `folder` is for what it stores. */
  environment?(folder: string): Readonly<Record<string, string>>;
  /** So much longer takes each sync of the disk, for its server and for its limit. */
  readonly syncDelayMs?: number;
  /** Takes minutes: `--minutes` says how many. */
  readonly takesMinutes?: boolean;
  prepare(stage: Stage): Promise<Trial>;
}

/** Every so many-th answer of a run is read back and compared whole. */
export const SAMPLES_MAX = 100;
