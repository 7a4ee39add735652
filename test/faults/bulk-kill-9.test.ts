/**
 * Kill -9 in the middle of bulks of 500. After each restart every operation is whole or not there:
 * a user has all of its attributes, a circle of groups both groups with their members. What was
 * answered is there. SCIMLANE_KILL_ROUNDS runs more rounds, SCIMLANE_SEED the same ones again.
 */
import t from 'tap';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { type Answer, idOf, valuesOf } from '../support/answer.ts';
import { bulk, postGroup, postUser, statusesOf } from '../support/bulk.ts';
import { ScimClient } from '../support/client.ts';
import { randomFrom, seedOf } from '../support/random.ts';
import { readAll } from '../support/read-all.ts';
import { Server } from '../support/server.ts';

const ROUNDS = Number(process.env['SCIMLANE_KILL_ROUNDS'] ?? 4);
const OPERATIONS = 500;
/** Of them, in pairs that are members of each other. */
const GROUPS = 100;
const CLIENTS = 3;

const random = randomFrom(seedOf(t));
const server = await Server.start(t);
const scim = ScimClient.of(t, server);

const titleOf = (name: string): string => `title of ${name}`;

/** Users, and pairs of groups that hold each other and a user that comes later. */
function bulkOf(name: string): JsonObject {
  const groups = Array.from({ length: GROUPS }, (_, at) => {
    const partner = at % 2 === 0 ? at + 1 : at - 1;
    return postGroup(`g${at}`, `${name}-g${at}`, [`bulkId:g${partner}`, `bulkId:u${at}`]);
  });
  const users = Array.from({ length: OPERATIONS - GROUPS }, (_, at) => {
    const userName = `${name}-u${at}`;
    return postUser(`u${at}`, userName, { title: titleOf(userName) });
  });
  return bulk(...groups, ...users);
}

interface Sent {
  readonly name: string;
  /** Undefined: the connection was cut. */
  readonly answer: Answer | undefined;
}

async function send(name: string): Promise<Sent> {
  return { name, answer: await scim.post('/Bulk', bulkOf(name)).catch(() => undefined) };
}

/** Kills when so many users are there; the look itself is what moves the moment about. */
async function killAfter(users: number): Promise<void> {
  for (;;) {
    const list = await scim.get('/Users?count=0').catch(() => undefined);
    if (list === undefined || Number(list.body['totalResults']) >= users) break;
  }
  server.signal('SIGKILL');
}

interface Findings {
  /** What must not be, one line each. */
  readonly wrong: string[];
  /** Operations of bulks that were cut off and are there. */
  tookEffect: number;
}

function check(sent: readonly Sent[], found: Found): Findings {
  const findings: Findings = { wrong: [], tookEffect: 0 };
  for (const { name, answer } of sent) {
    const { users, groups } = found.named(name);
    const there = users.length + groups.length;
    const half = [
      ...users.filter(({ userName, title }) => title !== titleOf(textOf(userName))),
      ...groups.filter((group) => !isWholePair(group, found)),
    ];
    findings.wrong.push(...half.map((resource) => `half: ${JSON.stringify(resource)}`));
    if (answer === undefined) findings.tookEffect += there;
    else if (there !== OPERATIONS) findings.wrong.push(`${name}: ${there} of what was answered`);
    else if (statusesOf(answer).some((status) => status !== '201'))
      findings.wrong.push(answer.text);
  }
  return findings;
}

/** Its user and its partner are there, and the partner has it as a member. */
function isWholePair(group: JsonObject, found: Found): boolean {
  const members: JsonObject[] = [];
  for (const id of valuesOf(group['members'])) {
    const member = found.byId.get(textOf(id));
    if (member !== undefined) members.push(member);
  }
  const partner = members.find((member) => 'displayName' in member);
  return members.length === 2 && valuesOf(partner?.['members']).includes(idOf(group));
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

class Found {
  readonly byId: ReadonlyMap<string, JsonObject>;

  constructor(resources: readonly JsonObject[]) {
    this.byId = new Map(resources.map((resource) => [idOf(resource), resource]));
  }

  named(name: string): { users: JsonObject[]; groups: JsonObject[] } {
    const all = [...this.byId.values()];
    const startsRight = (value: JsonValue | undefined): boolean =>
      textOf(value).startsWith(`${name}-`);
    return {
      users: all.filter((resource) => startsRight(resource['userName'])),
      groups: all.filter((resource) => startsRight(resource['displayName'])),
    };
  }
}

t.setTimeout(120_000 + ROUNDS * 30_000);

t.test(`${ROUNDS} rounds`, async (t) => {
  const all: Sent[] = [];
  let users = 0;
  let tookEffect = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const names = Array.from({ length: CLIENTS }, (_, at) => `r${round}c${at}`);
    const wanted = users + random.below(CLIENTS * (OPERATIONS - GROUPS));
    const [sent] = await Promise.all([
      Promise.all(names.map((name) => send(name))),
      killAfter(wanted),
    ]);
    t.equal((await server.exit).signal, 'SIGKILL');
    await server.startAgain();
    all.push(...sent);
    const resources = [...(await readAll(scim, 'Users')), ...(await readAll(scim, 'Groups'))];
    const found = new Found(resources);
    const findings = check(all, found);
    t.same(findings.wrong, [], `round ${round}`);
    tookEffect = findings.tookEffect;
    users = resources.filter((resource) => 'userName' in resource).length;
  }
  const cut = all.filter(({ answer }) => answer === undefined).length;
  t.comment(`${cut} of ${all.length} bulks cut off; ${tookEffect} of their operations are there`);
  t.equal((await server.stop()).code, 0);
});
