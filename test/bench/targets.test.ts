import t from 'tap';
import type { ResultLine } from '../../bench/report.ts';
import { judge, readTargets, told } from '../../bench/targets.ts';

const LINE: ResultLine = {
  scenario: 'create-user',
  connections: 50,
  seconds: 5,
  perSecond: 9000,
  p50Us: 4000,
  p97_5Us: 9000,
  p99Us: 25_000,
  serverCpuUs: 100,
  rssMiB: 200,
  clientCpuShare: 0.5,
  requests: 45_000,
  complaints: 0,
  distribution: [],
  tenths: [],
  limit: 'insert',
  limitPerSecond: 18_000,
  shareOfLimit: 0.5,
};

t.test('the targets of the repository can be read', async (t) => {
  const targets = readTargets();
  t.ok(targets.length > 0);
  for (const target of targets) t.ok(Object.keys(target).length > 2, target.scenario);
});

t.test('what is missed is told with how far', async (t) => {
  const target = { scenario: 'create-user', connections: 50, perSecond: 10_000, p99Ms: 20 };
  const verdicts = judge([LINE], [{ ...target, shareOfLimit: 0.5 }]);
  t.match(verdicts, [
    { measure: 'requests/s', met: false },
    { measure: 'share of the limit', met: true, missedBy: 0 },
    { measure: 'p99 ms', met: false, missedBy: 0.25 },
  ]);
  t.match(told(verdicts), 'create-user: requests/s 9,000, wanted at least 10,000: MISSED by 10 %');
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
