/**
 * Works through a list with a few at a time. A failure stops what has not begun, and is thrown only
 * when nothing is under way any more: what the actions use may then be closed.
 */

/**
 * @param lanes how many at a time
 * @param action told in which lane it runs, from 0
 */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  action: (item: T, at: number, lane: number) => Promise<void>,
): Promise<void> {
  const rest = items.entries();
  let failed = false;
  const work = async (lane: number): Promise<void> => {
    for (const [at, item] of rest) {
      if (failed) return;
      await action(item, at, lane);
    }
  };
  const workers = Array.from({ length: lanes }, (_unused, lane) =>
    work(lane).catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(workers);
  const broken = outcomes.find((outcome) => outcome.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}
