/**
 * What an error of the Azure SDKs means for a backup: an answer, something that passes, or something
 * a person must mend. Shared by Blob and Files. It imports no SDK, so that whoever judges an error
 * does not load one. Never hand it errors of reading the content's own file: they are not Azure's.
 */
import { StorageError, type StorageErrorCode } from './storage.ts';

type Verdict = readonly [StorageErrorCode, string];

/**
 * An error of the SDK as a StorageError whose message is one line for an operator; one that does not
 * come from Azure is given back as it is. Ask your own signal first, whether it was you who aborted:
 * the SDK also says AbortError when a connection breaks in the middle of an answer.
 * @param label the storage's label
 * @param name the object; empty when the request is about all of them
 */
export function toStorageError(error: unknown, label: string, name: string): StorageError | Error {
  if (error instanceof StorageError) return error;
  if (!(error instanceof Error)) return new Error(`${label}: ${String(error)}`);
  const seen = observe(error);
  const verdict = judge(error, seen);
  if (verdict === undefined) return error;
  const [code, says] = verdict;
  const where = name === '' ? label : `${label}: ${name}`;
  return new StorageError(code, `${where}: ${says} (${evidence(error, seen)})`, { cause: error });
}

/** The service's own name for an error, such as `ContainerNotFound`; or Node's, such as `ECONNRESET`. */
export function azureErrorCode(error: unknown): string | undefined {
  return error instanceof Error ? observe(error).code : undefined;
}

/** HTTP status of the answer; undefined when there was none. */
export function azureStatus(error: unknown): number | undefined {
  return error instanceof Error ? observe(error).status : undefined;
}

interface Observed {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
}

