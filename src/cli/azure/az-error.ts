/**
 * What `az` says when it fails, as one line that says what to do. Its own texts are long, some are
 * JSON in JSON, and the reason stands in the innermost part. Pure.
 */

/** A call of `az` that failed. `reason` is ours, so that callers need not read texts. */
export class AzError extends Error {
  readonly reason: AzReason;

  constructor(reason: AzReason, message: string) {
    super(message);
    this.name = 'AzError';
    this.reason = reason;
  }
}

export type AzReason =
  | 'notLoggedIn'
  | 'noSubscription'
  | 'notRegistered'
  | 'nameTaken'
  | 'quota'
  | 'notAllowed'
  | 'noBicep'
  | 'other';

interface Known {
  readonly reason: AzReason;
  readonly pattern: RegExp;
  /** Before what Azure says. */
  readonly advice: string;
}

const KNOWN: readonly Known[] = [
  {
    reason: 'noSubscription',
    pattern: /no subscriptions? (were |was )?found|subscription .{0,80}(doesn't exist|not found)/i,
    advice:
      'there is no such Azure subscription for this login: choose one with --subscription (az account list shows them)',
  },
  {
    reason: 'notLoggedIn',
    pattern: /az login|AADSTS\d+|ExpiredAuthenticationToken|InvalidAuthenticationToken/,
    advice: 'not logged in to Azure, or the login has expired: run az login',
  },
  {
    reason: 'notRegistered',
    pattern: /MissingSubscriptionRegistration|not registered to use namespace/,
    advice:
      'the subscription does not have a resource provider yet: az provider register --namespace <it> --wait',
  },
  {
    reason: 'nameTaken',
    pattern: /StorageAccountAlreadyTaken|AlreadyExists|NameUnavailable|already taken/i,
    advice: 'a name is taken by somebody else; for the storage account choose --storage-account',
  },
  {
    reason: 'quota',
    pattern: /quota|MaxNumberOf\w+Exceeded|SkuNotAvailable|LocationNotAvailable|AKSCapacity/i,
    advice: 'the subscription or the region has no room for this: another --location, or a quota',
  },
  {
    reason: 'notAllowed',
    pattern: /AuthorizationFailed|does not have authorization|RoleAssignmentUpdateNotPermitted/,
    advice:
      'this login may not do that: deploying needs Owner, or Contributor and User Access Administrator, of the resource group',
  },
  {
    reason: 'noBicep',
    pattern: /install bicep|bicep.{0,60}(not found|download)|aka\.ms\/BicepVersion/i,
    advice: 'az needs its bicep compiler, which it downloads once: az bicep install',
  },
];

/** @param args of the call that failed; only its words are told, never values of options */
export function azError(args: readonly string[], code: number, stderr: string): AzError {
  const said = innermost(stderr);
  const known = KNOWN.find(({ pattern }) => pattern.test(stderr));
  if (known !== undefined) return new AzError(known.reason, `${known.advice}. Azure says: ${said}`);
  return new AzError('other', `az ${wordsOf(args)} failed (${code}): ${said}`);
}

/** `containerapp revision list` of a whole command line. */
export function wordsOf(args: readonly string[]): string {
  const end = args.findIndex((arg) => arg.startsWith('-'));
  return args.slice(0, end === -1 ? args.length : end).join(' ');
}

const TEXT_MAX = 600;

/** The last code and message of nested errors; else the first line that says something. */
function innermost(stderr: string): string {
  const plain = stderr.replaceAll('\\"', '"').replaceAll(/\\[rn]/g, ' ');
  const nested = [...plain.matchAll(/"code"\s*:\s*"([^"]+)"[^{}]*?"message"\s*:\s*"([^"]+)"/g)];
  const last = nested.at(-1);
  const line =
    last === undefined ? firstLine(plain) : `${last[1] ?? ''}: ${(last[2] ?? '').trim()}`;
  return line.length > TEXT_MAX ? `${line.slice(0, TEXT_MAX)}…` : line;
}

function firstLine(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/^\s*ERROR:\s*/, '').trim());
  return lines.find((line) => line !== '' && !line.startsWith('WARNING')) ?? 'it said nothing';
}
