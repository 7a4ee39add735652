import t from 'tap';
import { ListMarks, MARK_STEP, type List } from './list-marks.ts';

const LONG: List = { endpoint: 1, type: 'User', count: 1000, shape: 7 };
const IDS = Array.from({ length: 1000 }, (_, n) => `u${String(n).padStart(4, '0')}`);

function page(offset: number, count = 100): { id: string }[] {
  return IDS.slice(offset, offset + count).map((id) => ({ id }));
}

t.test('pages in a row leave marks, which bring later pages near', (t) => {
  const marks = new ListMarks(100);
  t.strictSame(marks.approach(LONG, 900), { id: '', skip: 900 });
  for (let offset = 0; offset < 1000; offset += 100) marks.learn(LONG, offset, page(offset));
  t.strictSame(marks.approach(LONG, 0), { id: 'u0000', skip: 0 });
  t.strictSame(marks.approach(LONG, 255), { id: 'u0000', skip: 255 });
  t.strictSame(marks.approach(LONG, 256), { id: 'u0256', skip: 0 });
  t.strictSame(marks.approach(LONG, 999), { id: 'u0768', skip: 999 - 768 });
  t.end();
});

t.test('one page may leave several marks, and a page out of order none', (t) => {
  const marks = new ListMarks(100);
  marks.learn(LONG, 512, page(512));
  t.strictSame(marks.approach(LONG, 600), { id: '', skip: 600 });
  marks.learn(LONG, 0, page(0, 600));
  t.strictSame(marks.approach(LONG, 600), { id: 'u0512', skip: 88 });
  t.strictSame(marks.next(LONG), { place: 768, from: { id: 'u0512', skip: MARK_STEP } });
  t.end();
});

t.test('marks of another shape, list, type or endpoint are none', (t) => {
  const marks = new ListMarks(100);
  marks.learn(LONG, 0, page(0, 600));
  const none = { id: '', skip: 300 };
  t.strictSame(marks.approach({ ...LONG, type: 'Group' }, 300), none);
  t.strictSame(marks.approach({ ...LONG, endpoint: 11 }, 300), none);
  t.strictSame(marks.approach({ ...LONG, shape: 6 }, 300), none, 'an older snapshot');
  t.strictSame(marks.approach(LONG, 300), { id: 'u0256', skip: 44 }, 'which forgets nothing');
  t.strictSame(marks.approach({ ...LONG, shape: 8 }, 300), none, 'a newer one');
  t.strictSame(marks.approach(LONG, 300), none, 'for which they are forgotten');
  t.end();
});

t.test('a short list needs no marks', (t) => {
  const marks = new ListMarks(100);
  const short = { ...LONG, count: MARK_STEP };
  marks.learn(short, 0, page(0, MARK_STEP));
  t.equal(marks.known(1, 'User'), undefined);
  t.strictSame(marks.approach(short, 9), { id: '', skip: 9 });
  t.end();
});

t.test('marks cross to another reader, which keeps the newer and the more', (t) => {
  const [from, to] = [new ListMarks(100), new ListMarks(100)];
  from.learn(LONG, 0, page(0, 600));
  const known = from.known(1, 'User');
  t.match(known, { endpoint: 1, type: 'User', shape: 7, ids: ['u0000', 'u0256', 'u0512'] });
  if (known === undefined) return;
  to.learn(LONG, 0, page(0));
  to.take(known);
  t.equal(to.approach(LONG, 600).id, 'u0512');
  to.take({ ...known, ids: ['u0000'] });
  t.equal(to.approach(LONG, 600).id, 'u0512', 'fewer are not taken');
  to.take({ ...known, shape: 6, ids: ['x', 'y', 'z', 'a'] });
  t.equal(to.approach(LONG, 600).id, 'u0512', 'nor older ones');
  to.take({ ...known, shape: 9, ids: ['n'] });
  t.strictSame(to.approach({ ...LONG, shape: 9 }, 600), { id: 'n', skip: 600 });
  t.end();
});

t.test('beyond their bound the marks go that were not used for longest', (t) => {
  const marks = new ListMarks(7);
  const lists = ['A', 'B', 'C'].map((type) => ({ ...LONG, type }));
  for (const list of lists.slice(0, 2)) marks.learn(list, 0, page(0, 600));
  const [a = LONG, b = LONG, c = LONG] = lists;
  t.equal(marks.approach(a, 600).id, 'u0512', 'A is used');
  marks.learn(c, 0, page(0, 600));
  t.equal(marks.approach(b, 600).id, '', 'B had to go');
  t.equal(marks.approach(a, 600).id, 'u0512');
  t.equal(marks.approach(c, 600).id, 'u0512');
  const tiny = new ListMarks(2);
  tiny.learn(LONG, 0, page(0, 600));
  t.equal(tiny.known(1, 'User'), undefined, 'a list of more marks than may be held has none');
  tiny.learn(LONG, 0, page(0, 300));
  t.equal(tiny.known(1, 'User')?.ids.length, 2, 'and what was let go is not counted any more');
  t.end();
});
