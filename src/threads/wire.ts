/**
 * The two message formats, in one place so that both ends agree. Many calls or answers share one
 * flat array:
 *   to the worker    id, method, n, p1 … pn, id, method, n, …   id 0: one way, never answered
 *   from the worker  id, n, p1 … pn, id, n, …                   id negative: call -id is refused
 *                                                               id 0: a notice, p1 is its name
 */
import { assert } from '../platform/assert.ts';
import { type Frame, type FrameValue, isFrame } from './frame.ts';

export interface Call {
  /** 0: one way, must not be answered. */
  readonly id: number;
  readonly method: string;
  readonly frame: Frame;
}

/** Names of the notices that start a conversation; `#` keeps them apart from a user's own. */
export const HELLO = '#hello';
export const HELLO_FAILED = '#helloFailed';

export function appendCall(to: FrameValue[], id: number, method: string, frame: Frame): void {
  to.push(id, method, frame.length);
  for (const value of frame) to.push(value);
}

/** Appends the calls of a message to `to`. @throws AssertionFailed when it is not one of ours */
export function decodeCalls(message: unknown, to: Call[]): void {
  assert(isFrame(message), 'a message to a worker is a flat array');
  let at = 0;
  while (at < message.length) {
    const id = message[at];
    const method = message[at + 1];
    const end = endOfValues(message, at + 2);
    assert(isId(id) && id >= 0, 'a call has an id');
    assert(typeof method === 'string', 'a call names its method');
    to.push({ id, method, frame: message.slice(at + 3, end) });
    at = end;
  }
}

export function appendAnswer(to: FrameValue[], id: number, frame: Frame): void {
  to.push(id, frame.length);
  for (const value of frame) to.push(value);
}

/** Visits the answers of a message in order. @throws AssertionFailed when it is not one of ours */
export function visitAnswers(message: unknown, visit: (id: number, frame: Frame) => void): void {
  assert(isFrame(message), 'a message from a worker is a flat array');
  let at = 0;
  while (at < message.length) {
    const id = message[at];
    const end = endOfValues(message, at + 1);
    assert(isId(id), 'an answer has an id');
    visit(id, message.slice(at + 2, end));
    at = end;
  }
}

function endOfValues(message: Frame, countAt: number): number {
  const count = message[countAt];
  assert(typeof count === 'number' && Number.isInteger(count) && count >= 0, 'values are counted');
  const end = countAt + 1 + count;
  assert(end <= message.length, 'a message holds the values it counts');
  return end;
}

function isId(id: FrameValue | undefined): id is number {
  return typeof id === 'number' && Number.isSafeInteger(id);
}
