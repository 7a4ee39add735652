/**
 * A load that is a list of steps, made before the run: a cycle of a provider, an import. What a step
 * asks may need what an earlier one was answered, so a list keeps such steps further apart than there
 * are connections.
 */
import type { Load } from './drive.ts';
import { type RequestParts, requestBytes } from './requests.ts';

export interface Step {
  readonly what: string;
  /** Made when its turn comes: it may use what earlier steps were told. */
  readonly request: () => RequestParts;
  readonly isRight: (status: number, body: string) => boolean;
}

/** Further apart than the connections that such loads have. */
export const LAG = 100;

export function stepLoad(steps: readonly Step[]): Load {
  const stepAt = (n: number): Step => {
    const step = steps[n];
    if (step === undefined) throw new RangeError(`no step ${n}`);
    return step;
  };
  return {
    capacity: steps.length,
    request: (n) => requestBytes(stepAt(n).request()),
    check: (n, status, body) => {
      const { what, isRight } = stepAt(n);
      return isRight(status, body) ? undefined : `${what}: ${status} ${body.slice(0, 300)}`;
    },
  };
}

/** Two lists as one: those of `later` stand LAG steps behind their like in `earlier`. */
export function lagged(earlier: readonly Step[], later: readonly Step[]): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < Math.max(earlier.length, later.length + LAG); at += 1) {
    const first = earlier[at];
    const second = later[at - LAG];
    if (first !== undefined) steps.push(first);
    if (second !== undefined) steps.push(second);
  }
  return steps;
}
