/** Bounds of the commands that drive the Azure command line (`src/cli/azure`). */
const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;

export const AZURE_LIMITS = {
  /** One call of `az`; beyond, it is ended and counts as failed. */
  azCallMs: 10 * MINUTE_MS,
  /** A deployment of everything: an environment in a network of its own takes Azure a quarter of it. */
  azDeploymentMs: 60 * MINUTE_MS,
  /** What one call may print; more is none of the answers that we ask for. */
  azOutputBytes: 32 * MIB,
  /** From one look at what Azure is doing to the next. */
  azPollMs: 5000,
  /** Looks for a stopped revision to be gone: longer than its grace period. */
  azStopPolls: 36,
  /** Looks for a new revision to be healthy: ten minutes, for roles take a while to be known. */
  azHealthPolls: 120,
} as const;
