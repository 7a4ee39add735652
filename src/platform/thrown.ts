/** What a `catch` hands over may be anything: here it becomes an error, or the line that tells of it. */

export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export function messageOf(thrown: unknown): string {
  return toError(thrown).message;
}
