/**
 * The server under test as it describes itself: its ServiceProviderConfig, resource types and
 * schemas. Rows ask it what the server claims, so that nothing is demanded that it does not claim.
 */
import { randomBytes } from 'node:crypto';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { valueAt } from '../support/answer.ts';
import { ScimHttp } from './http.ts';

/** What a ServiceProviderConfig may claim; `cursor` is RFC 9865's. */
export type Feature = 'patch' | 'bulk' | 'filter' | 'changePassword' | 'sort' | 'etag' | 'cursor';

export interface TargetOptions {
  /** `https://host/scim/v2`. */
  readonly url: string;
  readonly token: string | undefined;
}

export class Target {
  readonly http: ScimHttp;
  readonly config: JsonObject;
  readonly resourceTypes: readonly JsonObject[];
  readonly schemas: readonly JsonObject[];
  /** Tells the names of this run from those of every other. */
  readonly #run = randomBytes(5).toString('hex');
  #names = 0;

  /** @throws Error when nothing answers, or not as a SCIM server */
  static async discover(options: TargetOptions): Promise<Target> {
    const http = new ScimHttp(options.url, options.token);
    const config = await http.send('GET', '/ServiceProviderConfig');
    if (config.status !== 200) {
      throw new Error(`${http.base}/ServiceProviderConfig answers ${config.summary()}`);
    }
    return new Target(
      http,
      config.body,
      await described(http, '/ResourceTypes'),
      await described(http, '/Schemas'),
    );
  }

  private constructor(
    http: ScimHttp,
    config: JsonObject,
    resourceTypes: readonly JsonObject[],
    schemas: readonly JsonObject[],
  ) {
    this.http = http;
    this.config = config;
    this.resourceTypes = resourceTypes;
    this.schemas = schemas;
  }

  /** A name that nothing else on the server has. */
  unique(prefix: string): string {
    this.#names += 1;
    return `${prefix}-${this.#run}-${this.#names}`;
  }

  claims(feature: Feature): boolean {
    if (feature === 'cursor') return valueAt(this.config, 'pagination', 'cursor') === true;
    return valueAt(this.config, feature, 'supported') === true;
  }
}

/** Resource types or schemas; a server that has no list of them has none here. */
async function described(http: ScimHttp, path: string): Promise<readonly JsonObject[]> {
  const answer = await http.send('GET', path);
  if (answer.status !== 200) return [];
  const list: JsonValue | undefined = answer.at('Resources') ?? [];
  return Array.isArray(list) ? list.filter(isObject) : [];
}
