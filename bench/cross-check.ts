/**
 * A second opinion where our own client was the limit: wrk, if the machine has it, sends the same
 * bytes over as many connections. It checks no body, so its figure stands beside ours and never in its
 * place.
 */
import { clientWasTheLimit } from './client-load.ts';
import type { Load } from './drive.ts';
import type { Measurement } from './measure.ts';
import { runWrk, type WrkOptions, wrkIn } from './wrk.ts';

const REQUESTS_MAX = 100_000;

/**
 * Asks wrk, while the server of the measurement still runs.
 * @param path `PATH`, where wrk is looked for
 * @returns the measurement; with wrk's figure when our client took all of a core, the load may be
 *   sent again, and wrk is there
 */
export async function crossChecked(
  measured: Measurement,
  load: Load,
  options: WrkOptions,
  path = process.env['PATH'],
): Promise<Measurement> {
  const { repeatable = 0 } = load;
  if (repeatable === 0 || !clientWasTheLimit(measured.clientCpuShare)) return measured;
  const program = wrkIn(path);
  if (program === undefined) return measured;
  const count = Math.min(repeatable, REQUESTS_MAX);
  const requests = Array.from({ length: count }, (_, n) => load.request(n));
  return { ...measured, wrk: await runWrk(program, requests, options) };
}
