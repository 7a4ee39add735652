/**
 * The writer on the caller's own thread, for tests. Apart from the client, so that a main thread
 * does not load what only the writer's needs.
 */
import type { Clock } from '../platform/clock.ts';
import { loopback } from '../threads/channel.ts';
import { connectWriter, type WriterEvents } from './client.ts';
import { hostWriter, type WriterSetup } from './host.ts';
import type { Writer } from './writer.ts';

export async function startWriterInProcess(
  setup: WriterSetup,
  events: WriterEvents,
  clock: Clock,
): Promise<Writer> {
  const { channel, port } = loopback();
  const writer = connectWriter(channel, events);
  hostWriter(port, setup, clock, 'here');
  return writer;
}
