/**
 * How the bounds of `limits.ts` depend on each other. It runs at start, so that a changed number
 * cannot quietly make another one meaningless.
 */
import { assert } from './assert.ts';
import { LIMITS } from './limits.ts';

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
  atMost(l.patchOperations, l.jsonObjectKeys, 'a PATCH may name all its attributes in one object');
  atMost(l.jsonObjectKeys, l.jsonNames, 'an object of full size may have that many names');
  atMost(
    2 * l.columnBytes,
    l.filterWorkerHeapMib * 1024 * 1024,
    'columns leave a filter worker most of its heap',
  );
  atMost(l.filterDepth, l.filterNodes, 'a filter of full depth has that many nodes');
  atMost(l.pageSizeDefault, l.pageSizeMax, 'the default page is a page');
  atMost(l.pageSizeMax, l.sortedRowsMax, 'the first page can be sorted');
  atMost(l.cursorLength * 4, l.targetBytes, 'a cursor leaves room for the rest of its query');
  atMost(l.pageSizeMax, l.inlineOffsetMax, 'the second page is as cheap as the first');
  atMost(l.bodyBytes, l.inFlightBytes, 'the largest body is admitted');
  atMost(l.bodyBytes, l.commitBatchBytes, 'the largest body fits into a commit');
  atMost(l.inFlightRequests, l.rpcInFlight, 'an admitted request can call the writer');
  atMost(l.inFlightBytes, l.rpcInFlightBytes, 'an admitted body can cross to the writer');
  atMost(l.rpcBatchCalls, l.rpcInFlight, 'a batch of calls can be in flight');
  atMost(l.rpcBatchBytes, l.commitBatchBytes, 'one message is no more than one commit');
  atMost(l.bulkOperations, l.inFlightRequests, 'the largest bulk is admitted');
  atMost(
    l.bulkBudgetMs * 2,
    l.requestDeadlineMs,
    'a slow bulk has time to end before its deadline',
  );
  atMost(l.bulkSliceOperations, l.commitBatchCommands, 'a slice of a bulk fits into a commit');
  atMost(l.bulkSliceBytes, l.commitBatchBytes, 'the text of a slice fits into a commit');
  atMost(l.commitBatchCommands, l.rpcInFlight, 'a full commit can be in flight');
  atMost((l.rpcDeadlineMs / 8) * 9, l.requestDeadlineMs, 'the writer gives up before the request');
  atMost(l.filterDeadlineMs, l.requestDeadlineMs, 'a filter gives up before its request');
  atMost(
    l.filterDeadlineMs + l.filterGraceMs,
    l.requestDeadlineMs,
    'a worker that does not stop is ended before its request',
  );
  atMost(l.filterDeadlineMs, l.drainDeadlineMs, 'a stop outlasts a scan');
  atMost(l.secretWaitMs, l.drainDeadlineMs, 'a stop outlasts the wait for a hash');
  atMost(l.endpointConfigLength, l.bodyBytes, 'the largest config fits into a body');
  atMost(l.filterDeadlineMs, l.profileCheckMs, 'a check may take longer than a search');
  atMost(l.inlineVerifiedRows, l.probeRowsMax, 'candidates to verify are candidates');
  atMost(l.inlineLinkedRows, l.inlineVerifiedRows, 'candidates with links are to be verified');
  atMost(l.inlineLinksMax, l.linksMax, 'a worker may render more than the main thread');
  atMost(l.drainDeadlineMs, l.requestDeadlineMs, 'a stop does not outlast a request');
  atMost(l.checkpointPages * 4, l.walPagesAlarm, 'a checkpoint that is due is no alarm');
  atMost(l.checkpointPages, l.walResetPages, 'the WAL is checkpointed before it begins anew');
  atMost(l.walResetPages * 4, l.walPagesAlarm, 'a WAL that waits for the spool is no alarm');
  atMost(l.spoolNearPages * 4, l.walResetPages, 'the writer waits for the end of the WAL only');
  atMost(l.spoolWaitMs * 20, l.spoolRetryMs, 'a stuck spool costs the writer a twentieth at most');
  atMost(l.azureAnswerMs, l.storageIdleMs, 'a request gives up before who waits for its piece');
  atMost(l.storageIdleMs, l.backupRequestMs, 'a step outlasts a piece that does not come');
  atMost(l.storageBackoffMsMin, l.storageBackoffMsMax, 'pauses grow');
  atMost(l.storageBackoffMsMax, l.backupGraceMs, 'a restore that tries again finds its objects');
  atMost(l.backupHeadBytes, l.backupManifestBytes, 'a head is smaller than a manifest');
  atMost(l.tokenRequestBytes, l.bodyBytes, 'a request for a token is a request');
  atMost(l.issuerAnswerMs * 2, l.requestDeadlineMs, 'an issuer gives up before the request');
  atMost(l.issuerRetryMs, l.issuerKeysFreshMs, 'keys of an issuer may be fetched before they age');
  atMost(
    l.issuerKeysFreshMs,
    l.issuerKeysStaleMs,
    'keys of an issuer are replaced before they end',
  );
  atMost(l.inFlightRequests, l.logQueueRows, 'every request in flight can be logged');
  atMost(l.logBodyChars, l.logMaskedChars, 'a body that is kept can be masked');
  atMost(l.logPageSizeDefault, l.logPageSizeMax, 'a page of the log has its usual size');
  atMost(l.logPruneRows, l.logRowsMax, 'the log is pruned before it doubles');
  atMost(l.tailListenersOfEndpoint, l.tailListeners, 'one endpoint may follow its log');
  atMost(l.downloadsOfEndpoint, l.downloads, 'one endpoint may take its log along');
  atMost(l.downloadStallMs, l.downloadLifetimeMs, 'a download may wait for its client');
  atMost(l.tailLookMs, l.tailBeatMs, 'a sign of life is sent at a look');
  atMost(l.tailBeatMs, l.tailStallMs, 'a silent log is not taken for a deaf listener');
  atMost(l.tailRows, l.tailBehindRows, 'one look fits into what may be caught up with');
}

function atMost(lesser: number, greater: number, claim: string): void {
  assert(lesser <= greater, claim);
}
