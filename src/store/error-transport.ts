/**
 * How errors of the port cross threads: they lose class and fields on the way, so they go as plain
 * data and are rebuilt on the other side. What is neither a client's fault nor a known state of the
 * store stays an unexpected error, with the stack of where it happened.
 */
import { isScimType, ScimError } from '../scim/errors.ts';
import { isStoreErrorCode, StoreError } from './results.ts';

export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  readonly scimType?: string;
}

export function describeError(error: unknown): ErrorData {
  if (error instanceof ScimError) {
    return {
      code: 'scim',
      message: error.message,
      status: error.status,
      ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    };
  }
  if (error instanceof StoreError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'unexpected', message };
}

export function rebuildError(data: ErrorData): Error {
  if (data.code === 'scim') {
    const scimType = isScimType(data.scimType) ? data.scimType : undefined;
    return new ScimError(data.status ?? 500, data.message, scimType);
  }
  if (isStoreErrorCode(data.code)) return new StoreError(data.code, data.message);
  return new Error(data.message);
}
