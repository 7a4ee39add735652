/** What http asks of whoever can tell whether a token is good that is no secret of ours: a JWT. */
import type { Endpoint } from '../store/endpoint.ts';
import type { Principal } from './principal.ts';

export interface TokenVerifier {
  /**
   * A token verified before and still valid: no promise, a map look-up. Whoever asks still looks
   * whether the principal may come to this endpoint.
   */
  known(token: string, endpoint: Endpoint | undefined): Principal | undefined;

  /**
   * In bounded time, whatever others do.
   * @throws HttpError 401
   */
  verify(token: string, endpoint: Endpoint | undefined): Promise<Principal>;
}
