/** Why a job did not come to its end. The message is one line for an operator and names the file. */

/**
 * `damaged`: a file is not what it should be; trying again will not help. `cancelled`: by the
 * caller. `failed`: anything else (disk full, no such file); may go away.
 */
export type JobErrorCode = 'damaged' | 'cancelled' | 'failed';

export class JobError extends Error {
  readonly code: JobErrorCode;

  constructor(code: JobErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JobError';
    this.code = code;
  }
}
