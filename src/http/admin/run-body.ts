/** What an operator may send to begin a run: what it is called. */
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { JsonValue } from '../../scim/json.ts';
import { type BodyWording, bodyRefusal } from './body-refusal.ts';

export interface RunBodyCheck {
  /** The label; undefined: none is given. @throws ScimError 400 that names the field */
  readonly forRun: (body: JsonValue) => string | undefined;
}

const WORDING: BodyWording = {
  noun: 'a run',
  takes: { label: 'takes a text of 1 to 255 characters' },
  required: 'label',
};

export function runSchema() {
  const label = Type.String({ minLength: 1, maxLength: 255 });
  return Type.Object({ label: Type.Optional(label) }, { additionalProperties: false });
}

/** Compiles the check, once at start. */
export function compileRunBodyCheck(): RunBodyCheck {
  const check = Compile(runSchema());
  return {
    forRun: (body) => {
      if (!check.Check(body)) throw bodyRefusal(WORDING, body, check.Errors(body));
      return body.label;
    },
  };
}
