/**
 * Changes of the title of users that exist, in turn, each request with a title of its own: the last
 * one that was acknowledged must be there in the end.
 */
import { fillTemplate, type RequestTemplate } from './requests.ts';
import type { Stage, Trial } from './scenario.ts';
import { SAMPLES_MAX } from './scenario.ts';
import { serialText } from './users.ts';

/** @param changeOf the request that gives the user the title in which the serial is marked */
export function titleChanges(stage: Stage, changeOf: (user: number) => RequestTemplate): Trial {
  const { population, userCount } = stage;
  const ids = population.ids.slice(0, userCount);
  const templates = ids.map((_id, user) => changeOf(user));
  /** By user: number of the last request that was acknowledged, or -1. */
  const lastAcknowledged = new Int32Array(userCount).fill(-1);
  return {
    load: {
      capacity: Infinity,
      request: (n) => {
        const template = templates[n % userCount];
        if (template === undefined) throw new RangeError(`no user for request ${n}`);
        return fillTemplate(template, n);
      },
      check: (n, status, answer) => {
        if (status !== 200) return `${status} ${answer.slice(0, 300)}`;
        if (!answer.includes(ids[n % userCount] ?? '')) return 'answered another user';
        if (!answer.includes(`"title":"${titleText(serialText(n))}"`)) {
          return `the answer is without the change: ${answer.slice(0, 300)}`;
        }
        lastAcknowledged[n % userCount] = n;
        return undefined;
      },
    },
    verify: (sent) => verify(stage, lastAcknowledged, sent),
  };
}

export function titleText(serial: string): string {
  return `Engineer ${serial}`;
}

/** Each user shows the last title that was acknowledged, or one that was in flight at the end. */
async function verify(
  { client, population, userCount }: Stage,
  lastAcknowledged: Int32Array,
  sent: number,
): Promise<string[]> {
  const complaints: string[] = [];
  const stride = Math.ceil(userCount / SAMPLES_MAX);
  for (let user = 0; user < userCount; user += stride) {
    const acknowledged = lastAcknowledged[user] ?? -1;
    if (acknowledged === -1) continue;
    const { title, userName } = await client.get(`/Users/${population.ids[user] ?? ''}`);
    const n = typeof title === 'string' ? Number(title.slice(titleText('').length)) : NaN;
    const isOne = n >= acknowledged && n < sent && n % userCount === user;
    if (!isOne || userName !== population.users.userName(user)) {
      complaints.push(
        `user ${user}: change ${acknowledged} acknowledged, ${JSON.stringify(title)} stored`,
      );
    }
  }
  return complaints;
}
