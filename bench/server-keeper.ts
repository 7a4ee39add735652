/** The product on one data folder: it goes on running until a scenario needs it started otherwise. */
import { type Product, startProduct } from './processes.ts';

export type Environ = Readonly<Record<string, string>>;

export class ServerKeeper {
  readonly #folder: string;
  #running: { readonly server: Product; readonly key: string } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The server with this environment beside the usual; started anew when it runs otherwise.
   * @param syncDelayMs see startProduct
   */
  async with(environ: Environ = {}, syncDelayMs = 0): Promise<Product> {
    const key = JSON.stringify({ environ, syncDelayMs });
    if (this.#running?.key === key) return this.#running.server;
    await this.stop();
    const server = await startProduct(this.#folder, environ, { syncDelayMs });
    this.#running = { server, key };
    return server;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.server.stop();
  }
}
