/** The cross-check with wrk: when it is asked, what it is given, and what is made of its answer. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import t from 'tap';
import { crossChecked } from '../../bench/cross-check.ts';
import type { Load } from '../../bench/drive.ts';
import type { Measurement } from '../../bench/measure.ts';
import { sectionOf } from '../../bench/page/scenario-section.ts';
import { resultLine, tableNotes } from '../../bench/report.ts';
import { wrkFigure, wrkIn } from '../../bench/wrk.ts';
import { resultLineOf } from './result-line.ts';

/** As wrk 4.2.0 prints it: lines about errors only where there were some. */
const printed = (errors: readonly string[] = []): string =>
  [
    'Running 5s test @ http://127.0.0.1:8080',
    '  1 threads and 50 connections',
    '  Thread Stats   Avg      Stdev     Max   +/- Stdev',
    '    Latency   329.91us  101.52us   5.21ms   93.69%',
    '    Req/Sec   151.20k     8.07k  162.00k    86.54%',
    '  757012 requests in 5.10s, 0.98GB read',
    ...errors.map((error) => `  ${error}`),
    'Requests/sec: 148433.73',
    'Transfer/sec:    196.33MB',
    '',
  ].join('\n');

const load: Load = {
  capacity: Infinity,
  repeatable: 3,
  request: (n) => Buffer.from(`GET /${n} HTTP/1.1\r\nAuthorization: Bearer ä\r\n\r\n`),
  check: () => undefined,
};

const FOLDER = t.testdir();
const OPTIONS = { port: 4711, connections: 50, seconds: 5 };

function measurementOf(clientCpuShare: number): Measurement {
  return {
    outcome: {
      sent: 1,
      answered: 1,
      wrong: 0,
      complaints: [],
      startedMs: 0,
      seconds: 1,
      latencyUs: createHistogram(),
      tenths: [],
      wireBytes: 1,
      client: { cpuMs: 1, loopShare: 1, lagP99Ms: 0 },
    },
    perSecond: 1,
    serverCpuUs: 1,
    rssBytes: 1,
    clientCpuShare,
    sentInAll: 1,
    answeredInAll: 1,
    wrongInAll: 0,
  };
}

/**
 * A folder with a program called wrk, which keeps what it was given and prints what it is told to.
 * It is a module, as everything below this repository's package.json is.
 * @param code it ends with
 */
function folderWithWrk(prints: string, code = 0): string {
  const folder = mkdtempSync(join(FOLDER, 'wrk-'));
  const program = `#!${process.execPath}
import { copyFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
const args = process.argv.slice(2);
writeFileSync(${JSON.stringify(join(folder, 'args.json'))}, JSON.stringify(args));
const script = args[args.indexOf('--script') + 1];
copyFileSync(script, ${JSON.stringify(join(folder, 'requests.lua'))});
copyFileSync(join(dirname(script), 'requests.bin'), ${JSON.stringify(join(folder, 'requests.bin'))});
process.stdout.write(${JSON.stringify(prints)});
process.exitCode = ${code};
`;
  writeFileSync(join(folder, 'wrk'), program, { mode: 0o755 });
  return folder;
}

t.test('a figure is read, unless something went wrong with it', async (t) => {
  t.same(wrkFigure(printed()), { perSecond: 148_434, problem: null });
  // It pads small figures with blanks.
  const slow = printed().replace('sec: 148433.73', 'sec:    812.49');
  t.same(wrkFigure(slow), { perSecond: 812, problem: null });
  const figureWith = (...errors: string[]) => wrkFigure(printed(errors));
  t.same(figureWith('Non-2xx or 3xx responses: 7'), {
    perSecond: null,
    problem: '7 of its 757012 requests were refused',
  });
  t.same(figureWith('Socket errors: connect 0, read 3, write 0, timeout 0'), {
    perSecond: null,
    problem: 'it had socket errors, connect 0, read 3, write 0, timeout 0',
  });
  t.match(figureWith('Socket errors: connect 0, read 0, write 0, timeout 0'), { problem: null });
  t.match(wrkFigure('unable to connect to 127.0.0.1:1'), {
    perSecond: null,
    problem: 'it printed no figure',
  });
  t.match(wrkFigure(printed().replace('757012', '0')), { perSecond: null });
});

