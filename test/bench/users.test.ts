/** The bench's users are the same everywhere, of the size that Entra sends, and never alike. */
import t from 'tap';
import { fillTemplate, requestTemplate } from '../../bench/requests.ts';
import { SERIAL_MARK, seededUsers } from '../../bench/users.ts';

const SEED = 1;
const COUNT = 200;

t.test('a seed gives the same users again, another seed others', async (t) => {
  t.same(seededUsers(SEED, COUNT).templates, seededUsers(SEED, COUNT).templates);
  t.notSame(seededUsers(SEED, COUNT).templates, seededUsers(SEED + 1, COUNT).templates);
});

t.test('a user has about 1.2 KB', async (t) => {
  const sizes = seededUsers(SEED, COUNT).templates.map((text) => Buffer.byteLength(text));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / COUNT;
  t.ok(mean > 1150 && mean < 1300, `${mean} bytes`);
});

t.test('no two users share a userName, and each text holds its own', async (t) => {
  const users = seededUsers(SEED, COUNT);
  const names = new Set<string>();
  for (let serial = 0; serial < 3 * COUNT; serial += 1) {
    const sent = JSON.parse(users.text(serial)) as { userName: string };
    t.equal(sent.userName, users.userName(serial));
    names.add(sent.userName);
  }
  t.equal(names.size, 3 * COUNT);
});

t.test('a filled request is the user, with a Content-Length in bytes', async (t) => {
  const users = seededUsers(SEED, COUNT);
  const body = users.templates[0] ?? '';
  const template = requestTemplate({ method: 'POST', path: '/scim/v2/Users', body });
  const serial = COUNT * 7;
  const [head = '', sent] = fillTemplate(template, serial).toString().split('\r\n\r\n');
  t.equal(sent, users.text(serial));
  t.match(head, `Content-Length: ${Buffer.byteLength(users.text(serial))}`);
  t.notMatch(sent, SERIAL_MARK);
});
