/** A download of large rows: others have their turn between them, and the bytes are the writer's. */
import t from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import { Downloads } from '../downloads.ts';
import { FakeLogs } from '../test/fake-logs.ts';
import { wholeOf } from '../test/fake-outlet.ts';
import { loggedRequest } from '../test/logged-request.ts';
import { downloadWriter } from './download.ts';
import { LogAnswers } from './log-answers.ts';
import type { DownloadFormat } from './query.ts';
import { LogScope } from './scope.ts';

const ROWS = 120;

function rig(bodyChars: number): { answers: LogAnswers; logs: FakeLogs } {
  const logs = new FakeLogs();
  for (let row = ROWS; row > 0; row -= 1) {
    logs.requests.push(loggedRequest(row, { endpointId: 'e' }));
    logs.contentOf.set(row, {
      requestHeaders: '[]',
      requestBody: JSON.stringify({ row, text: 'å'.repeat(bodyChars) }),
      responseHeaders: '[]',
      responseBody: undefined,
      responseBytes: 0,
    });
  }
  const scope = new LogScope({ endpoint: () => undefined });
  const log = { error: () => undefined, warn: () => undefined };
  const downloads = new Downloads(LIMITS, { now: () => 0 }, log);
  return { answers: new LogAnswers(logs, downloads, scope, LIMITS), logs };
}

async function textOf(answers: LogAnswers, format: DownloadFormat): Promise<string> {
  const ask = { endpointId: undefined, mayGoOn: () => true };
  return wholeOf(await answers.download(new Map([['format', format]]), ask));
}

for (const format of ['ndjson', 'csv', 'har'] as const) {
  t.test(`${format}: what its writer wrote, row by row`, async (t) => {
    const { answers, logs } = rig(5000);
    const { head, between, tail, row } = downloadWriter(format);
    const rows = logs.requests.map((each) => row(each, logs.contentOf.get(each.row)));
    t.equal(await textOf(answers, format), head + rows.join(between) + tail);
  });
}

t.test('a turn writes a bounded number of characters', async (t) => {
  const { answers, logs } = rig(60_000);
  let turns = 0;
  let goesOn = true;
  const turn = (): void => {
    turns += 1;
    if (goesOn) setImmediate(turn);
  };
  setImmediate(turn);
  const text = await textOf(answers, 'ndjson');
  goesOn = false;
  t.equal(text.split('\n').length, logs.requests.length + 1);
  t.ok(turns >= Math.floor(text.length / 262_144), `${String(turns)} turns`);
});
