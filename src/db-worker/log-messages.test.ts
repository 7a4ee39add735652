import t from 'tap';
import type { RequestLogEntry } from '../store/commands.ts';
import type { RequestContent } from '../store/request-content.ts';
import { FrameReader } from './frame-reader.ts';
import { encodeLogBundle, readLogBundle } from './log-messages.ts';

const row = (index: number): RequestLogEntry => ({
  time: index + 0.25,
  requestId: `r${index}`,
  endpointId: index % 2 === 0 ? undefined : 'e',
  method: 'GET',
  target: '/scim/v2/Users?count=1',
  requestBytes: 0,
  status: 200,
  durationMs: 0.5,
  detail: index % 3 === 0 ? undefined : 'why',
  credentialId: 'operator',
  userAgent: index === 1 ? undefined : 'agent',
  address: '::1',
  who: index === 2 ? 'ada' : undefined,
  resourceType: 'User',
  resourceId: undefined,
  responseBytes: index,
  contentKey: index === 3 ? undefined : index,
});

const content = (key: number): RequestContent => ({
  key,
  requestHeaders: '[]',
  requestBody: key === 0 ? undefined : '{}',
  responseHeaders: '[]',
  responseBody: key === 1 ? undefined : '{"a":1}',
  responseBytes: key === 2 ? undefined : 7,
});

t.test('rows and contents cross in order, also none of either', async (t) => {
  for (const bundle of [
    { rows: [row(0), row(1), row(2), row(3)], contents: [content(0), content(1), content(2)] },
    { rows: [], contents: [content(1)] },
    { rows: [row(1)], contents: [] },
  ]) {
    t.same(readLogBundle(new FrameReader(encodeLogBundle(bundle))), bundle);
  }
});
