/** Bodies as they are shown: as JSON while that is safe to write again, else as the text that came. */
import t from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import { bodyOf } from './shown.ts';

t.test('what was refused for its depth is shown as text', (t) => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  const deep = nested(30_000);
  t.equal(bodyOf(deep), deep);
  t.equal(JSON.stringify(bodyOf(nested(LIMITS.jsonDepth))), nested(LIMITS.jsonDepth));
  t.equal(bodyOf('"text"'), '"text"');
  t.equal(bodyOf(undefined), null);
  t.end();
});
