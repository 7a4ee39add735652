/** Asserts that a call is refused, and how. */
import type { Test } from 'tap';

/** @param expected fields that the error must have */
export async function refused(
  t: Test,
  call: Promise<unknown>,
  expected: Readonly<Record<string, unknown>>,
  message?: string,
): Promise<void> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) t.fail(`not refused: ${message ?? ''}`, { value: outcome.value });
  else t.match(outcome.error, expected, message ?? 'refused');
}
