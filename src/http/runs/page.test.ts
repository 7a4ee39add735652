/** A page of the largest and deepest bodies stays a page, and others have their turn meanwhile. */
import t from 'tap';
import type { LoggedContent } from '../../store/request-logs.ts';
import { loggedRequest } from '../test/logged-request.ts';
import { reportPage } from './page.ts';
import { reportJson } from './report-json.ts';
import { reportOf, type RunReport } from './report.ts';
import type { TextParts } from '../../scim/text-parts.ts';

function report(body: string, count: number): RunReport {
  const content: LoggedContent = {
    requestHeaders: '[["a","b"]]',
    requestBody: body,
    responseHeaders: '[]',
    responseBody: undefined,
    responseBytes: 1,
  };
  const requests = Array.from({ length: count }, (_, at) => ({
    request: loggedRequest(at + 1, { endpointId: 'e', method: 'POST', status: 400 }),
    content,
  }));
  const run = {
    id: 'r',
    endpointId: 'e',
    label: 'a run',
    startedAt: 0,
    endedAt: 1,
    after: 0,
    last: count,
  };
  return reportOf({ run, endpointName: 'acme', requests, slowMs: 500, notes: [] });
}

function textOf(parts: TextParts): string {
  return Buffer.concat(parts.all.map((part) => Buffer.from(part))).toString();
}

/** @returns what it came to, and how often others had their turn */
async function meanwhile<T>(work: () => Promise<T>): Promise<{ result: T; turns: number }> {
  let turns = 0;
  let goesOn = true;
  const turn = (): void => {
    turns += 1;
    if (goesOn) setImmediate(turn);
  };
  setImmediate(turn);
  const result = await work();
  goesOn = false;
  return { result, turns };
}

t.test('a short body is indented', async (t) => {
  const page = textOf(await reportPage(report('{"userName":"ada"}', 1)));
  t.match(page, '{\n  &quot;userName&quot;: &quot;ada&quot;\n}');
});

t.test('a deep or a long one is shown as it came', async (t) => {
  const deep = (levels: number, numbers: number): string =>
    '['.repeat(levels) + Array(numbers).fill('0').join(',') + ']'.repeat(levels);
  for (const body of [deep(60, 4000), deep(2, 30_000), deep(20_000, 1)]) {
    const { result, turns } = await meanwhile(() => reportPage(report(body, 40)));
    t.ok(textOf(result).includes(`\n\n${body}</pre>`));
    t.ok(textOf(result).length < 40 * (body.length + 4000) + 10_000);
    t.ok(turns > 1);
  }
});

t.test('a page has an end', async (t) => {
  const quotes = `"${'&'.repeat(60_000)}"`;
  const page = textOf(await reportPage(report(quotes, 200)));
  t.ok(page.length < 34 * 1024 * 1024);
  t.match(page, 'Headers and bodies are left out: the page is full.');
  t.equal(page.split('<details ').length - 1, 200, 'every request is on it');
});

t.test('so is the report in JSON', async (t) => {
  const body = '['.repeat(20_000) + ']'.repeat(20_000);
  const { result, turns } = await meanwhile(() => reportJson(report(body, 40)));
  const shown = JSON.parse(textOf(result)) as { requests: { requestBody: string }[] };
  t.equal(shown.requests.length, 40);
  t.equal(shown.requests[0]?.requestBody, body);
  t.ok(turns > 1);
});
