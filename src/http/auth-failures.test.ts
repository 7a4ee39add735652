import t from 'tap';
import { FailedAttempts } from './auth-failures.ts';

const LIMITS = { failedAttempts: 3, failedAttemptMs: 100, failedAddresses: 2 };

function fail(attempts: FailedAttempts, sender: string, now: number, times: number): void {
  for (let n = 0; n < times; n += 1) attempts.count(sender, now);
}

t.test('some at once, then one more every so often', async (t) => {
  const attempts = new FailedAttempts(LIMITS);
  t.equal(attempts.waitMs('a', 0), 0);
  fail(attempts, 'a', 0, 2);
  t.equal(attempts.waitMs('a', 0), 0);
  fail(attempts, 'a', 0, 1);
  t.equal(attempts.waitMs('a', 0), 100);
  t.equal(attempts.waitMs('a', 60), 40);
  t.equal(attempts.waitMs('a', 100), 0);
  fail(attempts, 'a', 100, 1);
  t.equal(attempts.waitMs('a', 100), 100);
  t.equal(attempts.waitMs('a', 400), 0);
  fail(attempts, 'a', 400, 3);
  t.equal(attempts.waitMs('a', 400), 100, 'never more than the bucket holds');
});

t.test('a flood does not make anybody wait longer', async (t) => {
  const attempts = new FailedAttempts(LIMITS);
  fail(attempts, 'a', 0, 10_000);
  t.equal(attempts.waitMs('a', 0), 100);
});

t.test('addresses are apart', async (t) => {
  const attempts = new FailedAttempts(LIMITS);
  fail(attempts, 'a', 0, 3);
  t.equal(attempts.waitMs('b', 0), 0);
});

t.test('over the bound the address that was quiet longest is forgotten', async (t) => {
  const attempts = new FailedAttempts(LIMITS);
  for (const sender of ['a', 'b']) fail(attempts, sender, 0, 3);
  fail(attempts, 'a', 100, 1);
  fail(attempts, 'c', 100, 3);
  t.same(
    ['a', 'b', 'c'].map((sender) => attempts.waitMs(sender, 100)),
    [100, 0, 100],
  );
});

t.test('a clock that is set back locks nobody out', async (t) => {
  const attempts = new FailedAttempts(LIMITS);
  fail(attempts, 'a', 1_000_000, 3);
  t.equal(attempts.waitMs('a', 0), 100);
  t.equal(attempts.waitMs('a', 1_000_100), 0);
});
