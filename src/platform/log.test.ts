import t from 'tap';
import { createLog } from './log.ts';

function lines(level: 'info' | 'silent'): { log: ReturnType<typeof createLog>; out: string[] } {
  const out: string[] = [];
  return { log: createLog(level, { write: (line: string) => out.push(line) }), out };
}

t.test('a line is one JSON object with level and time in words', (t) => {
  const { log, out } = lines('info');
  log.info({ port: 8080 }, 'listening\non');
  log.debug('not told');
  t.equal(out.length, 1);
  const line = out[0] ?? '';
  t.equal(line.indexOf('\n'), line.length - 1);
  t.match(JSON.parse(line), {
    level: 'info',
    time: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
    port: 8080,
    msg: 'listening\non',
  });
  t.notOk('pid' in JSON.parse(line));
  t.end();
});

t.test('what authenticates a client is never told', (t) => {
  const { log, out } = lines('info');
  log.info({
    authorization: 'Bearer hidden-1',
    headers: { authorization: 'Bearer hidden-2', host: 'a' },
    request: { headers: { authorization: 'Bearer hidden-3' } },
    config: { sharedSecret: 'hidden-4', port: 1 },
    token: 'hidden-5',
    body: { password: 'hidden-6' },
  });
  t.notMatch(out.join(''), /hidden/);
  t.match(JSON.parse(out[0] ?? ''), { headers: { host: 'a' }, config: { port: 1 } });
  t.end();
});

t.test('an error is told with its stack', (t) => {
  const { log, out } = lines('info');
  log.error(new Error('the disk is full'));
  t.match(JSON.parse(out[0] ?? ''), { err: { message: 'the disk is full', stack: /log\.test/ } });
  t.end();
});

t.test('silent says nothing', (t) => {
  const { log, out } = lines('silent');
  log.fatal('nothing');
  t.same(out, []);
  t.end();
});
