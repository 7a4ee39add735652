/** The import as an operator runs it: a process of its own, on a database of SCIMServer that a test has made. */
import { join } from 'node:path';
import type { Finding } from '../../src/import/findings.ts';
import { emptyTally, type ImportCounts, type Tally } from '../../src/import/options.ts';
import type { Scope } from '../support/asserts.ts';
import { ScimClient } from '../support/client.ts';
import { runCommand } from '../support/command.ts';
import { ScimServerDatabase, type Version } from '../support/scimserver/database.ts';
import { Server, temporaryFolder } from '../support/server.ts';

/** What `--json` prints, as far as tests read it. */
export interface Imported {
  readonly dryRun: boolean;
  readonly copied?: string;
  readonly logsLeft?: string;
  readonly shipped?: boolean;
  readonly counts: ImportCounts;
  readonly findings: Readonly<Record<Finding['kind'], number>>;
  readonly groups: readonly {
    readonly kind: string;
    readonly path: string;
    readonly count: number;
  }[];
  readonly named: readonly Finding[];
}

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** @throws SyntaxError when it failed */
  readonly result: () => Imported;
}

export class Migration {
  /** Of our database. */
  readonly folder: string;
  readonly source: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #t: Scope;

  constructor(t: Scope, env: Readonly<Record<string, string>> = {}) {
    this.#t = t;
    this.folder = temporaryFolder(t);
    this.source = join(temporaryFolder(t), 'scim.db');
    this.env = { DATABASE_URL: `file:${join(this.folder, 'scimlane.db')}`, ...env };
  }

  database(version?: Version): ScimServerDatabase {
    return new ScimServerDatabase(this.source, version);
  }

  async run(...words: string[]): Promise<Run> {
    const ran = await runCommand(['import', this.source, '--json', ...words], this.env);
    return { ...ran, result: () => JSON.parse(ran.stdout) as Imported };
  }

  /** A server on what was imported, with a client under the base path of an endpoint. */
  async serve(): Promise<{ server: Server; at: (endpoint: string) => ScimClient }> {
    const server = await Server.start(this.#t, { folder: this.folder, env: this.env });
    const client = ScimClient.of(this.#t, server);
    return { server, at: (endpoint) => client.under(`/scim/endpoints/${endpoint}`) };
  }
}

export function tally(counts: Partial<Tally>): Tally {
  return { ...emptyTally(), ...counts };
}
