/** Bounds of the request log; each says what happens there. Part of `LIMITS`. */

const KIB = 1024;
const MIB = 1024 * KIB;

export const LOG_LIMITS = {
  /** Rows, and contents, that wait for the writer; more are dropped and counted. Requests never wait for them. */
  logQueueRows: 20_000,
  /** Bytes of contents that wait for the writer; more are dropped and counted, their rows stay. */
  logQueueBytes: 32 * MIB,
  /** Rows that cross to the writer together; a fuller bundle goes at once. */
  logBundleRows: 256,
  /** How long the row of a read may wait for its bundle, or a content; rows of writes never wait. */
  logDelayMs: 20,
  /** Rows written between two prunings, and rows that one slice of a pruning takes. */
  logPruneRows: 1000,
  /** Rows kept, whatever the options say of their size; the oldest go first. */
  logRowsMax: 10_000_000,
  /** How often the writer looks at the file and at the age of its rows while nothing is written. */
  logLookMs: 10_000,
  /** Contents that are packed together once they have so many bytes; to see one, all are unpacked. */
  logChunkBytes: 256 * KIB,
  /** Of a body in the log; the rest is cut, and the true size told. */
  logBodyChars: 64 * KIB,
  /** A body that names a secret is masked up to here; a larger one is left out whole. */
  logMaskedChars: 256 * KIB,
  /** Of a User-Agent, an address, a name, an id or an error in the log. */
  logTextChars: 2 * KIB,

  // Reading.

  /** Rows of a page of the log when pageSize is absent. */
  logPageSizeDefault: 50,
  /** Rows of a page at most; a larger pageSize is 400. */
  logPageSizeMax: 500,
  /** Rows looked at before the event loop gets its turn: a few milliseconds. */
  logScanRows: 2000,
  /** From the first look to the answer; what is found by then is answered, with where to go on. */
  logScanMs: 5000,
  /** Rows of one download; it says where to go on. */
  logDownloadRows: 10_000,
  /** Downloads and reports under way at once; beyond it 429. Each has some megabytes in memory at most. */
  downloads: 8,
  /** Of them, with tokens of one endpoint; beyond it 429. */
  downloadsOfEndpoint: 2,
  /** A download of which a piece of some 128 KB is not taken within this time is cut off. */
  downloadStallMs: 60_000,
  /** So is one that has not ended by then. */
  downloadLifetimeMs: 60 * 60 * 1000,

  // Following.

  /** Who may follow the log at once; beyond it 429. */
  tailListeners: 32,
  /** Of them, who may follow that of one endpoint by its own token; beyond it 429. */
  tailListenersOfEndpoint: 4,
  /** How often the log is looked at while somebody follows it. */
  tailLookMs: 250,
  /** Rows of one look; whoever is behind gets the next ones at the next turn. */
  tailRows: 200,
  /** Without a row for this long a listener is sent a sign of life; shorter than a proxy's patience. */
  tailBeatMs: 5000,
  /** A listener that takes nothing for this long is cut off. */
  tailStallMs: 10_000,
  /** Whoever resumes from further back is told of a gap, and gets the newest this many. */
  tailBehindRows: 10_000,
  /** Then a stream ends; who comes again with `Last-Event-ID` shows a token that is good by now. */
  tailLifetimeMs: 15 * 60 * 1000,

  // Runs.

  /** Requests of a report; of a longer run the first ones, and it says so. */
  runReportRows: 5000,
  /** Characters of headers and bodies in a report; behind them requests stand without. */
  runReportChars: 16 * MIB,
  /** A run that nobody ends is over so long after its begin, and its endpoint logged by its own level again. */
  runOpenMs: 24 * 60 * 60 * 1000,
  /** Runs of a list, the newest. */
  runsListed: 200,
  /** How often, while a run is open, the log is asked whether it still is: its file may be begun anew. */
  runLookMs: 10_000,
} as const;
