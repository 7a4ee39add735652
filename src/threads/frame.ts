/**
 * What crosses threads: flat rows of strings, numbers, nulls, and now and then bytes. Structured
 * clone copies such an array in well under a microsecond an item, objects cost several times that. Read by position,
 * with checks that stay on: a wrong position is a defect and must not become a wrong answer.
 */
import { assert } from '../platform/assert.ts';

/** Of bytes the whole buffer below them is copied: they are to have one of their own. */
export type FrameValue = string | number | null | Uint8Array;

export type Frame = readonly FrameValue[];

export function isFrame(message: unknown): message is Frame {
  if (!Array.isArray(message)) return false;
  const values: readonly unknown[] = message;
  for (const value of values) {
    const isPrimitive = typeof value === 'string' || typeof value === 'number' || value === null;
    if (!isPrimitive && !(value instanceof Uint8Array)) return false;
  }
  return true;
}

/** @throws AssertionFailed when the value there is not a string */
export function stringAt(frame: Frame, index: number): string {
  const value = frame[index];
  assert(typeof value === 'string', `a string at position ${index} of a frame`);
  return value;
}

/** @throws AssertionFailed when the value there is not a number */
export function numberAt(frame: Frame, index: number): number {
  const value = frame[index];
  assert(typeof value === 'number', `a number at position ${index} of a frame`);
  return value;
}

/** @throws AssertionFailed when the value there is no bytes */
export function bytesAt(frame: Frame, index: number): Uint8Array {
  const value = frame[index];
  assert(value instanceof Uint8Array, `bytes at position ${index} of a frame`);
  return value;
}

/** Null reads as undefined. @throws AssertionFailed when the value there is neither string nor null */
export function optionalStringAt(frame: Frame, index: number): string | undefined {
  return frame[index] === null ? undefined : stringAt(frame, index);
}

/** Null reads as undefined. @throws AssertionFailed when the value there is neither number nor null */
export function optionalNumberAt(frame: Frame, index: number): number | undefined {
  return frame[index] === null ? undefined : numberAt(frame, index);
}

/** Memory the frame's texts stand for, in characters, and its bytes: what in-flight bounds count. */
export function frameChars(frame: Frame): number {
  let chars = 0;
  for (const value of frame) {
    if (typeof value === 'string') chars += value.length;
    else if (value instanceof Uint8Array) chars += value.byteLength;
  }
  return chars;
}
