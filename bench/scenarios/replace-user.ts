/** PUT of whole users that exist, in turn, each time with another title. */
import { fillTemplate, requestTemplate } from '../requests.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { SAMPLES_MAX } from '../scenario.ts';
import { SERIAL_MARK, serialText } from '../users.ts';

export const replaceUser: Scenario = {
  name: 'replace-user',
  question: 'How many whole users a second can a provider replace, as Okta does?',
  limit: 'insert',
  prepare: (stage) => {
    const { population, server, userCount } = stage;
    const { ids, users } = population;
    const templates = Array.from({ length: userCount }, (_, user) =>
      requestTemplate({
        method: 'PUT',
        path: `/scim/v2/Users/${ids[user] ?? ''}`,
        token: server.token,
        body: retitled(users.text(user), titleText(SERIAL_MARK)),
      }),
    );
    /** By user: number of the last request that was acknowledged, or -1. */
    const lastAcknowledged = new Int32Array(userCount).fill(-1);
    return Promise.resolve({
      load: {
        capacity: Infinity,
        request: (n) => {
          const template = templates[n % userCount];
          if (template === undefined) throw new RangeError(`no user for request ${n}`);
          return fillTemplate(template, n);
        },
        check: (n, status, body) => {
          const isWhole = body.includes(`"id":"${ids[n % userCount] ?? ''}"`);
          if (status !== 200 || !isWhole || !body.includes(titleText(serialText(n)))) {
            return `PUT user: ${status} ${body.slice(0, 300)}`;
          }
          lastAcknowledged[n % userCount] = n;
          return undefined;
        },
      },
      verify: (sent) => verify(stage, lastAcknowledged, sent),
    });
  },
};

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
        `user ${user}: title ${acknowledged} acknowledged, ${JSON.stringify(title)} stored`,
      );
    }
  }
  return complaints;
}

function retitled(text: string, title: string): string {
  const user = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify({ ...user, title });
}

function titleText(serial: string): string {
  return `Manager ${serial}`;
}
