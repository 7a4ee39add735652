import t from 'tap';
import type { LoggedRequest } from '../../store/request-logs.ts';
import { csvField, downloadWriter } from './download.ts';
import { HAR_HEAD, HAR_TAIL, harEntry } from './har.ts';

const REQUEST: LoggedRequest = {
  row: 7,
  time: 1_700_000_000_000.5,
  endpointId: 'e',
  requestId: 'r',
  method: 'POST',
  target: '/scim/v2/Users?attributes=id%2CuserName&x',
  status: 201,
  durationMs: 3.25,
  queueMs: 1,
  commitMs: 2,
  requestBytes: 10,
  responseBytes: undefined,
  detail: undefined,
  who: '=HYPERLINK("http://evil")',
  userAgent: '@SUM(1)',
};
const CONTENT = {
  requestHeaders: '[["host","example.com"],["content-type","application/json"]]',
  requestBody: '{"userName":"ada"}',
  responseHeaders: '[["Content-Type","application/scim+json"]]',
  responseBody: '{"id":"1"}',
  responseBytes: 10,
};

t.test('a field of CSV is never a formula', async (t) => {
  t.equal(csvField('=1+1'), `"'=1+1"`);
  for (const text of ['+1', '-1', '@x', '\t=1', '\r=1', ' =1']) t.match(csvField(text), /^"'/);
  t.equal(csvField('plain'), 'plain');
  t.equal(csvField('a,"b"\n'), '"a,""b""\n"');
  t.equal(csvField(-5), '-5');
  t.equal(csvField(null), '');
  const row = downloadWriter('csv').row(REQUEST, undefined);
  t.match(row, /,"'=HYPERLINK\(""http:\/\/evil""\)",/);
  t.match(row, /,"'@SUM\(1\)"$/);
});

t.test('an archive has all that HAR 1.2 requires', async (t) => {
  const har = JSON.parse(HAR_HEAD + JSON.stringify(harEntry(REQUEST, CONTENT)) + HAR_TAIL) as {
    log: { version: string; creator: object; entries: Record<string, never>[] };
  };
  t.equal(har.log.version, '1.2');
  t.match(har.log.creator, { name: 'Scimlane', version: /./ });
  const [entry] = har.log.entries;
  t.match(entry, {
    startedDateTime: '2023-11-14T22:13:20.000Z',
    time: 3.25,
    request: {
      method: 'POST',
      url: 'http://example.com/scim/v2/Users?attributes=id%2CuserName&x',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [{ name: 'host', value: 'example.com' }, { name: 'content-type' }],
      queryString: [
        { name: 'attributes', value: 'id,userName' },
        { name: 'x', value: '' },
      ],
      postData: { mimeType: 'application/json', params: [], text: '{"userName":"ada"}' },
      headersSize: -1,
      bodySize: 10,
    },
    response: {
      status: 201,
      statusText: 'Created',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [{ name: 'Content-Type', value: 'application/scim+json' }],
      content: { size: 10, mimeType: 'application/scim+json', text: '{"id":"1"}' },
      redirectURL: '',
      headersSize: -1,
      bodySize: 10,
    },
    cache: {},
    timings: { send: 0, receive: 0, blocked: 1, wait: 2.25 },
  });
});

t.test('a row without contents is an entry too', async (t) => {
  t.match(harEntry(REQUEST, undefined), {
    request: { url: /^http:\/\/scimlane\.invalid\/scim/, headers: [] },
    response: { headers: [], content: { size: 0 } },
  });
});
