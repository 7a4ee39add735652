/**
 * Reads manifests and heads: JSON from outside becomes the types of `manifest.ts` here and nowhere
 * else, field by field; unknown fields are left out. The checks are written by hand because a process
 * reads a head before it listens, and importing TypeBox would cost it 200 ms and 25 MB.
 */
import { DamagedObject } from './damaged-object.ts';
import { decodeDocument } from './document.ts';
import type {
  ChainEntry,
  CondemnedObject,
  Head,
  Holder,
  Manifest,
  SnapshotEntry,
} from './manifest.ts';
import { headName, manifestName } from './object-names.ts';

const FORMAT = 1;

/** Written by a version of Scimlane with another format: nothing is wrong with the object. */
export class UnknownFormat extends Error {
  constructor(object: string, format: number) {
    super(
      `${object} is of format ${format}, and this version of Scimlane reads format ${FORMAT}: ` +
        'start the version that wrote it, or a later one',
    );
    this.name = 'UnknownFormat';
  }
}

/**
 * @param storage label of the storage it came from, for the error
 * @throws DamagedObject, UnknownFormat
 */
export function parseManifest(name: string, bytes: Uint8Array, storage?: string): Manifest {
  const fields: Fields = documentFields(name, bytes, storage);
  const manifest: Manifest = {
    format: FORMAT,
    database: fields.text('database'),
    number: fields.count('number'),
    createdAt: fields.time('createdAt'),
    snapshots: fields.list('snapshots', snapshotOf),
    chains: fields.list('chains', chainOf),
    logSnapshots: fields.list('logSnapshots', snapshotOf),
    condemned: fields.list('condemned', condemnedOf),
  };
  fields.require(name === manifestName(manifest.number), 'it is another one by its number');
  fields.require(
    isAscending(manifest.snapshots.map(({ sequence }) => sequence)),
    'its snapshots are not in order',
  );
  const chains = manifest.chains.map(({ chain }) => chain);
  fields.require(
    isAscending(chains) && new Set(chains).size === chains.length,
    'its chains are not in order',
  );
  return manifest;
}

/**
 * @param storage label of the storage it came from, for the error
 * @throws DamagedObject, UnknownFormat
 */
export function parseHead(name: string, bytes: Uint8Array, storage?: string): Head {
  const fields: Fields = documentFields(name, bytes, storage);
  const state = fields.text('state');
  fields.require(state === 'running' || state === 'stopped', 'its state is unknown');
  const head: Head = {
    format: FORMAT,
    number: fields.count('number'),
    term: fields.count('term'),
    holder: holderOf(fields.object('holder')),
    state: state === 'stopped' ? 'stopped' : 'running',
    database: fields.optionalText('database'),
    manifest: fields.count('manifest'),
    chain: fields.count('chain'),
    sequence: fields.count('sequence'),
    segment: fields.optionalText('segment'),
    at: fields.time('at'),
  };
  fields.require(name === headName(head.number), 'it is another one by its number');
  return head;
}

function documentFields(name: string, bytes: Uint8Array, storage?: string): Fields {
  const fields = new Fields({ name, storage }, decodeDocument(name, bytes, storage));
  const format = fields.count('format');
  // Before any other field: a later format may hold others.
  if (format !== FORMAT) throw new UnknownFormat(name, format);
  return fields;
}

function snapshotOf(fields: Fields): SnapshotEntry {
  return {
    name: fields.text('name'),
    sequence: fields.count('sequence'),
    takenAt: fields.time('takenAt'),
    bytes: fields.count('bytes'),
    sha256: fields.sha256('sha256'),
    databaseBytes: fields.count('databaseBytes'),
    databaseSha256: fields.sha256('databaseSha256'),
    schemaVersion: fields.count('schemaVersion'),
    rows: fields.object('rows').counts(),
  };
}

function chainOf(fields: Fields): ChainEntry {
  return {
    chain: fields.count('chain'),
    from: fields.count('from'),
    startedAt: fields.time('startedAt'),
    continues: fields.flag('continues'),
  };
}

function condemnedOf(fields: Fields): CondemnedObject {
  return { name: fields.text('name'), since: fields.time('since') };
}

function holderOf(fields: Fields): Holder {
  return {
    id: fields.text('id'),
    host: fields.text('host'),
    pid: fields.count('pid'),
    startedAt: fields.time('startedAt'),
  };
}

/** What an error names. */
interface Origin {
  readonly name: string;
  readonly storage: string | undefined;
}

/** The members of one JSON object, each read as what it must be. */
class Fields {
  readonly #document: Origin;
  readonly #path: string;
  readonly #members: ReadonlyMap<string, unknown>;

  /** @param path where in the document the object stands; empty: the document itself */
  constructor(document: Origin, value: unknown, path = '') {
    this.#document = document;
    this.#path = path;
    this.require(
      typeof value === 'object' && value !== null && !Array.isArray(value),
      `${path === '' ? 'its content' : path} is not an object`,
    );
    this.#members = new Map(Object.entries(value));
  }

  require(condition: boolean, problem: string): asserts condition {
    if (!condition) throw new DamagedObject(this.#document.name, problem, this.#document.storage);
  }

  text(key: string): string {
    const value = this.#members.get(key);
    this.require(typeof value === 'string', `${this.#pathOf(key)} is not a text`);
    return value;
  }

  optionalText(key: string): string | undefined {
    return this.#members.has(key) ? this.text(key) : undefined;
  }

  sha256(key: string): string {
    const value = this.text(key);
    this.require(/^[0-9a-f]{64}$/.test(value), `${this.#pathOf(key)} is not a SHA-256`);
    return value;
  }

  flag(key: string): boolean {
    const value = this.#members.get(key);
    this.require(typeof value === 'boolean', `${this.#pathOf(key)} is neither true nor false`);
    return value;
  }

  /** A whole number from 0 on. */
  count(key: string): number {
    const value = this.#members.get(key);
    this.require(
      typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
      `${this.#pathOf(key)} is not a count`,
    );
    return value;
  }

  /** Milliseconds since 1970, perhaps with a fraction. */
  time(key: string): number {
    const value = this.#members.get(key);
    this.require(
      typeof value === 'number' && Number.isFinite(value) && value >= 0,
      `${this.#pathOf(key)} is not a time`,
    );
    return value;
  }

  object(key: string): Fields {
    return new Fields(this.#document, this.#members.get(key), this.#pathOf(key));
  }

  list<T>(key: string, entryOf: (fields: Fields) => T): T[] {
    const path = this.#pathOf(key);
    const values: unknown = this.#members.get(key);
    this.require(Array.isArray(values), `${path} is not a list`);
    return values.map((value: unknown, index) =>
      entryOf(new Fields(this.#document, value, `${path}[${index}]`)),
    );
  }

  /** All members, each a count. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#members.keys()].map((key) => [key, this.count(key)]));
  }

  #pathOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, index) => value >= (values[index - 1] ?? value));
}
