/**
 * Tells whether a shared secret could be guessed. It can only find what is obviously weak: that a
 * secret is random cannot be seen.
 */

/** Hexadecimal digits of this number carry 128 bits. */
const LENGTH_MIN = 32;
const DISTINCT_CHARACTERS_MIN = 8;
const PLACEHOLDER =
  /change.?(me|this|it)|your.?(secret|token)|placeholder|example|password|secret/i;

/** @returns undefined, or what is wrong as the end of a sentence, without the secret itself */
export function weaknessOfSecret(secret: string): string | undefined {
  if (secret.length < LENGTH_MIN) return `has only ${secret.length}`;
  if (new Set(secret).size < DISTINCT_CHARACTERS_MIN) return 'repeats a few characters';
  if (/^(.+)\1+$/.test(secret)) return 'repeats itself';
  if (PLACEHOLDER.test(secret)) return 'is a placeholder that anybody would try';
  return undefined;
}
