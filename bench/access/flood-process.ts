/**
 * A flood of requests by the clock, in a process of its own, so that the client whose times are
 * measured does nothing but its own requests. It gives way to that client and to the server: floods
 * come from other machines. Its argument is JSON, see flood.ts; it prints one line when the flood is
 * under way, and its figures as another one at the end.
 */
import { setPriority } from 'node:os';
import { clientAddressOf, type FloodFigures, type FloodOptions } from './flood.ts';
import type { Load } from '../drive.ts';
import { driveOpenLoop } from '../open-loop.ts';
import { SERIAL_MARK, serialText } from '../users.ts';

/** As Unix counts: 0 is everybody's, 19 comes last. */
const PRIORITY = 10;

setPriority(PRIORITY);

const options = JSON.parse(process.argv[2] ?? '') as FloodOptions;
const { port, perSecond, connections, seconds, first, patienceMs } = options;
const statuses = new Map<number, number>();
let isUnderWay = false;
const outcome = await driveOpenLoop(floodLoad(options, statuses), {
  port,
  perSecond,
  connections,
  seconds,
  first,
  patienceMs,
});
tellUnderWay();
const unanswered = outcome.openLoop?.unanswered ?? 0;
const figures: FloodFigures = {
  perSecond: Math.round(outcome.answered / outcome.seconds),
  statuses: Object.fromEntries([...statuses].map(([status, count]) => [String(status), count])),
  unanswered,
  // That some are not answered is a figure, for a flood may be more than there are cores for.
  wrong: outcome.wrong - (unanswered > 0 ? 1 : 0),
  complaints: outcome.complaints,
};
console.log(JSON.stringify(figures));

function floodLoad(
  { path, token, ownAddresses, expected, perSecond: rate, first: from }: FloodOptions,
  seen: Map<number, number>,
): Load {
  const underWay = from + Math.round(rate / 2);
  return {
    capacity: Infinity,
    request: (n) =>
      Buffer.from(
        [
          `GET ${path} HTTP/1.1`,
          'Host: 127.0.0.1',
          'User-Agent: scimlane-bench',
          `Authorization: Bearer ${token.replace(SERIAL_MARK, serialText(n))}`,
          ...(ownAddresses ? [`X-Forwarded-For: ${clientAddressOf(n)}`] : []),
          '\r\n',
        ].join('\r\n'),
      ),
    check: (n, status, body) => {
      if (n === underWay) tellUnderWay();
      seen.set(status, (seen.get(status) ?? 0) + 1);
      const isRight = expected.includes(status) && (status === 200 || isScimError(status, body));
      return isRight ? undefined : `flood: ${status} ${body.slice(0, 300)}`;
    },
  };
}

/** Once; at the end at the latest, should the server not have come so far. */
function tellUnderWay(): void {
  if (!isUnderWay) console.log('under way');
  isUnderWay = true;
}

function isScimError(status: number, body: string): boolean {
  return body.includes(`"status":"${status}"`) && body.includes('messages:2.0:Error"');
}
