import t from 'tap';
import { editDistance, nearestName } from './nearest-name.ts';

t.test('edits are counted', (t) => {
  const distances: readonly [a: string, b: string, edits: number][] = [
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['PORT', 'PROT', 2],
    ['HOST', 'HOST', 0],
  ];
  for (const [a, b, edits] of distances) {
    t.equal(editDistance(a, b), edits, `${a} ${b}`);
    t.equal(editDistance(b, a), edits, `${b} ${a}`);
  }
  t.end();
});

t.test('the nearest name is found with or without its prefix', (t) => {
  const known = ['HOST', 'PORT', 'SCIM_SHARED_SECRET'];
  t.equal(nearestName('PRT', known), 'PORT');
  t.equal(nearestName('SCIMLANE_HOST', known), 'HOST');
  t.equal(nearestName('SCIMLANE_SHARED_SECRETS', known), 'SCIM_SHARED_SECRET');
  t.end();
});
