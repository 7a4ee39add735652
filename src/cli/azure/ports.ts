/**
 * What the Azure commands ask of the machine: to run `az`, to wait, and for random secrets.
 * `command-line.ts` hands in the real ones, tests a stand-in that records.
 */
export interface AzAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AzCall {
  /** After which `az` is ended. */
  readonly timeoutMs: number;
  /** Takes what `az` prints while it runs; then `stdout` of the answer is empty. */
  readonly onText?: (text: string) => void;
}

/** Runs `az` with these arguments, without a shell. @throws AzMissing */
export type RunAz = (args: readonly string[], call: AzCall) => Promise<AzAnswer>;

export interface AzureParts {
  readonly runAz: RunAz;
  readonly pause: (ms: number) => Promise<void>;
  /** A bearer token of 256 random bits. */
  readonly newSecret: () => string;
  /** The folder with main.bicep. */
  readonly templates: string;
}

/** There is no `az` on the path. */
export class AzMissing extends Error {
  constructor() {
    super(
      'the Azure command line (az) is not installed, or not on the PATH: see https://aka.ms/azure-cli',
    );
    this.name = 'AzMissing';
  }
}
