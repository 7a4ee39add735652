/** The configured storage is opened, and an SDK that is not used is not loaded. */
import { execFileSync } from 'node:child_process';
import t from 'tap';
import { LocalFolder } from './local-folder.ts';
import { openStorage } from './open.ts';

t.test('a folder', async (t) => {
  const folder = t.testdir();
  const storage = await openStorage({ kind: 'folder', folder });
  t.teardown(() => storage.close());
  t.type(storage, LocalFolder);
  t.equal(storage.label, `folder ${folder}`);
});

t.test('a folder loads no SDK, Azure does', async (t) => {
  const loaded = (settings: string): string =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', program(settings)], {
      encoding: 'utf8',
    });
  t.equal(loaded(`{ kind: 'folder', folder: '/x' }`), 'opened');
  t.match(loaded(`{ kind: 'blob', account: 'a', container: 'c' }`), '@azure/storage-blob');
  t.match(loaded(`{ kind: 'files', account: 'a', share: 's' }`), '@azure/storage-file-share');
});

/** Ends at the first package of Azure that is asked for, and prints its name. */
function program(settings: string): string {
  return `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve: (specifier, context, next) => {
        if (!specifier.startsWith('@azure/')) return next(specifier, context);
        if (specifier !== '@azure/identity') { process.stdout.write(specifier); process.exit(0); }
        return { url: 'data:text/javascript,export class DefaultAzureCredential {}', shortCircuit: true };
      },
    });
    const { openStorage } = await import(${JSON.stringify(new URL('open.ts', import.meta.url).href)});
    const storage = await openStorage(${settings});
    process.stdout.write('opened');
  `;
}
