/** A result line, and where it was measured, for tests, as a session makes them. */
import type { Environment } from '../../bench/environment.ts';
import type { ResultLine } from '../../bench/report.ts';

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
  clientLoopShare: 0.6,
  clientLagMs: 1,
  invalid: null,
  wrk: null,
  requests: 45_000,
  complaints: 0,
  distribution: [],
  tenths: [],
  marks: [],
  openLoop: null,
  memory: null,
  server: null,
  scenarioHash: null,
  limit: 'insert',
  limitConnections: 50,
  limitPerSecond: 18_000,
  shareOfLimit: 0.5,
  limitInvalid: null,
};

export function resultLineOf(parts: Partial<ResultLine> = {}): ResultLine {
  return { ...LINE, ...parts };
}

export function environmentOf(parts: Partial<Environment> = {}): Environment {
  return {
    startedAt: '2026-01-02T03:04:05.678Z',
    revision: 'abc1234',
    node: 'v22.0.0',
    cpu: 'a processor',
    cores: 2,
    pinned: null,
    kernel: '6.1',
    diskSyncMs: 1,
    pragmas: {},
    ...parts,
  };
}
