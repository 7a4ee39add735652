/** What each error of Azure means: an answer, something that passes, something a person must mend. */
import t from 'tap';
import { azureErrorCode, azureStatus, toStorageError } from './azure-error.ts';
import { StorageError, type StorageErrorCode } from './storage.ts';

/** As the SDK throws them. */
function restError(status: number | undefined, code: string | undefined): Error {
  const error = new Error('first line\nRequestId:5f1d\nTime:2026-01-01');
  return Object.assign(error, { name: 'RestError', statusCode: status, code });
}

function named(name: string, fields: object = {}): Error {
  return Object.assign(new Error(`${name} said\nmuch`), { name, ...fields });
}

function codeOf(error: unknown): string {
  const judged = toStorageError(error, 'blob a/b', 'head/1');
  return judged instanceof StorageError ? judged.code : 'not of the storage';
}

const ANSWERS: readonly [number, string, StorageErrorCode][] = [
  [409, 'BlobAlreadyExists', 'exists'],
  [409, 'ResourceAlreadyExists', 'exists'],
  [412, 'ConditionNotMet', 'exists'],
  [412, 'TargetConditionNotMet', 'exists'],
  [404, 'BlobNotFound', 'missing'],
  [404, 'ResourceNotFound', 'missing'],
  [404, 'ParentNotFound', 'missing'],
  [404, 'ContainerNotFound', 'refused'],
  [404, 'ShareNotFound', 'refused'],
  [409, 'ContainerBeingDeleted', 'unavailable'],
  [409, 'ShareBeingDeleted', 'unavailable'],
  [409, 'DeletePending', 'unavailable'],
  [409, 'SharingViolation', 'unavailable'],
  [409, 'SomethingNew', 'unavailable'],
  [409, 'BlobImmutableDueToPolicy', 'refused'],
  [409, 'BlobArchived', 'refused'],
  [400, 'Md5Mismatch', 'unavailable'],
  [400, 'InvalidBlockList', 'unavailable'],
  [400, 'InvalidHeaderValue', 'refused'],
  [401, 'NoAuthenticationInformation', 'refused'],
  [403, 'AuthorizationPermissionMismatch', 'refused'],
  [403, 'AuthenticationFailed', 'refused'],
  [408, 'OperationTimedOut', 'unavailable'],
  [429, 'TooManyRequests', 'unavailable'],
  [500, 'InternalError', 'unavailable'],
  [503, 'ServerBusy', 'unavailable'],
];

t.test('answers of the service', async (t) => {
  for (const [status, code, meaning] of ANSWERS) {
    t.equal(codeOf(restError(status, code)), meaning, `${status} ${code}`);
  }
  t.equal(codeOf(restError(404, undefined)), 'missing', 'an answer without a code');
});

t.test('the code of an answer to HEAD is in its details', async (t) => {
  const details = { errorCode: 'ContainerNotFound', requestId: '5f1d' };
  const error = Object.assign(restError(404, undefined), { details });
  t.equal(azureErrorCode(error), 'ContainerNotFound');
  t.equal(azureStatus(error), 404);
  t.equal(codeOf(error), 'refused');
  t.match(toStorageError(error, 'a', 'b').message, '(404 ContainerNotFound, request 5f1d)');
});

t.test('a network that fails passes; a certificate that is not trusted does not', async (t) => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT']) {
    t.equal(codeOf(restError(undefined, code)), 'unavailable', code);
  }
  t.equal(codeOf(restError(undefined, undefined)), 'unavailable', 'no code at all');
  t.equal(codeOf(named('Error', { code: 'ECONNRESET' })), 'unavailable', 'in the midst of a body');
  t.equal(codeOf(named('AbortError')), 'unavailable');
  t.equal(codeOf(AbortSignal.timeout(0).reason ?? named('TimeoutError')), 'unavailable');
  t.equal(codeOf(new Error('Data corruption failure: received less data')), 'unavailable');
  for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED']) {
    t.equal(codeOf(restError(undefined, code)), 'refused', code);
  }
});

t.test('credentials: silence passes, a no does not', async (t) => {
  const unavailable = named('CredentialUnavailableError');
  const no = named('AuthenticationError', { statusCode: 400 });
  const busy = named('AuthenticationError', { statusCode: 503 });
  const all = (...errors: Error[]): Error => named('AggregateAuthenticationError', { errors });
  t.equal(codeOf(unavailable), 'unavailable');
  t.equal(codeOf(no), 'refused');
  t.equal(codeOf(busy), 'unavailable');
  t.equal(codeOf(all(unavailable, unavailable)), 'unavailable');
  t.equal(codeOf(all(unavailable, busy)), 'unavailable');
  t.equal(codeOf(all(unavailable, no)), 'refused');
  t.match(toStorageError(all(unavailable), 'a', 'b').message, /AZURE_CLIENT_ID/);
});

t.test('an error is one line: the storage, the object, what happened', async (t) => {
  const error = restError(403, 'AuthenticationFailed');
  const judged = toStorageError(error, 'blob a/b', 'head/1');
  t.match(
    judged.message,
    /^blob a\/b: head\/1: access is denied: .* \(403 AuthenticationFailed\)$/,
  );
  t.equal(judged.cause, error);
  t.match(toStorageError(error, 'blob a/b', '').message, /^blob a\/b: access is denied/);
  const unknown = toStorageError(restError(undefined, undefined), 'blob a/b', 'x');
  t.match(unknown.message, /\(first line\)$/);
});

t.test('what is not Azure’s is given back', async (t) => {
  const own = new StorageError('missing', 'known');
  t.equal(toStorageError(own, 'a', 'b'), own);
  const defect = new TypeError('x is not a function');
  t.equal(toStorageError(defect, 'a', 'b'), defect);
  const file = named('Error', { code: 'ENOENT' });
  t.equal(toStorageError(file, 'a', 'b'), file);
  t.match(toStorageError('text', 'blob a/b', 'x'), { message: 'blob a/b: text' });
  t.equal(azureErrorCode('text'), undefined);
  t.equal(azureStatus('text'), undefined);
});
