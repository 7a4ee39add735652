/** What a client does to one user, and what must come of it. */
import type { JsonObject } from '../../src/scim/json.ts';
import { ENTERPRISE, patchOp } from '../support/entra.ts';
import { NOBODY, pathOf, type Actor } from './actor.ts';
import { noteVersion, refused, same, sameProjection, sameResource } from './compare.ts';
import { anyOperation, faultyOperation, rename, type Operation } from './random-patch.ts';
import { anyUser, anyWord, dressed } from './random-users.ts';
import { changed, documentOf, elementsOf, without } from './user-document.ts';
import { calledBy, type Resource } from './world.ts';

export async function createUser(actor: Actor): Promise<void> {
  const { random, world } = actor;
  const said = anyUser(random, actor.name('User'));
  const body = dressed(random, said);
  const fault = random.below(15);
  if (fault === 0) {
    const nameless = without(body, ...Object.keys(body).filter((key) => /^username$/i.test(key)));
    refused(await actor.send('POST', '/Users', nameless), 400, 'invalidValue');
    return;
  }
  if (fault === 1) {
    refused(await actor.send('POST', '/Users', { ...body, profileUrl: 7 }), 400, 'invalidValue');
    return;
  }
  const answer = await actor.send('POST', '/Users', body);
  if (world.isTaken('User', said['userName'])) {
    refused(answer, 409, 'uniqueness');
    return;
  }
  same('status', answer.status, 201);
  if (world.get(answer.id) !== undefined) throw new Error(`the id ${answer.id} came twice`);
  sameResource(world, answer.body, world.add('User', answer.id, documentOf(said)));
}

export async function replaceUser(actor: Actor): Promise<void> {
  const { random, world } = actor;
  const user = actor.any('User');
  if (user === undefined) return createUser(actor);
  const own = calledBy(user);
  const said = anyUser(random, random.below(3) > 0 ? own : actor.name('User'));
  // What it is already, in some cases.
  const next = random.below(4) === 0 ? user.document : documentOf(said);
  const body = dressed(random, random.below(4) === 0 ? next : next === user.document ? next : said);
  const { headers, holds } = actor.precondition(user);
  const answer = await actor.send('PUT', pathOf(user), body, headers);
  if (!holds) {
    refused(answer, 412);
  } else if (world.isTaken('User', next['userName'], user.id)) {
    refused(answer, 409, 'uniqueness');
  } else {
    same('status', answer.status, 200);
    world.setDocument(user, next);
    sameResource(world, answer.body, user);
  }
}

export async function patchUser(actor: Actor): Promise<void> {
  const { random, world } = actor;
  const user = actor.any('User');
  if (user === undefined) return createUser(actor);
  const operations: Operation[] = Array.from({ length: 1 + random.below(3) }, () =>
    anyOperation(random),
  );
  if (random.below(6) === 0) {
    const { sent, scimType } = faultyOperation(random);
    const all = [...operations.map((operation) => operation.sent), sent];
    refused(await actor.send('PATCH', pathOf(user), patchOp(...all)), 400, scimType);
    await readUser(actor, user);
    return;
  }
  if (random.below(6) === 0) operations.push(rename(random, actor.name('User')));
  let next = user.document;
  for (const { means } of operations) for (const change of means) next = changed(next, change);
  const { headers, holds } = actor.precondition(user);
  const body = patchOp(...operations.map(({ sent }) => sent));
  const answer = await actor.send('PATCH', pathOf(user), body, headers);
  if (!holds) {
    refused(answer, 412);
  } else if (world.isTaken('User', next['userName'], user.id)) {
    refused(answer, 409, 'uniqueness');
  } else {
    same('status', answer.status, 200);
    world.setDocument(user, next);
    sameResource(world, answer.body, user);
  }
}

export async function deleteUser(actor: Actor): Promise<void> {
  const { world } = actor;
  const user = actor.any('User');
  if (user === undefined) return;
  const { headers, holds } = actor.precondition(user);
  const answer = await actor.send('DELETE', pathOf(user), undefined, headers);
  if (!holds) {
    refused(answer, 412);
    return;
  }
  same('status', answer.status, 204);
  const groups = [...world.groupsOf(user.id)].filter(([, how]) => how === 'direct');
  world.delete(user);
  refused(await actor.send('GET', pathOf(user)), 404);
  for (const [id] of groups) await readGroup(actor, id);
}

/** Whole, in part, or not at all because the client has it. */
export async function readUser(actor: Actor, chosen?: Resource): Promise<void> {
  const { random, world } = actor;
  const user = chosen ?? actor.any('User');
  if (user === undefined) return;
  const path = pathOf(user);
  switch (random.below(5)) {
    case 0: {
      const { version } = user.told;
      if (version === undefined) break;
      const answer = await actor.send('GET', path, undefined, { 'if-none-match': version });
      same('status', answer.status, 304);
      same('ETag', answer.etag, version);
      return;
    }
    case 1: {
      const answer = await actor.send('GET', `${path}?attributes=userName,EMAILS.value,title`);
      same('status', answer.status, 200);
      sameProjection(answer.body, user, projected(world.shown(user)));
      return;
    }
    case 2: {
      const answer = await actor.send('GET', `${path}?excludedAttributes=emails,${ENTERPRISE},id`);
      same('status', answer.status, 200);
      noteVersion(user, answer.at('meta', 'version'));
      const expected = without(world.shown(user), 'emails', ENTERPRISE);
      sameProjection(without(answer.body, 'meta'), user, expected);
      return;
    }
  }
  const stale = [...user.versions].find((version) => version !== user.told.version);
  const headers = stale === undefined ? undefined : { 'if-none-match': stale };
  const answer = await actor.send('GET', path, undefined, headers);
  same('status', answer.status, 200);
  sameResource(world, answer.body, user);
}

/** A group as it is now, so far as the model knows it. */
export async function readGroup(actor: Actor, id: string): Promise<void> {
  const group = actor.world.get(id);
  if (group === undefined) throw new Error(`the model lost ${id}`);
  const answer = await actor.send('GET', pathOf(group));
  same('status', answer.status, 200);
  sameResource(actor.world, answer.body, group);
}

/** Every verb on what is not there. */
export async function touchNobody(actor: Actor): Promise<void> {
  const path = actor.random.pick([`/Users/${NOBODY}`, `/Groups/${NOBODY}`]);
  const word = anyWord(actor.random);
  const [method, body] = actor.random.pick<[string, JsonObject | undefined]>([
    ['GET', undefined],
    ['DELETE', undefined],
    ['PUT', { userName: word, displayName: word }],
    ['PATCH', patchOp({ op: 'replace', path: 'displayName', value: word })],
  ]);
  refused(await actor.send(method, path, body), 404);
}

/** `schemas` and `id` are always there (RFC 7643 §7). */
function projected(shown: JsonObject): JsonObject {
  const { schemas, id, userName, title } = shown;
  const emails = elementsOf(shown, 'emails')
    .filter(({ value }) => value !== undefined)
    .map(({ value }) => ({ value: value ?? null }));
  return {
    schemas: schemas ?? null,
    id: id ?? null,
    userName: userName ?? null,
    ...(title === undefined ? {} : { title }),
    ...(emails.length === 0 ? {} : { emails }),
  };
}
