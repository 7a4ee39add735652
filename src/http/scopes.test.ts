import t from 'tap';
import { scopeOf } from './scopes.ts';

t.test('GET, HEAD and a search read; whatever else there is changes', async (t) => {
  const kinds = ['root', 'resources', 'resource', 'me', 'bulk', 'search'] as const;
  for (const kind of kinds) {
    for (const method of ['GET', 'HEAD']) t.equal(scopeOf({ kind }, method), 'scim.read');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const expected = kind === 'search' ? 'scim.read' : 'scim.write';
      t.equal(scopeOf({ kind }, method), expected, `${method} ${kind}`);
    }
  }
});
