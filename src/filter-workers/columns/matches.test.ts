/** What was found is kept within a bound, that which was not asked for longest goes first. */
import t from 'tap';
import { KnownMatches, type Matches } from './matches.ts';

const of = (length: number): Matches => ({ places: new Int32Array(length), order: undefined });

t.test('matches are known until they are too many, or nothing holds any more', async (t) => {
  const known = new KnownMatches(10_000);
  const a = of(1000);
  known.keep('a', a);
  known.keep('b', of(500));
  t.equal(known.get('a'), a);
  known.keep('c', of(1000));
  t.equal(known.get('b'), undefined, 'not used for longest');
  t.equal(known.get('a'), a);
  t.ok(known.bytes <= 10_000);
  known.clear();
  t.equal(known.get('a'), undefined);
  t.equal(known.bytes, 0);
});

t.test('what is too large alone is not kept', async (t) => {
  const known = new KnownMatches(10_000);
  known.keep('a', of(5000));
  t.equal(known.get('a'), undefined);
  t.equal(known.bytes, 0);
});

t.test('an order is made once, and its places are counted once', async (t) => {
  const known = new KnownMatches(10_000);
  let made = 0;
  const make = () => {
    made += 1;
    const ranking = { count: 0, rankOf: () => 0, keyOf: () => undefined };
    return { places: new Int32Array(300), rankAt: new Int32Array(300), ranking };
  };
  const order = known.orderOf('name', make);
  t.equal(known.orderOf('name', make), order);
  t.equal(made, 1);
  const before = known.bytes;
  known.keep('all', { places: order.places, order });
  t.ok(known.bytes - before < 1200);
  known.keep('a', of(5000));
  t.equal(known.orderOf('name', make), order, 'matches go first');
  const small = new KnownMatches(1000);
  const large = small.orderOf('name', make);
  t.not(small.orderOf('name', make), large, 'too large');
});
