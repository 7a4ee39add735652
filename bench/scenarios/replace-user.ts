/** PUT of whole users that exist, in turn, each time with another title. */
import type { JsonObject } from '../../src/scim/json.ts';
import { requestTemplate } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { titleChanges, titleText } from '../title-load.ts';
import { SERIAL_MARK } from '../users.ts';

export const replaceUser: Scenario = {
  name: 'replace-user',
  question: 'How many whole users a second can a provider replace, as Okta does?',
  limit: 'insert',
  prepare: (stage) => {
    const { ids, users } = stage.population;
    const { token } = stage.server;
    const changeOf = (user: number) => {
      const whole = JSON.parse(users.text(user)) as JsonObject;
      const body = JSON.stringify({ ...whole, title: titleText(SERIAL_MARK) });
      const path = `/scim/v2/Users/${ids[user] ?? ''}`;
      return requestTemplate({ method: 'PUT', path, token, body });
    };
    return Promise.resolve(titleChanges(stage, changeOf));
  },
};
