/**
 * Assertions that stay on in production. They state what the program believes about itself, never
 * what a client may send: a failed one is a defect, and the thread that meets it must stop.
 */

export class AssertionFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AssertionFailed';
  }
}

/**
 * Narrows types like `if (!condition) throw`. The message says what was believed.
 * @throws AssertionFailed
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}
