/**
 * Looks whether the certificate or its key has changed, and has the listener take new ones. It reads
 * the files rather than watch them: a mounted secret is swapped by a symbolic link, which watchers
 * miss. A pair that does not fit, half written perhaps, is told once and looked at again.
 */
import { readTlsPair, type TlsFiles } from '../platform/tls-config.ts';
import { messageOf } from '../platform/thrown.ts';
import type { Log } from './ports.ts';

export class TlsWatch {
  readonly #files: TlsFiles;
  readonly #reload: () => void;
  readonly #log: Pick<Log, 'warn'>;
  #inUse: string;
  #told = '';

  /**
   * @param reload has connections that come from now on served with what the files hold
   * @throws ConfigError when they hold nothing of use
   */
  constructor(files: TlsFiles, reload: () => void, log: Pick<Log, 'warn'>) {
    this.#files = files;
    this.#reload = reload;
    this.#log = log;
    this.#inUse = textOf(files);
  }

  /** Never throws. */
  look(): void {
    try {
      const found = textOf(this.#files);
      if (found === this.#inUse) return;
      this.#reload();
      this.#inUse = found;
      this.#told = '';
      this.#log.warn({}, 'the TLS certificate has changed and is used from now on');
    } catch (error) {
      const problem = messageOf(error);
      if (problem !== this.#told) {
        this.#log.warn(
          { problem },
          'the TLS files have changed and are of no use; the former stay',
        );
      }
      this.#told = problem;
    }
  }
}

function textOf(files: TlsFiles): string {
  const { cert, key } = readTlsPair(files);
  return cert + key;
}
