/** What changed since is a stretch of time. */
import t from 'tap';
import { planned } from './planned.ts';

/** Of user u68 and of the millisecond before. */
const AT = '2023-11-14T22:13:20.059Z';
const BEFORE = '2023-11-14T22:13:20.0581Z';

t.test('what changed since is found by the index of times, however fine the time', (t) => {
  const { found, plan } = planned(t);
  t.strictSame(found('User', `meta.lastModified gt "${AT}"`), ['u69']);
  t.strictSame(found('User', `meta.lastModified ge "${AT}"`), ['u68', 'u69']);
  t.strictSame(found('User', `meta.lastModified gt "${BEFORE}"`), ['u68', 'u69']);
  t.match(plan('User', `meta.lastModified ge "${AT}"`), {
    answeredBy: 'main thread',
    access: { kind: 'range', index: 'meta.lastModified', before: null, candidates: 2 },
    verified: {},
  });
  t.end();
});

t.test('a denial is turned round where there is always one value', (t) => {
  const { found, plan } = planned(t);
  const filter = `not (meta.lastModified lt "${AT}" or active eq false)`;
  t.strictSame(found('User', filter), ['u68']);
  t.match(plan('User', filter), {
    filter: `meta.lastModified ge "${AT}" and not (active eq false)`,
    access: { kind: 'range', candidates: 2 },
    verified: { filter: 'not (active eq false)' },
  });
  t.end();
});
