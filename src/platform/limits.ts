/**
 * Every bound of the process in one place: queues, buffers, batches, waits, input sizes. Each says
 * what happens at the bound. How they depend on each other is asserted by `check-limits.ts`.
 */
import { AZURE_LIMITS } from './azure-limits.ts';
import { LOG_LIMITS } from './log-limits.ts';
import { OAUTH_LIMITS } from './oauth-limits.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

export const LIMITS = {
  // What one request may be.

  /** Body of a request; more is 413, judged from Content-Length before a byte is read. */
  bodyBytes: 5 * MIB,
  /** Nesting of a JSON body; deeper is 400. SCIM needs 5; a bound keeps recursion off the stack. */
  jsonDepth: 64,
  /** Keys of one object of a body; more is 400. Objects of many keys are slow to build and walk. */
  jsonObjectKeys: 1000,
  /** Different keys in a body; more is 400. From about 1,500 the engine's own tables slow down. */
  jsonNames: 1500,
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
  /** Operations of one bulk request; more is 413. Its body is bounded like any other. */
  bulkOperations: 1000,
  /** Characters of a stored resource without its members; a write that exceeds it is 413. */
  documentLength: MIB,
  /** Resources per page when `count` is absent. */
  pageSizeDefault: 100,
  /** Resources per page at most; a larger `count` gets this many (RFC 7644 §3.4.2.4 allows it). */
  pageSizeMax: 1000,
  /** From a cursor's issue to its use; later is 400 expiredCursor. What clients are told. */
  cursorTimeoutSeconds: 3600,
  /** Characters of a cursor; a longer one is none of ours. */
  cursorLength: 4 * KIB,

  // What an endpoint's config may hold. Over a bound the administrator hears 400 or 413.

  /** Characters of a config as JSON; every thread reads it when it changes. */
  endpointConfigLength: MIB,
  /** Schemas that a config adds or replaces. */
  profileSchemas: 50,
  /** Attributes of those schemas, sub-attributes included. */
  profileAttributes: 1000,
  /** Resource types of one endpoint: an id of a member is looked up in each. */
  profileResourceTypes: 50,
  /** Canonical values or reference types of an attribute, extensions of a type. */
  profileListLength: 1000,
  /** Characters of an attribute's name, a type's name or a URN: what a path segment can hold. */
  profileNameLength: 255,
  /** Characters of a description or a canonical value. */
  profileTextLength: 4000,
  /** Attributes that an endpoint may have indexed: each costs every write of it. */
  indexedAttributes: 20,
  /** How often resources are checked against a new profile because one has changed meanwhile. */
  profileCheckAttempts: 3,
  /** From the start of such a check to its end; later it is given up. About 15 s a million. */
  profileCheckMs: 5 * 60_000,
  /** Endpoints whose registry a filter worker keeps compiled. */
  compiledEndpoints: 500,

  // Secrets, such as passwords, are hashed before they are written: 16 MiB and 150 ms of a core each.

  /** Hashes at once, on threads of libuv's pool, which has four; more wait. */
  secretHashes: 2,
  /** Hashes that wait; more is 503 with Retry-After. */
  secretsWaiting: 128,
  /** How long one may wait; longer is 503 too. */
  secretWaitMs: 8000,

  // Who comes in.

  /** Credentials of one endpoint, kept in memory, 1 KB each; more is 409. */
  credentialsPerEndpoint: 1000,
  /** From one note that a credential was used to the next: a note is a commit. */
  credentialNoteMs: 60_000,
  /** Wrong tokens from one address before it hears 429 in place of 401; right ones pass all the same. */
  failedAttempts: 100,
  /** How soon an address is given one of them back. */
  failedAttemptMs: 100,
  /** Addresses that sent wrong tokens of late; over it the one that was quiet longest is forgotten. */
  failedAddresses: 10_000,
  /** Tokens of others that are verified at once for addresses that are over their bound. */
  doubtfulTokens: 4,

  // What the main thread does itself. Beyond, a filter worker does it: the loop must not stall.

  /** Members or groups of one answer, rendered on the main thread. */
  inlineLinksMax: 500,
  /** Rows skipped by a page's offset on the main thread. */
  inlineOffsetMax: 1000,
  /** Marks in long lists held per connection, one for 256 resources: about 60 bytes each. */
  listMarks: 65_536,
  /** Resources an index may find for a filter (one externalId, one member); more is a scan. */
  probeRowsMax: 1000,
  /** Of those, how many the main thread reads to evaluate what the index leaves open: about 1 ms. */
  inlineVerifiedRows: 250,
  /** Of those, how many when it has to look at their members or groups. */
  inlineLinkedRows: 20,

  // What may be under way at once. Over a bound the client hears 503 with Retry-After.

  /** Requests read but not answered; a bulk counts with its operations. One endpoint gets half. */
  inFlightRequests: 8192,
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
  /** From a search's start to its end; longer is told to the operator, with its plan. */
  slowSearchMs: 500,
  /** From a search's start in the queue of the filter workers to its end; later is 400 tooMany. */
  filterDeadlineMs: 10_000,
  /** From a scan's being told to end until the worker that goes on is ended, and its columns lost. */
  filterGraceMs: 10_000,
  /** From the body of a bulk to its last command; what is left then is answered 503. */
  bulkBudgetMs: 15_000,
  /** From one look at the files of the TLS certificate to the next. */
  tlsLookMs: 10_000,
  /** After SIGTERM; what is then still in flight is cut. Supervisors kill after 30 s. */
  drainDeadlineMs: 10_000,
  /** A scrape goes on without a source that takes longer; Prometheus itself waits 10 s. */
  metricSourceMs: 5000,

  // What the writer takes at a time.

  /** Commands in one transaction: more wait for the next, so that answers keep flowing. */
  commitBatchCommands: 512,
  /** Text of those commands. Also the size of the largest burst into the WAL. */
  commitBatchBytes: 16 * MIB,
  /** Operations of a bulk that are committed together; then it is the others' turn. About 8 ms. */
  bulkSliceOperations: 256,
  /** Text of those operations; one operation that alone has more is a slice of its own. */
  bulkSliceBytes: MIB,
  /**
   * WAL pages not yet in the database file that make a checkpoint due: about 16 MB, 50 ms of the
   * thread beside. Pages that change often are copied once for several changes: at a quarter of this
   * a checkpoint cost each create twice as much.
   */
  checkpointPages: 4000,
  /**
   * WAL pages at which it begins anew, once the backup's spool holds all of them: about 128 MB. Each
   * time costs the writer a checkpoint of its own and a wait for the spool, and short segments that
   * hold the same pages again: at half of this, shipping a create cost a fifth more. A long WAL costs
   * disk, and time to recover; at twice this, its file was still growing, which costs each commit more.
   */
  walResetPages: 32768,
  /** Pages left to spool that are worth the writer's waiting, to begin the WAL anew: about 4 MB. */
  spoolNearPages: 1024,
  /** How long the writer waits for the spool; beyond, it goes on and the WAL grows. */
  spoolWaitMs: 25,
  /** From one wait for a reader in vain to the next, so that a stuck one hardly slows writing. */
  spoolRetryMs: 1000,
  /** WAL pages at which an operator is told: a reader or the backup pins it. About 512 MB. */
  walPagesAlarm: 131_072,
  /** Rows of deleted endpoints and groups removed in one turn, beside live traffic. */
  purgeSliceRows: 500,
  /** Resources whose keys go into new indexes in one turn: about 3 ms. */
  indexSliceRows: 100,
  /** Characters of their documents; a slice ends early behind the one that goes beyond. */
  indexSliceLength: 512 * KIB,
  /** Batches of commands that go before each such slice while there are some. */
  indexSliceBatches: 4,

  // Backups.

  /** Calls to the backup that are not answered; more are refused. */
  backupCalls: 64,
  /** A snapshot, a verification or a restore that takes longer is given up by who asked. */
  backupCallMs: 6 * 60 * 60_000,
  /** Times another backup worker takes over from one that died; then the process stops. */
  backupWorkerDeaths: 3,
  /** One step with a storage; beyond, it counts as failed and is tried again. */
  backupRequestMs: 45_000,
  /** Segments of one step: they go up together, and one head tells of all of them. */
  backupBatchSegments: 16,
  /** Attempts to upload a snapshot before it counts as failed. */
  backupUploadAttempts: 4,
  /** An upload of segments or of a snapshot that is slower is given up: 256 KB/s. */
  backupUploadBytesPerSecondMin: 256 * KIB,
  /** Segments since the last snapshot, in bytes, that make another due: they bound a restore. */
  backupSnapshotBytes: 256 * MIB,
  /** From the moment nothing lists an object to its deletion: a restore that uses it may end. */
  backupGraceMs: 60 * 60_000,
  /** Condemned objects deleted in one step; a shipment that comes meanwhile waits for these only. */
  backupSweepObjects: 16,
  /** Heads that stay, the traces of some hundreds of former holders; the oldest go first. */
  backupHeadsKept: 1000,
  /** Heads deleted beside the publishing of one. */
  backupHeadDeletes: 8,
  /** For a lease's last word on a stop, which comes on top of its budget; else it runs out. */
  backupLastWordMs: 1000,
  /** For giving back the leases of a start that is refused; else they run out. */
  backupReleaseMs: 5000,
  /** A head has about 600 bytes; a longer one is not ours and is refused. */
  backupHeadBytes: 64 * KIB,
  /** Snapshots of ten years fit into a manifest; a longer one is not ours and is refused. */
  backupManifestBytes: 16 * MIB,
  /** Objects that a verification reads at once. */
  backupVerifyReads: 4,

  // Storages.

  /** For the next piece of an object or of a list; beyond, the storage does not answer. */
  storageIdleMs: 30_000,
  /** Downloads in a row that bring nothing, until one object counts as failed. */
  storageDownloadAttempts: 5,
  /** Between two attempts: doubles from this */
  storageBackoffMsMin: 100,
  /** to this. */
  storageBackoffMsMax: 30_000,
  /** Memory of one piece of a file on its way. */
  storagePieceBytes: 256 * KIB,
  /** Attributes of files asked for at once: on a mount each is a round trip. */
  storageStatsAtOnce: 32,
  /**
   * What is on its way into a storage and not written to for so long has no process any more, and is
   * deleted. Clocks of file servers may be hours off.
   */
  storageDraftAgeMs: 24 * 60 * 60_000,
  /** A request to Azure without content; beyond, it has no answer. */
  azureAnswerMs: 10_000,
  /** What content adds to that: a slower connection is none, 128 KB/s. */
  azureBytesPerSecondMin: 128 * KIB,
  /** One request for a blob, up or down; a larger object goes up in blocks. */
  azureBlockBytes: 4 * MIB,
  /** Blocks of one upload that are in memory. */
  azureBlocksAtOnce: 2,

  // Scans.

  /** Rows a filter worker reads before it looks whether the scan was given up. */
  filterSliceRows: 2000,
  /**
   * Memory of the columns that all filter workers keep, each its part, where no option says
   * otherwise. An attribute that differs in each of 100,000 users takes about 5 MB in each worker
   * that needs it.
   */
  columnBytes: 160 * MIB,
  /** Resources in sorted order up to the end of a page; more is 400 tooMany. Up to 150 MB. */
  sortedRowsMax: 250_000,
  /** Members or groups of one answer; more is 400 tooMany. About 50 MB of text. */
  linksMax: 250_000,
  /** JavaScript heap of a filter worker; beyond, it dies, its search fails and another starts. */
  filterWorkerHeapMib: 512,

  ...LOG_LIMITS,
  ...OAUTH_LIMITS,
  ...AZURE_LIMITS,
} as const;
