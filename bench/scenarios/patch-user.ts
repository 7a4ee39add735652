/** PATCH that replaces one attribute of one of the users that exist, in turn. */
import type { Load } from '../drive.ts';
import { fillTemplate, requestTemplate } from '../requests.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { SAMPLES_MAX } from '../scenario.ts';
import { PATCH_SCHEMA } from '../scim-client.ts';
import { SERIAL_MARK, serialText } from '../users.ts';

export const patchUser: Scenario = {
  name: 'patch-user',
  question: 'How many single attributes a second can a provider change?',
  limit: 'insert',
  prepare: (stage) => {
    /** By user: number of the last request that was acknowledged, or -1. */
    const lastAcknowledged = new Int32Array(stage.userCount).fill(-1);
    return Promise.resolve({
      load: patchLoad(stage, lastAcknowledged),
      verify: (sent) => verify(stage, lastAcknowledged, sent),
    });
  },
};

function patchLoad({ population, server, userCount }: Stage, lastAcknowledged: Int32Array): Load {
  const body = JSON.stringify({
    schemas: [PATCH_SCHEMA],
    Operations: [{ op: 'Replace', path: 'title', value: titleText(SERIAL_MARK) }],
  });
  const ids = population.ids.slice(0, userCount);
  const templates = ids.map((id) =>
    requestTemplate({ method: 'PATCH', path: `/scim/v2/Users/${id}`, token: server.token, body }),
  );
  return {
    capacity: Infinity,
    request: (n) => {
      const template = templates[n % userCount];
      if (template === undefined) throw new RangeError(`no user for request ${n}`);
      return fillTemplate(template, n);
    },
    check: (n, status, answer) => {
      if (status !== 200) return `PATCH user: ${status} ${answer.slice(0, 300)}`;
      if (!answer.includes(ids[n % userCount] ?? '')) return 'PATCH user: answered another user';
      if (!answer.includes(`"title":"${titleText(serialText(n))}"`)) {
        return `PATCH user: the answer is without the change: ${answer.slice(0, 300)}`;
      }
      lastAcknowledged[n % userCount] = n;
      return undefined;
    },
  };
}

/** Each user shows the last change that was acknowledged, or one that was in flight at the end. */
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
    const { title } = await client.get(`/Users/${population.ids[user] ?? ''}`);
    const n = typeof title === 'string' ? Number(title.slice(titleText('').length)) : NaN;
    if (!(n >= acknowledged && n < sent && n % userCount === user)) {
      complaints.push(
        `user ${user}: change ${acknowledged} acknowledged, ${JSON.stringify(title)} stored`,
      );
    }
  }
  return complaints;
}

function titleText(serial: string): string {
  return `Engineer ${serial}`;
}
