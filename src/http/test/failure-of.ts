/** What a function throws, for a test to look at; undefined when it throws nothing. */
export function failureOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
