/**
 * The registries of endpoints for a thread that has nothing but a connection: compiled from the
 * stored config when first asked for, and again when that has changed. The config itself is the
 * version it is compared by: a probe of a few µs, beside work that scans.
 */
import { notFound } from '../scim/errors.ts';
import type { Registry } from '../scim/schema/attribute.ts';
import { Registries } from '../scim/schema/registries.ts';
import { parseEndpointConfig } from '../store/endpoint-config.ts';
import type { Reader } from './reader.ts';
import { parseStoredConfig } from './stored-config.ts';

interface Compiled {
  /** As it is stored. */
  readonly config: string;
  readonly registry: Registry;
}

export class StoredRegistries {
  readonly #reader: Reader;
  readonly #endpointsMax: number;
  readonly #registries = new Registries();
  /** By row; the one compiled first is the first to go. */
  readonly #byEndpoint = new Map<number, Compiled>();

  /** @param endpointsMax kept compiled; beyond, the oldest is compiled anew when it is asked for */
  constructor(reader: Reader, endpointsMax: number) {
    this.#reader = reader;
    this.#endpointsMax = endpointsMax;
  }

  /**
   * @param endpoint its row
   * @throws ScimError 404 when it was deleted since the request was routed
   */
  of(endpoint: number): Registry {
    const config = this.#reader.profiles.configOf(endpoint);
    if (config === undefined) throw notFound('the endpoint is not there any more');
    const known = this.#byEndpoint.get(endpoint);
    if (known?.config === config) return known.registry;
    const { profile, settings } = parseEndpointConfig(parseStoredConfig(config));
    const registry = this.#registries.of(profile, settings.indexedAttributes);
    this.#byEndpoint.delete(endpoint);
    this.#byEndpoint.set(endpoint, { config, registry });
    const [oldest] = this.#byEndpoint.keys();
    if (this.#byEndpoint.size > this.#endpointsMax && oldest !== undefined) {
      this.#byEndpoint.delete(oldest);
    }
    return registry;
  }
}
