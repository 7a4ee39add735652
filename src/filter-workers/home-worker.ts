/**
 * Which worker does an endpoint's job. Columns of an endpoint are warm where its last job ran, so each
 * endpoint ranks the workers in an order of its own that never changes, and takes the first that is
 * idle. While traffic is light one worker keeps its columns; when it is heavy, all do. Pure.
 */

export interface Candidate {
  /** Of the thread; never used again after its death. */
  readonly id: number;
  readonly idle: boolean;
}

/** @returns undefined when none is idle */
export function homeWorker<T extends Candidate>(
  endpoint: number,
  workers: readonly T[],
): T | undefined {
  let best: T | undefined;
  let bestRank = -1;
  for (const worker of workers) {
    if (!worker.idle) continue;
    const rank = rankOf(endpoint, worker.id);
    if (rank <= bestRank) continue;
    best = worker;
    bestRank = rank;
  }
  return best;
}

/**
 * Rendezvous hashing: the highest of independent numbers wins, so that the death of a worker moves
 * the endpoints that were at home there and no others.
 */
function rankOf(endpoint: number, worker: number): number {
  let hash = Math.imul(endpoint, 0x9e3779b1) ^ Math.imul(worker, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
