import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';
import { AzureCli } from './azure-cli.ts';
import { type RevisionParts, waitUntilHealthy } from './revisions.ts';

/** @param looks what each look at the revisions sees, `image` or `image stopped`, newest first */
function partsThatSee(looks: readonly (readonly string[])[]): {
  parts: RevisionParts;
  calls: string[];
} {
  const calls: string[] = [];
  let look = 0;
  const cli = new AzureCli((args) => {
    calls.push(args.slice(0, 3).join(' '));
    if (args[2] !== 'list') return Promise.resolve({ code: 0, stdout: '', stderr: '' });
    const seen = looks[Math.min(look, looks.length - 1)] ?? [];
    look += 1;
    const revisions = seen.map((text, index) => {
      const [image, stopped] = text.split(' ');
      return {
        name: `r-${text}`,
        properties: {
          active: stopped === undefined,
          createdTime: `2026-01-0${9 - index}`,
          healthState: 'Healthy',
          runningState: 'Running',
          template: { containers: [{ image }] },
        },
      };
    });
    return Promise.resolve({ code: 0, stdout: JSON.stringify(revisions), stderr: '' });
  }, undefined);
  const nothing = (): void => undefined;
  const pause = (): Promise<void> => Promise.resolve();
  return { parts: { cli, app: 'a', group: 'g', pause, show: nothing, warn: nothing }, calls };
}

t.test('healthy is the revision of the image, not what ran before', async (t) => {
  const { parts, calls } = partsThatSee([['old'], ['new stopped', 'old'], ['new', 'old stopped']]);
  t.equal((await waitUntilHealthy(parts, 'new')).name, 'r-new');
  t.equal(calls.length, 3, 'and nothing is started beside it');
  const never = partsThatSee([['old']]);
  await t.rejects(
    waitUntilHealthy(never.parts, 'new'),
    /no revision of new is there: r-old has old/,
  );
});

t.test('when nothing runs the newest is started, if it has the image', async (t) => {
  const { parts, calls } = partsThatSee([['new stopped'], ['new']]);
  t.equal((await waitUntilHealthy(parts, 'new')).name, 'r-new');
  t.equal(calls[1], 'containerapp revision activate');
  const old = partsThatSee([['old stopped'], ['new', 'old stopped']]);
  t.equal((await waitUntilHealthy(old.parts, 'new')).name, 'r-new');
  t.notOk(old.calls.includes('containerapp revision activate'));
});

t.test('a signal between stop and start leaves word of it', async (t) => {
  const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);
  const script = `
    import { AzureCli } from ${url('./azure-cli.ts')};
    import { inItsPlace } from ${url('./revisions.ts')};
    let active = true;
    const cli = new AzureCli(async (args) => {
      if (args[2] === 'deactivate') active = false;
      const revision = { name: 'scim--1', properties: { active, createdTime: '1' } };
      return { code: 0, stdout: JSON.stringify([revision]), stderr: '' };
    });
    setInterval(() => undefined, 1000);
    await inItsPlace({
      cli, app: 'scim', group: 'rg', pause: async () => undefined, show: () => undefined,
      warn: (text) => process.stderr.write(text),
    }, () => {
      process.stdout.write('stopped');
      return new Promise(() => undefined);
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const closed = once(child, 'close');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.once('data', () => child.kill('SIGINT'));
  await closed;
  t.equal(child.signalCode, 'SIGINT');
  t.match(stderr, /broken off while scim is stopped.*run the same command again/);
  t.match(stderr, /revision activate --name scim --resource-group rg --revision scim--1 /);
});
