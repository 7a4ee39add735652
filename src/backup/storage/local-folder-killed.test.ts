/** A process that is killed while it stores leaves whole objects or none, and no name blocked. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { LocalFolder } from './local-folder.ts';

/** Far more than the test waits for. */
const OBJECTS = 10_000;
const BYTES = 300_000;

/** Stores objects, eight at once, each under its hash; prints a name when it is acknowledged. */
function program(folder: string, canLink: boolean): string {
  return `
    import { createHash, randomBytes } from 'node:crypto';
    import { LocalFolder } from ${JSON.stringify(new URL('local-folder.ts', import.meta.url).href)};
    const link = async () => { throw Object.assign(new Error('link'), { code: 'EPERM' }); };
    const options = ${canLink ? '{}' : '{ link }'};
    const storage = new LocalFolder(${JSON.stringify(folder)}, options);
    const { signal } = new AbortController();
    const store = async () => {
      for (let at = 0; at < ${OBJECTS}; at += 1) {
        const content = randomBytes(${BYTES});
        const name = 'wal/' + (at % 3) + '/' + createHash('sha256').update(content).digest('hex');
        await storage.create(name, content, signal);
        process.stdout.write(name + '\\n');
      }
    };
    await Promise.all(Array.from({ length: 8 }, store));
  `;
}

for (const canLink of [true, false]) {
  t.test(`killed, ${canLink ? 'with' : 'without'} hard links`, async (t) => {
    const folder = t.testdir();
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', program(folder, canLink)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(child, 'exit');
    const acknowledged = new Set<string>();
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.add(line);
      if (acknowledged.size === 20) child.kill('SIGKILL');
    }
    await ended;
    t.equal(child.signalCode, 'SIGKILL');

    const storage = new LocalFolder(folder);
    const { signal } = new AbortController();
    for await (const { name, bytes } of storage.list('', signal)) {
      const hash = createHash('sha256');
      for await (const piece of storage.read(name, { signal })) hash.update(piece);
      t.equal(name.split('/')[2], hash.digest('hex'), 'whole');
      t.equal(bytes, BYTES);
      acknowledged.delete(name);
    }
    t.same([...acknowledged], [], 'what was acknowledged is there');

    const content = randomBytes(10);
    await storage.create('wal/0/next', content, signal);
    t.ok(readdirSync(join(folder, 'wal', '0')).includes('next'));
  });
}
