// @ts-nocheck: its packages are installed with `--peers` only, and the type check runs without them.
/**
 * A peer: SCIMMY with its routers on Express, resources in memory, indexed by id and userName. What
 * SCIMMY offers for speed is used: a look-up by userName and a page of a list read no other user.
 * Run as a process of its own: <folder> <token>; prints the port it listens on.
 */
import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

const token = process.argv[3];
const users = new Map();
const idsByUserName = new Map();
/** In the order of their creation, so that a page is a slice. */
const inOrder = [];

SCIMMY.Config.set({ patch: true, filter: { supported: true, maxResults: 1000 } });
SCIMMY.Resources.declare(SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false))
  .ingress((resource, instance) => {
    const name = instance.userName.toLowerCase();
    const holder = idsByUserName.get(name);
    if (holder !== undefined && holder !== resource.id) {
      throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is taken');
    }
    const now = new Date().toISOString();
    const before = resource.id === undefined ? undefined : found(resource.id);
    const id = before?.id ?? randomUUID();
    const created = before?.meta.created ?? now;
    const user = { ...JSON.parse(JSON.stringify(instance)), id };
    user.meta = { ...user.meta, created, lastModified: now };
    if (before === undefined) inOrder.push(id);
    else idsByUserName.delete(before.userName.toLowerCase());
    users.set(id, user);
    idsByUserName.set(name, id);
    return user;
  })
  .egress((resource) => {
    if (resource.id !== undefined) return found(resource.id);
    const wanted = userNameOf(resource.filter);
    if (wanted !== undefined) {
      const id = idsByUserName.get(wanted.toLowerCase());
      return id === undefined ? [] : [users.get(id)];
    }
    if (resource.filter !== undefined) return resource.filter.match([...users.values()]);
    const { startIndex = 1, count = 20 } = resource.constraints ?? {};
    resource.constraints = { ...resource.constraints, totalResults: inOrder.length };
    return inOrder.slice(startIndex - 1, startIndex - 1 + count).map((id) => users.get(id));
  })
  .degress((resource) => {
    const user = found(resource.id);
    users.delete(user.id);
    idsByUserName.delete(user.userName.toLowerCase());
    inOrder.splice(inOrder.indexOf(user.id), 1);
  });

const app = express();
app.use(
  '/scim/v2',
  new SCIMMYRouters({
    type: 'bearer',
    handler: (request) => {
      if (request.header('Authorization') !== `Bearer ${token}`) throw new Error('wrong token');
      return '';
    },
  }),
);
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${server.address().port}\n`);
});

function found(id) {
  const user = users.get(id);
  if (user === undefined) throw new SCIMMY.Types.Error(404, undefined, `no user ${id}`);
  return user;
}

/** Of the filter `userName eq "…"`. */
function userNameOf(filter) {
  const [only, ...others] = filter ?? [];
  if (only === undefined || others.length > 0) return undefined;
  const [operator, value] = only.userName ?? only.username ?? [];
  return operator === 'eq' && Object.keys(only).length === 1 ? value : undefined;
}
