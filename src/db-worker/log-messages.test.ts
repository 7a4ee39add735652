import t from 'tap';
import type { RequestLogEntry } from '../store/commands.ts';
import { FrameReader } from './frame-reader.ts';
import { encodeLogBundle, readLogBundle } from './log-messages.ts';
import type { LogChunk } from './log-packer.ts';

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

const chunk = (...keys: number[]): LogChunk => ({
  endpointId: keys.length === 1 ? undefined : 'e',
  keys,
  packed: Uint8Array.of(...keys, 255, 0),
});

t.test('rows and contents cross in order, also none of either', async (t) => {
  for (const bundle of [
    { rows: [row(0), row(1), row(2), row(3)], chunks: [chunk(0, 2), chunk(1), chunk(3, 4)] },
    { rows: [], chunks: [chunk(1)] },
    { rows: [row(1)], chunks: [] },
  ]) {
    t.same(readLogBundle(new FrameReader(encodeLogBundle(bundle))), bundle);
  }
});
