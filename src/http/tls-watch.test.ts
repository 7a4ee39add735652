/** What a look at the files leads to, one look after the other. */
import { rmSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { hasOpenssl, makeCertificate, replaceFile } from '../../test/support/certificate.ts';
import { TlsWatch } from './tls-watch.ts';

const skip = hasOpenssl() ? false : 'there is no openssl';

t.test('a change is used once; nonsense is told once and never used', { skip }, (t) => {
  const folder = t.testdir({});
  const files = makeCertificate(folder, 'first');
  const second = makeCertificate(folder, 'second');
  let reloads = 0;
  const told: unknown[] = [];
  const watch = new TlsWatch(files, () => (reloads += 1), {
    warn: (fields: { problem?: string }) => told.push(fields.problem),
  });
  const look = (): [reloads: number, told: number] => {
    watch.look();
    watch.look();
    return [reloads, told.length];
  };
  t.same(look(), [0, 0]);
  writeFileSync(files.certFile, 'nonsense');
  t.same(look(), [0, 1]);
  rmSync(files.certFile);
  t.same(look(), [0, 2]);
  t.match(told, [/does not hold/, /ENOENT/]);
  replaceFile(files.certFile, second.certFile);
  t.same(look(), [0, 3], 'the key is still the old one');
  replaceFile(files.keyFile, second.keyFile);
  t.same(look(), [1, 4]);
  t.equal(told.at(-1), undefined, 'that it is used is no problem');
  t.end();
});

t.test('a reload that fails is tried again', { skip }, (t) => {
  const folder = t.testdir({});
  const files = makeCertificate(folder, 'first');
  const second = makeCertificate(folder, 'second');
  let attempts = 0;
  const reload = (): void => {
    attempts += 1;
    if (attempts === 1) throw new Error('not now');
  };
  const watch = new TlsWatch(files, reload, { warn: () => undefined });
  replaceFile(files.certFile, second.certFile);
  replaceFile(files.keyFile, second.keyFile);
  for (let n = 0; n < 4; n += 1) watch.look();
  t.equal(attempts, 2);
  t.end();
});

t.test('files of no use are refused at once', { skip }, (t) => {
  const files = makeCertificate(t.testdir({}), 'first');
  writeFileSync(files.keyFile, 'nonsense');
  t.throws(() => new TlsWatch(files, () => undefined, { warn: () => undefined }), {
    message: /^TLS_KEY_FILE: takes a private key/,
  });
  t.end();
});
