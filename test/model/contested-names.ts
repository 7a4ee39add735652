/**
 * Names that several clients want at once. Each remembers when it held which, by a clock that counts
 * requests; afterwards that must be a history in which no name had two holders, and in which each
 * refusal had a holder to blame.
 */
import { ENTERPRISE, patchOp, USER } from '../support/entra.ts';
import { randomFrom } from '../support/random.ts';
import { pathOf, type Actor } from './actor.ts';
import { refused, same } from './compare.ts';

/** Ticks: it took the name between the first two, and gave it up between the last two. */
interface Holding {
  readonly name: string;
  readonly asked: number;
  readonly taken: number;
  letGo: number;
  free: number;
}

interface Refusal {
  readonly name: string;
  readonly asked: number;
  readonly told: number;
}

const NAMES = ['wanted', 'Straße', 'Zoë'] as const;
/** The same names in other letters. */
const SPELLINGS: Readonly<Record<(typeof NAMES)[number], readonly [string, ...string[]]>> = {
  wanted: ['wanted', 'Wanted', 'WANTED'],
  Straße: ['Straße', 'STRASSE', 'strasse'],
  Zoë: ['Zoë', 'ZOË', 'Zoe\u0308'],
};

export class ContestedNames {
  readonly #holdings: Holding[] = [];
  readonly #refusals: Refusal[] = [];
  #tick = 0;

  /**
   * One client's part: it takes names by POST, PUT and PATCH, and gives them up by renaming and by
   * deleting. It has one user for that, which its model does not know.
   */
  async compete(actor: Actor, turns: number, seed: number): Promise<void> {
    const random = randomFrom(seed);
    let own: { id: string; holding: Holding | undefined } | undefined;
    for (let turn = 0; turn < turns; turn += 1) {
      const free = `free of ${actor.prefix}${turn}`;
      if (own?.holding !== undefined) {
        const { id, holding } = own;
        holding.letGo = this.#now();
        const isDeleted = random.below(2) === 0;
        const rename = patchOp({ op: 'replace', path: 'userName', value: free });
        const answer = isDeleted
          ? await actor.send('DELETE', pathOf({ type: 'User', id }))
          : await actor.send('PATCH', pathOf({ type: 'User', id }), rename);
        same('status', answer.status, isDeleted ? 204 : 200);
        holding.free = this.#now();
        own = isDeleted ? undefined : { id, holding: undefined };
        continue;
      }
      const name = random.pick(NAMES);
      const userName = random.pick(SPELLINGS[name]);
      const asked = this.#now();
      const body = { schemas: [USER, ENTERPRISE], userName };
      const [method, path, sent, good] =
        own === undefined
          ? (['POST', '/Users', body, 201] as const)
          : random.pick([
              ['PUT', pathOf({ type: 'User', id: own.id }), body, 200] as const,
              [
                'PATCH',
                pathOf({ type: 'User', id: own.id }),
                patchOp({ op: 'replace', value: { userName } }),
                200,
              ] as const,
            ]);
      const answer = await actor.send(method, path, sent);
      const told = this.#now();
      if (answer.status === 409) {
        refused(answer, 409, 'uniqueness');
        this.#refusals.push({ name, asked, told });
        continue;
      }
      same('status', answer.status, good);
      same('userName', answer.body['userName'], userName);
      const holding = { name, asked, taken: told, letGo: Infinity, free: Infinity };
      this.#holdings.push(holding);
      own = { id: answer.id, holding };
    }
    if (own !== undefined) {
      const answer = await actor.send('DELETE', pathOf({ type: 'User', id: own.id }));
      same('status', answer.status, 204);
      if (own.holding !== undefined) own.holding.letGo = own.holding.free = this.#now();
    }
  }

  get holdings(): number {
    return this.#holdings.length;
  }

  get refusals(): number {
    return this.#refusals.length;
  }

  /** @throws Error when two clients surely held a name at once, or a refusal had no cause */
  check(): void {
    for (const one of this.#holdings) {
      for (const other of this.#holdings) {
        if (one === other || one.name !== other.name) continue;
        if (one.taken < other.letGo && other.taken < one.letGo) {
          throw new Error(`"${one.name}" had two holders: ${JSON.stringify([one, other])}`);
        }
      }
    }
    for (const refusal of this.#refusals) {
      const { name, asked, told } = refusal;
      const culprits = this.#holdings.filter(
        (holding) => holding.name === name && holding.asked < told && holding.free > asked,
      );
      if (culprits.length === 0) throw new Error(`nobody held it: ${JSON.stringify(refusal)}`);
    }
  }

  #now(): number {
    this.#tick += 1;
    return this.#tick;
  }
}
