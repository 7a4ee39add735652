/**
 * TLS without a proxy: where the certificate and its key are, and whether they are what they should
 * be. Both are files, so that whoever renews them need not restart the server.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from './errors.ts';
import { type Environment, givenValueOf, type Option } from './option.ts';
import { filePath } from './option-kinds.ts';
import { messageOf } from './thrown.ts';

export const TLS_OPTIONS = {
  tlsCertFile: {
    name: 'TLS_CERT_FILE',
    kind: filePath(),
    default: undefined,
    consequence:
      'The server speaks TLS itself, with this certificate and its chain (PEM). The files are looked at every few seconds: new ones are used for connections that come then. Needs `TLS_KEY_FILE`.',
  },
  tlsKeyFile: {
    name: 'TLS_KEY_FILE',
    kind: filePath(),
    default: undefined,
    consequence: 'The private key of that certificate (PEM, not encrypted).',
  },
} as const satisfies Record<string, Option<unknown>>;

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What the files hold, and fit together. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Undefined: the server speaks HTTP.
 * @throws ConfigError when one of the two is missing
 */
export function readTlsConfig(env: Environment): TlsFiles | undefined {
  const { tlsCertFile, tlsKeyFile } = TLS_OPTIONS;
  const certFile = givenValueOf(tlsCertFile, env);
  const keyFile = givenValueOf(tlsKeyFile, env);
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined) {
    throw new ConfigError(tlsCertFile.name, `takes a file, because ${tlsKeyFile.name} has one`);
  }
  if (keyFile === undefined) {
    throw new ConfigError(tlsKeyFile.name, `takes a file, because ${tlsCertFile.name} has one`);
  }
  return { certFile, keyFile };
}

/** @throws ConfigError in one line, without anything of the key */
export function readTlsPair({ certFile, keyFile }: TlsFiles): TlsPair {
  const cert = textOf(TLS_OPTIONS.tlsCertFile.name, certFile);
  const key = textOf(TLS_OPTIONS.tlsKeyFile.name, keyFile);
  const certificate = parsed(
    () => new X509Certificate(cert),
    TLS_OPTIONS.tlsCertFile.name,
    `takes a certificate in PEM, which ${certFile} does not hold`,
  );
  const privateKey = parsed(
    () => createPrivateKey(key),
    TLS_OPTIONS.tlsKeyFile.name,
    `takes a private key in PEM that is not encrypted, which ${keyFile} does not hold`,
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigError(
      TLS_OPTIONS.tlsKeyFile.name,
      `takes the key of the certificate, which ${keyFile} is not`,
    );
  }
  return { cert, key };
}

function textOf(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(variable, `takes a file that can be read: ${messageOf(error)}`);
  }
}

function parsed<T>(parse: () => T, variable: string, problem: string): T {
  try {
    return parse();
  } catch {
    throw new ConfigError(variable, problem);
  }
}
