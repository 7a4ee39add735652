/**
 * The keys that sign tokens issued here. None is stored: the key of each day is derived from the
 * shared secret, so that it is the same after a restart, after a restore and in another process, and
 * ends with the secret. Of one day's private key no other day's follows.
 * Invariant: a key is published a day before it signs, and for the day after, which outlasts its tokens.
 */
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import type { JsonObject } from '../../scim/json.ts';
import type { Clock } from '../ports.ts';

export interface TokenKeys {
  /** The only one that is signed with, or believed. */
  readonly algorithm: 'ES256' | 'HS256';
  /** The key that signs now. */
  signing(): SigningKey;
  /** The key with which a token was signed, by the `kid` of its header; undefined: none of ours. */
  verifying(kid: unknown): KeyObject | undefined;
  /** What whoever wants to check our tokens needs: public JWKs. */
  published(): readonly JsonObject[];
}

export interface SigningKey {
  /** Undefined: there is but one. */
  readonly kid: string | undefined;
  readonly key: KeyObject;
}

/** Longer than any token lives; see `OAUTH_TOKEN_LIFETIME`. */
export const KEY_PERIOD_MS = 24 * 60 * 60_000;

/** Says what the derived key is for; another purpose has another key. */
const PURPOSE = 'scimlane access tokens';

/** The order of the curve P-256 (FIPS 186-5): private keys lie from 1 to below it. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** More bits than a key has, so that each key is as likely (FIPS 186-5 A.2.1). */
const SEED_BYTES = 48;

interface DailyKey extends SigningKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly publicJwk: JsonObject;
}

/** ES256 with another key each day. */
export class DailyKeys implements TokenKeys {
  readonly algorithm = 'ES256';
  readonly #sharedSecret: string;
  readonly #clock: Clock;
  #day = NaN;
  /** Of yesterday, today and tomorrow. */
  #keys: readonly [DailyKey, DailyKey, DailyKey] | undefined;

  constructor(sharedSecret: string, clock: Clock) {
    this.#sharedSecret = sharedSecret;
    this.#clock = clock;
  }

  signing(): SigningKey {
    return this.#present()[1];
  }

  verifying(kid: unknown): KeyObject | undefined {
    return this.#present().find((key) => key.kid === kid)?.publicKey;
  }

  published(): readonly JsonObject[] {
    return this.#present().map(({ publicJwk }) => publicJwk);
  }

  #present(): readonly [DailyKey, DailyKey, DailyKey] {
    const day = Math.floor(this.#clock.now() / KEY_PERIOD_MS);
    if (this.#keys === undefined || day !== this.#day) {
      this.#keys = [this.#derive(day - 1), this.#derive(day), this.#derive(day + 1)];
      this.#day = day;
    }
    return this.#keys;
  }

  #derive(day: number): DailyKey {
    const purpose = `${PURPOSE} ${String(day)}`;
    const seed = Buffer.from(hkdfSync('sha256', this.#sharedSecret, '', purpose, SEED_BYTES));
    const scalar = (BigInt(`0x${seed.toString('hex')}`) % (P256_ORDER - 1n)) + 1n;
    const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(d);
    // 04, x, y: an uncompressed point.
    const point = curve.getPublicKey();
    const jwk = {
      crv: 'P-256',
      kty: 'EC',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    };
    // Its members stand in the order that RFC 7638 §3 asks for.
    const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url');
    const key = createPrivateKey({ key: { ...jwk, d: d.toString('base64url') }, format: 'jwk' });
    const publicJwk = { ...jwk, kid, use: 'sig', alg: 'ES256' };
    return { kid, key, publicKey: createPublicKey(key), publicJwk };
  }
}

/** HS256 with a secret of the operator's; there is nothing to publish. */
export class SecretKey implements TokenKeys {
  readonly algorithm = 'HS256';
  readonly #key: KeyObject;

  /** @param secret at least 32 characters */
  constructor(secret: string) {
    this.#key = createSecretKey(secret, 'utf8');
  }

  signing(): SigningKey {
    return { kid: undefined, key: this.#key };
  }

  verifying(kid: unknown): KeyObject | undefined {
    return kid === undefined ? this.#key : undefined;
  }

  published(): readonly JsonObject[] {
    return [];
  }
}
