/** A page of the largest and deepest bodies stays a page, and is written request by request. */
import t from 'tap';
import type { LoggedContent } from '../../store/request-logs.ts';
import { loggedRequest } from '../test/logged-request.ts';
import { reportPage } from './page.ts';
import { reportJson } from './report-json.ts';
import { reportOf, runEntry, type RunReport, type RunSource } from './report.ts';

/** Of a request with the largest bodies here, and of the strip of all. */
const PIECE_CHARS = 600_000;

interface Told {
  readonly report: RunReport;
  readonly source: RunSource;
}

/** @param left of the requests, how many are still in the log when the report is written */
function told(body: string, count: number, left = count): Told {
  const content: LoggedContent = {
    requestHeaders: '[["a","b"]]',
    requestBody: body,
    responseHeaders: '[]',
    responseBody: undefined,
    responseBytes: 1,
  };
  const entries = Array.from({ length: count }, (_, at) => {
    const request = loggedRequest(at + 1, { endpointId: 'e', method: 'POST', status: 400 });
    return runEntry({ request, content }, 500, true);
  });
  const run = {
    id: 'r',
    endpointId: 'e',
    label: 'a run',
    startedAt: 0,
    endedAt: 1,
    after: 0,
    last: count,
    endedByItself: false,
  };
  const source: RunSource = {
    async *read(asked) {
      for (const entry of asked) {
        if (entry.row > left) return;
        await Promise.resolve();
        const request = loggedRequest(entry.row, { endpointId: 'e', method: 'POST', status: 400 });
        yield { entry, request, content };
      }
    },
  };
  return {
    report: reportOf({ run, endpointName: 'acme', entries, slowMs: 500, notes: [] }),
    source,
  };
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) {
    if (piece.length > PIECE_CHARS) throw new Error(`a piece of ${String(piece.length)}`);
    text += piece;
  }
  return text;
}

const page = ({ report, source }: Told): Promise<string> => textOf(reportPage(report, source));
const json = ({ report, source }: Told): Promise<string> => textOf(reportJson(report, source));

t.test('a short body is indented', async (t) => {
  t.match(
    await page(told('{"userName":"ada"}', 1)),
    '{\n  &quot;userName&quot;: &quot;ada&quot;\n}',
  );
});

t.test('a deep or a long one is shown as it came', async (t) => {
  const deep = (levels: number, numbers: number): string =>
    '['.repeat(levels) + Array(numbers).fill('0').join(',') + ']'.repeat(levels);
  for (const body of [deep(60, 4000), deep(2, 30_000), deep(20_000, 1)]) {
    const text = await page(told(body, 40));
    t.ok(text.includes(`\n\n${body}</pre>`));
    t.ok(text.length < 40 * (body.length + 4000) + 10_000);
  }
});

t.test('a page has an end', async (t) => {
  const quotes = `"${'&'.repeat(60_000)}"`;
  const text = await page(told(quotes, 200));
  t.ok(text.length < 34 * 1024 * 1024);
  t.match(text, 'Headers and bodies are left out: the page is full.');
  t.equal(text.split('<details ').length - 1, 200, 'every request is on it');
  t.notMatch(text, 'Not in the log any more');
});

t.test('so is the report in JSON', async (t) => {
  const body = '['.repeat(20_000) + ']'.repeat(20_000);
  const shown = JSON.parse(await json(told(body, 40))) as { requests: { requestBody: string }[] };
  t.equal(shown.requests.length, 40);
  t.equal(shown.requests[0]?.requestBody, body);
  t.notOk('requestsGone' in shown);
});

t.test('what went from the log meanwhile is counted, and the document is whole', async (t) => {
  const shown = JSON.parse(await json(told('{}', 40, 30))) as { requests: unknown[] };
  t.match(shown, { counts: { requests: 40 }, requestsGone: 10 });
  t.equal(shown.requests.length, 30);
  const text = await page(told('{}', 40, 30));
  t.match(text, 'Not in the log any more: 10 requests.');
  t.match(text, /<\/html>\n$/);
});
