/**
 * How a secret is kept: as a salted scrypt hash that says by itself how it was made, so that later
 * parameters can stand beside earlier ones. There is no way back, and nothing here compares: who
 * signs users in reads the parameters from the text.
 */
import { randomBytes, scrypt } from 'node:crypto';

/**
 * OWASP's Password Storage Cheat Sheet holds N=2^17 p=1, 2^16 p=2, 2^15 p=3, 2^14 p=5 and 2^13 p=10
 * (all r=8) for equally good. The work is nearly the same; this one takes 16 MiB for the time of a
 * hash, where the first takes 128, of a server that may have 512.
 */
const COST_LOG2 = 14;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 5;
/** RFC 7914 §2 asks for a random salt; 16 bytes never repeat. */
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Twice what scrypt needs: 128 × N × r. */
const MEMORY_BYTES_MAX = 256 * 2 ** COST_LOG2 * BLOCK_SIZE;

const PREFIX = `$scrypt$ln=${COST_LOG2},r=${BLOCK_SIZE},p=${PARALLELIZATION}$`;
const HASH = /^\$scrypt\$ln=\d+,r=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;

/**
 * `$scrypt$ln=14,r=8,p=5$<salt>$<hash>` in base64 without padding: the PHC string format. Takes about
 * 150 ms of one core, on a thread of libuv's pool.
 */
export function hashSecret(clear: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const options = {
    N: 2 ** COST_LOG2,
    r: BLOCK_SIZE,
    p: PARALLELIZATION,
    maxmem: MEMORY_BYTES_MAX,
  };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  scrypt(clear, salt, HASH_BYTES, options, (error, hash) => {
    if (error === null) resolve(`${PREFIX}${base64(salt)}$${base64(hash)}`);
    else reject(error);
  });
  return promise;
}

/** Whether a text may be stored for a secret: clear text looks different. */
export function isSecretHash(text: string): boolean {
  return HASH.test(text);
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
