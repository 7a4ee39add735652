/**
 * Calls of `az` with what they share: the subscription, the time limit, answers as JSON, failures as
 * one line. Whatever is declared a secret is blotted out of every message.
 */
import { LIMITS } from '../../platform/limits.ts';
import { AzError, azError, wordsOf } from './az-error.ts';
import type { AzAnswer, RunAz } from './ports.ts';

export class AzureCli {
  readonly #run: RunAz;
  readonly #subscription: readonly string[];
  readonly #secrets = new Set<string>();

  constructor(run: RunAz, subscription: string | undefined) {
    this.#run = run;
    this.#subscription = subscription === undefined ? [] : ['--subscription', subscription];
  }

  /** From now on no message shows it. */
  keepSecret(secret: string): void {
    if (secret !== '') this.#secrets.add(secret);
  }

  withoutSecrets(text: string): string {
    let shown = text;
    for (const secret of this.#secrets) shown = shown.replaceAll(secret, '***');
    return shown;
  }

  /** Undefined when `az` prints nothing, as it does for null. @throws AzError, AzMissing */
  async json(args: readonly string[], timeoutMs: number = LIMITS.azCallMs): Promise<unknown> {
    const { stdout } = await this.#checked([...args, '--output', 'json'], timeoutMs);
    if (stdout.trim() === '') return undefined;
    try {
      return JSON.parse(stdout) as unknown;
    } catch {
      throw new AzError('other', `az ${wordsOf(args)} answered what is not JSON`);
    }
  }

  /** What `az` prints, as it stands. @throws AzError, AzMissing */
  async text(args: readonly string[], timeoutMs: number = LIMITS.azCallMs): Promise<string> {
    return (await this.#checked(args, timeoutMs)).stdout;
  }

  /** Hands on what `az` prints while it runs, without a time limit. @throws AzError, AzMissing */
  async stream(args: readonly string[], onText: (text: string) => void): Promise<void> {
    const answer = await this.#run([...args, ...this.#subscription], { timeoutMs: 0, onText });
    this.#check(args, answer);
  }

  async #checked(args: readonly string[], timeoutMs: number): Promise<AzAnswer> {
    const answer = await this.#run([...args, ...this.#subscription], { timeoutMs });
    this.#check(args, answer);
    return answer;
  }

  #check(args: readonly string[], { code, stderr }: AzAnswer): void {
    if (code === 0) return;
    throw azError(args, code, this.withoutSecrets(stderr));
  }
}
