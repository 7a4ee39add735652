import t from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import { listen } from '../native.ts';
import { serve, user } from './serve.ts';

const ignore = (): void => undefined;

t.test('a port belongs to one server', async (t) => {
  const { port } = await serve(t);
  const second = listen('127.0.0.1', port, LIMITS.headerBlockBytes, ignore);
  await t.rejects(second, { message: /port is in use/ });
});

t.test('a port that was closed can be had again', async (t) => {
  const first = await listen('127.0.0.1', 0, LIMITS.headerBlockBytes, ignore);
  first.stopListening();
  first.stopListening();
  first.close();
  const second = await listen('127.0.0.1', first.port, LIMITS.headerBlockBytes, ignore);
  t.equal(second.port, first.port);
  second.close();
});

t.test('PUBLIC_URL and a trusted proxy decide the location', async (t) => {
  const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'scim.example' };
  const locationWith = async (options: Parameters<typeof serve>[1]): Promise<string | null> => {
    const { call } = await serve(t, options);
    const reply = await call('POST', '/scim/v2/Users', user(), forwarded);
    return reply.headers.get('location');
  };
  t.match(
    await locationWith({ publicUrl: 'https://p.example' }),
    /^https:\/\/p\.example\/scim\/v2\//,
  );
  t.match(await locationWith({ trustProxy: true }), /^https:\/\/scim\.example\/scim\/v2\//);
  t.match(await locationWith({}), /^http:\/\/127\.0\.0\.1:\d+\/scim\/v2\//);
});