/** RestError is known by its fields: several copies of the SDK's core may be loaded. */
function observe(error: Error): Observed {
  // Answers to HEAD have no body: their code is only in the header, which the SDK calls a detail.
  const details = field(error, 'details');
  const status = field(error, 'statusCode');
  return {
    status: typeof status === 'number' ? status : undefined,
    code: text(field(details, 'errorCode')) ?? text(field(error, 'code')),
    requestId: text(field(details, 'requestId')) ?? text(field(details, 'x-ms-request-id')),
  };
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const TAKEN: Verdict = ['exists', 'the name is taken'];
const MISSING: Verdict = ['missing', 'there is no such object'];
const NO_CONTAINER: Verdict = [
  'refused',
  'the container or share does not exist: create it, or correct its name',
];
const PASSING: Verdict = ['unavailable', 'the storage is busy with it'];
const DAMAGED: Verdict = ['unavailable', 'the content was damaged or lost on its way'];
const NETWORK: Verdict = ['unavailable', 'the storage cannot be reached'];
const NO_HOST: Verdict = [
  'unavailable',
  "its host is not found: check the storage account's name, and DNS",
];
const BROKEN: Verdict = ['unavailable', 'the connection broke'];
const LATE: Verdict = ['unavailable', 'the storage did not answer in time'];
const FAILING: Verdict = ['unavailable', 'the storage fails or is overloaded'];
const FORBIDDEN: Verdict = [
  'refused',
  "access is denied: give the identity the role 'Storage Blob Data Contributor' (for Files: 'Storage File Data Privileged Contributor'), or check the key, the storage's firewall and this machine's clock",
];
const UNTRUSTED: Verdict = [
  'refused',
  "the storage's certificate is not trusted: check the endpoint, a proxy between (NODE_EXTRA_CA_CERTS), and this machine's clock",
];
const NO_CREDENTIAL: Verdict = [
  'unavailable',
  'no Azure credential is to be had: assign a managed identity (AZURE_CLIENT_ID names a user-assigned one), or configure a connection string',
];
const BAD_CREDENTIAL: Verdict = ['refused', 'Azure does not accept the credential'];

const BY_CODE: ReadonlyMap<string, Verdict> = new Map([
  ...codes(TAKEN, 'BlobAlreadyExists ResourceAlreadyExists ConditionNotMet TargetConditionNotMet'),
  ...codes(MISSING, 'BlobNotFound ResourceNotFound ParentNotFound ResourceTypeMismatch'),
  ...codes(NO_CONTAINER, 'ContainerNotFound ShareNotFound'),
  ...codes(PASSING, 'ContainerBeingDeleted ShareBeingDeleted AccountBeingCreated'),
  ...codes(PASSING, 'DeletePending SharingViolation FileLockConflict ClientCacheFlushDelay'),
  // Blocks of an upload go when another upload of the same name is committed, or after a week.
  ...codes(DAMAGED, 'Md5Mismatch Crc64Mismatch InvalidBlockList'),
  ...codes(BROKEN, 'PARSE_ERROR'),
  ...codes(['refused', 'a rule of the storage protects it'], 'BlobImmutableDueToPolicy'),
  ...codes(['refused', 'it was moved to the archive tier: bring it back'], 'BlobArchived'),
  ...codes(['refused', 'Azure does not allow such a name'], 'InvalidResourceName'),
  ...codes(NETWORK, 'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE EPROTO'),
  ...codes(NO_HOST, 'ENOTFOUND EAI_AGAIN'),
  ...codes(NETWORK, 'EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENETRESET EADDRNOTAVAIL'),
  ...codes(NETWORK, 'REQUEST_SEND_ERROR ERR_STREAM_PREMATURE_CLOSE'),
  ...codes(LATE, 'ETIMEDOUT ESOCKETTIMEDOUT'),
  ...codes(UNTRUSTED, 'CERT_HAS_EXPIRED CERT_NOT_YET_VALID ERR_TLS_CERT_ALTNAME_INVALID'),
  ...codes(UNTRUSTED, 'DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN'),
  ...codes(UNTRUSTED, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
]);

function codes(verdict: Verdict, names: string): (readonly [string, Verdict])[] {
  return names.split(' ').map((name) => [name, verdict]);
}

function judge(error: Error, { status, code }: Observed): Verdict | undefined {
  const identity = judgeIdentity(error);
  if (identity !== undefined) return identity;
  if (error.name === 'AbortError') return BROKEN;
  if (error.name === 'TimeoutError') return LATE;
  // The SDK's words, without a code, when a body ends before its Content-Length.
  if (error.message.startsWith('Data corruption failure')) return DAMAGED;
  if (error.message.startsWith('Bearer token authentication is not permitted')) {
    return ['refused', 'an identity needs an https endpoint'];
  }
  return (
    (code === undefined ? undefined : BY_CODE.get(code)) ??
    judgeStatus(status) ??
    (error.name === 'RestError' ? NETWORK : undefined)
  );
}

/**
 * Errors of @azure/identity. That no source of tokens answers may pass: the endpoint of a managed
 * identity often comes up later than the container. That one answers and says no does not.
 */
function judgeIdentity(error: Error): Verdict | undefined {
  switch (error.name) {
    case 'CredentialUnavailableError':
      return NO_CREDENTIAL;
    case 'AuthenticationError':
      return judgeStatus(observe(error).status)?.[0] === 'unavailable' ? FAILING : BAD_CREDENTIAL;
    case 'AggregateAuthenticationError': {
      const parts = field(error, 'errors');
      const refused = (part: unknown): boolean =>
        part instanceof Error && judgeIdentity(part)?.[0] === 'refused';
      return Array.isArray(parts) && parts.some(refused) ? BAD_CREDENTIAL : NO_CREDENTIAL;
    }
    default:
      return undefined;
  }
}

function judgeStatus(status: number | undefined): Verdict | undefined {
  if (status === undefined || status < 400) return undefined;
  if (status === 401 || status === 403) return FORBIDDEN;
  if (status === 404) return MISSING;
  if (status === 408) return LATE;
  // A conflict nobody named above is with a state that passes.
  if (status === 409) return PASSING;
  if (status === 412) return TAKEN;
  if (status === 429 || status >= 500) return FAILING;
  return ['refused', 'the storage does not accept the request'];
}

/** What support would ask for. Without any code, the first line of the SDK's own words. */
function evidence(error: Error, { status, code, requestId }: Observed): string {
  const known = [status, code].filter((part) => part !== undefined).join(' ');
  const what = known === '' ? (error.message.split('\n')[0] ?? error.name) : known;
  return requestId === undefined ? what : `${what}, request ${requestId}`;
}
