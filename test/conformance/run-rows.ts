/**
 * Runs rows against a target, several at a time, and says of each how it ended. A row that deviates
 * on purpose and is not met deviates, unless the letter is asked for; a crash of the server or of a
 * row is always a failure.
 */
import { Unmet, type Answer } from './answer.ts';
import { NotApplicable, type Row } from './row.ts';
import { RowContext } from './row-context.ts';
import type { Target } from './target.ts';

export type Outcome = 'passed' | 'failed' | 'deviates' | 'not applicable';

export interface Result {
  readonly row: Row;
  readonly outcome: Outcome;
  /** Why it did not pass. */
  readonly reason: string | undefined;
  /** The answer that was not as expected; the last one when the row itself broke. */
  readonly answer: Answer | undefined;
}

export interface RunOptions {
  /** A deviation is a failure. */
  readonly strict: boolean;
  readonly lanes: number;
  /** Gives up the rows that have not begun. */
  readonly signal?: AbortSignal;
  readonly onResult?: (result: Result) => void;
}

/** In the order of the rows; those given up are missing. */
export async function runRows(
  rows: readonly Row[],
  target: Target,
  options: RunOptions,
): Promise<readonly Result[]> {
  const results: (Result | undefined)[] = rows.map(() => undefined);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (options.signal?.aborted !== true) {
      const index = next++;
      const row = rows[index];
      if (row === undefined) return;
      const result = await runRow(row, target, options.strict);
      results[index] = result;
      options.onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  return results.filter((result) => result !== undefined);
}

async function runRow(row: Row, target: Target, strict: boolean): Promise<Result> {
  const context = new RowContext(target);
  try {
    await row.run(context);
    return { row, outcome: 'passed', reason: undefined, answer: undefined };
  } catch (error) {
    return failed(row, context, error, strict);
  }
}

function failed(row: Row, context: RowContext, error: unknown, strict: boolean): Result {
  if (error instanceof NotApplicable) {
    return { row, outcome: 'not applicable', reason: error.message, answer: undefined };
  }
  if (!(error instanceof Unmet)) {
    const reason = error instanceof Error ? described(error) : String(error);
    return { row, outcome: 'failed', reason, answer: context.answers.at(-1) };
  }
  const { message: reason, answer } = error;
  const chosen = row.deviation !== undefined && !strict && answer.status < 500;
  return { row, outcome: chosen ? 'deviates' : 'failed', reason, answer };
}

/** `fetch failed` alone says nothing: the cause does. */
function described(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
