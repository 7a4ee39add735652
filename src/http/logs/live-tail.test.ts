/** What a listener that does not keep up is written: one piece, and then nothing until it has room. */
import t from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import type { LoggedRequest } from '../../store/request-logs.ts';
import { until } from '../../../test/support/until.ts';
import { FakeLogs } from '../test/fake-logs.ts';
import { FakeOutlet } from '../test/fake-outlet.ts';
import { loggedRequest } from '../test/logged-request.ts';
import { LiveTail } from './live-tail.ts';

function rows(count: number): LoggedRequest[] {
  const detail = 'x'.repeat(1000);
  return Array.from({ length: count }, (_, at) => loggedRequest(at + 1, { detail }));
}

const mayGoOn = (): boolean => true;

/** Somebody else is given all rows meanwhile. */
async function allReach(tail: LiveTail): Promise<void> {
  const other = new FakeOutlet();
  const { stream } = await tail.listen({ filter: {}, lastRow: 0, endpointId: undefined, mayGoOn });
  stream?.(other);
  await until('the last row', () => other.pieces.at(-1)?.includes('id: 1000\n') === true);
  other.leave();
}

t.test('nothing is written to a full socket, and nothing is lost', async (t) => {
  const logs = new FakeLogs();
  logs.requests = rows(1000).reverse();
  const clock = { time: 0, now: () => clock.time };
  const log = { warn: () => undefined, error: () => undefined };
  const tail = new LiveTail(logs, clock, log, { ...LIMITS, tailLookMs: 1 });
  const outlet = new FakeOutlet();
  const { stream } = await tail.listen({ filter: {}, lastRow: 0, endpointId: undefined, mayGoOn });
  outlet.hasRoom = false;
  stream?.(outlet);
  t.equal(outlet.pieces.length, 1, 'its first bytes, and they wait');
  await allReach(tail);
  t.equal(outlet.pieces.length, 1);
  outlet.makeRoom();
  await until('one more piece', () => outlet.pieces.length > 1);
  await allReach(tail);
  t.equal(outlet.pieces.length, 2);
  t.ok((outlet.pieces[1]?.length ?? 0) < 20_000, 'no longer than one may be');
  outlet.hasRoom = true;
  outlet.makeRoom();
  await until('the last row', () => outlet.pieces.at(-1)?.includes('id: 1000\n') === true);
  const ids = [...outlet.pieces.join('').matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  t.same(
    ids,
    Array.from({ length: 1000 }, (_, at) => at + 1),
  );
  outlet.hasRoom = false;
  clock.time = LIMITS.tailBeatMs;
  await until('a sign of life, which waits', () => outlet.pieces.at(-1) === ':\n\n');
  clock.time += LIMITS.tailStallMs;
  await until('its end', () => outlet.wasCut);
  t.equal(tail.listeners, 0);
});

t.test(
  'a file that was begun anew is told from its newest rows, and only to who listens',
  async (t) => {
    const logs = new FakeLogs();
    logs.requests = rows(3).reverse();
    const clock = { now: () => 0 };
    const log = { warn: () => undefined, error: () => undefined };
    const limits = { ...LIMITS, tailLookMs: 1, tailBehindRows: 10 };
    const tail = new LiveTail(logs, clock, log, limits);
    const outlet = new FakeOutlet();
    const begin = async (): Promise<void> => {
      const ask = { filter: {}, lastRow: undefined, endpointId: undefined, mayGoOn };
      (await tail.listen(ask)).stream?.(outlet);
    };
    await begin();
    logs.file = 'second';
    logs.requests = rows(1000).reverse();
    await until('the last row', () => outlet.pieces.at(-1)?.includes('id: 1000\n') === true);
    const ids = [...outlet.pieces.join('').matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    t.equal(ids[0], 991);
    t.match(outlet.pieces.join(''), 'event: gap\ndata: {"after":3,"upTo":null}\n\n');
    // It leaves during a look, and comes again when the file is another one.
    const behind = logs.behind.bind(logs);
    let release: (() => void) | undefined;
    logs.behind = async (row, limit) => {
      const stretch = await behind(row, limit);
      await new Promise<void>((resolve) => (release = resolve));
      return stretch;
    };
    await until('a look', () => release !== undefined);
    outlet.leave();
    logs.behind = behind;
    release?.();
    logs.file = 'third';
    outlet.pieces.length = 0;
    await begin();
    const again = logs.looks;
    await until('a look', () => logs.looks > again + 1);
    t.notMatch(outlet.pieces.join(''), 'event: gap');
    outlet.leave();
  },
);

t.test('who may not go on is told nothing more', async (t) => {
  const logs = new FakeLogs();
  const log = { warn: () => undefined, error: () => undefined };
  const tail = new LiveTail(logs, { now: () => 0 }, log, { ...LIMITS, tailLookMs: 1 });
  const outlet = new FakeOutlet();
  let isEnded = false;
  outlet.end = () => (isEnded = true);
  let may = true;
  const ask = { filter: {}, lastRow: 0, endpointId: 'e', mayGoOn: () => may };
  (await tail.listen(ask)).stream?.(outlet);
  await until('a look', () => logs.looks > 1);
  may = false;
  logs.requests = rows(1);
  await until('its end', () => isEnded);
  t.notMatch(outlet.pieces.join(''), 'id: 1\n');
  t.equal(tail.listeners, 0);
});
