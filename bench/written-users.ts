/**
 * A database filled by the product's own writer, without HTTP: the seeded users of the bench, in
 * commits of a given size. The same seed gives the same rows, ids and times.
 */
import { openData } from '../src/db-worker/data-files.ts';
import { WriteEngine } from '../src/db-worker/write-engine.ts';
import { uuidV7Source, type IdSource } from '../src/platform/clock.ts';
import { canonicalizeResource } from '../src/scim/resource/canonicalize.ts';
import { toStored } from '../src/scim/resource/stored.ts';
import { CORE_PROFILE } from '../src/scim/schema/core.ts';
import { compileRegistry } from '../src/scim/schema/registry.ts';
import type { Connection } from '../src/sqlite/open.ts';
import type { CreateCommand } from '../src/store/commands.ts';
import { isObject, type JsonValue } from '../src/scim/json.ts';
import { parseSettings } from '../src/store/settings.ts';
import { seededRandom } from './random.ts';
import { seededUsers, type SeededUsers } from './users.ts';

const SETTINGS = parseSettings({});
const ENDPOINT = '01990000-0000-7000-8000-000000000000';
const START_MS = 1_750_000_000_000;
/** Apart from each other, as at 5,000 users a second. */
const STEP_MS = 0.2;
/** Many, so that external ids come in random order, as they do. */
const TEMPLATES = 20_000;

export class WrittenUsers {
  readonly db: Connection;
  readonly #engine: WriteEngine;
  readonly #users: SeededUsers;
  readonly #ids: IdSource;
  readonly #type;
  #now = START_MS;
  #serial = 0;

  constructor(path: string, seed: number) {
    this.db = openData(path, { synchronous: 'NORMAL' }, START_MS, ENDPOINT);
    this.#engine = new WriteEngine(this.db);
    this.#users = seededUsers(seed, TEMPLATES);
    const random = seededRandom(seed + 1);
    this.#ids = uuidV7Source({ now: () => this.#now }, (size) =>
      Buffer.from(random.hex(size * 2), 'hex'),
    );
    const type = compileRegistry(CORE_PROFILE, SETTINGS.indexedAttributes).typesByName.get('User');
    if (type === undefined) throw new Error('the core profile has no users');
    this.#type = type;
  }

  /** @returns the commands, as they were carried out */
  create(count: number, perCommit: number): CreateCommand[] {
    const created: CreateCommand[] = [];
    while (created.length < count) {
      const size = Math.min(perCommit, count - created.length);
      const batch = Array.from({ length: size }, () => this.#next());
      for (const outcome of this.#engine.run(batch)) {
        if (!outcome.ok) throw new Error('a seeded user was refused', { cause: outcome.error });
      }
      created.push(...batch);
    }
    return created;
  }

  close(): void {
    this.db.close();
  }

  #next(): CreateCommand {
    this.#now += STEP_MS;
    const body: JsonValue = JSON.parse(this.#users.text(this.#serial)) as JsonValue;
    if (!isObject(body)) throw new Error('a seeded user is an object');
    this.#serial += 1;
    const id = this.#ids.next();
    const canonical = canonicalizeResource(this.#type, body, SETTINGS);
    return {
      kind: 'create',
      endpointId: ENDPOINT,
      log: undefined,
      type: 'User',
      id,
      now: Math.floor(this.#now),
      ...toStored(this.#type, id, canonical),
    };
  }
}
