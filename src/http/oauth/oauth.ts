/**
 * The door to OAuth for the rest of the front end. Only what every request may need is here: whether
 * a token is known. All else is loaded with the first request that is about tokens, because most
 * servers start without one.
 */
import type { Answer } from '../answer.ts';
import { clientAddress, senderOf } from '../client-address.ts';
import { BodyBounds, type ReceivedBody, receiveBody } from '../body.ts';
import type { HttpOptions, HttpServices } from '../options.ts';
import type { Routed } from '../planes.ts';
import type { TokenVerifier } from '../token-verifier.ts';
import { KnownTokens } from './known-tokens.ts';
import type { OauthService } from './oauth-service.ts';
import type { OauthRoute } from './routes.ts';

export class Oauth {
  readonly verifier: TokenVerifier;
  readonly #options: HttpOptions;
  readonly #services: HttpServices;
  readonly #bounds: BodyBounds;
  readonly #known: KnownTokens;
  #service: Promise<OauthService> | undefined;

  constructor(options: HttpOptions, services: HttpServices) {
    this.#options = options;
    this.#services = services;
    const { limits } = options;
    this.#bounds = new BodyBounds(limits);
    this.#known = new KnownTokens(services.store, services.clock, limits);
    this.verifier = {
      known: (token, endpoint) => this.#known.find(token, endpoint),
      verify: async (token, endpoint) => (await this.#load()).verifier.verify(token, endpoint),
    };
  }

  /** Rejects with ScimError, ClientGone, or what nobody foresaw. */
  async answer(routed: Routed, route: OauthRoute): Promise<Answer> {
    const { headers } = routed.exchange;
    if (route.kind !== 'oauthToken') return (await this.#load()).describe(route, headers);
    const { store } = this.#services;
    const endpoint = store.endpoint(route.root.endpoint);
    routed.record.endpoint = endpoint;
    // Parameters belong into the body; who sends a secret in the query must not find it in a log.
    routed.record.hideQuery();
    const sender = this.#senderOf(routed);
    const [service, body] = await Promise.all([this.#load(), this.#receive(routed, route)]);
    const request = { text: body.text, headers, endpoint, root: route.root, sender };
    const { answer, clientId } = await service.issue(request);
    routed.record.credentialId = clientId;
    return answer;
  }

  async #receive(
    { exchange, record, admitBytes }: Routed,
    route: OauthRoute,
  ): Promise<ReceivedBody> {
    const received = await receiveBody(exchange, this.#bounds.of(route), admitBytes, 0);
    record.bodyBytes = received.bytes;
    return received;
  }

  #senderOf({ exchange: { headers, peerAddress } }: Routed): string {
    const forwardedFor = headers.get('x-forwarded-for');
    return senderOf(clientAddress(forwardedFor, peerAddress, this.#options.trustProxy));
  }

  #load(): Promise<OauthService> {
    this.#service ??= import('./oauth-service.ts').then(
      ({ OauthService: Service }) => new Service(this.#options, this.#services, this.#known),
    );
    return this.#service;
  }
}
