import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { systemClock, uuidV7Source } from './clock.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function millisecondOf(id: string): number {
  return Number.parseInt(id.replace('-', '').slice(0, 12), 16);
}

t.test('the system clock tells milliseconds since 1970 and never runs back', (t) => {
  const before = systemClock.now();
  t.ok(Math.abs(before - Date.now()) < 60_000);
  t.ok(systemClock.now() >= before);
  t.end();
});

t.test('ids are UUIDv7 of the clock with the given randomness', (t) => {
  const bytes = (size: number): Buffer => Buffer.alloc(size, 0xff);
  const source = uuidV7Source({ now: () => 0x0123456789ab + 0.7 }, bytes);
  t.equal(source.next(), '01234567-89ab-77ff-bfff-ffffffffffff');
  t.equal(source.next(), '01234567-89ab-7800-bfff-ffffffffffff', 'then the counter counts');
  const zeros = uuidV7Source({ now: () => 1 }, (size) => Buffer.alloc(size));
  t.equal(zeros.next(), '00000000-0001-7000-8000-000000000000');
  t.end();
});

t.test('ids of one millisecond differ and ascend, also past a full counter', (t) => {
  const source = uuidV7Source({ now: () => 1_700_000_000_000 }, randomBytes);
  const ids = Array.from({ length: 20_000 }, () => source.next());
  t.ok(ids.every((id) => UUID_V7.test(id)));
  t.equal(new Set(ids).size, ids.length);
  t.same(ids, [...ids].sort());
  const last = ids.at(-1) ?? '';
  t.ok(millisecondOf(last) <= 1_700_000_000_010, 'at least 2048 ids before it runs ahead');
  t.end();
});

t.test('ids ascend whatever the clock does', (t) => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 2 ** 42, noNaN: true })), (times) => {
      let now = 0;
      const source = uuidV7Source({ now: () => now }, randomBytes);
      let previous = '';
      for (const time of times) {
        now = time;
        const id = source.next();
        if (!UUID_V7.test(id) || id <= previous) return false;
        if (millisecondOf(id) < Math.floor(time)) return false;
        previous = id;
      }
      return true;
    }),
  );
  t.end();
});

t.test('randomness is asked for in large pieces and never used twice', (t) => {
  const sizes: number[] = [];
  const source = uuidV7Source({ now: () => 1 }, (size) => {
    sizes.push(size);
    return randomBytes(size);
  });
  const tails = Array.from({ length: 1000 }, () => source.next().slice(19));
  t.same(sizes, [5120, 5120]);
  t.equal(new Set(tails).size, 1000);
  t.end();
});
