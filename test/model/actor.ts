/** One client with its own view of the world: it sends, and remembers what it sent last. */
import type { JsonValue } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import type { RequestOptions, ScimClient } from '../support/client.ts';
import type { Random } from '../support/random.ts';
import { anyWord } from './random-users.ts';
import { calledBy, nameOf, type Resource, type TypeName, type World } from './world.ts';

/** Requests that a failure shows. */
const TRACE = 8;

export class Actor {
  readonly scim: ScimClient;
  readonly world: World;
  readonly random: Random;
  /** Begins each name that it gives: '' where it is alone. */
  readonly prefix: string;
  readonly #trace: string[] = [];
  #names = 0;

  constructor(scim: ScimClient, world: World, random: Random, prefix = '') {
    this.scim = scim;
    this.world = world;
    this.random = random;
    this.prefix = prefix;
  }

  async send(
    method: string,
    path: string,
    body?: JsonValue,
    headers?: RequestOptions['headers'],
  ): Promise<Answer> {
    const options = headers === undefined ? {} : { headers };
    const answer = await this.scim.send(method, path, body, options);
    const said = [method, path, headers, body].filter((part) => part !== undefined);
    this.#trace.push(`${said.map(inWords).join(' ')}\n  → ${answer.status} ${answer.text}`);
    if (this.#trace.length > TRACE) this.#trace.shift();
    return answer;
  }

  /** What was sent last, and what came back; the latest first. */
  get trace(): string {
    return this.#trace
      .map((line) => line.slice(0, 1500))
      .reverse()
      .join('\n');
  }

  /** One of its own resources of the type. */
  any(type: TypeName): Resource | undefined {
    const own = this.world.all(type).filter(({ isShared }) => !isShared);
    return own[this.random.below(own.length)];
  }

  /** A name that is free, or in some cases one that is not, in other letters. */
  name(type: TypeName): string {
    const taken = this.any(type)?.document[nameOf(type)];
    if (typeof taken === 'string' && this.random.below(8) === 0) {
      return this.random.pick([taken, taken.toUpperCase(), taken.toLowerCase()]);
    }
    this.#names += 1;
    return `${this.prefix}${anyWord(this.random)} ${this.#names}`;
  }

  /** Texts that its users are called. */
  names(): string[] {
    return this.world.all('User').map(calledBy);
  }

  /**
   * An If-Match header for the resource: mostly none, one that holds, or one that does not.
   * Versions that the model has not seen since the last change are not named.
   */
  precondition({ told, versions }: Resource): {
    readonly headers: RequestOptions['headers'];
    readonly holds: boolean;
  } {
    const stale = [...versions].find((version) => version !== told.version);
    switch (this.random.below(8)) {
      case 0:
        return { headers: { 'if-match': '*' }, holds: true };
      case 1:
      case 2:
        if (told.version === undefined) return { headers: undefined, holds: true };
        return { headers: { 'if-match': `W/"x", ${told.version}` }, holds: true };
      case 3:
        return { headers: { 'if-match': stale ?? 'W/"none"' }, holds: false };
      default:
        return { headers: undefined, holds: true };
    }
  }
}

/** An id that no resource has. */
export const NOBODY = '01890000-0000-7000-8000-000000000000';

export function pathOf({ type, id }: Pick<Resource, 'type' | 'id'>): string {
  return `/${type}s/${id}`;
}

function inWords(part: unknown): string {
  return typeof part === 'string' ? part : JSON.stringify(part);
}
