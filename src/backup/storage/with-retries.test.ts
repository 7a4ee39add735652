/** Retries: what is tried again, when it ends, and that nothing that hangs can hold it. */
import t from 'tap';
import type { StorageErrorCode } from './storage.ts';
import { StorageError } from './storage.ts';
import type { RetryOptions } from './with-retries.ts';
import { backoffMs, withRetries, withTimeLimit } from './with-retries.ts';

/** Far longer than a test may take: who waits for it is found out. */
const NEVER_MS = 2 ** 30;

function options(overrides: Partial<RetryOptions> = {}): RetryOptions {
  const { signal } = new AbortController();
  return { timeoutMs: NEVER_MS, attempts: 3, signal, delayMs: () => 0, ...overrides };
}

function failure(code: StorageErrorCode): StorageError {
  return new StorageError(code, `a ${code}`);
}

t.test('what may go away by itself is tried again', async (t) => {
  let calls = 0;
  const told: string[] = [];
  const delays: number[] = [];
  const answer = await withRetries(
    async () => {
      calls += 1;
      if (calls < 3) throw failure('unavailable');
      return 'answer';
    },
    options({
      delayMs: (attempt) => {
        delays.push(attempt);
        return 0;
      },
      onRetry: (error, attempt) => told.push(`${attempt}: ${error.message}`),
    }),
  );
  t.equal(answer, 'answer');
  t.equal(calls, 3);
  t.same(delays, [1, 2]);
  t.same(told, ['1: a unavailable', '2: a unavailable']);
});

t.test('the attempts are bounded, and the last error is told', async (t) => {
  let calls = 0;
  const action = async (): Promise<never> => {
    calls += 1;
    throw new StorageError('unavailable', `failure ${calls}`);
  };
  await t.rejects(withRetries(action, options()), { message: 'failure 3' });
  t.equal(calls, 3);
});

t.test('an answer, a refusal and a defect are not tried again', async (t) => {
  for (const error of [
    failure('exists'),
    failure('missing'),
    failure('refused'),
    new TypeError('x'),
  ]) {
    let calls = 0;
    const action = async (): Promise<never> => {
      calls += 1;
      throw error;
    };
    await t.rejects(withRetries(action, options()), error);
    t.equal(calls, 1);
  }
});

t.test('an attempt that never settles is left behind, and hears the signal', async (t) => {
  const signals: AbortSignal[] = [];
  const action = async (signal: AbortSignal): Promise<never> => {
    signals.push(signal);
    return new Promise<never>(() => undefined);
  };
  await t.rejects(withRetries(action, options({ timeoutMs: 1 })), {
    code: 'unavailable',
    message: 'the storage did not answer within 1 ms',
  });
  t.same(
    signals.map(({ aborted }) => aborted),
    [true, true, true],
  );
});

t.test('an attempt that fails because its time is over says so', async (t) => {
  const heard = async (signal: AbortSignal): Promise<never> =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('a library’s own abort error')));
    });
  const { signal } = new AbortController();
  await t.rejects(withTimeLimit(heard, 1, signal), { code: 'unavailable' });
});

t.test('the signal ends an attempt that never settles', async (t) => {
  const ending = new AbortController();
  const reason = new Error('shutting down');
  const action = async (): Promise<never> => {
    setImmediate(() => ending.abort(reason));
    return new Promise<never>(() => undefined);
  };
  await t.rejects(withRetries(action, options({ signal: ending.signal })), reason);
});

t.test('the signal ends the pause between two attempts', async (t) => {
  const ending = new AbortController();
  const reason = new Error('shutting down');
  let calls = 0;
  const action = async (): Promise<never> => {
    calls += 1;
    throw failure('unavailable');
  };
  const onRetry = (): void => {
    setImmediate(() => ending.abort(reason));
  };
  const ends = { signal: ending.signal, delayMs: () => NEVER_MS, onRetry };
  await t.rejects(withRetries(action, options(ends)), reason);
  t.equal(calls, 1);
});

t.test('nothing begins when the signal is aborted already', async (t) => {
  let calls = 0;
  const action = async (): Promise<void> => {
    calls += 1;
  };
  await t.rejects(withRetries(action, options({ signal: AbortSignal.abort() })), {
    name: 'AbortError',
  });
  t.equal(calls, 0);
});

t.test('the backoff doubles from 100 ms to 30 s, half of it by chance', async (t) => {
  const longest = [1, 2, 3, 8, 9, 10, 100, 5000].map((attempt) => backoffMs(attempt, () => 1));
  t.same(longest, [100, 200, 400, 12_800, 25_600, 30_000, 30_000, 30_000]);
  t.equal(
    backoffMs(3, () => 0),
    200,
  );
});
