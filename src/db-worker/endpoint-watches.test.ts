import t from 'tap';
import { EndpointWatches } from './endpoint-watches.ts';

t.test('a watch is undisturbed until something of its endpoint changes', (t) => {
  const watches = new EndpointWatches();
  t.equal(watches.undisturbed('e'), false, 'none has begun');
  watches.begin('e');
  t.equal(watches.undisturbed('e'), true);
  watches.note('f');
  t.equal(watches.undisturbed('e'), true);
  watches.note('e');
  t.equal(watches.undisturbed('e'), false);
  watches.begin('e');
  t.equal(watches.undisturbed('e'), true, 'it begins anew');
  watches.end('e');
  watches.note('e');
  t.equal(watches.undisturbed('e'), false);
  t.end();
});
