import t from 'tap';
import { leadsOn } from './continuity.ts';

const PLACE = { salt1: 0xffff_fffe, salt2: 7, frames: 12, checksum1: 1, checksum2: 2 };
const SAME = { salt1: PLACE.salt1, salt2: PLACE.salt2 };

t.test('a file that is as it was recorded leads on, whatever its log', async (t) => {
  t.ok(leadsOn(true, undefined, PLACE));
  t.ok(leadsOn(true, { salt1: 1, salt2: 2 }, undefined));
});

t.test('a file that is not needs the log that was spooled', async (t) => {
  t.ok(leadsOn(false, SAME, PLACE));
  t.notOk(leadsOn(false, undefined, PLACE), 'somebody has emptied it');
  t.notOk(leadsOn(false, { ...SAME, salt2: 8 }, PLACE));
  t.notOk(leadsOn(false, SAME, undefined), 'nothing was spooled from a log');
});

t.test('or the same one, begun anew some times since', async (t) => {
  const begunAnew = (times: number) => ({ salt1: (PLACE.salt1 + times) >>> 0, salt2: 99 });
  for (const times of [1, 2, 65_536]) t.ok(leadsOn(false, begunAnew(times), PLACE), `${times}`);
  for (const times of [-1, 65_537]) t.notOk(leadsOn(false, begunAnew(times), PLACE), `${times}`);
});
