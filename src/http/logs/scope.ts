/** Whose rows a reader of the log may see: the operator all, an endpoint's own token that endpoint's. */
import { badRequest } from '../../scim/errors.ts';
import type { LogFilter } from '../../store/request-logs.ts';
import type { Store } from '../../store/store.ts';

export class LogScope {
  readonly #store: Pick<Store, 'endpoint'>;

  constructor(store: Pick<Store, 'endpoint'>) {
    this.#store = store;
  }

  /**
   * @param endpointId of the reader; undefined: the operator
   * @throws ScimError 400 when an endpoint's token asks for another's
   */
  within(filter: LogFilter, endpointId: string | undefined): LogFilter {
    const asked = filter.endpointId;
    const id = asked === undefined ? undefined : (this.#store.endpoint(asked)?.id ?? asked);
    if (endpointId === undefined) return { ...filter, endpointId: id };
    if (id !== undefined && id !== endpointId) {
      throw badRequest(
        'invalidValue',
        'endpointId takes the endpoint of this path, or leave it out',
      );
    }
    return { ...filter, endpointId };
  }
}
