/** A start with TLS: what is wrong with the files is told in one line that names the variable. */
import { writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import t from 'tap';
import { hasOpenssl, makeCertificate } from '../support/certificate.ts';
import { runToExit, Server, temporaryFolder } from '../support/server.ts';

const skip = hasOpenssl() ? false : 'there is no openssl';

t.test('a server with a certificate speaks TLS and says so', { skip }, async (t) => {
  const { certFile, keyFile } = makeCertificate(temporaryFolder(t), 'own');
  const env = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile };
  const server = await Server.start(t, { env });
  t.match(server.stdout, `https://127.0.0.1:${server.port}/scim/v2`);
  const options = { host: '127.0.0.1', port: server.port, path: '/health/ready', agent: false };
  const status = await new Promise((resolve, reject) => {
    get({ ...options, rejectUnauthorized: false }, (incoming) => {
      incoming.resume().on('end', () => resolve(incoming.statusCode));
    }).on('error', reject);
  });
  t.equal(status, 200);
  t.equal((await server.stop()).code, 0);
});

t.test('what cannot be used stops the start', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const { certFile, keyFile } = makeCertificate(folder, 'one');
  const other = makeCertificate(folder, 'other');
  const rubbish = join(folder, 'rubbish.pem');
  writeFileSync(rubbish, '-----BEGIN CERTIFICATE-----\nrubbish\n');
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ TLS_CERT_FILE: certFile }, /TLS_KEY_FILE: takes a file, because TLS_CERT_FILE has one/],
    [{ TLS_KEY_FILE: keyFile }, /TLS_CERT_FILE: takes a file, because TLS_KEY_FILE has one/],
    [{ TLS_CERT_FILE: join(folder, 'none'), TLS_KEY_FILE: keyFile }, /TLS_CERT_FILE: .*ENOENT/],
    [{ TLS_CERT_FILE: rubbish, TLS_KEY_FILE: keyFile }, /TLS_CERT_FILE: takes a certificate/],
    [{ TLS_CERT_FILE: certFile, TLS_KEY_FILE: certFile }, /TLS_KEY_FILE: takes a private key/],
    [
      { TLS_CERT_FILE: certFile, TLS_KEY_FILE: other.keyFile },
      /TLS_KEY_FILE: takes the key of the certificate/,
    ],
  ];
  for (const [env, problem] of cases) {
    const { code, stderr } = await runToExit(t, { env });
    t.equal(code, 1);
    t.match(stderr, problem);
    t.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});
