/**
 * Memory that is given back before V8 collects it. It does not see what stands outside of its heap: a
 * thread that goes through a database piece by piece gathers tens of megabytes of pieces otherwise.
 */

/** Frees memory that nobody looks at any more; whoever does all the same finds it empty. */
export function giveBack(memory: ArrayBufferLike): void {
  if (memory instanceof ArrayBuffer) memory.transfer(0);
}
