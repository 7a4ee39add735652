/**
 * Mixed production traffic, the same for the same n: mostly reads by id and look-ups, some changes,
 * few lists, a filter that no index answers now and then; 70 % to a large endpoint, the rest to small
 * ones. Every answer is checked, and afterwards what was acknowledged is looked for.
 */
import type { Load } from './drive.ts';
import { LastWrites } from './last-writes.ts';
import type { Tenant } from './mixed-tenants.ts';
import { requestBytes } from './requests.ts';
import { SAMPLES_MAX, type Stage } from './scenario.ts';
import { PATCH_SCHEMA } from './scim-client.ts';
import { scattered, seededRandom } from './random.ts';
import { serialText } from './users.ts';

/** Of each hundred requests. */
const SHARES = {
  'get user': 40,
  'find user': 22,
  'patch user': 12,
  'add member': 8,
  'create user': 8,
  'find group': 5,
  'list 100': 2,
  discovery: 2,
  filter: 1,
} as const;

type Kind = keyof typeof SHARES;

const PLAN_LENGTH = 10_000;
const SEED = 7;
const LARGE_TENANT_SHARE = 70;
const PAGE_USERS = 100;
const TITLE = 'Mixed ';

interface Step {
  readonly n: number;
  readonly kind: Kind;
  readonly tenant: Tenant;
  /** A user of the tenant, another one whenever the plan comes round. */
  readonly user: number;
  readonly group: Tenant['groups'][number];
}

export class MixedLoad implements Load {
  readonly capacity = Infinity;
  readonly #stage: Stage;
  readonly #tenants: readonly Tenant[];
  readonly #firstSerial: number;
  readonly #plan = plan();
  readonly #before: Promise<number>;
  /** Users of each kind of request whose answer came, and all that left. */
  #createsSent = 0;
  #createsAnswered = 0;
  readonly #random = seededRandom(SEED);
  #addsAcknowledged = 0;
  /** Some of them, from the whole run. */
  readonly #added: Step[] = [];
  /** Titles of some users of each tenant, by serial. */
  readonly #titles = new Map<Tenant, ReadonlyMap<number, LastWrites>>();

  /** @param firstSerial of the users that it creates; nobody else's */
  constructor(stage: Stage, tenants: readonly Tenant[], firstSerial: number) {
    this.#stage = stage;
    this.#tenants = tenants;
    this.#firstSerial = firstSerial;
    this.#before = this.#totalUsers();
    for (const tenant of tenants) {
      const { length } = tenant.userIds;
      const stride = Math.max(1, Math.ceil(length / SAMPLES_MAX));
      const sampled = Array.from({ length: Math.ceil(length / stride) }, (_, at) => at * stride);
      this.#titles.set(tenant, new Map(sampled.map((user) => [user, new LastWrites()])));
    }
  }

  /** To be awaited before the first request: how many users there are. */
  async counted(): Promise<void> {
    await this.#before;
  }

  request(n: number): Buffer {
    const step = this.#step(n);
    if (step.kind === 'create user') this.#createsSent += 1;
    if (step.kind === 'patch user') this.#titlesOf(step)?.sent(n);
    return this.#bytes(step);
  }

  check(n: number, status: number, body: string): string | undefined {
    const step = this.#step(n);
    if (!this.#isRight(step, status, body)) return `${step.kind}: ${status} ${body.slice(0, 300)}`;
    if (step.kind === 'create user') this.#createsAnswered += 1;
    if (step.kind === 'patch user') this.#titlesOf(step)?.acknowledged(n);
    if (step.kind === 'add member') this.#sampleAdd(step);
    return undefined;
  }

  async verify(): Promise<string[]> {
    const complaints: string[] = [];
    const added = (await this.#totalUsers()) - (await this.#before);
    if (added < this.#createsAnswered || added > this.#createsSent) {
      complaints.push(
        `${this.#createsAnswered} users acknowledged of ${this.#createsSent} sent, ${added} are there`,
      );
    }
    for (const { tenant, group, user } of this.#added) {
      const id = tenant.userIds[user] ?? '';
      const filter = encodeURIComponent(`id eq "${group.id}" and members eq "${id}"`);
      const { totalResults } = await tenant.client.get(`/Groups?filter=${filter}`);
      if (totalResults !== 1)
        complaints.push(`user ${id} was added to ${group.id} and is no member`);
    }
    for (const [tenant, titles] of this.#titles) {
      for (const [user, writes] of titles) {
        if (!writes.isKnown) continue;
        const id = tenant.userIds[user] ?? '';
        const { title } = await tenant.client.get(`/Users/${id}`);
        const n = typeof title === 'string' ? Number(title.slice(TITLE.length)) : NaN;
        if (!writes.mayBe(n))
          complaints.push(`user ${id} has the title ${JSON.stringify(title)}, not the last one`);
      }
    }
    return complaints;
  }

  /** Each of all has the same chance to be kept. */
  #sampleAdd(step: Step): void {
    this.#addsAcknowledged += 1;
    const place = this.#random.below(this.#addsAcknowledged);
    if (this.#added.length < SAMPLES_MAX) this.#added.push(step);
    else if (place < SAMPLES_MAX) this.#added[place] = step;
  }

  /** Undefined for a user that is not sampled. */
  #titlesOf({ tenant, user }: Step): LastWrites | undefined {
    return this.#titles.get(tenant)?.get(user);
  }

  #step(n: number): Step {
    const { kind, tenant: at } = this.#plan[n % PLAN_LENGTH] ?? FIRST_STEP;
    const tenant = this.#tenants[at % this.#tenants.length];
    // Not by n's place in the plan: else the same few users would be all that is ever asked for.
    const user = scattered(n, tenant?.userIds.length ?? 1, 0);
    const group = tenant?.groups[scattered(n, tenant.groups.length, 1)];
    if (tenant === undefined || group === undefined) throw new RangeError('no endpoint to ask');
    return { n, kind, tenant, user, group };
  }

