/** Rests only when the thread had to wait for a core, and in proportion to the work between. */
import t from 'tap';
import { yieldingCores } from './yielding.ts';

/** Keeps this thread busy: a rest is looked at only after some time of work. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

function recorded() {
  const rests: number[] = [];
  return { rests, rest: async (ms: number) => rests.push(ms) };
}

t.test('rests when it had to wait for a core', async (t) => {
  let waited = 0;
  const { rests, rest } = recorded();
  const turn = yieldingCores(() => waited, rest);
  work(12);
  waited += 6;
  await turn();
  t.equal(rests.length, 1);
  const ms = rests[0] ?? 0;
  t.ok(ms >= 60 && ms <= 200, `five times the work, at most 200 ms: ${ms}`);

  work(12);
  await turn();
  t.equal(rests.length, 1, 'nobody else wanted a core');
});

t.test('a short turn says nothing', async (t) => {
  let waited = 0;
  const { rests, rest } = recorded();
  const turn = yieldingCores(() => waited, rest);
  waited += 1000;
  await turn();
  t.equal(rests.length, 0);
});

t.test('never rests where the system tells nothing', async (t) => {
  const { rests, rest } = recorded();
  const turn = yieldingCores(() => undefined, rest);
  work(12);
  await turn();
  t.equal(rests.length, 0);
});

t.test('reads what this system tells, or does without', async (t) => {
  const { rests, rest } = recorded();
  const turn = yieldingCores(undefined, rest);
  work(12);
  await turn();
  t.ok(rests.length <= 1);
});
