/**
 * Every bound of the process in one place: queues, buffers, batches, waits, input sizes. Each says
 * what happens at the bound. `checkLimits` asserts how they depend on each other; it runs at start,
 * so that a changed number cannot quietly make another one meaningless.
 */
import { assert } from './assert.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

export const LIMITS = {
  // What one request may be.

  /** Body of a request; more is 413, judged from Content-Length before a byte is read. */
  bodyBytes: 5 * MIB,
  /** Nesting of a JSON body; deeper is 400. SCIM needs 5; a bound keeps recursion off the stack. */
  jsonDepth: 64,
  /** Path and query; longer is 414. Room for the longest filter, percent-encoded. */
  targetBytes: 32 * KIB,
  /** Bearer token; longer is 401. Tokens with group claims exceed 4 KiB. */
  headerTokenBytes: 16 * KIB,
  /** All request headers with the request line; uWebSockets.js answers 431 beyond. */
  headerBlockBytes: 64 * KIB,
  /** `X-Request-Id` of a client; a longer one is replaced by ours. */
  requestIdLength: 128,

  // What one request may ask.

  /** Characters of a filter, decoded; longer is 400 invalidFilter. About 300 ids joined by `or`. */
  filterLength: 16 * KIB,
  /** Nesting of a filter; deeper is 400 invalidFilter. Bounds every recursion over its tree. */
  filterDepth: 32,
  /** Nodes of a filter; more is 400 invalidFilter. Bounds the work per resource of a scan. */
  filterNodes: 1000,
  /** Operations of one PATCH; more is 400. Members per operation are bounded by the body. */
  patchOperations: 1000,
  /** Characters of a stored resource without its members; a write that exceeds it is 413. */
  documentLength: MIB,
  /** Resources per page when `count` is absent. */
  pageSizeDefault: 100,
  /** Resources per page at most; a larger `count` gets this many (RFC 7644 §3.4.2.4 allows it). */
  pageSizeMax: 1000,

  // What the main thread does itself. Beyond, a filter worker does it: the loop must not stall.

  /** Members or groups of one answer, rendered on the main thread. */
  inlineLinksMax: 500,
  /** Rows skipped by a page's offset on the main thread. */
  inlineOffsetMax: 1000,
  /** Resources an index may find for a filter (one externalId, one member); more is a scan. */
  probeRowsMax: 1000,

  // What may be under way at once. Over a bound the client hears 503 with Retry-After.

  /** Requests read but not answered. */
  inFlightRequests: 4096,
  /** Bodies of those requests: the memory a burst can take. */
  inFlightBytes: 256 * MIB,
  /** Calls that the writer has not answered. */
  rpcInFlight: 8192,
  /** Text of those calls. */
  rpcInFlightBytes: 512 * MIB,
  /**
   * Calls that cross to a worker in one message; a fuller turn sends several. Few, so that the
   * writer commits the first while the main thread still reads the rest: at 200 connections 24 gave
   * 8 to 23 % more creates than one message a turn.
   */
  rpcBatchCalls: 24,
  /** Text that crosses in one message; more goes at once, so that the worker starts on it. */
  rpcBatchBytes: MIB,
  /** Scans that wait for a filter worker. */
  filterQueue: 256,

  // How long things may take.

  /** From the first byte of a request to its answer; later is 503 "outcome unknown". */
  requestDeadlineMs: 30_000,
  /** From a call to the writer's answer; it comes before the request's own, so that it says why. */
  rpcDeadlineMs: 25_000,
  /** From a search's start in the queue of the filter workers to its end; later is 400 tooMany. */
  filterDeadlineMs: 10_000,
  /** After SIGTERM; what is then still in flight is cut. Supervisors kill after 30 s. */
  drainDeadlineMs: 10_000,

  // What the writer takes at a time.

  /** Commands in one transaction: more wait for the next, so that answers keep flowing. */
  commitBatchCommands: 512,
  /** Text of those commands. Also the size of the largest burst into the WAL. */
  commitBatchBytes: 16 * MIB,
  /** WAL pages not yet in the database file that make a checkpoint due: about 4 MB, a few ms. */
  checkpointPages: 1000,
  /**
   * WAL pages at which it begins anew, once the backup's spool holds all of them: about 32 MB. Each
   * time costs the writer a wait for the spool; a long WAL costs disk, and time to recover.
   */
  walResetPages: 8192,
  /** Pages left to spool that are worth the writer's waiting, to begin the WAL anew: about 2 MB. */
  spoolNearPages: 512,
  /** How long the writer waits for the spool; beyond, it goes on and the WAL grows. */
  spoolWaitMs: 25,
  /** From one such wait in vain to the next, so that a stuck spool hardly slows writing. */
  spoolRetryMs: 1000,
  /** WAL pages at which an operator is told: a reader or the backup pins it. About 256 MB. */
  walPagesAlarm: 65_536,
  /** Rows of deleted endpoints and groups removed in one turn, beside live traffic. */
  purgeSliceRows: 500,

  // Backups.

  /** Calls to the backup that are not answered; more are refused. */
  backupCalls: 64,
  /** A snapshot, a verification or a restore that takes longer is given up by who asked. */
  backupCallMs: 6 * 60 * 60_000,
  /** Times another backup worker takes over from one that died; then the process stops. */
  backupWorkerDeaths: 3,
  /** One step with a storage, of up to 16 segments; beyond, it counts as failed and is tried again. */
  backupRequestMs: 45_000,
  /** Attempts to upload a snapshot before it counts as failed. */
  backupUploadAttempts: 4,
  /** An upload slower than this is given up: 256 KB/s. */
  backupUploadBytesPerSecondMin: 256 * KIB,
  /** Segments since the last snapshot, in bytes, that make another due: they bound a restore. */
  backupSnapshotBytes: 256 * MIB,
  /** From the moment nothing lists an object to its deletion: a restore that uses it may end. */
  backupGraceMs: 60 * 60_000,

  // The request log.

  /** Rows that wait for the writer; more are dropped and counted. Requests never wait for them. */
  logQueueRows: 20_000,
  /** Rows that cross to the writer together; a fuller bundle goes at once. */
  logBundleRows: 256,
  /** How long the row of a read may wait for its bundle; rows of writes never wait. */
  logDelayMs: 20,
  /** Rows written between two prunings. */
  logPruneRows: 10_000,
  /** Rows kept; the oldest go first. About 300 bytes each. */
  logRowsMax: 1_000_000,

  // Scans.

  /** Rows a filter worker reads before it looks whether the scan was given up. */
  filterSliceRows: 2000,
  /** Members or groups of one answer; more is 400 tooMany. About 50 MB of text. */
  linksMax: 250_000,
  /** JavaScript heap of a filter worker; beyond, it dies, its search fails and another starts. */
  filterWorkerHeapMib: 512,
} as const;