  #bytes({ n, kind, tenant, user, group }: Step): Buffer {
    const { users } = this.#stage.population;
    const id = tenant.userIds[user] ?? '';
    switch (kind) {
      case 'get user':
        return this.#get(tenant, `/Users/${id}`);
      case 'find user':
        return this.#get(tenant, `/Users?filter=${quoted('userName eq', users.userName(user))}`);
      case 'patch user':
        return this.#send('PATCH', tenant, `/Users/${id}`, [
          { op: 'Replace', path: 'title', value: titleOf(n) },
        ]);
      case 'add member':
        return this.#send('PATCH', tenant, `/Groups/${group.id}`, [
          { op: 'Add', path: 'members', value: [{ value: id }] },
        ]);
      case 'create user': {
        const body = users.text(this.#firstSerial + n);
        const { token } = this.#stage.server;
        return requestBytes({ method: 'POST', path: `${tenant.root}/Users`, token, body });
      }
      case 'find group': {
        const filter = quoted('displayName eq', group.displayName);
        return this.#get(tenant, `/Groups?excludedAttributes=members&filter=${filter}`);
      }
      case 'list 100':
        return this.#get(tenant, `/Users?count=${PAGE_USERS}`);
      case 'discovery':
        return this.#get(tenant, '/ServiceProviderConfig');
      case 'filter': {
        const filter = `emails[type eq "work" and value co ".${serialText(user)}@"] and userType eq "Employee"`;
        return this.#get(tenant, `/Users?count=20&filter=${encodeURIComponent(filter)}`);
      }
    }
  }

  #isRight({ n, kind, tenant, user, group }: Step, status: number, body: string): boolean {
    const id = `"id":"${tenant.userIds[user] ?? ''}"`;
    switch (kind) {
      case 'get user':
        return status === 200 && body.includes(id) && body.includes(`.${serialText(user)}@`);
      case 'find user':
      case 'filter':
        return status === 200 && body.includes('"totalResults":1,') && body.includes(id);
      case 'patch user':
        return status === 200 && body.includes(id) && body.includes(`"title":"${titleOf(n)}"`);
      case 'add member':
        return status === 204 && body === '';
      case 'create user':
        return status === 201 && body.includes(`.${serialText(this.#firstSerial + n)}@`);
      case 'find group':
        return (
          status === 200 &&
          body.includes('"totalResults":1,') &&
          body.includes(`"id":"${group.id}"`) &&
          !body.includes('"members"')
        );
      case 'list 100': {
        const count = Math.min(PAGE_USERS, tenant.userIds.length);
        return status === 200 && body.includes(`"itemsPerPage":${count},`);
      }
      case 'discovery':
        return status === 200 && body.includes('"patch":{"supported":true');
    }
  }

  #get(tenant: Tenant, path: string): Buffer {
    const { token } = this.#stage.server;
    return requestBytes({ method: 'GET', path: tenant.root + path, token });
  }

  #send(method: 'PATCH', tenant: Tenant, path: string, operations: readonly object[]): Buffer {
    const { token } = this.#stage.server;
    const body = JSON.stringify({ schemas: [PATCH_SCHEMA], Operations: operations });
    return requestBytes({ method, path: tenant.root + path, token, body });
  }

  async #totalUsers(): Promise<number> {
    const totals = this.#tenants.map(({ client }) => client.total('/Users'));
    return (await Promise.all(totals)).reduce((sum, total) => sum + total, 0);
  }
}

interface Planned {
  readonly kind: Kind;
  /** 0 is the large one. */
  readonly tenant: number;
}

const FIRST_STEP: Planned = { kind: 'get user', tenant: 0 };

function plan(): readonly Planned[] {
  const random = seededRandom(SEED);
  const kinds = Object.entries(SHARES).flatMap(([kind, share]) =>
    isKind(kind) ? Array.from({ length: share }, () => kind) : [],
  );
  return Array.from({ length: PLAN_LENGTH }, () => ({
    kind: kinds[random.below(kinds.length)] ?? 'get user',
    tenant: random.below(100) < LARGE_TENANT_SHARE ? 0 : 1 + random.below(3),
  }));
}

function isKind(name: string): name is Kind {
  return name in SHARES;
}

function quoted(comparison: string, value: string): string {
  return encodeURIComponent(`${comparison} "${value}"`);
}

function titleOf(n: number): string {
  return `${TITLE}${n}`;
}
