/**
 * What a JWT says of itself, read before anything is believed: so that what cannot be right is
 * refused without a signature's being computed. Nothing read here may open anything.
 */
export interface TokenText {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Header, claims and signature in base64url (RFC 7515 §7.1); a token without signature is none. */
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$/;

/** Undefined: no JWT with a signature. */
export function readToken(token: string): TokenText | undefined {
  const [, first, second] = COMPACT.exec(token) ?? [];
  if (first === undefined || second === undefined) return undefined;
  const header = readPart(first);
  const claims = readPart(second);
  return header === undefined || claims === undefined ? undefined : { header, claims };
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}
