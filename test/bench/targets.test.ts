import t from 'tap';
import { NAMES } from '../../bench/catalogue.ts';
import { isTarget, judge, notJudged, readTargets, told } from '../../bench/targets.ts';
import { resultLineOf } from './result-line.ts';

const LINE = resultLineOf();

t.test('the targets of the repository can be read', async (t) => {
  const targets = readTargets();
  t.ok(targets.length > 0);
  for (const target of targets) {
    t.ok(Object.keys(target).length > 2, target.scenario);
    t.ok(NAMES.includes(target.scenario), target.scenario);
  }
});

t.test('what is missed is told with how far', async (t) => {
  const target = { scenario: 'create-user', connections: 50, perSecond: 10_000, p99Ms: 20 };
  const verdicts = judge([LINE], [{ ...target, shareOfLimit: 0.5 }]);
  t.match(verdicts, [
    { measure: 'requests/s', met: false },
    { measure: 'share of the limit', met: true, missedBy: 0 },
    { measure: 'p99 ms', met: false, missedBy: 0.25 },
  ]);
  t.match(
    told(verdicts, []),
    'create-user: requests/s 9,000, wanted at least 10,000: MISSED by 10 %',
  );
});

t.test('slack widens both sides', async (t) => {
  const target = { scenario: 'create-user', connections: 50, perSecond: 17_000, p99Ms: 13 };
  t.match(judge([LINE], [target], 0.5), [{ met: true }, { met: true }]);
  t.match(judge([LINE], [target], 0.4), [{ met: false }, { met: false }]);
});

t.test('figures at other connections, or not to be had, are not judged', async (t) => {
  const target = { scenario: 'create-user', perSecond: 1, serverCpuUs: 1 };
  t.same(judge([LINE], [{ ...target, connections: 10 }]), []);
  const unknown = { ...LINE, serverCpuUs: null };
  t.equal(judge([unknown], [{ ...target, connections: 50 }]).length, 1);
});

t.test('the tail, memory, and what a disk takes are judged where they are asked for', async (t) => {
  const target = { scenario: 'create-user', connections: 50 };
  const line = resultLineOf({
    p50Us: 2000,
    distribution: [[99.9, 50_000]],
    memory: { samples: [], flat: false, growth: 0.2 },
  });
  const asked = { ...target, p99_9Ms: 40, p50BeyondSyncMs: 0.5, rssMiB: 300, growth: 0.05 };
  const verdicts = judge([line], [asked], 0, 1.6);
  t.match(verdicts, [
    { measure: 'p99.9 ms', met: false },
    { measure: 'p50 ms beyond the disk sync', met: true },
    { measure: 'resident MiB', met: true },
    { measure: 'growth of memory', met: false },
  ]);
  t.match(told(verdicts, []), 'MISSED by 25 %');
});

t.test('a target asks for what is known, by a name that is known', async (t) => {
  const target = { scenario: 'create-user', connections: 50 };
  t.ok(isTarget({ ...target, p99Ms: 1 }));
  t.notOk(isTarget({ ...target, p99: 1 }));
  t.notOk(isTarget({ ...target, p99Ms: '1' }));
  t.notOk(isTarget({ scenario: 'create-user', p99Ms: 1 }));
});

t.test('what was not judged is told, and why', async (t) => {
  const target = { scenario: 'create-user', connections: 50 };
  const elsewhere = { scenario: 'create-user', connections: 1, p50Ms: 1, p99Ms: 1 };
  t.same(notJudged([LINE], [{ ...target, p99Ms: 20 }]), []);
  const unjudged = notJudged(
    [{ ...LINE, serverCpuUs: null }],
    [{ ...target, serverCpuUs: 1 }, elsewhere],
  );
  t.same(unjudged, [
    'create-user, server CPU µs: not known here',
    'create-user at 1 connections: not measured',
  ]);
  t.match(told([], unjudged), /^not judged: create-user, server CPU µs: not known here; /);
});

t.test('a line of a busy client is judged by what that cannot touch', async (t) => {
  const busy = resultLineOf({ invalid: 'the client was busy' });
  const asked = [{ scenario: 'create-user', connections: 50, perSecond: 1, serverCpuUs: 1 }];
  t.match(judge([busy], asked), [{ measure: 'server CPU µs', met: false }]);
  t.equal(judge([busy], asked).length, 1);
  t.same(notJudged([busy], asked), ['create-user, requests/s: invalid, the client was busy']);
  const limited = resultLineOf({ limitInvalid: 'the client was busy' });
  const share = [{ scenario: 'create-user', connections: 50, shareOfLimit: 0.1 }];
  t.same(judge([limited], share), []);
  t.match(notJudged([limited], share), ['create-user, share of the limit: the limit is invalid']);
});
