/** A burst of passwords takes bounded memory, and who cannot be served in time is told so. */
import t from 'tap';
import { HttpError } from './http-error.ts';
import { SecretHasher } from './secret-hasher.ts';

const LIMITS = { secretHashes: 2, secretsWaiting: 3, secretWaitMs: 1000 };

/** Hashes that end when the test says so. */
class SlowHashes {
  readonly running: { clear: string; end: () => void; fail: () => void }[] = [];

  readonly hash = (clear: string): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const leave = (): void => {
      this.running.splice(this.running.indexOf(entry), 1);
    };
    const entry = {
      clear,
      end: () => {
        leave();
        resolve(`#${clear}`);
      },
      fail: () => {
        leave();
        reject(new Error('no memory'));
      },
    };
    this.running.push(entry);
    return promise;
  };

  get names(): string[] {
    return this.running.map(({ clear }) => clear);
  }
}

function rig() {
  const slow = new SlowHashes();
  const clock = { time: 0, now: () => clock.time };
  const { hash } = new SecretHasher(slow.hash, LIMITS, clock);
  /** How each ended, or undefined while it has not. */
  const ends = new Map<string, string>();
  const ask = (clear: string): void => {
    hash(clear).then(
      (text) => ends.set(clear, text),
      (error: unknown) =>
        ends.set(clear, error instanceof HttpError ? String(error.status) : String(error)),
    );
  };
  return { slow, clock, ends, ask };
}

/** Lets promises that have been settled be heard. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

t.test('a few run at once, the rest in the order of asking', async (t) => {
  const { slow, ends, ask } = rig();
  for (const name of ['a', 'b', 'c', 'd']) ask(name);
  t.same(slow.names, ['a', 'b']);
  slow.running[1]?.end();
  await settle();
  t.same(slow.names, ['a', 'c']);
  while (slow.running.length > 0) {
    slow.running[0]?.end();
    await settle();
  }
  t.same(
    [...ends],
    ['b', 'a', 'c', 'd'].map((name) => [name, `#${name}`]),
  );
  ask('e');
  t.same(slow.names, ['e'], 'every place is free again');
});

t.test('too many in line are refused at once', async (t) => {
  const { slow, ends, ask } = rig();
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) ask(name);
  await settle();
  t.same([...ends], [['f', '503']]);
  t.same(slow.names, ['a', 'b']);
});

t.test('who has waited too long is refused, who has not goes on', async (t) => {
  const { slow, clock, ends, ask } = rig();
  for (const name of ['a', 'b', 'c']) ask(name);
  clock.time = 500;
  ask('d');
  clock.time = 1001;
  slow.running[0]?.end();
  await settle();
  t.same(Object.fromEntries(ends), { a: '#a', c: '503' });
  t.same(slow.names, ['b', 'd']);
});

t.test('a hash that fails gives its place away, too', async (t) => {
  const { slow, ends, ask } = rig();
  for (const name of ['a', 'b', 'c']) ask(name);
  slow.running[0]?.fail();
  await settle();
  t.equal(ends.get('a'), 'Error: no memory');
  t.same(slow.names, ['b', 'c']);
});
