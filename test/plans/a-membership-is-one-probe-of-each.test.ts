/** A membership is one probe of each. */
import t from 'tap';
import { planned } from './planned.ts';

t.test('whether a group holds a member is asked of the index, not of all its members', (t) => {
  const { found, plan } = planned(t);
  t.strictSame(found('Group', 'id eq "g1" and members eq "u10"'), ['g1']);
  t.strictSame(found('Group', 'id eq "g1" and members eq "u12"'), []);
  t.match(plan('Group', 'id eq "g1" and members eq "u10"'), {
    answeredBy: 'main thread',
    access: { kind: 'probe', index: 'id', candidates: 1 },
    verified: { membersByIndex: 1 },
  });
  t.end();
});

t.test('who is in a group, directly or through others, is found from the group', (t) => {
  const { found, plan } = planned(t);
  t.strictSame(found('User', 'groups.value eq "g1"'), ['u10', 'u11']);
  t.strictSame(found('User', 'groups[value eq "g2"]'), ['u10', 'u11', 'u12']);
  t.match(plan('User', 'groups eq "g2"'), {
    answeredBy: 'main thread',
    access: { kind: 'probe', index: 'groups.value', key: 'g2' },
    verified: {},
  });
  t.strictSame(found('User', 'groups eq "u10"'), [], 'a user is no group');
  t.end();
});