/** @throws AssertionFailed when two bounds contradict each other */
export function checkLimits(limits: Readonly<Record<keyof typeof LIMITS, number>> = LIMITS): void {
  for (const [name, value] of Object.entries(limits)) {
    assert(Number.isSafeInteger(value) && value > 0, `${name} is a positive whole number`);
  }
  const l = limits;
  atMost(l.filterLength, l.targetBytes, 'the longest filter fits into a request target');
  atMost(
    l.targetBytes + l.headerTokenBytes,
    (l.headerBlockBytes / 4) * 3,
    'the longest target and token leave a quarter of the headers for the rest',
  );
  atMost(l.filterDepth, l.filterNodes, 'a filter of full depth has that many nodes');
  atMost(l.pageSizeDefault, l.pageSizeMax, 'the default page is a page');
  atMost(l.pageSizeMax, l.inlineOffsetMax, 'the second page is as cheap as the first');
  atMost(l.bodyBytes, l.inFlightBytes, 'the largest body is admitted');
  atMost(l.bodyBytes, l.commitBatchBytes, 'the largest body fits into a commit');
  atMost(l.inFlightRequests, l.rpcInFlight, 'an admitted request can call the writer');
  atMost(l.inFlightBytes, l.rpcInFlightBytes, 'an admitted body can cross to the writer');
  atMost(l.rpcBatchCalls, l.rpcInFlight, 'a batch of calls can be in flight');
  atMost(l.rpcBatchBytes, l.commitBatchBytes, 'one message is no more than one commit');
  atMost(l.commitBatchCommands, l.rpcInFlight, 'a full commit can be in flight');
  atMost((l.rpcDeadlineMs / 8) * 9, l.requestDeadlineMs, 'the writer gives up before the request');
  atMost(l.filterDeadlineMs, l.requestDeadlineMs, 'a filter gives up before its request');
  atMost(l.filterDeadlineMs, l.drainDeadlineMs, 'a stop outlasts a scan');
  atMost(l.inlineLinksMax, l.linksMax, 'a worker may render more than the main thread');
  atMost(l.drainDeadlineMs, l.requestDeadlineMs, 'a stop does not outlast a request');
  atMost(l.checkpointPages * 4, l.walPagesAlarm, 'a checkpoint that is due is no alarm');
  atMost(l.checkpointPages, l.walResetPages, 'the WAL is checkpointed before it begins anew');
  atMost(l.walResetPages * 4, l.walPagesAlarm, 'a WAL that waits for the spool is no alarm');
  atMost(l.spoolNearPages * 4, l.walResetPages, 'the writer waits for the end of the WAL only');
  atMost(l.spoolWaitMs * 20, l.spoolRetryMs, 'a stuck spool costs the writer a twentieth at most');
  atMost(l.inFlightRequests, l.logQueueRows, 'every request in flight can be logged');
  atMost(l.logPruneRows, l.logRowsMax, 'the log is pruned before it doubles');
}

function atMost(lesser: number, greater: number, claim: string): void {
  assert(lesser <= greater, claim);
}