t.test('wrk is found on the path, where it can be run', async (t) => {
  const without = mkdtempSync(join(FOLDER, 'wrk-'));
  writeFileSync(join(without, 'wrk'), 'no program', { mode: 0o644 });
  const folder = folderWithWrk('');
  t.equal(wrkIn([without, folder].join(delimiter)), join(folder, 'wrk'));
  t.equal(wrkIn(without), undefined);
  t.equal(wrkIn(''), undefined);
});

t.test('wrk is given the same requests, connections and seconds', async (t) => {
  const folder = folderWithWrk(printed());
  const { wrk } = await crossChecked(measurementOf(0.97), load, OPTIONS, folder);
  t.same(wrk, { perSecond: 148_434, problem: null });
  const args = JSON.parse(readFileSync(join(folder, 'args.json'), 'utf8')) as unknown;
  t.match(args, [
    ...['--threads', '1', '--connections', '50', '--duration', '5s', '--timeout', '10s'],
    ...['--script', /requests\.lua$/, 'http://127.0.0.1:4711'],
  ]);
  const requests = [0, 1, 2].map((n) => load.request(n));
  const expected = requests.map((bytes) => `${bytes.length}\n${bytes.toString()}`).join('');
  t.equal(readFileSync(join(folder, 'requests.bin'), 'utf8'), expected);
  const script = readFileSync(join(folder, 'requests.lua'), 'utf8');
  t.match(script, /io\.open\("[^"]+requests\.bin", "rb"\)/);
});

t.test(
  'wrk is asked only when the client was the limit, and requests may be repeated',
  async (t) => {
    const folder = folderWithWrk(printed());
    const asked = async (share: number, what: Load, path: string) =>
      (await crossChecked(measurementOf(share), what, OPTIONS, path)).wrk;
    t.ok(await asked(0.95, load, folder));
    t.equal(await asked(0.94, load, folder), undefined, 'a client with time to spare');
    const writes: Load = { ...load, repeatable: 0 };
    t.equal(await asked(1, writes, folder), undefined, 'a load that changes something');
    t.equal(await asked(1, load, join(folder, 'nowhere')), undefined, 'no wrk');
  },
);

t.test('a wrk that fails is told', async (t) => {
  const failed = await crossChecked(measurementOf(1), load, OPTIONS, folderWithWrk('', 1));
  t.match(failed.wrk, { perSecond: null, problem: /^it failed, Command failed: / });
});

t.test('its figure stands in the line, below the table and on the page', async (t) => {
  const measured = measurementOf(0.97);
  const right = resultLine('get-user', 50, { ...measured, wrk: wrkFigure(printed()) }, 0);
  t.same(right.wrk, { perSecond: 148_434, problem: null });
  const why = 'the client took 97 % of a core: it was the limit';
  const figure = 'wrk over as many connections: 148,434/s';
  t.equal(tableNotes([right]), `get-user at 50 connections: INVALID, ${why}; ${figure}`);
  t.match(sectionOf(right, 'How fast?', undefined), `<strong>Invalid:</strong> ${why}; ${figure}.`);
  t.match(
    sectionOf(resultLineOf(), 'How fast?', right),
    `limit is invalid:</strong> ${why}; ${figure}.`,
  );

  const refused = wrkFigure(printed(['Non-2xx or 3xx responses: 7']));
  const wrong = resultLine('get-user', 50, { ...measured, wrk: refused }, 0);
  t.match(tableNotes([wrong]), "; wrk's figure is not used: 7 of its 757012 requests were refused");
  const alone = resultLine('get-user', 50, measured, 0);
  t.equal(alone.wrk, null);
  t.notMatch(tableNotes([alone]), 'wrk', 'nothing is said where there is none');
  t.equal(tableNotes([right, right]), tableNotes([right]), 'once for a limit of several');
  t.equal(tableNotes([resultLineOf()]), '', 'a valid line has no note');
});
