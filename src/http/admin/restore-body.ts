/**
 * What an administrator sends to go back in time. It replaces the data, so it must name one target
 * and be confirmed in words: nobody does that by accident.
 */
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { parseRfc3339 } from '../../platform/rfc3339.ts';
import { badRequest } from '../../scim/errors.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { RestoreTarget } from '../ports.ts';
import { type BodyWording, bodyRefusal } from './body-refusal.ts';

export interface RestoreBodyCheck {
  /** @throws ScimError 400 that names what is missing */
  readonly forRestore: (body: JsonValue) => RestoreTarget;
}

const WORDING: BodyWording = {
  noun: 'a restore',
  takes: {
    time: 'takes a time with its offset (2026-11-21T05:23:40Z)',
    sequence: 'takes a commit sequence, a whole number',
    confirm: 'takes the word "restore": the data of now is replaced',
  },
  required: 'confirm',
};

export function restoreSchema() {
  return Type.Object(
    {
      time: Type.Optional(Type.String()),
      sequence: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
      confirm: Type.Literal('restore'),
    },
    { additionalProperties: false },
  );
}

/** Compiles the check, once at start. */
export function compileRestoreBodyCheck(): RestoreBodyCheck {
  const check = Compile(restoreSchema());
  return {
    forRestore: (body) => {
      if (!check.Check(body)) throw bodyRefusal(WORDING, body, check.Errors(body));
      return target(body);
    },
  };
}

function target({ time, sequence }: { time?: string; sequence?: number }): RestoreTarget {
  if (time !== undefined && sequence !== undefined) {
    throw badRequest('invalidValue', 'give time or sequence, not both: which one is meant?');
  }
  if (sequence !== undefined) return { sequence };
  if (time === undefined) {
    throw badRequest(
      'invalidValue',
      'time or sequence is required: GET /scim/admin/backup/restore-points lists what there is',
    );
  }
  const instant = parseRfc3339(time);
  if (instant === undefined) {
    throw badRequest('invalidValue', `time ${WORDING.takes['time'] ?? ''}`);
  }
  return { time: instant };
}
