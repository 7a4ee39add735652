/** PATCH that replaces one attribute of one of the users that exist, in turn. */
import { requestTemplate } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { PATCH_SCHEMA } from '../scim-client.ts';
import { titleChanges, titleText } from '../title-load.ts';
import { SERIAL_MARK } from '../users.ts';

export const patchUser: Scenario = {
  name: 'patch-user',
  question: 'How many single attributes a second can a provider change?',
  limit: 'insert',
  prepare: (stage) => {
    const { ids } = stage.population;
    const { token } = stage.server;
    const body = JSON.stringify({
      schemas: [PATCH_SCHEMA],
      Operations: [{ op: 'Replace', path: 'title', value: titleText(SERIAL_MARK) }],
    });
    const changeOf = (user: number) =>
      requestTemplate({ method: 'PATCH', path: `/scim/v2/Users/${ids[user] ?? ''}`, token, body });
    return Promise.resolve(titleChanges(stage, changeOf));
  },
};
