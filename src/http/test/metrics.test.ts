import t from 'tap';
import { BEARER, serve } from './serve.ts';

async function scrape(origin: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${origin}/metrics`, { headers: { Authorization: BEARER }, ...init });
}

t.test('metrics are text of the type that they say', async (t) => {
  const { origin } = await serve(t);
  const answer = await scrape(origin);
  t.equal(answer.status, 200);
  t.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4');
  t.equal(await answer.text(), 'up 1\n');
  const head = await scrape(origin, { method: 'HEAD' });
  t.equal(head.status, 200);
  t.equal(head.headers.get('content-length'), '5');
});

t.test('they are for administrators, and for reading', async (t) => {
  const { origin } = await serve(t);
  t.equal((await scrape(origin, { headers: {} })).status, 401);
  t.equal((await scrape(origin, { headers: { Authorization: `${BEARER}x` } })).status, 401);
  const post = await scrape(origin, { method: 'POST' });
  t.equal(post.status, 405);
  t.equal(post.headers.get('allow'), 'GET, HEAD');
  t.equal((await fetch(`${origin}/metrics/x`, { headers: { Authorization: BEARER } })).status, 404);
});
