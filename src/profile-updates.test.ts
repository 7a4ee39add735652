/** When resources are looked at, how often, and what waits meanwhile. */
import t from 'tap';
import { LIMITS } from './platform/limits.ts';
import { ProfileUpdates } from './profile-updates.ts';
import type { UpdateEndpointCommand, Verdict } from './store/commands.ts';
import { StoreError, type WriteResult } from './store/results.ts';

const DONE: WriteResult = {
  created: 1,
  lastModified: 1,
  version: 1,
  changed: true,
  document: undefined,
  sequence: 1,
};
const FITS: Verdict = { misfit: undefined };

function command(endpointId = 'e', config: Record<string, unknown> = {}): UpdateEndpointCommand {
  const fields = {
    name: undefined,
    displayName: undefined,
    description: undefined,
    config,
    active: undefined,
  };
  return { kind: 'updateEndpoint', endpointId, now: 1, log: undefined, fields };
}

/** A writer that wants resources looked at so many times. */
class Engine {
  readonly calls: string[] = [];
  #contended: number;
  onCheck = (): Promise<void> => Promise.resolve();
  onWrite = (): Promise<void> => Promise.resolve();
  readonly updates = new ProfileUpdates({
    write: async ({ endpointId, verdict }) => {
      this.calls.push(`write ${endpointId} ${verdict === undefined ? 'blind' : 'checked'}`);
      await this.onWrite();
      this.#contended -= 1;
      if (this.#contended >= 0) throw new StoreError('contended', 'look first');
      return DONE;
    },
    check: async ({ endpointId }, config) => {
      this.calls.push(`check ${endpointId} ${config}`);
      await this.onCheck();
      return FITS;
    },
  });

  constructor(contended: number) {
    this.#contended = contended;
  }
}

t.test('what the writer takes at once needs no look', async (t) => {
  const engine = new Engine(0);
  t.equal(await engine.updates.run(command()), DONE);
  t.strictSame(engine.calls, ['write e blind']);
});

t.test('resources are looked at again for as long as they change, a few times', async (t) => {
  const engine = new Engine(2);
  t.equal(await engine.updates.run(command('e', { a: 1 })), DONE);
  const round = ['check e {"a":1}', 'write e checked'];
  t.strictSame(engine.calls, ['write e blind', ...round, ...round]);
  const busy = new Engine(Infinity);
  await t.rejects(busy.updates.run(command()), {
    code: 'contended',
    message: /set the endpoint inactive/,
  });
  t.equal(busy.calls.length, 1 + 2 * LIMITS.profileCheckAttempts);
});

t.test('what a check or the writer refuses is refused, and the next update goes on', async (t) => {
  const engine = new Engine(1);
  engine.onCheck = () => Promise.reject(new Error('too long'));
  await t.rejects(engine.updates.run(command()), { message: 'too long' });
  t.equal(await engine.updates.run(command()), DONE);
  t.equal(engine.updates.landing('e'), undefined);
});

t.test('updates of one endpoint go one after the other, of two beside each other', async (t) => {
  const engine = new Engine(1);
  const gate = Promise.withResolvers<undefined>();
  engine.onCheck = () => gate.promise.then(() => undefined);
  const first = engine.updates.run(command('e'));
  const second = engine.updates.run(command('e'));
  await engine.updates.run(command('f'));
  t.strictSame(engine.calls, ['write e blind', 'write f blind', 'check e {}']);
  gate.resolve(undefined);
  await Promise.all([first, second]);
  t.strictSame(engine.calls.slice(3), ['write e checked', 'write e blind']);
});

t.test('an update is landing while it is with the writer, not while it is checked', async (t) => {
  const engine = new Engine(1);
  const landings: boolean[] = [];
  const note = (): Promise<void> => {
    // Looked at in the next turn: when the write begins, it is not yet known that it has.
    return Promise.resolve().then(() => {
      landings.push(engine.updates.landing('e') !== undefined);
    });
  };
  engine.onCheck = note;
  engine.onWrite = note;
  await engine.updates.run(command());
  t.strictSame(landings, [true, false, true]);
  t.equal(engine.updates.landing('e'), undefined);
});

t.test('nothing lands that concerns resources while a bulk is under way', async (t) => {
  const engine = new Engine(1);
  const bulk = Promise.withResolvers<undefined>();
  const running = engine.updates.duringBulk('e', () => bulk.promise);
  const inner = engine.updates.duringBulk('e', () => Promise.resolve());
  await inner;
  await t.rejects(engine.updates.run(command()), { code: 'contended' });
  t.notOk(engine.calls.includes('write e checked'));
  bulk.resolve(undefined);
  await running;
  const free = new Engine(1);
  await t.rejects(free.updates.duringBulk('e', () => Promise.reject(new Error('failed'))));
  t.equal(await free.updates.run(command()), DONE, 'a bulk that failed has ended, too');
});
