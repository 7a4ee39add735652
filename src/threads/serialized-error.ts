/**
 * Errors lose class and fields when they cross threads, so they cross as plain data. What a code
 * means is the business of who uses the RPC: this folder knows no error class but its own.
 */
import { type Frame, optionalNumberAt, optionalStringAt, stringAt } from './frame.ts';

export interface SerializedError {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  readonly scimType?: string;
}

export function errorToFrame(error: SerializedError): Frame {
  return [error.code, error.message, error.status ?? null, error.scimType ?? null];
}

/** @throws AssertionFailed when the frame holds no error */
export function errorFromFrame(frame: Frame): SerializedError {
  const status = optionalNumberAt(frame, 2);
  const scimType = optionalStringAt(frame, 3);
  return {
    code: stringAt(frame, 0),
    message: stringAt(frame, 1),
    ...(status === undefined ? {} : { status }),
    ...(scimType === undefined ? {} : { scimType }),
  };
}
