/**
 * The settings that bound what one endpoint may take of the server. 0 is no bound of its own; its
 * share of the server's bounds holds always (`src/http/admission-shares.ts`).
 */
import { badRequest } from '../scim/errors.ts';

export interface EndpointLimits {
  /** Of requests with a valid token, on average. */
  readonly requestsPerSecondMax: number;
  /** How many may come at once before the average counts; 0: as many as in a second. */
  readonly requestBurstMax: number;
  /** Requests under way; a bulk counts with its operations. */
  readonly inFlightRequestsMax: number;
  /** Resources of all types together. */
  readonly resourcesMax: number;
}

export interface IntegerSetting {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly description: string;
}

export const LIMIT_SETTINGS = {
  requestsPerSecondMax: {
    kind: 'integer',
    min: 0,
    max: 100_000,
    default: 0,
    description:
      'Requests per second, on average; beyond, 429 with Retry-After. A bulk counts with its ' +
      'operations: what they come to more than one is paid by the requests that follow. 0: no bound.',
  },
  requestBurstMax: {
    kind: 'integer',
    min: 0,
    max: 100_000,
    default: 0,
    description:
      'How many requests may come at once before `requestsPerSecondMax` counts. 0: as many as in a second.',
  },
  inFlightRequestsMax: {
    kind: 'integer',
    min: 0,
    max: 100_000,
    default: 0,
    description:
      'Requests under way at once, a bulk with its operations; beyond, 429 with Retry-After, but for a ' +
      'request that is alone. 0: no bound but the fair share: an endpoint never holds more places than ' +
      'are left free for the others.',
  },
  resourcesMax: {
    kind: 'integer',
    min: 0,
    max: 1_000_000_000,
    default: 0,
    description:
      'Resources of all types together; a create beyond is answered 403. Those that are there stay. 0: no bound.',
  },
} as const satisfies Record<keyof EndpointLimits, IntegerSetting>;

/** @throws ScimError 400 invalidValue for what is no whole number in its range */
export function readLimits(config: Readonly<Record<string, unknown>>): EndpointLimits {
  return {
    requestsPerSecondMax: readInteger(config, 'requestsPerSecondMax'),
    requestBurstMax: readInteger(config, 'requestBurstMax'),
    inFlightRequestsMax: readInteger(config, 'inFlightRequestsMax'),
    resourcesMax: readInteger(config, 'resourcesMax'),
  };
}

function readInteger(
  config: Readonly<Record<string, unknown>>,
  name: keyof EndpointLimits,
): number {
  const { min, max, default: fallback } = LIMIT_SETTINGS[name];
  if (!Object.hasOwn(config, name)) return fallback;
  const value = config[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  throw badRequest('invalidValue', `config.${name} takes a whole number from ${min} to ${max}`);
}
