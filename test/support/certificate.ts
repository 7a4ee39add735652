/** Certificates of their own authority for localhost, made by the machine's openssl. */
import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** False: nothing here can be tested. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A new pair in the files `<name>-cert.pem` and `<name>-key.pem` of the folder. */
export function makeCertificate(folder: string, name: string): CertificateFiles {
  const certFile = join(folder, `${name}-cert.pem`);
  const keyFile = join(folder, `${name}-key.pem`);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', keyFile, '-out', certFile, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...key, ...names, ...files], { stdio: 'ignore' });
  return { certFile, keyFile };
}

/** Puts the content of one file in the place of another at once. */
export function replaceFile(target: string, source: string): void {
  const draft = `${target}.new`;
  writeFileSync(draft, readFileSync(source));
  renameSync(draft, target);
}
